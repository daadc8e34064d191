"""What Prometheus reads at /metrics: how long answers take, how geocoders fare, what waits, how old all is."""

import contextlib
import math
import os
import time
from collections.abc import Iterator
from typing import Literal, get_args

from prometheus_client import CollectorRegistry, Counter, Histogram, generate_latest
from prometheus_client.core import GaugeMetricFamily
from prometheus_client.multiprocess import MultiProcessCollector
from prometheus_client.registry import Collector
from sqlalchemy import Engine

from directory import __version__
from directory.db.backup import newest_backup
from directory.db.errors import DatabaseError
from directory.monitoring.write_probe import WriteProbe
from directory.search.snapshot_cache import SnapshotCache
from directory.settings import Settings
from directory.statistics.queue_lengths import read_waiting
from directory.store.mail_status import read_mail_status

FOLDER = "PROMETHEUS_MULTIPROC_DIR"
"""Where several workers keep their counts, so that any of them can tell them all; `safezones serve` sets it."""
SecurityEvent = Literal[
    "not_signed_in", "forbidden", "csrf", "too_many_requests", "oversize_body", "wrong_code", "barred_address",
    "impostor",
]  # fmt: skip
"""What `web/http/security_events.py` counts."""
SECONDS = (0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1.0, 2.5, 5.0)


class Metrics:
    """The counts of one application."""

    def __init__(self) -> None:
        self._registry = CollectorRegistry()
        self._requests = Histogram(
            "safezones_request_seconds", "Time to answer, by route and kind of status", ("route", "status"),
            buckets=SECONDS, registry=self._registry,
        )  # fmt: skip
        self._of_route: dict[tuple[str, int], Histogram] = {}
        self._geocoders = Counter(
            "safezones_geocoder_calls", "Calls of online geocoders: answered, no_match, silent",
            ("service", "outcome"), registry=self._registry,
        )  # fmt: skip
        self._security_events = Counter(
            "safezones_security_events", "Refusals and attempts at abuse, by kind", ("kind",), registry=self._registry
        )
        for kind in get_args(SecurityEvent):
            self._security_events.labels(kind)  # told as 0 from the start: the first one is a rise
        self._without_database = Counter(
            "safezones_answers_without_database", "Answers from the last known directory", registry=self._registry
        )
        self._mail_worker_ends = Counter(
            "safezones_mail_worker_ends", "How often the mail worker ended and was started again",
            registry=self._registry,
        )  # fmt: skip

    def answered(self, route: str, status: int, seconds: float, *, without_database: bool) -> None:
        """A request was answered."""
        key = (route, status // 100)
        known = self._of_route.get(key)
        if known is None:  # looked up once: labels() takes a lock
            known = self._of_route[key] = self._requests.labels(route, f"{status // 100}xx")
        known.observe(seconds)
        if without_database:
            self._without_database.inc()

    def on_geocoder_call(self, service: str, outcome: str) -> None:
        """A geocoder was asked."""
        self._geocoders.labels(service, outcome).inc()

    def mail_worker_ended(self) -> None:
        """The mail worker ended by itself or was killed."""
        self._mail_worker_ends.inc()

    def security_event(self, kind: SecurityEvent) -> None:
        """Something was refused, or abuse was tried."""
        self._security_events.labels(kind).inc()

    def text(self, snapshot_cache: SnapshotCache, engine: Engine, write_probe: WriteProbe, settings: Settings) -> bytes:
        """All counts of all workers, and the state of things now."""
        registry = CollectorRegistry()
        registry.register(_State(snapshot_cache, engine, write_probe, settings))
        if os.environ.get(FOLDER):
            MultiProcessCollector(registry)  # type: ignore[no-untyped-call]
            return generate_latest(registry)
        return generate_latest(registry) + generate_latest(self._registry)


class _State(Collector):
    """What is read at the moment somebody asks."""

    def __init__(
        self, snapshot_cache: SnapshotCache, engine: Engine, write_probe: WriteProbe, settings: Settings
    ) -> None:
        self._keeper = snapshot_cache
        self._engine = engine
        self._write_probe = write_probe
        self._settings = settings

    def collect(self) -> Iterator[GaugeMetricFamily]:
        """Gauges of the directory, and of the database when it answers."""
        snapshot_cache = self._keeper
        with contextlib.suppress(DatabaseError):
            now = snapshot_cache.current()
            yield GaugeMetricFamily("safezones_zones", "Zones that are not withdrawn", value=len(now.listed))
            yield GaugeMetricFamily("safezones_generation", "The directory's generation here", value=now.generation)
            yield GaugeMetricFamily(
                "safezones_snapshot_age_seconds", "How long since this worker was sure to have the newest directory",
                value=snapshot_cache.age_seconds,
            )  # fmt: skip
        newest = newest_backup(self._settings.backups_dir)
        yield GaugeMetricFamily(
            "safezones_backup_age_seconds", "Age of this machine's newest backup; +Inf: there is none",
            value=math.inf if newest is None else time.time() - newest,
        )  # fmt: skip
        free = self._settings.free_bytes()
        if free is not None:
            yield GaugeMetricFamily("safezones_disk_free_bytes", "Free disk under the data folder", value=free)
        waiting = probed = None
        if not snapshot_cache.trouble:  # one known to be away may take longer to say so than Prometheus waits
            with contextlib.suppress(DatabaseError):
                waiting = read_waiting(self._engine)
                probed = self._write_probe.result()
        yield GaugeMetricFamily("safezones_database_up", "Whether the database answers", value=waiting is not None)
        writable = probed is not None and not probed.problem
        yield GaugeMetricFamily("safezones_database_writable", "Whether the database takes a write", value=writable)
        build = GaugeMetricFamily("safezones_build_info", "Release and schema", labels=("release", "schema"))
        build.add_metric((__version__, (probed and probed.schema) or ""), 1)
        yield build
        if waiting is not None:
            for name, help_text, value in (
                ("mails_waiting", "Mails in the outbox", waiting.mails),
                ("mail_oldest_seconds", "How long the oldest of them has waited", waiting.oldest_mail_seconds),
                ("mails_given_up", "Mails of the last week that could not be delivered", waiting.given_up),
                ("submissions_waiting", "Submissions that wait for a moderator", waiting.submissions),
                ("submission_oldest_seconds", "How long the oldest has waited", waiting.oldest_submission_seconds),
                ("reports_open", "Problem reports nobody has answered", waiting.reports),
            ):
                yield GaugeMetricFamily(f"safezones_{name}", help_text, value=value)
            yield from self._mail()

    def _mail(self) -> Iterator[GaugeMetricFamily]:
        """Whether mail goes out."""
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
