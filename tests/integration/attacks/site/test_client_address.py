"""Who asks too much is one sender, however many addresses of one network, ports or spellings it comes from."""

from ipaddress import IPv6Address
from itertools import product

import pytest
from flask import Flask
from pydantic import SecretStr

from directory.settings import Settings
from tests.conftest import Built

NETWORK = int(IPv6Address("2001:db8:aaaa:bbbb::"))
NEAREST = "/api/v1/nearest?lat=41.1&lon=-73.4"
SPELLINGS = (
    "192.0.2.7", "192.0.2.7:5678", "::ffff:192.0.2.7", "[::ffff:192.0.2.7]:443", "::ffff:c000:207", " 192.0.2.7 ",
    '"192.0.2.7:80"',
)  # fmt: skip
JUNK = (
    "1.2.3.4:5678", "[2001:db8::1]:443", "[2001:db8::1]", "[", "]", "[]", "[::1", "::1]", "fe80::1%eth0", "fe80::1%",
    "unknown", "_hidden", "1.2.3.4:", "1.2.3.4:port", "999.1.1.1", "", " ", ",", ",,,", "é", "\xff\xfe", "'",
    "a" * 5000, "for=192.0.2.60;proto=http", "127.0.0.1:x", "0x7f.1", "2001:db8::1:443:x",
)  # fmt: skip


def statuses(app: Flask, path: str, senders: list[str], method: str = "GET") -> list[int]:
    client = app.test_client()
    return [client.open(path, method=method, environ_base={"REMOTE_ADDR": sender}).status_code for sender in senders]


@pytest.mark.parametrize("path", [NEAREST, "/api/v1/conformance"], ids=["short", "usual"])
def test_200_requests_from_200_addresses_of_one_64_are_one_counter_of_the_api(
    build_app: Built, own_settings: Settings, path: str
) -> None:
    app = build_app(own_settings.model_copy(update={"api_per_minute": 10}))
    answers = statuses(app, path, [str(IPv6Address(NETWORK + number * 7919)) for number in range(200)])
    assert answers == [200] * 10 + [429] * 190
    assert statuses(app, path, ["2001:db8:aaaa:bbbc::1"]) == [200], "the neighbour's network is another sender"


def test_200_requests_from_200_addresses_of_one_64_are_one_counter_of_a_form(
    build_app: Built, own_settings: Settings
) -> None:
    app = build_app(own_settings.model_copy(update={"reports_per_hour": 5}))
    app.config["WTF_CSRF_ENABLED"] = False
    path = "/zones/ct-darien-parking-lot/report"
    answers = statuses(app, path, [str(IPv6Address(NETWORK + number)) for number in range(200)], "POST")
    assert 429 not in answers[:5] and answers[5:] == [429] * 195


@pytest.mark.parametrize("path", [NEAREST, "/api/v1/conformance"], ids=["short", "usual"])
def test_one_address_in_many_spellings_is_one_counter(build_app: Built, own_settings: Settings, path: str) -> None:
    app = build_app(own_settings.model_copy(update={"api_per_minute": 3}))
    assert statuses(app, path, list(SPELLINGS)) == [200] * 3 + [429] * (len(SPELLINGS) - 3)


def test_junk_in_place_of_an_address_is_one_counter(build_app: Built, own_settings: Settings) -> None:
    app = build_app(own_settings.model_copy(update={"api_per_minute": 3}))
    assert statuses(app, NEAREST, [f"junk-{number}" for number in range(20)]) == [200] * 3 + [429] * 17


HEADERS = ("X-Forwarded-For", "Authorization", "Host", "X-Forwarded-Host", "X-Request-ID", "X-Forwarded-Proto",
           "X-Forwarded-Port", "Accept-Language", "Cookie", "Content-Length")  # fmt: skip


def answers_below_500(app: Flask, *paths: str) -> None:
    client = app.test_client()
    for header, value in product(HEADERS, (*JUNK, "Bearer", "Bearer é", "Bearer \xff", "Basic \xff")):
        name = header.upper().replace("-", "_")
        environ = {name if name == "CONTENT_LENGTH" else f"HTTP_{name}": value}
        for path in paths:
            assert client.get(path, environ_overrides=environ).status_code < 500, (path, header, value)


@pytest.mark.parametrize("token", ["", "of-the-operator", "clé"])
def test_metrics_never_fail_whatever_a_header_holds(build_app: Built, own_settings: Settings, token: str) -> None:
    settings = own_settings.model_copy(update={"proxies": 1, "metrics_token": SecretStr(token)})
    answers_below_500(build_app(settings), "/metrics")


def test_no_page_fails_whatever_a_header_holds(build_app: Built, own_settings: Settings) -> None:
    app = build_app(own_settings.model_copy(update={"proxies": 1}))
    answers_below_500(app, "/readyz", "/healthz", NEAREST, "/")


def test_metrics_open_for_this_machine_in_every_spelling_and_for_nobody_else(
    build_app: Built, own_settings: Settings
) -> None:
    app = build_app(own_settings.model_copy(update={"proxies": 1}))
    client = app.test_client()

    def asked_for(address: str) -> int:
        return client.get("/metrics", headers={"X-Forwarded-For": address}).status_code

    for here in ("127.0.0.1", "127.0.0.1:5678", "[::1]:443", "::1", "::ffff:127.0.0.1", "[::ffff:127.0.0.1]:80"):
        assert asked_for(here) == 200, here
    for elsewhere in ("203.0.113.5", "203.0.113.5:80", "[2001:db8::1]:443", "::ffff:203.0.113.5", "junk", "127.0.0.1x",
                      "127.0.0.1.example.org", "64:ff9b::7f00:1"):  # fmt: skip
        assert asked_for(elsewhere) == 403, elsewhere


def test_a_token_with_letters_beyond_ascii_opens_the_metrics(build_app: Built, own_settings: Settings) -> None:
    client = build_app(own_settings.model_copy(update={"metrics_token": SecretStr("clé")})).test_client()
    sent = "Bearer clé".encode().decode("latin-1")  # as a server hands bytes on (PEP 3333)
    assert client.get("/metrics", environ_overrides={"HTTP_AUTHORIZATION": sent}).status_code == 200
    assert client.get("/metrics", environ_overrides={"HTTP_AUTHORIZATION": "Bearer cl"}).status_code == 403
