"""The proxies of deploy/ in front of the site: whose address it believes, and what it says of wrong ones."""

import tempfile
import threading
from collections.abc import Iterator
from contextlib import closing
from pathlib import Path

import pytest
from werkzeug.serving import make_server

from directory.settings import Settings
from quality.upgrades.proxies import HOST, PublicAddress, program, running_proxy
from tests.conftest import Built, required

pytestmark = pytest.mark.slow
LIE = {"X-Forwarded-For": "203.0.113.5", "X-Forwarded-Port": "1", "X-Forwarded-Host": "evil.example"}


@pytest.fixture(params=["nginx", "caddy"])
def public(request: pytest.FixtureRequest, build_app: Built, own_settings: Settings) -> Iterator[PublicAddress]:
    """The site behind a proxy, at a port that is none of the usual ones, and without SAFEZONES_BASE_URL."""
    for name in (request.param, "openssl"):
        if not program(name):
            required(name)
    app = build_app(own_settings.model_copy(update={"proxies": 1}))
    with tempfile.TemporaryDirectory(prefix="sz-") as name:
        run = Path(name) / "run"
        run.mkdir()
        server = make_server(f"unix://{run / 'site.sock'}", 0, app, threaded=True)
        (run / "site.sock").chmod(0o666)
        thread = threading.Thread(target=server.serve_forever)
        thread.start()
        try:
            with running_proxy(request.param, Path(name), run) as address:
                yield address
        finally:
            server.shutdown()
            thread.join()
            server.server_close()


def ask(public: PublicAddress, path: str, headers: dict[str, str]) -> str:
    with closing(public.connection(30)) as connection:
        connection.request("GET", path, headers=headers)
        with connection.getresponse() as answer:
            return answer.read().decode()


def test_addresses_of_the_site_have_its_port_and_nothing_that_a_visitor_wrote(public: PublicAddress) -> None:
    site = f"https://{HOST}:{public.port}"
    for headers in ({}, LIE):
        page = ask(public, "/towns/ct/darien", headers)
        assert f'<link rel="canonical" href="{site}/towns/ct/darien">' in page
        assert "evil.example" not in page
    file = ask(public, "/downloads/ct/darien/zones.geojson", LIE)
    assert f'"{site}/zones/' in file
