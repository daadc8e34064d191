"""What the processes of this server use: memory, processor time, open files, threads."""

import os
from collections.abc import Iterator
from functools import partial
from pathlib import Path

from prometheus_client.metrics_core import Metric
from prometheus_client.process_collector import ProcessCollector
from prometheus_client.registry import Collector

PROC = Path("/proc")


class ServerProcesses(Collector):
    """Prometheus' standard metrics of a process, each with the labels `process` (server, worker, mail) and `pid`.

    Any worker tells of the whole server: of itself, its parent and its siblings. With one number for all of them, the
    processor's seconds would fall when a worker is replaced. Where there is no `/proc`, nothing is told.
    """

    def __init__(self, *, several: bool) -> None:
        """`several`: whether this process is a worker beside others, with a parent that started them."""
        self._several = several
        self._made_in, self._made_below = os.getpid(), os.getppid()

    def collect(self) -> Iterator[Metric]:
        """The metrics of all processes of the server that run now."""
        families: dict[str, Metric] = {}
        for pid, role in self._roles().items():
            for metric in (*ProcessCollector(pid=partial(str, pid), registry=None).collect(), *_threads(pid)):
                family = families.setdefault(metric.name, Metric(metric.name, metric.documentation, metric.type))
                for sample in metric.samples:
                    family.add_sample(sample.name, {"process": role, "pid": str(pid)}, sample.value)
        yield from families.values()

    def _roles(self) -> dict[int, str]:
        """The processes by their number; this one alone after its parent has gone."""
        server = (
            self._made_below if os.getpid() == self._made_in else self._made_in
        )  # made before the fork, or after it
        if not self._several or os.getppid() != server:
            return {os.getpid(): "worker"}
        return {server: "server"} | {pid: _role(pid) for pid in _children(server)}


def _children(pid: int) -> list[int]:
    """The processes that a process has started; this one at least, where the system does not tell."""
    pids = {os.getpid()}
    for path in (PROC / str(pid) / "task").glob("*/children"):
        try:
            pids.update(map(int, path.read_text().split()))
        except OSError:  # that thread has just ended
            continue
    return sorted(pids)


def _role(pid: int) -> str:
    try:
        words = (PROC / str(pid) / "cmdline").read_bytes().split(b"\0")
    except OSError:
        return "worker"
    return "mail" if b"mail" in words else "worker"


def _threads(pid: int) -> Iterator[Metric]:
    try:
        count = sum(1 for _thread in (PROC / str(pid) / "task").iterdir())
    except OSError:
        return
    metric = Metric("process_threads", "Number of threads.", "gauge")
    metric.add_sample(metric.name, {}, count)
    yield metric
