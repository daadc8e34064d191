"""Whom a network address is counted under."""

import pytest
from flask import Flask, request

from directory.web.http.limits.client_address import LONGEST, client_key, is_loopback, parse_address


@pytest.mark.parametrize(
    ("text", "address"),
    [
        ("192.0.2.7", "192.0.2.7"),
        ("192.0.2.7:5678", "192.0.2.7"),
        ('"[2001:db8::1]:443"', "2001:db8::1"),
        ("2001:db8::1", "2001:db8::1"),
        ("fe80::1%eth0", "fe80::1"),
        ("::ffff:192.0.2.7", "192.0.2.7"),
        ("unknown", "None"),
        ("", "None"),
    ],
)
def test_an_address_is_read_with_its_port_brackets_and_zone(text: str, address: str) -> None:
    assert str(parse_address(text)) == address


def key_of(sender: str | None) -> str:
    app = Flask(__name__)
    with app.test_request_context(environ_overrides={"REMOTE_ADDR": sender}):
        return client_key(request)


@pytest.mark.parametrize(
    ("sender", "key"),
    [
        ("192.0.2.7", "192.0.2.7"),
        ("2001:db8:aaaa:bbbb:1:2:3:4", "2001:db8:aaaa:bbbb::/64"),
        ("2001:db8:aaaa:bbbb::", "2001:db8:aaaa:bbbb::/64"),
        ("2001:db8:aaaa:bbbc::", "2001:db8:aaaa:bbbc::/64"),
        ("junk", "unreadable"),
        (None, "unreadable"),
    ],
)
def test_an_ipv4_address_counts_by_itself_and_an_ipv6_address_with_its_network(sender: str | None, key: str) -> None:
    assert key_of(sender) == key


def test_longer_texts_than_any_address_are_not_read() -> None:
    longest = "fe80::1%".ljust(LONGEST, "x")
    assert key_of(longest) == "fe80::/64"
    assert key_of(longest + "x") == "unreadable"


@pytest.mark.parametrize(
    ("text", "here"),
    [("127.0.0.1", True), ("[::1]:80", True), ("::ffff:127.0.0.1", True), ("192.0.2.7", False), ("junk", False)],
)
def test_only_addresses_of_this_machine_are_loopback(text: str, here: bool) -> None:
    assert is_loopback(text) is here
