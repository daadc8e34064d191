"""The units and scripts of deploy/ under systemd itself: started, reloaded, upgraded, and what is due once a day."""

import platform
import subprocess
import sys
import sysconfig
import tempfile
import threading
from collections.abc import Iterator
from pathlib import Path

import pytest

from quality.site import ROOT
from quality.upgrades.machine import Machine, NoMachineError, running_machine
from quality.upgrades.releases import NEXT, NOW, install_releases
from tests.support.waiting import eventually

pytestmark = pytest.mark.slow
ASK = "curl -sf --max-time 20 --unix-socket /run/safezones/site.sock http://localhost"
JOURNAL = "journalctl --unit safezones --no-pager --lines 20"
SETTINGS = "SAFEZONES_BASE_URL=https://zones.example.org\nSAFEZONES_PROXIES=1\nSAFEZONES_GEOCODERS=\n"


TREE, RELEASES = "/srv/tree", "/srv/releases"
DEPLOY = f"{TREE}/deploy"


@pytest.fixture
def machine() -> Iterator[Machine]:
    """One on which everything is installed as docs/operating.md says, but the releases, which take no pip here."""
    with tempfile.TemporaryDirectory(prefix="sz-") as name:
        folder = Path(name)
        folder.chmod(0o755)
        (folder / "machine").mkdir()
        install_releases(folder / "releases")
        if "Python " + platform.python_version().rpartition(".")[0] not in version_of("/usr/bin/python3"):
            pytest.skip("the system's Python is another one")
        # The units hide home folders and /tmp, where this tree and its Python may lie.
        places = {str(ROOT): TREE, str(folder / "releases"): RELEASES, sys.executable: "/usr/bin/python3"}
        libraries = sysconfig.get_path("purelib").replace(str(ROOT), TREE)
        for program in (folder / "releases").glob("releases/*/bin/safezones"):
            text = program.read_text()
            for here, there in sorted(places.items(), reverse=True):
                text = text.replace(here, there)
            program.write_text(text.replace("PYTHONPATH=", f"PYTHONPATH={libraries}:"))
        for link in (folder / "releases" / "next").iterdir():
            if link.is_symlink():
                link.unlink()
                link.symlink_to(f"{TREE}/{link.name}")
        try:
            with running_machine(folder / "machine", {ROOT: TREE, folder / "releases": RELEASES}) as machine:
                machine.must("useradd --system --home-dir /var/lib/safezones safezones")
                machine.must("install -d -m 700 -o safezones -g safezones /var/lib/safezones")
                machine.must(f"mkdir /opt/safezones && cp -a {RELEASES}/. /opt/safezones/")
                machine.must(f"install {DEPLOY}/safezones {DEPLOY}/safezones-upgrade /usr/local/sbin/")
                machine.must(f"cp {DEPLOY}/safezones.service {DEPLOY}/safezones-daily@.* /etc/systemd/system/")
                machine.must("install -m 600 /dev/stdin /etc/safezones.env", SETTINGS)
                yield machine
        except NoMachineError as error:
            pytest.skip(str(error))


def version_of(python: str) -> str:
    return subprocess.run([python, "--version"], capture_output=True, text=True, check=True).stdout


class Reader:
    """Somebody who reads the first page again and again, as the proxy asks for it."""

    def __init__(self, machine: Machine) -> None:
        self.pages, self.failures = 0, list[str]()
        self._machine, self._over = machine, threading.Event()
        self._thread = threading.Thread(target=self._read)

    def _read(self) -> None:
        while not self._over.is_set():
            done = self._machine.run(f"{ASK}/")
            self.pages += 1
            if done.returncode or "</html>" not in done.stdout:
                self.failures.append(f"{done.returncode} {done.stdout[:80]} {done.stderr[:80]}")

    def __enter__(self) -> "Reader":
        self._thread.start()
        return self

    def __exit__(self, *_: object) -> None:
        self._over.set()
        self._thread.join()


def test_the_units_serve_reload_and_upgrade_without_a_lost_request_and_do_what_is_due(machine: Machine) -> None:
    def release() -> str:
        return machine.run(f"{ASK}/readyz").stdout

    def workers() -> set[str]:
        group = machine.must("systemctl show --property=ControlGroup --value safezones").strip()
        return set(
            machine.must(
                f"cat /sys/fs/cgroup/systemd{group}/cgroup.procs || cat /sys/fs/cgroup{group}/cgroup.procs"
            ).split()
        )

    machine.must("systemctl daemon-reload")
    machine.must("systemctl enable --now safezones safezones-daily@{backup,remind,tidy,pull-zones}.timer")
    eventually(lambda: f'"release":"{NOW}"' in release() or "exit-code" in machine.must(JOURNAL), 120)
    assert f'"release":"{NOW}"' in release(), machine.must(JOURNAL)
    machine.must("systemctl start safezones-daily@{backup,remind,tidy,pull-zones}")
    machine.must("safezones staff you@example.org")
    told = machine.run("safezones doctor").stdout
    for line in (f"ok       site            release {NOW} answers", "ok       database file", "1 backup in", "remind "):
        assert line in told, told
    with Reader(machine) as reader:
        before = workers()
        machine.must("systemctl reload safezones")
        eventually(lambda: len(before - workers()) >= 2, 60)
        for version in (NEXT, NOW):
            assert f"{version} is served" in machine.must(f"safezones-upgrade {version}")
            assert f'"release":"{version}"' in release()
    assert reader.failures == [] and reader.pages > 10
    assert machine.run("systemctl is-active safezones safezones-next").stdout.split() == ["active", "inactive"]
    assert machine.must("systemctl --failed --plain --no-legend") == ""
    # The night: somebody gave a command as root. The remedy is typed as doctor says it.
    machine.must("chown root /var/lib/safezones")
    told = machine.run("safezones doctor").stdout
    assert "→ as root: chown -R safezones /var/lib/safezones" in told, told
    machine.must("chown -R safezones /var/lib/safezones")
    assert "ok       data folder" in machine.run("safezones doctor").stdout
