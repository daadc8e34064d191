"""Asking a domain for a code: over DNS, or over HTTPS without being led anywhere else."""

import contextlib
import http.client
import ipaddress
import socket
import ssl
import threading
import time
from typing import Protocol
from urllib.parse import urljoin, urlsplit

from directory import __version__
from directory.errors import UnavailableError
from directory.text import translatable

SECONDS = 5.0
MOST_BYTES = 4096
MOST_REDIRECTS = 2
WELL_KNOWN = "/.well-known/safe-zone-directory.txt"


class ProbeFailedError(UnavailableError):
    """The domain did not answer, or answered with what is not let in. `why` says which.

    `status` is that of the web server's refusal, 0 for any other failure.
    """

    def __init__(self, why: str, status: int = 0) -> None:
        super().__init__(why)
        self.why = why
        self.status = status


GLOBAL_UNICAST = ipaddress.IPv6Network("2000::/3")
"""All of IPv6 that is given out. NAT64 (64:ff9b::), IPv4-mapped, IPv4-compatible, site-local addresses lie outside."""
NOT_PUBLIC = [
    ipaddress.ip_network(network)
    for network in (
        "2001::/23",  # protocols of the IETF: Teredo, ORCHID, benchmarks
        "2002::/16",  # 6to4: an IPv4 address inside
        "3fff::/20",  # documents
        "192.0.0.0/24",  # protocols of the IETF
        "192.88.99.0/24",  # relays of 6to4
    )
]
"""What `ipaddress` of some Python releases takes for global."""
ISATAP = (0x00005EFE, 0x02005EFE)
"""The third quarter of an address that has an IPv4 address in its last."""


def is_public(address: ipaddress.IPv4Address | ipaddress.IPv6Address) -> bool:
    """Whether it is an address of the public internet that holds no other address."""
    if isinstance(address, ipaddress.IPv6Address) and (
        address not in GLOBAL_UNICAST or int(address) >> 32 & 0xFFFFFFFF in ISATAP
    ):
        return False
    return address.is_global and not address.is_multicast and not any(address in network for network in NOT_PUBLIC)


class Resolver(Protocol):
    """Asks DNS."""

    def texts(self, domain: str) -> list[str]:
        """The TXT records of a domain. Raises ProbeFailedError."""


class Fetcher(Protocol):
    """Asks a web server."""

    def fetch(self, domain: str) -> str:
        """The text at the well-known place of a domain. Raises ProbeFailedError."""


class DnsResolver:
    """The system's DNS servers, with one deadline."""

    def texts(self, domain: str) -> list[str]:
        """The TXT records of a domain. Raises ProbeFailedError."""
        import dns.exception  # only a proof by DNS needs it
        import dns.resolver

        try:
            answer = dns.resolver.resolve(domain, "TXT", lifetime=SECONDS)
        except (dns.resolver.NXDOMAIN, dns.resolver.NoAnswer):
            return []
        except dns.exception.DNSException as error:
            raise ProbeFailedError(
                translatable("DNS does not answer (%(error)s)", error=type(error).__name__)
            ) from error
        return [b"".join(record.strings).decode("utf-8", "replace") for record in answer]


class SafeFetcher:
    """HTTPS to public addresses only; redirects only within the host; four kilobytes, five seconds.

    The address is looked up once, judged, and connected to: a name that answers differently the second time leads
    nowhere else.
    """

    port = 443
    seconds = SECONDS
    most_bytes = MOST_BYTES
    accept = "text/plain"
    user_agent = f"SafeZoneDirectory/{__version__}"

    def __init__(self, user_agent: str = user_agent) -> None:
        """`user_agent` is what servers read in their logs of who asked."""
        self.user_agent = user_agent

    def fetch(self, domain: str) -> str:
        """The text at the well-known place of a domain. Raises ProbeFailedError."""
        return self.fetch_path(domain, WELL_KNOWN).decode("utf-8", "replace")

    def fetch_path(self, domain: str, path: str) -> bytes:
        """What a host has at a path, which may end with a query. Raises ProbeFailedError."""
        for _ in range(MOST_REDIRECTS + 1):
            status, location, body = self._get(domain, path)
            if status == 200:
                return body
            if status not in (301, 302, 303, 307, 308):
                raise ProbeFailedError(translatable("the web server answered %(status)s", status=status), status)
            target = urlsplit(urljoin(f"https://{domain}{path}", location))
            if target.scheme != "https" or target.hostname != domain or target.port not in (None, 443):
                raise ProbeFailedError(translatable("the web server leads to another host"))
            path = target.path + (f"?{target.query}" if target.query else "")
        raise ProbeFailedError(translatable("the web server leads in circles"))

    def permitted(self, address: str) -> bool:
        """Whether an address is one of the public internet."""
        return is_public(ipaddress.ip_address(address))

    def _get(self, domain: str, path: str) -> tuple[int, str, bytes]:
        begun = time.monotonic()
        try:
            entries = socket.getaddrinfo(domain, self.port, type=socket.SOCK_STREAM)
            addresses = [str(entry[4][0]) for entry in entries]
            if not addresses or not all(self.permitted(address) for address in addresses):
                raise ProbeFailedError(translatable("the domain leads to a private address"))
            connection = self._connection(domain, addresses[0])
            connection.connect()
            # The time limit of a socket is one for each read: a server that drips would hold it for hours.
            started_at = time.monotonic()
            hang_up = threading.Timer(self.seconds, _hang_up, (connection.sock,))
            hang_up.start()
            try:
                headers = {"Accept": self.accept, "User-Agent": self.user_agent, "Connection": "close"}
                connection.request("GET", path, headers=headers)
                answer = connection.getresponse()
                body = answer.read(self.most_bytes + 1)
                if time.monotonic() - started_at >= self.seconds:
                    raise TimeoutError  # what was read so far may look like a whole answer
            finally:
                hang_up.cancel()
                connection.close()
        except (OSError, http.client.HTTPException, UnicodeError) as error:
            raise ProbeFailedError(self._failure(error, time.monotonic() - begun)) from error
        if len(body) > self.most_bytes:
            raise ProbeFailedError(translatable("the answer is too long"))
        return answer.status, answer.getheader("Location") or "", body

    def _failure(self, error: Exception, seconds: float) -> str:
        """Why no answer came, after so many seconds."""
        if isinstance(error, socket.gaierror) and error.errno == socket.EAI_NONAME:
            return translatable("there is no server of that name")
        if seconds >= self.seconds:  # hung up by the timer, it looks like any other end
            return translatable("the web server took longer than %(seconds)s seconds", seconds=f"{self.seconds:g}")
        return translatable("the web server does not answer (%(error)s)", error=type(error).__name__)

    def _connection(self, domain: str, address: str) -> http.client.HTTPConnection:
        return _Pinned(domain, address, self.port, self.seconds)


def _hang_up(connected: socket.socket) -> None:
    # The plain socket's way: TLS would first say goodbye, and wait for the answer.
    with contextlib.suppress(OSError):
        socket.socket.shutdown(connected, socket.SHUT_RDWR)


class _Pinned(http.client.HTTPSConnection):
    """HTTPS to one address, with the certificate of the domain."""

    def __init__(self, domain: str, address: str, port: int, seconds: float) -> None:
        super().__init__(domain, port, timeout=seconds)
        self._address = address

    def connect(self) -> None:
        """Connect to the address that was judged."""
        plain = socket.create_connection((self._address, self.port), self.timeout)
        # The handshake comes with the first write, so that it falls under the same deadline.
        context = ssl.create_default_context()
        self.sock = context.wrap_socket(plain, server_hostname=self.host, do_handshake_on_connect=False)
