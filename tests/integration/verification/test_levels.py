"""The second verification level by one's own hand: a code in DNS or on the web server, fetched safely."""

import http.client
import socket
import threading
import time
from collections.abc import Callable, Iterator
from contextlib import suppress
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from typing import NoReturn

import pytest
from flask.testing import FlaskClient

from directory.formats.source import BadFileError
from directory.settings import Settings
from directory.verification.domain_files import read_domains
from directory.verification.domain_probe import MOST_BYTES, ProbeFailedError, SafeFetcher
from directory.web.http.container import KEY
from tests.conftest import Built
from tests.support.connections import ConnectionsInUse
from tests.support.loopback import send
from tests.support.site import Site, words_of
from tests.support.waiting import PATIENCE_SECONDS

NEW_CANAAN = "ct/new-canaan-police-department"


class Answers:
    """A resolver and a fetcher that answer what they are told to."""

    def __init__(self, texts: list[str] | None = None, page: str | None = None) -> None:
        self._texts, self._page = texts, page

    def texts(self, domain: str) -> list[str]:
        if self._texts is None:
            raise ProbeFailedError("DNS: Timeout")
        return self._texts

    def fetch(self, domain: str) -> str:
        if self._page is None:
            raise ProbeFailedError("the web server answered 404")
        return self._page


def with_answers(site: Site, answers: Answers) -> None:
    object.__setattr__(site.services, "resolver", answers)
    object.__setattr__(site.services, "fetcher", answers)


def claimant(site: Site, email: str) -> FlaskClient:
    client = site.visitor()
    draft = client.post("/zones/ct-new-canaan-lobby/ours", data={"action": "confirm"}).headers["Location"]
    client.post(f"{draft}/send", data={"email": email})
    site.confirm(client, email)
    return client


def code_of(client: FlaskClient) -> str:
    page = client.get(f"/desk/{NEW_CANAAN}/proof").text
    return page.partition("safe-zone-directory=")[2].partition("<")[0]


@pytest.mark.parametrize("way", ["dns", "well_known"])
def test_the_code_at_the_departments_own_domain_reaches_the_second_rung(site: Site, way: str) -> None:
    client = claimant(site, "lieutenant@newcanaanpolice.org")
    code = f"safe-zone-directory={code_of(client)}"
    with_answers(site, Answers(["v=spf1 -all", code]) if way == "dns" else Answers(None, f"\n{code}\n"))
    assert client.post(f"/desk/{NEW_CANAAN}/proof").status_code == 302
    assert site.rows("SELECT rung, method FROM proof") == [(2, way)]
    assert client.get(f"/desk/{NEW_CANAAN}").status_code == 200


class WatchedNetwork(Answers):
    """Answers, and notes how many connections to the database are in use meanwhile."""

    def __init__(self, site: Site, texts: list[str]) -> None:
        super().__init__(texts)
        self._in_use = ConnectionsInUse(site.engine)
        self.connections: list[int] = []

    def texts(self, domain: str) -> list[str]:
        self.connections.append(self._in_use.count)
        return super().texts(domain)

    def fetch(self, domain: str) -> str:
        self.connections.append(self._in_use.count)
        return super().fetch(domain)


def test_no_transaction_is_open_while_a_domain_is_asked_for_the_code(site: Site) -> None:
    client = claimant(site, "lieutenant@newcanaanpolice.org")
    network = WatchedNetwork(site, ["another code"])
    with_answers(site, network)
    assert client.post(f"/desk/{NEW_CANAAN}/proof").status_code == 400
    assert network.connections == [0, 0]


def test_a_missing_or_wrong_code_is_said_with_what_went_wrong(site: Site) -> None:
    client = claimant(site, "lieutenant@newcanaanpolice.org")
    for answers, message in (
        (Answers(["safe-zone-directory=0000"], "nothing"), "the code is in no TXT record yet"),
        (Answers(), "the web server answered 404"),
    ):
        with_answers(site, answers)
        response = client.post(f"/desk/{NEW_CANAAN}/proof")
        assert response.status_code == 400 and message in words_of(response)
    assert site.rows("SELECT count(*) FROM proof")[0][0] == 0


def test_somebody_elses_code_proves_nothing(site: Site) -> None:
    first = claimant(site, "lieutenant@newcanaanpolice.org")
    second = claimant(site, "stranger@newcanaanpolice.org")
    with_answers(site, Answers([f"safe-zone-directory={code_of(first)}"]))
    assert second.post(f"/desk/{NEW_CANAAN}/proof").status_code == 400


def test_a_domain_that_nobody_connects_with_the_department_cannot_be_proven(site: Site) -> None:
    client = claimant(site, "chief@new-canaan-police.example.org")
    assert code_of(client) == ""
    with_answers(site, Answers(["anything"], "anything"))
    client.post(f"/desk/{NEW_CANAAN}/proof")
    assert site.rows("SELECT count(*) FROM proof")[0][0] == 0


@pytest.mark.parametrize(
    "address",
    ["127.0.0.1", "10.1.2.3", "192.168.0.1", "169.254.169.254", "0.0.0.0", "::1", "fe80::1", "fc00::1",
     "::ffff:127.0.0.1", "100.64.0.1", "224.0.0.1", "2002:7f00:1::"],
)  # fmt: skip
def test_no_private_address_is_fetched_from(address: str) -> None:
    assert not SafeFetcher().permitted(address)


def test_public_addresses_are_permitted() -> None:
    assert SafeFetcher().permitted("93.184.215.14") and SafeFetcher().permitted("2606:2800:21f:cb07::1")


def test_a_name_that_leads_home_is_not_followed() -> None:
    with pytest.raises(ProbeFailedError, match="private address"):
        SafeFetcher().fetch("localhost")


class HereFetcher(SafeFetcher):
    """The same fetcher, let through to a plain server of the test's."""

    def __init__(self, port: int) -> None:
        self.port = port
        self.timeout: float = PATIENCE_SECONDS

    def permitted(self, address: str) -> bool:
        return True

    def _connection(self, domain: str, address: str) -> http.client.HTTPConnection:
        return http.client.HTTPConnection(address, self.port, timeout=self.timeout)


Server = Callable[[Callable[[BaseHTTPRequestHandler], None]], HereFetcher]


@pytest.fixture
def server() -> Iterator[Server]:
    servers: list[ThreadingHTTPServer] = []

    def start(answer: Callable[[BaseHTTPRequestHandler], None]) -> HereFetcher:
        class Handler(BaseHTTPRequestHandler):
            def do_GET(self) -> None:
                answer(self)

            def log_message(self, *_args: object) -> None:
                pass

        running = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
        running.daemon_threads = True
        threading.Thread(target=running.serve_forever, args=(0.01,), daemon=True).start()
        servers.append(running)
        return HereFetcher(running.server_port)

    yield start
    for running in servers:
        running.shutdown()
        running.server_close()


def test_a_redirect_within_the_host_is_followed_and_one_off_it_is_not(server: Server) -> None:
    def answer(handler: BaseHTTPRequestHandler) -> None:
        if handler.path == "/here":
            send(handler, 200, b"the code")
        else:
            send(handler, 302, Location="/here")

    assert server(answer).fetch("localhost") == "the code"
    for target in ("https://evil.example/", "http://localhost/here", "https://localhost:8443/", "//evil.example/"):
        fetcher = server(lambda handler, target=target: send(handler, 302, Location=target))  # type: ignore[misc]
        with pytest.raises(ProbeFailedError, match="another host"):
            fetcher.fetch("localhost")


def test_a_server_reads_in_its_log_who_asked(server: Server) -> None:
    fetcher = server(lambda handler: send(handler, 200, str(handler.headers["User-Agent"]).encode()))
    assert fetcher.fetch("localhost").startswith("SafeZoneDirectory/")


def test_a_site_names_its_contact_to_the_servers_of_departments(tmp_path: Path, build_app: Built) -> None:
    parts = build_app(Settings(data_dir=tmp_path, geocoders=(), contact="desk@example.org")).extensions[KEY]
    for fetcher in (parts.fetcher, parts.list_fetcher):
        assert fetcher.user_agent.endswith("(desk@example.org)")


def test_a_name_that_nobody_has_is_called_so(monkeypatch: pytest.MonkeyPatch) -> None:
    def nobody(*_args: object, **_options: object) -> NoReturn:
        raise socket.gaierror(socket.EAI_NONAME, "Name or service not known")

    monkeypatch.setattr(socket, "getaddrinfo", nobody)
    with pytest.raises(ProbeFailedError, match="no server of that name"):
        SafeFetcher().fetch("nowhere.invalid")


def test_circles_long_answers_silence_and_errors_end(server: Server, monkeypatch: pytest.MonkeyPatch) -> None:
    with pytest.raises(ProbeFailedError, match="circles"):
        server(lambda handler: send(handler, 302, Location="/again")).fetch("localhost")
    with pytest.raises(ProbeFailedError, match="too long"):
        server(lambda handler: send(handler, 200, b"x" * (MOST_BYTES + 1))).fetch("localhost")
    with pytest.raises(ProbeFailedError, match="404"):
        server(lambda handler: send(handler, 404)).fetch("localhost")
    over = threading.Event()
    silent = server(lambda _handler: (over.wait(2 * PATIENCE_SECONDS), None)[1])
    silent.timeout = 1
    started_at = time.monotonic()
    with pytest.raises(ProbeFailedError):
        silent.fetch("localhost")
    assert time.monotonic() - started_at < PATIENCE_SECONDS, "half of what the server takes"
    over.set()


def test_a_server_that_drips_is_left_after_one_deadline_for_the_whole_answer(
    server: Server, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(SafeFetcher, "seconds", 0.5)

    def drip(handler: BaseHTTPRequestHandler) -> None:
        handler.send_response(200)
        handler.send_header("Content-Length", "4000")
        handler.end_headers()
        with suppress(OSError):
            for _ in range(1_000):
                handler.wfile.write(b"x")
                handler.wfile.flush()
                time.sleep(0.1)

    started_at = time.monotonic()
    with pytest.raises(ProbeFailedError, match=r"longer than 0\.5 seconds"):
        server(drip).fetch("localhost")
    assert time.monotonic() - started_at < PATIENCE_SECONDS, "dripping takes a hundred seconds"


def test_the_registrys_list_and_our_own_are_read_and_a_wrong_row_is_named(tmp_path: Path) -> None:
    registry = tmp_path / "current-full.csv"
    registry.write_text(
        "Domain name,Domain type,Organization name,Suborganization name,City,State,Security contact email\n"
        "ACUS.GOV,Federal - Executive,Administrative Conference,,Washington,DC,x@acus.gov\n"
        "westonct.gov,City,Town of Weston,,Weston,CT,\n"
        "crowwing.gov,County,Crow Wing County,,Brainerd,MN,\n"
    )
    places = {row.domain: (row.place, row.state) for row in read_domains(registry)}
    assert places == {"westonct.gov": ("Town of Weston", "CT"), "crowwing.gov": ("Crow Wing County", "MN")}
    wrong = tmp_path / "wrong.csv"
    wrong.write_text("domain,place,state\nweston.example.com,Weston,CT\n")
    with pytest.raises(BadFileError, match="Row 2"):
        list(read_domains(wrong))


def test_the_list_that_comes_along_is_readable() -> None:
    from directory.settings import packaged

    rows = list(read_domains(packaged("data/official-domains.csv")))
    assert len(rows) == 20 and all(row.source.startswith("http") for row in rows)
