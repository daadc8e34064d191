"""What the server fetches: public addresses only, bounded answers, no way to another host."""

import threading
from collections.abc import Callable, Iterator
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from ipaddress import IPv4Address, IPv6Address

import pytest
from hypothesis import given
from hypothesis import strategies as st

from directory.settings import Settings
from directory.verification.domain_probe import SafeFetcher
from tests.conftest import Built
from tests.integration.geocoding.test_chain import census
from tests.support.loopback import send
from tests.support.site import words_of

ADDRESS = "/search?q=176+South+Avenue,+New+Canaan,+CT+06840"
UNKNOWN = "Safe zones near New Canaan, CT 06840"
"""What the search says where no geocoder knew the street: the ZIP code alone."""
MEGABYTE = 1 << 20


@pytest.mark.parametrize(
    "address",
    [
        "64:ff9b::127.0.0.1", "64:ff9b::a9fe:a9fe", "64:ff9b::5db8:d70e", "64:ff9b:1::7f00:1", "64:ff9b:1:ffff::1",
        "fec0::1", "feff::1", "::127.0.0.1", "::7f00:1", "::ffff:7f00:1", "::ffff:0:127.0.0.1",
        "2002:a9fe:a9fe::1", "2001:0:7f00:1::", "2606:2800:21f::5efe:127.0.0.1", "2606:2800:21f::200:5efe:a00:1",
        "3fff::1", "5f00::1", "4000::1", "100::1", "2001:20::1", "2001:db8::1", "ff0e::1", "fe80::1", "fc00::1",
        "192.88.99.1", "192.0.0.9", "240.0.0.1", "255.255.255.255",
    ],
)  # fmt: skip
def test_no_address_that_embeds_or_translates_to_another_is_fetched_from(address: str) -> None:
    assert not SafeFetcher().permitted(address)


@given(st.ip_addresses(v=4).map(int), st.sampled_from(["64:ff9b::", "64:ff9b:1::", "::", "::ffff:0:0", "::ffff:0:0:0"]))
def test_no_ipv4_address_hides_in_an_ipv6_one(inner: int, prefix: str) -> None:
    assert not SafeFetcher().permitted(str(IPv6Address(int(IPv6Address(prefix)) + inner)))


def test_the_public_internet_is_fetched_from() -> None:
    for address in ("93.184.215.14", "2606:2800:21f:cb07::1", "2a00:1450:4001:81c::200e", "2001:4860:4860::8888"):
        assert SafeFetcher().permitted(address), address
    assert IPv4Address("93.184.215.14").is_global


class Server(ThreadingHTTPServer):
    """A geocoder on loopback whose answers a test writes."""

    daemon_threads = True

    def __init__(self, host: str, answer: Callable[[BaseHTTPRequestHandler], None]) -> None:
        self.asked: list[str] = []
        server = self

        class Handler(BaseHTTPRequestHandler):
            def do_GET(self) -> None:
                server.asked.append(self.path)
                answer(self)

            def log_message(self, *_args: object) -> None:
                pass

        super().__init__((host, 0), Handler)
        self.url = f"http://{host}:{self.server_port}"

    def handle_error(self, *_args: object) -> None:
        """A client that hangs up is what the tests are about."""


Serve = Callable[[str, Callable[[BaseHTTPRequestHandler], None]], Server]


@pytest.fixture
def serve() -> Iterator[Serve]:
    servers: list[Server] = []

    def start(host: str, answer: Callable[[BaseHTTPRequestHandler], None]) -> Server:
        servers.append(Server(host, answer))
        threading.Thread(target=servers[-1].serve_forever, args=(0.01,), daemon=True).start()
        return servers[-1]

    yield start
    for server in servers:
        server.shutdown()
        server.server_close()


def answer_with(body: bytes, status: int = 200, **headers: str) -> Callable[[BaseHTTPRequestHandler], None]:
    return lambda handler: send(handler, status, body, **headers)


def search(build_app: Built, settings: Settings, url: str, path: str = ADDRESS) -> str:
    site = build_app(settings.model_copy(update={"geocoders": ("census",), "census_url": url}))
    return words_of(site.test_client().get(path))


def test_an_answer_of_a_megabyte_is_read_and_a_longer_one_is_not(
    build_app: Built, own_settings: Settings, serve: Serve
) -> None:
    answer = census(41.1412, -73.4907)
    fits = serve("127.0.0.1", answer_with(answer + b" " * (MEGABYTE - len(answer))))
    assert UNKNOWN not in search(build_app, own_settings, fits.url)
    for status in (200, 500):
        longer = serve("127.0.0.1", answer_with(answer + b" " * (MEGABYTE + 1 - len(answer)), status))
        street = f"/search?q={status}+Main+Street,+New+Canaan,+CT+06840"
        assert UNKNOWN in search(build_app, own_settings, longer.url, street)
        assert longer.asked


def test_an_endless_answer_is_hung_up_on(build_app: Built, own_settings: Settings, serve: Serve) -> None:
    sent, over = [0], threading.Event()

    def stream(handler: BaseHTTPRequestHandler) -> None:
        handler.send_response(200)
        handler.end_headers()
        try:
            while sent[0] < 64 * MEGABYTE:
                handler.wfile.write(b" " * MEGABYTE)
                sent[0] += MEGABYTE
        finally:
            over.set()

    assert UNKNOWN in search(build_app, own_settings, serve("127.0.0.1", stream).url)
    assert over.wait(10)
    assert sent[0] < 16 * MEGABYTE, "a megabyte, and what lies in the sockets' buffers"


@pytest.mark.parametrize("status", [301, 302, 303, 307, 308])
def test_a_redirect_to_another_host_is_not_followed(
    build_app: Built, own_settings: Settings, serve: Serve, status: int
) -> None:
    inside = serve("127.0.0.2", answer_with(census(41.1412, -73.4907)))
    for target in (inside.url, inside.url.replace("http://", "//"), inside.url.replace("127.0.0.2", "u@127.0.0.2")):
        outside = serve("127.0.0.1", answer_with(b"", status, Location=f"{target}/latest"))
        assert UNKNOWN in search(
            build_app, own_settings, outside.url, f"/search?q={len(target)}+Elm+Street,+New+Canaan,+CT+06840"
        )
        assert outside.asked and not inside.asked


def test_another_port_of_the_same_host_is_another_server(
    build_app: Built, own_settings: Settings, serve: Serve
) -> None:
    inside = serve("127.0.0.1", answer_with(census(41.1412, -73.4907)))
    outside = serve("127.0.0.1", answer_with(b"", 302, Location=f"{inside.url}/latest"))
    assert UNKNOWN in search(build_app, own_settings, outside.url)
    assert outside.asked and not inside.asked


def test_a_redirect_within_the_host_is_followed(build_app: Built, own_settings: Settings, serve: Serve) -> None:
    def answer(handler: BaseHTTPRequestHandler) -> None:
        moved = handler.path.startswith("/new")
        answer_with(census(41.1412, -73.4907) if moved else b"", 200 if moved else 302, Location="/new")(handler)

    assert UNKNOWN not in search(build_app, own_settings, serve("127.0.0.1", answer).url)
