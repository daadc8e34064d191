"""Of the requests that bring a body only so many are let in at a time."""

from types import SimpleNamespace
from typing import Any

import pytest
from werkzeug.test import create_environ

from directory.monitoring.metrics import Metrics
from directory.settings import Settings
from directory.web.http.limits.upload_gate import WITH_BODY, UploadGate
from directory.web.http.security.security_headers import SecurityHeaders


class Visit:
    """A request to a gate, and what happened while it was inside."""

    def __init__(self, gate: UploadGate | SecurityHeaders, **environ: str) -> None:
        self.headers: dict[str, str] = {}
        self.status = ""
        base = create_environ("/submit", "http://localhost")
        base.pop("CONTENT_LENGTH", None)
        self.body = b"".join(gate({**base, **environ}, self._start))

    def _start(self, status: str, headers: list[tuple[str, str]], *_info: Any) -> Any:
        self.status, self.headers = status, dict(headers)
        return lambda _data: None


FORM = {"CONTENT_LENGTH": "5000"}


class Crowd:
    """A gate in front of an application that sends further requests to the gate before it answers."""

    def __init__(self, depth: int, **last: str) -> None:
        self._depth, self._last = depth, last
        self.metrics = Metrics()
        gate = UploadGate(self._application, SimpleNamespace(metrics=self.metrics))  # type: ignore[arg-type]
        self.gate = SecurityHeaders(gate, Settings())
        self.innermost: Visit | None = None

    def _application(self, _environ: Any, start_response: Any) -> list[bytes]:
        self._depth -= 1
        if self._depth > 0:
            Visit(self.gate, **FORM)
        elif self._depth == 0:
            self.innermost = Visit(self.gate, **self._last)
        start_response("200 OK", [])
        return [b"answer"]


def status_beside(count: int, **last: str) -> str:
    """What a request is told while so many others with a body are answered."""
    crowd = Crowd(count, **last)
    Visit(crowd.gate, **FORM)
    assert crowd.innermost is not None
    return crowd.innermost.status


def test_as_many_bodies_as_the_gate_holds_are_taken_and_one_more_is_not() -> None:
    assert status_beside(WITH_BODY - 1, **FORM) == "200 OK"
    assert status_beside(WITH_BODY, **FORM) == "503 Service Unavailable"
    assert status_beside(WITH_BODY, HTTP_TRANSFER_ENCODING="chunked") == "503 Service Unavailable"


@pytest.mark.parametrize("without_body", [{}, {"CONTENT_LENGTH": ""}, {"CONTENT_LENGTH": "0"}])
def test_requests_without_a_body_never_wait(without_body: dict[str, str]) -> None:
    assert status_beside(WITH_BODY, **without_body) == "200 OK"


def test_a_place_is_free_again_when_the_answer_is_there_also_after_an_error() -> None:
    def fail(_environ: Any, _start: Any) -> Any:
        raise RuntimeError

    gate = UploadGate(fail, SimpleNamespace(metrics=Metrics()))  # type: ignore[arg-type]
    for _ in range(WITH_BODY + 1):
        with pytest.raises(RuntimeError):
            Visit(gate, **FORM)


def test_whoever_is_turned_away_is_told_so_with_the_usual_headers_and_counted() -> None:
    for secure in (False, True):
        last = {**FORM, "HTTP_X_REQUEST_ID": "0123456789abcdef", **({"wsgi.url_scheme": "https"} if secure else {})}
        crowd = Crowd(WITH_BODY, **last)
        Visit(crowd.gate, **FORM)
        refused = crowd.innermost
        assert refused is not None
        assert b"Nothing was saved" in refused.body
        assert refused.headers["Content-Length"] == str(len(refused.body))
        assert (refused.headers["Retry-After"], refused.headers["Cache-Control"]) == ("60", "no-store")
        assert refused.headers["X-Request-ID"] == "0123456789abcdef"
        assert refused.headers["X-Frame-Options"] == "DENY"
        assert ("Strict-Transport-Security" in refused.headers) is secure
