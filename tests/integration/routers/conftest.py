"""A real Valhalla and a real OSRM over a small hand-made OSM file: they are run, nothing of them is imported."""

import json
import subprocess
import sys
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

import pytest

from quality.site import STOP_SECONDS, free_port, wait_for_server
from tests.conftest import required
from tests.integration.routers.osm_extract import write_extract

VALHALLA, OSRM = Path(sys.prefix) / "valhalla" / "valhalla", Path(sys.prefix) / "osrm" / "osrm"
"""Where `make routers` unpacks them."""
VALHALLAS = ("valhalla as documented", "valhalla by default")
AS_DOCUMENTED = ["--thor-source-to-target-algorithm", "timedistancematrix", "--httpd-service-timeout-seconds", "2"]
"""The options of docs/operating.md."""


@dataclass(frozen=True)
class RunningRouter:
    """Which one it is, its address, and the file of its log."""

    kind: str
    url: str
    log: Path


@pytest.fixture(scope="session", params=[*VALHALLAS, "osrm"])
def router(request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory) -> Iterator[RunningRouter]:
    """Prepare the extract, serve it on loopback, and stop the server by its process id."""
    kind = request.param.partition(" ")[0]
    if not (VALHALLA if kind == "valhalla" else OSRM).exists():
        required(f"{kind} (make routers)")
    folder = tmp_path_factory.mktemp(kind)
    log, port = folder / "log", free_port()
    write_extract(folder / "extract.osm.pbf")
    if kind == "valhalla":
        serve = prepared_valhalla(folder, port, AS_DOCUMENTED if request.param == VALHALLAS[0] else [])
        ready = f"http://127.0.0.1:{port}/status"
    else:
        serve = prepared_osrm(folder, port)
        ready = f"http://127.0.0.1:{port}/nearest/v1/driving/0,0"
    with log.open("w") as file:
        server = subprocess.Popen(serve, stdout=file, stderr=file)
    try:
        wait_for_server(server, ready, log)
        yield RunningRouter(kind, f"http://127.0.0.1:{port}", log)
    finally:
        server.terminate()
        try:
            server.wait(timeout=STOP_SECONDS)
        except subprocess.TimeoutExpired:
            server.kill()


def prepared_valhalla(folder: Path, port: int, options: list[str]) -> list[str]:
    """Build tiles; gives the command that serves them."""
    config = folder / "valhalla.json"
    config.write_text(json.dumps(configuration(folder, port, options)))
    build, serve = (str(VALHALLA / "bin" / f"valhalla_{name}") for name in ("build_tiles", "service"))
    run(build, "--config", str(config), "--concurrency", "1", str(folder / "extract.osm.pbf"))
    return [serve, str(config), "1"]


def prepared_osrm(folder: Path, port: int) -> list[str]:
    """Prepare the car profile; gives the command that serves it."""
    extract, contract, routed = (str(OSRM / "bin" / f"osrm-{name}") for name in ("extract", "contract", "routed"))
    profile, network = str(OSRM / "share" / "profiles" / "car.lua"), str(folder / "extract.osrm")
    run(extract, "--threads", "1", "--profile", profile, str(folder / "extract.osm.pbf"))
    run(contract, "--threads", "1", network)
    return [routed, "--verbosity", "WARNING", "--ip", "127.0.0.1", "--port", str(port), "--threads", "1", network]


def run(*command: str) -> None:
    """Run a program to its end."""
    done = subprocess.run(command, capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stdout[-3000:] + done.stderr[-3000:]


def configuration(folder: Path, port: int, options: list[str]) -> dict[str, dict[str, object]]:
    """What Valhalla's own program writes as the default, with files and sockets in the folder."""
    default = [sys.executable, str(VALHALLA / "valhalla_build_config.py"), "--mjolnir-tile-dir", str(folder / "tiles")]
    default += options
    config = json.loads(subprocess.run(default, capture_output=True, text=True, check=True).stdout)
    config["mjolnir"].update(tile_extract="", traffic_extract="", admin="", timezone="", max_cache_size=50_000_000)
    config["httpd"]["service"].update(
        listen=f"tcp://127.0.0.1:{port}",
        loopback=f"ipc://{folder}/loopback",
        interrupt=f"ipc://{folder}/interrupt",
        drain_seconds=1,
    )
    for part in ("loki", "thor", "odin"):
        config[part]["service"]["proxy"] = f"ipc://{folder}/{part}"
    return config  # type: ignore[no-any-return]
