"""A machine with systemd, in namespaces on this one: for the units and scripts of deploy/ as they are."""

import os
import signal
import subprocess
import time
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from pathlib import Path

from quality.site import ROOT

BOOT = ROOT / "quality" / "upgrades" / "boot"
CGROUPS = (Path("/sys/fs/cgroup/systemd"), Path("/sys/fs/cgroup"))
"""Where systemd keeps its services apart: of kernels with both versions, and of those with the second alone."""
BOOT_SECONDS = 30


class NoMachineError(Exception):
    """This account, or this kernel, lets no such machine be made."""


class Machine:
    """It runs while its first process does."""

    def __init__(self, first: int) -> None:
        self._first = first

    def run(self, command: str, content: str = "") -> "subprocess.CompletedProcess[str]":
        """A command of a shell of root, as an operator types it."""
        enter = [
            "nsenter",
            f"--target={self._first}",
            "--mount",
            "--pid",
            "--cgroup",
            "--uts",
            "--ipc",
            "--root",
            "--wd",
        ]
        path = "PATH=/usr/local/sbin:/usr/local/bin:/usr/sbin:/usr/bin:/sbin:/bin"
        return subprocess.run(
            [*enter, "env", "-i", "HOME=/root", path, "bash", "-c", command],
            input=content, capture_output=True, text=True, check=False,
        )  # fmt: skip

    def must(self, command: str, content: str = "") -> str:
        """What a command prints that must succeed. Raises RuntimeError."""
        done = self.run(command, content)
        if done.returncode:
            raise RuntimeError(f"{command}: {done.returncode}\n{done.stdout}{done.stderr}")
        return done.stdout


@contextmanager
def running_machine(place: Path, shared: dict[Path, str]) -> Iterator[Machine]:
    """A machine that is up; `place` is an empty folder, `shared` are folders to read, with where it finds them.

    Raises NoMachineError.
    """
    if os.geteuid() != 0:
        raise NoMachineError("only root can make namespaces for systemd")
    cgroup = next(path for path in CGROUPS if path.is_dir()) / f"machine-{os.getpid()}"
    with suppress(OSError):
        cgroup.mkdir()

    def join() -> None:
        (cgroup / "cgroup.procs").write_text(str(os.getpid()))

    spaces = ["--mount", "--pid", "--fork", "--cgroup", "--uts", "--ipc", "--kill-child"]
    command = ["unshare", *spaces, str(BOOT), str(place), *(f"{here}:{there}" for here, there in shared.items())]
    with (place.parent / "boot.log").open("w") as log:
        try:
            outer = subprocess.Popen(
                command, stdin=subprocess.DEVNULL, stdout=log, stderr=log, start_new_session=True, preexec_fn=join
            )
        except (OSError, subprocess.SubprocessError) as error:
            raise NoMachineError(f"no control group can be made ({error})") from error
    try:
        yield _booted(outer, place.parent / "boot.log")
    finally:
        outer.send_signal(signal.SIGKILL)
        outer.wait()
        ends = time.monotonic() + BOOT_SECONDS
        while cgroup.is_dir() and time.monotonic() < ends:  # until its last process is gone
            for inner in sorted(cgroup.rglob("*"), reverse=True):
                if inner.is_dir():
                    with suppress(OSError):
                        inner.rmdir()
            with suppress(OSError):
                cgroup.rmdir()
            time.sleep(0.1)


def _booted(outer: "subprocess.Popen[bytes]", log: Path) -> Machine:
    """Wait until systemd says that it is up."""
    ends = time.monotonic() + BOOT_SECONDS
    while time.monotonic() < ends and outer.poll() is None:
        children = Path(f"/proc/{outer.pid}/task/{outer.pid}/children").read_text().split()
        if children:
            machine = Machine(int(children[0]))
            if machine.run("systemctl is-system-running").stdout.strip() in ("running", "degraded"):
                return machine
        time.sleep(0.2)
    raise NoMachineError(f"systemd does not start here: {log.read_text()[-500:]}")
