"""Whether the number of proxies that is set is the one that requests show."""

import pytest
from werkzeug.test import Client
from werkzeug.wrappers import Response

from directory.web.http.limits.proxy_hops import FEWEST, ProxyHops

VISITOR, CDN, OWN = "203.0.113.5", "198.51.100.7", "127.0.0.1"


def told(proxies: int, *forwarded: str, path: str = "/search") -> str:
    """What is said after so many requests with these headers in turn that something may be said."""
    hops = ProxyHops(Response("ok"), proxies)
    client = Client(hops)
    for number in range(FEWEST * 3):
        header = forwarded[number % len(forwarded)]
        client.get(path, headers={"X-Forwarded-For": header} if header else {})
    return hops.problem()


@pytest.mark.parametrize(
    ("proxies", "forwarded"),
    [
        pytest.param(0, [""], id="nobody in front"),
        pytest.param(0, ["", "", VISITOR], id="nobody in front, and visitors who write the header themselves"),
        pytest.param(1, [VISITOR], id="one"),
        pytest.param(1, [VISITOR, f"1.2.3.4, {VISITOR}", f"1.2.3.4,5.6.7.8,{VISITOR}"], id="one, and such visitors"),
        pytest.param(2, [f"{VISITOR}, {CDN}"], id="two"),
        pytest.param(2, [OWN], id="programs of this machine, by its own address"),
        pytest.param(1, [VISITOR] * 49 + [""], id="one, and a program that asks the socket"),
    ],
)
def test_the_right_number_is_left_alone(proxies: int, forwarded: list[str]) -> None:
    assert told(proxies, *forwarded) == ""


@pytest.mark.parametrize(
    ("proxies", "forwarded", "remedy"),
    [
        pytest.param(0, [VISITOR], "Set SAFEZONES_PROXIES=1 if so many", id="a proxy that is not set"),
        pytest.param(1, [f"{VISITOR}, {CDN}"], "Set SAFEZONES_PROXIES=2 if so many", id="a CDN in front"),
        pytest.param(2, [VISITOR, f"1.2.3.4, {VISITOR}"], "Set SAFEZONES_PROXIES=1.", id="no CDN any more"),
        pytest.param(1, [""], "or set SAFEZONES_PROXIES=0.", id="a proxy that says nothing of the visitor"),
    ],
)
def test_a_wrong_number_is_named_with_the_right_one_and_no_address(
    proxies: int, forwarded: list[str], remedy: str
) -> None:
    finding, _, fix = told(proxies, *forwarded).partition(". ")
    assert f"SAFEZONES_PROXIES is {proxies}" in finding and remedy in fix
    assert VISITOR not in finding and CDN not in finding


def test_nothing_is_said_of_a_few_requests_or_of_those_that_watch_the_site() -> None:
    hops = ProxyHops(Response("ok"), 1)
    for _ in range(FEWEST - 1):
        Client(hops).get("/")
    assert hops.problem() == "" == told(1, "", path="/readyz")
