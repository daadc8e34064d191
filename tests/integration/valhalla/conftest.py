"""A real Valhalla over a small hand-made OSM file: its programs are run, nothing of it is imported."""

import json
import subprocess
import sys
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

import pytest

from quality.site import STOP_SECONDS, free_port, wait_for_server
from tests.conftest import required
from tests.integration.valhalla.osm_extract import write_extract

PROGRAMS = Path(sys.prefix) / "valhalla" / "valhalla"
"""Where `make valhalla` unpacks them."""


@dataclass(frozen=True)
class RunningValhalla:
    """Its address, and the file of its log."""

    url: str
    log: Path


AS_DOCUMENTED = ["--thor-source-to-target-algorithm", "timedistancematrix", "--httpd-service-timeout-seconds", "2"]
"""The options of docs/operating.md."""


@pytest.fixture(scope="session", params=[AS_DOCUMENTED, []], ids=["as documented", "by default"])
def valhalla(request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory) -> Iterator[RunningValhalla]:
    """Build tiles of the extract, serve them on loopback, and stop the server by its process id."""
    if not (PROGRAMS / "bin" / "valhalla_service").exists():
        required("Valhalla (make valhalla)")
    folder = tmp_path_factory.mktemp("valhalla")
    extract, config, log = (folder / name for name in ("extract.osm.pbf", "valhalla.json", "valhalla.log"))
    write_extract(extract)
    port = free_port()
    config.write_text(json.dumps(configuration(folder, port, request.param)))
    build, serve = (str(PROGRAMS / "bin" / f"valhalla_{name}") for name in ("build_tiles", "service"))
    tiles = [build, "--config", str(config), "--concurrency", "1", str(extract)]
    done = subprocess.run(tiles, capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stdout[-3000:] + done.stderr[-3000:]
    with log.open("w") as file:
        server = subprocess.Popen([serve, str(config), "1"], stdout=file, stderr=file)
    try:
        wait_for_server(server, f"http://127.0.0.1:{port}/status", log)
        yield RunningValhalla(f"http://127.0.0.1:{port}", log)
    finally:
        server.terminate()
        try:
            server.wait(timeout=STOP_SECONDS)
        except subprocess.TimeoutExpired:
            server.kill()


def configuration(folder: Path, port: int, options: list[str]) -> dict[str, dict[str, object]]:
    """What Valhalla's own program writes as the default, with files and sockets in the folder."""
    default = [sys.executable, str(PROGRAMS / "valhalla_build_config.py"), "--mjolnir-tile-dir", str(folder / "tiles")]
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
