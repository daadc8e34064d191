"""Metrics for Prometheus: response times, calls of geocoders and routers, queues, ages of data, and processes."""

import contextlib
import math
import os
import platform
import time
from collections.abc import Iterator
from typing import Literal, get_args

from prometheus_client import CollectorRegistry, Counter, Histogram, generate_latest
from prometheus_client.core import GaugeMetricFamily
from prometheus_client.multiprocess import MultiProcessCollector
from prometheus_client.registry import Collector
from sqlalchemy import Engine

from directory import __version__
from directory.clock import now
from directory.db.backup import newest_backup, newest_offsite_backup
from directory.db.errors import DatabaseError
from directory.monitoring.processes import ServerProcesses
from directory.monitoring.write_probe import WriteProbe
from directory.search.snapshots.snapshot_cache import SnapshotCache
from directory.settings import Settings
from directory.statistics.queue_lengths import Waiting, read_waiting
from directory.store.runs.daily_runs import due_commands, last_runs
from directory.store.runs.datasets import packaged_release
from directory.store.runs.mail_status import read_mail_status

MULTIPROCESS_VARIABLE = "PROMETHEUS_MULTIPROC_DIR"
"""The folder in which several workers share their counts; `safezones serve` sets it."""
SecurityEvent = Literal[
    "not_signed_in", "forbidden", "csrf", "too_many_requests", "oversize_body", "wrong_code", "barred_address",
    "impostor", "other_address",
]  # fmt: skip
"""The events that `web/http/security/security_events.py` counts."""
BUCKET_SECONDS = (0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1.0, 2.5, 5.0)


class Metrics:
    """The counts of one application."""

    def __init__(self) -> None:
        self._registry = CollectorRegistry()
        self._processes = ServerProcesses(several=MULTIPROCESS_VARIABLE in os.environ)
        self._requests = Histogram(
            "safezones_request_seconds", "Time to answer, by route and kind of status", ("route", "status"),
            buckets=BUCKET_SECONDS, registry=self._registry,
        )  # fmt: skip
        self._route_histograms: dict[tuple[str, int], Histogram] = {}
        self._geocoders = Counter(
            "safezones_geocoder_calls", "Calls of online geocoders: answered, no_match, silent",
            ("service", "outcome"), registry=self._registry,
        )  # fmt: skip
        self._routers = Counter(
            "safezones_router_calls", "Questions to the router for travel times: answered, silent",
            ("service", "outcome"), registry=self._registry,
        )  # fmt: skip
        self._security_events = Counter(
            "safezones_security_events", "Refusals and attempts at abuse, by kind", ("kind",), registry=self._registry
        )
        for kind in get_args(SecurityEvent):
            self._security_events.labels(kind)  # exported as 0 from the start, so that the first event is an increase
        self._without_database = Counter(
            "safezones_answers_without_database", "Answers from the last known directory", registry=self._registry
        )
        self._mail_worker_ends = Counter(
            "safezones_mail_worker_ends", "How often the mail worker ended and was started again",
            registry=self._registry,
        )  # fmt: skip

    def record_request(self, route: str, status: int, seconds: float, *, without_database: bool) -> None:
        """Record the response to a request."""
        key = (route, status // 100)
        histogram = self._route_histograms.get(key)
        if histogram is None:  # labels() takes a lock
            histogram = self._route_histograms[key] = self._requests.labels(route, f"{status // 100}xx")
        histogram.observe(seconds)
        if without_database:
            self._without_database.inc()

    def record_geocoder_call(self, service: str, outcome: str) -> None:
        """Record a call of an online geocoder."""
        self._geocoders.labels(service, outcome).inc()

    def record_router_call(self, service: str, outcome: str) -> None:
        """Record a question to the router."""
        self._routers.labels(service, outcome).inc()

    def record_mail_worker_end(self) -> None:
        """Record that the mail worker ended or was killed."""
        self._mail_worker_ends.inc()

    def record_security_event(self, kind: SecurityEvent) -> None:
        """Record a refusal or an attempt at abuse."""
        self._security_events.labels(kind).inc()

    def text(self, snapshot_cache: SnapshotCache, engine: Engine, write_probe: WriteProbe, settings: Settings) -> bytes:
        """All counts of all workers and the current gauges, in the text format of Prometheus."""
        registry = CollectorRegistry()
        registry.register(_CurrentGauges(snapshot_cache, engine, write_probe, settings))
        registry.register(self._processes)
        if os.environ.get(MULTIPROCESS_VARIABLE):
            MultiProcessCollector(registry)  # type: ignore[no-untyped-call]
            return generate_latest(registry)
        return generate_latest(registry) + generate_latest(self._registry)


def _waiting(queues: Waiting) -> Iterator[GaugeMetricFamily]:
    for name, help_text, value in (
        ("mails_waiting", "Mails in the outbox", queues.mails),
        ("mail_oldest_seconds", "How long the oldest of them has waited", queues.oldest_mail_seconds),
        ("mails_given_up", "Mails of the last week that could not be delivered", queues.given_up),
        ("submissions_waiting", "Submissions that wait for a moderator", queues.submissions),
        ("submission_oldest_seconds", "How long the oldest has waited", queues.oldest_submission_seconds),
        ("reports_open", "Problem reports nobody has answered", queues.reports),
    ):
        yield GaugeMetricFamily(f"safezones_{name}", help_text, value=value)


class _CurrentGauges(Collector):
    """Gauges that are read at each request."""

    def __init__(
        self, snapshot_cache: SnapshotCache, engine: Engine, write_probe: WriteProbe, settings: Settings
    ) -> None:
        self._snapshot_cache = snapshot_cache
        self._engine = engine
        self._write_probe = write_probe
        self._settings = settings

    def collect(self) -> Iterator[GaugeMetricFamily]:
        """Gauges of the directory, and of the database when it answers."""
        yield from self._directory()
        yield from self._machine()
        queues = probe = None
        if not self._snapshot_cache.trouble:  # a database known to be down may respond later than Prometheus waits
            with contextlib.suppress(DatabaseError):
                queues = read_waiting(self._engine)
                probe = self._write_probe.result()
        yield GaugeMetricFamily("safezones_database_up", "Whether the database answers", value=queues is not None)
        writable = probe is not None and not probe.problem
        yield GaugeMetricFamily("safezones_database_writable", "Whether the database takes a write", value=writable)
        yield self._build((probe and probe.schema) or "")
        if queues is not None:
            yield from _waiting(queues)
            yield from self._mail()
            yield from self._daily_commands()

    def _directory(self) -> Iterator[GaugeMetricFamily]:
        with contextlib.suppress(DatabaseError):
            current = self._snapshot_cache.current()
            yield GaugeMetricFamily("safezones_zones", "Zones that are not withdrawn", value=len(current.listed))
            yield GaugeMetricFamily("safezones_generation", "The directory's revision here", value=current.revision)
            yield GaugeMetricFamily(
                "safezones_snapshot_age_seconds", "How long since this worker was sure to have the newest directory",
                value=self._snapshot_cache.age_seconds,
            )  # fmt: skip

    def _machine(self) -> Iterator[GaugeMetricFamily]:
        for name, newest, where in (
            ("backup", newest_backup, "newest backup"),
            ("offsite_backup", newest_offsite_backup, "newest backup in another place"),
        ):
            at = newest(self._settings.backups_dir)
            yield GaugeMetricFamily(
                f"safezones_{name}_age_seconds", f"Age of this machine's {where}; +Inf: there is none",
                value=math.inf if at is None else time.time() - at,
            )  # fmt: skip
        free = self._settings.free_bytes()
        if free is not None:
            yield GaugeMetricFamily("safezones_disk_free_bytes", "Free disk under the data folder", value=free)

    def _build(self, schema: str) -> GaugeMetricFamily:
        build = GaugeMetricFamily(
            "safezones_build_info", "Release, schema of the database, Python, and release of the packaged zones",
            labels=("release", "schema", "python", "data_release"),
        )  # fmt: skip
        data_release = packaged_release(self._settings.zones_file)
        build.add_metric((__version__, schema, platform.python_version(), data_release), 1)
        return build

    def _mail(self) -> Iterator[GaugeMetricFamily]:
        """Gauges of mail delivery."""
        with contextlib.suppress(DatabaseError):
            status = read_mail_status(self._engine, self._settings.mails_per_day)
            yield GaugeMetricFamily(
                "safezones_mail_budget_exhausted", "Whether SAFEZONES_MAILS_PER_DAY went out within 24 hours",
                value=status.exhausted,
            )  # fmt: skip
            yield GaugeMetricFamily(
                "safezones_mail_worker_age_seconds", "How long since a mail worker said that it runs; +Inf: never",
                value=math.inf if status.age_seconds is None else status.age_seconds,
            )  # fmt: skip

    def _daily_commands(self) -> Iterator[GaugeMetricFamily]:
        """How long since each command was done that is due here once a day."""
        with contextlib.suppress(DatabaseError):
            runs = last_runs(self._engine)
            gauge = GaugeMetricFamily(
                "safezones_daily_run_age_seconds", "How long since this command was done, anywhere; +Inf: never",
                labels=("command",),
            )  # fmt: skip
            for command in due_commands(self._engine, watch_sources=self._settings.watch_sources):
                age = (now() - runs[command]).total_seconds() if command in runs else math.inf
                gauge.add_metric((command,), age)
            yield gauge
