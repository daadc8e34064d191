"""Health checks and metrics for monitors: is the server alive, can it answer, how loaded is it."""

import hmac
import math
from typing import Any

from flask import Blueprint, Response, abort, jsonify, request

from directory import __version__
from directory.clock import today
from directory.db.errors import DatabaseError
from directory.settings import MEGABYTE
from directory.statistics.queue_lengths import read_waiting
from directory.store.runs.mail_status import HEARTBEAT_LATE_SECONDS, MAIL_LATE_SECONDS, MailStatus, read_mail_status
from directory.web.http.container import container
from directory.web.http.headers import headers_of
from directory.web.http.limits.client_address import is_loopback
from directory.web.http.limits.proxy_hops import proxy_problem
from directory.zones.hours.rule_tables import rule_tables

blueprint = Blueprint("health", __name__)

CONTENT_TYPE = "text/plain; version=0.0.4; charset=utf-8"
AGE_LATE_SECONDS = 60


@blueprint.get("/healthz", strict_slashes=True)
def alive() -> Response:
    """The process answers; nothing else is asked, so that a database in trouble never has workers killed."""
    return Response("ok\n", mimetype="text/plain", headers=headers_of(("Cache-Control", "no-store")))


@blueprint.get("/readyz", strict_slashes=True)
def ready() -> tuple[Response, int]:
    """Whether requests may be sent here: 503 only when there is no directory to answer from, or no key to sign with.

    With the last known directory it is ready and says "degraded", because buyers are served then.
    """
    checks = {
        "directory": _directory(), **_keys(), **_database(), **_mail(), "disk": _disk(), "rule_tables": _rule_tables(),
        **_router(), **_basemap(), **_proxies(),
    }  # fmt: skip
    able = all(check["status"] != "failed" for check in checks.values())
    well = all(check["status"] == "ok" for check in checks.values())
    response = jsonify(
        status="ok" if well else "degraded" if able else "failed", release=__version__, schema=_schema(), checks=checks
    )
    response.headers["Cache-Control"] = "no-store"
    return response, 200 if able else 503


def _directory() -> dict[str, Any]:
    snapshot_cache = container().snapshot_cache
    try:
        zones, age = len(snapshot_cache.current().listed), snapshot_cache.age_seconds
    except DatabaseError as trouble:
        return {"status": "failed", "problem": str(trouble)}
    late = age > AGE_LATE_SECONDS or snapshot_cache.trouble is not None
    seconds = round(age, 1) if math.isfinite(age) else None  # started without the database: nobody knows
    return {"status": "degraded" if late else "ok", "zones": zones, "age_seconds": seconds}


def _keys() -> dict[str, dict[str, Any]]:
    """Whether the keys in the data folder can be read; nothing where they are settings."""
    file = container().settings.key_file
    problem = file.problem() if file else ""
    if not problem:
        return {}
    try:
        able = bool(container().signing_keys.newest)
    except OSError:
        able = False
    return {"keys": {"status": "degraded" if able else "failed", "problem": problem}}


def _database() -> dict[str, dict[str, Any]]:
    if container().snapshot_cache.trouble:
        return {"database": {"status": "degraded", "problem": str(container().snapshot_cache.trouble)}}
    try:
        waiting = read_waiting(container().engine)
    except DatabaseError as trouble:
        return {"database": {"status": "degraded", "problem": str(trouble)}}
    problem = container().write_probe.result().problem
    database = {"status": "degraded", "problem": problem} if problem else {"status": "ok"}
    late = waiting.oldest_mail_seconds > MAIL_LATE_SECONDS
    mails = {"status": "degraded" if late else "ok", "waiting": waiting.mails,
             "oldest_seconds": round(waiting.oldest_mail_seconds)}  # fmt: skip
    return {"database": database, "outbox": mails}


def _schema() -> str | None:
    """The migration at which the database stands; None while it does not answer."""
    return None if container().snapshot_cache.trouble else container().write_probe.result().schema


def _disk() -> dict[str, Any]:
    settings = container().settings
    free = settings.free_bytes()
    if free is None:
        return {"status": "degraded", "problem": "The data folder cannot be looked at. Check its permissions."}
    enough = not settings.is_short_of_disk(free)
    check = {"status": "ok" if enough else "degraded", "free_mb": free // MEGABYTE}
    rule = f"Less than SAFEZONES_MIN_FREE_MB={settings.min_free_mb}. Remove old backups and *.bak files, or add disk."
    return check if enough else {**check, "problem": rule}


def _rule_tables() -> dict[str, Any]:
    """The versions of time zones and holidays: old ones still answer, but may tell wrong hours."""
    tables = rule_tables()
    old = [table for table in tables if table.is_old(today())]
    check = {"status": "degraded" if old else "ok", **{table.name: table.version for table in tables}}
    if not old:
        return check
    names = " and ".join(f"{table.name} {table.version} of {table.released}" for table in old)
    return {**check, "problem": f"{names}: older than a year. Update the program, or this package."}


def _router() -> dict[str, dict[str, Any]]:
    """Whether the router answered this worker lately; nothing where there is none."""
    travel_times = container().travel_times
    if travel_times is None:
        return {}
    check = {"status": "degraded" if travel_times.is_silent else "ok", "name": travel_times.name}
    problem = "The router of SAFEZONES_ROUTER does not answer. Zones are in order of straight-line distance meanwhile."
    return {"router": {**check, "problem": problem} if travel_times.is_silent else check}


def _basemap() -> dict[str, dict[str, Any]]:
    """Whether the file of streets can be drawn; nothing where none is configured."""
    basemap = container().basemap
    if not basemap.is_wanted:
        return {}
    if basemap.url:
        return {"basemap": {"status": "ok", "address": basemap.url}}  # only browsers ask it
    state = basemap.state()
    if not state.problem:
        return {"basemap": {"status": "ok", "version": state.version, "megabytes": round(state.size / MEGABYTE, 1)}}
    problem = f"SAFEZONES_BASEMAP={basemap.path}: {state.problem} Maps show outlines meanwhile."
    return {"basemap": {"status": "degraded", "problem": problem}}


def _proxies() -> dict[str, dict[str, Any]]:
    """Whether requests come through as many proxies as are set; nothing while all is well, or nobody knows."""
    problem = proxy_problem()
    return {"proxies": {"status": "degraded", "problem": problem}} if problem else {}


def _mail() -> dict[str, dict[str, Any]]:
    """Whether a mail worker runs and may send; nothing while the database, which would say so, is in trouble."""
    if container().snapshot_cache.trouble:
        return {}
    per_day = container().settings.mails_per_day
    try:
        status = read_mail_status(container().engine, per_day)
    except DatabaseError:
        return {}
    problem = _mail_problem(status, per_day)
    age = None if status.age_seconds is None else round(status.age_seconds, 1)
    check = {"status": "degraded" if problem else "ok", "age_seconds": age}
    return {"mail": check | ({"problem": problem} if problem else {})}


def _mail_problem(status: MailStatus, per_day: int) -> str:
    """Why mail does not go out as it should, or empty. A heartbeat of the future says nothing of now either."""
    if status.age_seconds is None:
        return (
            "No mail worker has run. `safezones serve` starts one; beside another server run `safezones mail --watch`."
        )
    if abs(status.age_seconds) > HEARTBEAT_LATE_SECONDS:
        return f"The mail worker has not said that it runs for {round(status.age_seconds)} seconds. See the log."
    if status.exhausted:
        return f"{per_day} mails went out within 24 hours (SAFEZONES_MAILS_PER_DAY): all but links to sign in wait."
    return ""


@blueprint.get("/metrics", strict_slashes=True)
def metrics() -> Response:
    """Counts for Prometheus: told to this machine, or to whoever knows SAFEZONES_METRICS_TOKEN."""
    token = container().settings.metrics_token.get_secret_value()
    if token:
        if not hmac.compare_digest(_bearer_token(), token.encode()):
            abort(403)
    elif request.remote_addr and not is_loopback(request.remote_addr):  # who asks at a Unix socket has no address
        abort(403)
    parts = container()
    text = parts.metrics.text(parts.snapshot_cache, parts.engine, parts.write_probe, parts.settings)
    return Response(text, content_type=CONTENT_TYPE, headers={"Cache-Control": "no-store"})


def _bearer_token() -> bytes:
    """As it was sent: WSGI hands bytes on as Latin-1."""
    header = request.headers.get("Authorization", "").removeprefix("Bearer ")
    return header.encode("latin-1", "replace")
