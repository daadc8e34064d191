"""Which requests are counted together, and what the one too many is told."""

from collections.abc import Callable

import pytest
from flask import Blueprint, Flask, g, request
from flask.testing import FlaskClient

from directory.web.http.limits.rate_limits import (
    RateLimiter,
    add_headers,
    bounded,
    count_request,
    counted_as_api,
    limiter,
)


@pytest.fixture
def limits() -> RateLimiter:
    return RateLimiter()


@pytest.fixture
def client(limits: RateLimiter) -> FlaskClient:
    """A site whose views have limits of several kinds; none of them needs the directory."""
    app = Flask(__name__)
    app.after_request(add_headers_of)

    def route(path: str, *decorators: Callable[[Callable[..., str]], Callable[..., str]]) -> None:
        def view(**values: str) -> str:
            return values.get("name", "answer")

        for decorator in decorators:
            view = decorator(view)
        app.add_url_rule(path, endpoint=path, view_func=view)

    route("/two", limits.limit("2 per minute"))
    route("/also-two", limits.limit("2 per minute"))
    route("/form/<name>", limits.limit("3 per hour", scope="forms"))
    route("/other-form", limits.limit(lambda: "3 per hour", scope="forms"))
    route("/both", limits.limit("5 per minute", scope="wide"), limits.limit("2 per minute", scope="narrow"))
    route("/both-turned", limits.limit("2 per minute", scope="small"), limits.limit("5 per minute", scope="large"))
    route("/free")
    return app.test_client()


def add_headers_of(response):  # type: ignore[no-untyped-def]
    add_headers(g, response)
    return response


def statuses(client: FlaskClient, *paths: str, sender: str = "192.0.2.1") -> list[int]:
    return [client.get(path, environ_base={"REMOTE_ADDR": sender}).status_code for path in paths]


def test_each_view_and_each_address_has_a_count_of_its_own(client: FlaskClient) -> None:
    assert statuses(client, "/two", "/two", "/two", "/also-two", "/free") == [200, 200, 429, 200, 200]
    assert statuses(client, "/two", sender="192.0.2.2") == [200]


def test_views_of_one_scope_share_a_count_and_keep_their_arguments(client: FlaskClient) -> None:
    assert client.get("/form/report").text == "report"
    paths = ("/form/claim", "/other-form", "/other-form", "/form/claim")
    assert statuses(client, *paths, sender="127.0.0.1") == [200, 200, 429, 429]


@pytest.mark.parametrize("path", ["/both", "/both-turned"])
def test_headers_are_those_of_the_limit_that_is_nearest_to_its_end(client: FlaskClient, path: str) -> None:
    answers = [client.get(path) for _ in range(2)]
    assert [answer.headers["RateLimit-Limit"] for answer in answers] == ["2", "2"]
    assert [answer.headers["RateLimit-Remaining"] for answer in answers] == ["1", "0"]


def test_a_view_without_a_limit_has_no_headers_of_one(client: FlaskClient) -> None:
    assert "RateLimit-Limit" not in client.get("/free").headers


def test_no_request_is_counted_while_limits_are_off_and_counts_can_be_forgotten(
    client: FlaskClient, limits: RateLimiter
) -> None:
    limits.enabled = False
    assert statuses(client, "/two", "/two", "/two") == [200] * 3
    limits.enabled = True
    assert statuses(client, "/two", "/two", "/two") == [200, 200, 429]
    limits.reset()
    assert statuses(client, "/two") == [200]
    limits.count_at("memory://")
    assert statuses(client, "/two", "/two", "/two") == [200, 200, 429]


def test_addresses_of_the_api_that_name_nothing_are_counted_with_it(monkeypatch: pytest.MonkeyPatch) -> None:
    app = Flask(__name__)
    api = Blueprint("api_of_this_test", __name__, url_prefix="/api/v1")
    api.add_url_rule("/zones", "zones", lambda: "list")
    app.register_blueprint(counted_as_api(api))
    app.before_request(lambda: count_request(request))
    monkeypatch.setattr("directory.web.http.limits.rate_limits._api_per_minute", lambda: "3 per minute")
    limiter.reset()
    try:
        asked = statuses(
            app.test_client(), "/api/v1/zones", "/api/v1/zone", "/api/v1/.env", "/api/v1/zones", "/api/none"
        )
        assert asked == [200, 404, 404, 429, 429]
        assert statuses(app.test_client(), "/apiary", "/") == [404, 404]
    finally:
        limiter.reset()


def test_pages_of_a_bounded_blueprint_are_read_120_times_a_minute_unless_they_declare_a_limit() -> None:
    app = Flask(__name__)
    desk = Blueprint("desk_of_this_test", __name__)
    desk.add_url_rule("/desk", "desk", lambda: "page")
    desk.add_url_rule("/form", "form", limiter.limit("2 per minute")(lambda: "page"))
    assert bounded(desk) is desk
    app.register_blueprint(desk)
    app.add_url_rule("/free", "free", lambda: "page")
    app.before_request(lambda: count_request(request))
    limiter.reset()
    try:
        client = app.test_client()
        assert statuses(client, *["/desk"] * 121) == [200] * 120 + [429]
        assert statuses(client, "/form", "/form", "/form") == [200, 200, 429]
        assert statuses(client, *["/free"] * 121) == [200] * 121
        assert statuses(client, "/nowhere") == [404]
    finally:
        limiter.reset()
