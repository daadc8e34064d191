"""A real Nominatim over a small hand-made OSM file. A test peer only: the directory never imports it (GPL)."""

import os
import subprocess
from collections.abc import Iterator
from pathlib import Path

import pytest
from sqlalchemy import create_engine, make_url, text

from quality.site import STOP_SECONDS, free_port, wait_for_server
from tests.conftest import required

OSM_FILE = Path(__file__).with_name("new-canaan.osm")


@pytest.fixture(scope="session")
def nominatim_url(postgres: str, tmp_path_factory: pytest.TempPathFactory) -> Iterator[str]:
    """Import the file, serve it on loopback, and stop the server by its process id."""
    binaries = Path(os.environ.get("NOMINATIM_BIN", "nowhere"))
    if not (binaries / "nominatim").exists():
        required("Nominatim (NOMINATIM_BIN names the folder of its commands)")
    project = tmp_path_factory.mktemp("nominatim")
    url = make_url(postgres)
    admin = create_engine(postgres, isolation_level="AUTOCOMMIT")
    with admin.connect() as connection:
        connection.execute(text('CREATE ROLE "www-data" LOGIN'))
    admin.dispose()
    environment = {
        **os.environ,
        "PATH": f"{binaries}:{os.environ['PATH']}",
        "NOMINATIM_DATABASE_DSN": f"pgsql:host={url.host};port={url.port};user={url.username};dbname=nominatim",
    }
    nominatim = [str(binaries / "nominatim")]
    load = [*nominatim, "import", "--offline", "--no-updates", "-j", "1", "--osm-file", str(OSM_FILE)]
    done = subprocess.run(load, cwd=project, env=environment, capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stderr[-3000:]
    port = free_port()
    serve = [*nominatim, "serve", "--server", f"127.0.0.1:{port}"]
    log = project / "serve.log"
    with log.open("w") as file:
        server = subprocess.Popen(serve, cwd=project, env=environment, stdout=file, stderr=file)
    try:
        wait_for_server(server, f"http://127.0.0.1:{port}/search?q=South+Avenue,+New+Canaan", log)
        yield f"http://127.0.0.1:{port}"
    finally:
        server.terminate()
        server.wait(timeout=STOP_SECONDS)
