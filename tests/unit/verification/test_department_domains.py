"""The code that proves a domain: the same each time, and found in DNS or on the web server."""

from datetime import UTC, datetime

import pytest

from directory.db.tables.accounts import Method, Person
from directory.verification.department_domains import code, find_code
from directory.verification.domain_probe import ProbeFailedError

DOMAIN = "westonct.gov"


class Internet:
    """Answers for one domain; None fails."""

    def __init__(self, texts: list[str] | None, page: str | None) -> None:
        self._texts, self._page = texts, page

    def texts(self, _domain: str) -> list[str]:
        if self._texts is None:
            raise ProbeFailedError("DNS does not answer")
        return self._texts

    def fetch(self, _domain: str) -> str:
        if self._page is None:
            raise ProbeFailedError("the web server answered 404")
        return self._page


@pytest.mark.parametrize(
    ("texts", "page", "method", "problems"),
    [
        (["v=spf1", " the-code "], None, Method.DNS, 0),
        ([], "comment\n the-code \n", Method.WELL_KNOWN, 0),
        (None, "the-code", Method.WELL_KNOWN, 0),
        (["not the-code"], "the-code-and-more", None, 2),
        (None, None, None, 2),
    ],
)
def test_a_code_is_looked_for_in_dns_and_then_on_the_web_server(
    texts: list[str] | None, page: str | None, method: Method | None, problems: int
) -> None:
    internet = Internet(texts, page)
    where, troubles = find_code(["an-older-one", "the-code"], DOMAIN, internet, internet)
    assert (where, len(troubles)) == (method, problems)


def test_a_code_is_the_same_each_time_and_another_for_anybody_and_anything_else() -> None:
    person, other = (
        Person(id=number, email="a@b.gov", mailbox="a@b.gov", created_at=datetime(2026, 1, 1, tzinfo=UTC))
        for number in (1, 2)
    )
    first = code("key", person, "ct/weston", DOMAIN)
    assert first == code("key", person, "ct/weston", DOMAIN)
    assert first.startswith("safe-zone-directory=") and len(first) == len("safe-zone-directory=") + 40
    others = {
        code("other", person, "ct/weston", DOMAIN), code("key", other, "ct/weston", DOMAIN),
        code("key", person, "ct/wilton", DOMAIN), code("key", person, "ct/weston", "wiltonct.gov"),
    }  # fmt: skip
    assert len(others | {first}) == 5
