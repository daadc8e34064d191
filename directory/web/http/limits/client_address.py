"""The network address a request comes from, as the server or a proxy states it, and what limits count it under."""

from functools import lru_cache
from ipaddress import IPv4Address, IPv6Address, IPv6Network, ip_address

from flask import Request

UNREADABLE = "unreadable"
"""What requests count under whose sender cannot be read, all of them together."""
LONGEST = 64
"""An IPv6 address with zone id, brackets and port, in characters."""
NETWORK_BITS = 64
"""The part of an IPv6 address that a provider gives to one customer, who has all addresses below it."""


def parse_address(text: str) -> IPv4Address | IPv6Address | None:
    """An address that may carry a port, brackets, quotes or a zone id; None when it is none.

    `1.2.3.4:5678`, `[2001:db8::1]:443`, `fe80::1%eth0`; an IPv4-mapped IPv6 address is the IPv4 address.
    """
    host = text.strip().strip('"')
    if host.startswith("["):
        host = host[1:].partition("]")[0]
    elif host.count(":") == 1:
        host = host.partition(":")[0]
    try:
        address = ip_address(host.partition("%")[0])
    except ValueError:
        return None
    return (address.ipv4_mapped or address) if isinstance(address, IPv6Address) else address


@lru_cache(maxsize=4096)
def _limit_key(text: str) -> str:
    address = parse_address(text)
    if isinstance(address, IPv6Address):
        return str(IPv6Network((address, NETWORK_BITS), strict=False))
    return str(address) if address else UNREADABLE


def client_key(http_request: Request) -> str:
    """What limits count the request's sender under: its IPv4 address, or the /64 of its IPv6 address."""
    text = http_request.remote_addr or ""
    return _limit_key(text) if len(text) <= LONGEST else UNREADABLE


def is_loopback(text: str) -> bool:
    """Whether it is an address of this machine itself."""
    address = parse_address(text)
    return address is not None and address.is_loopback
