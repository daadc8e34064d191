"""Real clients of the API: a truly running server, pygeoapi beside it, and the programs that people read maps with."""

import json
import os
import subprocess
import urllib.error
import urllib.request
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pytest

from directory.formats.writers.geojson import feature
from directory.settings import Settings
from directory.store.repository import Directory
from directory.zones.schemas import Status
from quality.site import STOP_SECONDS, free_port, wait_for_server
from tests.conftest import ROOT, required, running_copy

HERE = Path(__file__).resolve().parent
CLIENTS = ROOT / ".venv" / "clients" / "bin"
"""A Python environment of their own, so that their libraries never decide over ours."""


@dataclass(frozen=True)
class Answer:
    """Status, headers (lower-case names) and body of an answer."""

    status: int
    headers: dict[str, str]
    body: bytes

    def json(self) -> Any:
        return json.loads(self.body)

    @property
    def media_type(self) -> str:
        return self.headers.get("content-type", "").partition(";")[0]


def ask(address: str, accept: str = "application/json", method: str = "GET", **headers: str) -> Answer:
    """Ask and follow redirects; an error status is an answer too."""
    request = urllib.request.Request(address, method=method, headers={"Accept": accept, **headers})
    try:
        with urllib.request.urlopen(request, timeout=60) as response:
            return Answer(response.status, {k.lower(): v for k, v in response.headers.items()}, response.read())
    except urllib.error.HTTPError as error:
        return Answer(error.code, {k.lower(): v for k, v in error.headers.items()}, error.read())


def client(name: str) -> Path:
    """A program of the clients' environment (.ci/run makes it)."""
    path = CLIENTS / name
    if not path.exists():
        required(f"{name} (make clients)")
    return path


@pytest.fixture(scope="session")
def site(real_settings: Settings, tmp_path_factory: pytest.TempPathFactory) -> Iterator[str]:
    with running_copy(real_settings, tmp_path_factory.mktemp("site"), api_per_minute="1000000") as address:
        yield address


@pytest.fixture(scope="session")
def stored(real_directory: Directory) -> dict[str, dict[str, Any]]:
    """The zones by id with what their programs say, without the withdrawn ones: what every client has to find."""
    zones = [zone for zone in real_directory.zones if zone.status is not Status.WITHDRAWN]
    return {zone.zone_id: json.loads(json.dumps(feature(zone))) for zone in zones}


@pytest.fixture(scope="session")
def pygeoapi(tmp_path_factory: pytest.TempPathFactory, stored: dict[str, dict[str, Any]]) -> Iterator[str]:
    """pygeoapi with the same zones: the reference that shows whether the tests ask for the right thing."""
    program = client("pygeoapi")
    folder, port = tmp_path_factory.mktemp("pygeoapi"), free_port()
    (folder / "zones.geojson").write_text(
        json.dumps({"type": "FeatureCollection", "features": list(stored.values())}), encoding="utf-8"
    )
    config = (HERE / "pygeoapi.yml").read_text(encoding="utf-8")
    config = config.replace("PORT", str(port)).replace("FOLDER", str(folder))
    (folder / "config.yml").write_text(config, encoding="utf-8")
    environment = {**os.environ, "PYGEOAPI_CONFIG": str(folder / "config.yml"),
                   "PYGEOAPI_OPENAPI": str(folder / "openapi.yml")}  # fmt: skip
    made = [program, "openapi", "generate", str(folder / "config.yml"), "--output-file", str(folder / "openapi.yml")]
    subprocess.run([str(part) for part in made], env=environment, check=True, capture_output=True)
    log = folder / "log"
    with log.open("w") as file:
        server = subprocess.Popen([program, "serve"], env=environment, stdout=file, stderr=file)
    address = f"http://127.0.0.1:{port}"
    try:
        wait_for_server(server, f"{address}/?f=json", log)
        yield address
    finally:
        server.terminate()
        server.wait(timeout=STOP_SECONDS)
