"""A PostgreSQL server of one's own on loopback, for tests and measurements."""

import os
import shutil
import subprocess
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

from quality.site import free_port


def postgresql_programs() -> Path | None:
    """The folder of the newest version's programs; None where there is none."""
    found = sorted(Path("/usr/lib/postgresql").glob("*/bin/initdb"))
    return found[-1].parent if found else None


@contextmanager
def running_postgresql(programs: Path, **parameters: str) -> Iterator[str]:
    """Gives the URL of its maintenance database. What it holds is gone afterwards.

    `parameters` are the server's own; without fsync="on" it waits for no disk.
    """
    chosen = {"fsync": "off"} | parameters
    with tempfile.TemporaryDirectory(prefix="safezones-pg-") as folder:
        port = free_port()
        user: dict[str, str] = {}
        if os.geteuid() == 0:  # PostgreSQL refuses to run as root
            shutil.chown(folder, "postgres")
            user = {"user": "postgres"}
        data = Path(folder) / "data"
        run: dict[str, Any] = {"check": True, "capture_output": True, "cwd": folder, **user}
        subprocess.run([programs / "initdb", "-D", data, "-U", "tester", "-A", "trust", "-E", "UTF8"], **run)
        options = f"-p {port} -c listen_addresses=127.0.0.1 -c unix_socket_directories={folder}"
        options += "".join(f" -c {name}={value}" for name, value in chosen.items())
        log = Path(folder) / "log"
        subprocess.run([programs / "pg_ctl", "-D", data, "-l", log, "-w", "-o", options, "start"], **run)
        try:
            yield f"postgresql+psycopg://tester@127.0.0.1:{port}/postgres"
        finally:
            subprocess.run([programs / "pg_ctl", "-D", data, "-m", "immediate", "-w", "stop"], **run)
