"""What deploy/safezones-upgrade needs of systemd, where there is none: starts and stops what unit files say.

UPGRADE_HOME, _RUN, _UNITS and _RUNTIME_UNITS stand for the places that the units name; logs lie beside the units.
"""

import os
import re
import shlex
import shutil
import signal
import subprocess
import sys
import time
from contextlib import suppress
from pathlib import Path


class Unit:
    """A service, described by its unit file."""

    def __init__(self, name: str) -> None:
        self.name = name
        self._run = Path(os.environ["UPGRADE_RUN"])
        folders = [Path(os.environ[f"UPGRADE_{which}"]) for which in ("UNITS", "RUNTIME_UNITS")]
        found = [folder / f"{name}.service" for folder in folders if (folder / f"{name}.service").exists()]
        self._text = found[0].read_text(encoding="utf-8") if found else ""
        self._state = folders[0] / f"{name}.pid"
        self._log = folders[0] / f"{name}.log"

    def _said(self, key: str) -> str:
        value = re.findall(rf"^{key}=(.*)$", self._text, re.M)[0]
        places = {"/opt/safezones": os.environ["UPGRADE_HOME"], "/run/safezones": str(self._run), "%N": self.name}
        for place, here in places.items():
            value = value.replace(place, here)
        return str(value)

    def pid(self) -> int | None:
        """Its main process, while that runs."""
        with suppress(OSError, ValueError):
            pid = int(self._state.read_text())
            if Path(f"/proc/{pid}/stat").read_text().rpartition(")")[2].split()[0] != "Z":
                return pid
        return None

    def start(self) -> None:
        """Start its main process, unless that runs."""
        if self.pid() is not None:
            return
        folder = self._run / self._said("RuntimeDirectory").partition("/")[2]
        folder.mkdir(parents=True, exist_ok=True)
        subprocess.run(shlex.split(self._said("ExecStartPre").lstrip("+")), check=True)
        with self._log.open("a") as log:
            environment = {**os.environ, "RUNTIME_DIRECTORY": str(folder)}
            command = shlex.split(self._said("ExecStart"))
            process = subprocess.Popen(command, env=environment, stdout=log, stderr=log, start_new_session=True)
        self._state.write_text(str(process.pid))

    def stop(self) -> None:
        """Tell it to stop, and wait as long as the unit says."""
        if (pid := self.pid()) is None:
            return
        os.kill(pid, signal.SIGTERM)
        ends = time.monotonic() + int(self._said("TimeoutStopSec"))
        while self.pid() is not None:
            if time.monotonic() > ends:
                os.killpg(pid, signal.SIGKILL)
            time.sleep(0.05)
        shutil.rmtree(self._run / self._said("RuntimeDirectory").partition("/")[2], ignore_errors=True)

    def reload(self) -> None:
        """As ExecReload says."""
        subprocess.run(shlex.split(self._said("ExecReload").replace("$MAINPID", str(self.pid()))), check=True)


def main(command: str, *arguments: str) -> int:
    """The exit status of `systemctl COMMAND [UNIT]`."""
    if command == "daemon-reload":
        return 0
    unit = Unit(arguments[-1])
    if command == "is-active":
        return 0 if unit.pid() else 3
    if command in ("stop", "restart"):
        unit.stop()
    if command in ("start", "restart"):
        unit.start()
    if command == "reload":
        unit.reload()
    return 0


if __name__ == "__main__":
    sys.exit(main(*sys.argv[1:]))
