"""Pages that stand by themselves: home, tips, about, privacy."""

from dataclasses import dataclass
from datetime import date

from flask import Blueprint, render_template
from sqlalchemy import Engine

from directory import __version__
from directory.confirmations.figures import by_state, oldest
from directory.db.errors import DatabaseError
from directory.db.tables.log import LogEntry
from directory.moderation.problem_reports import count_open
from directory.search.snapshots.snapshot import Snapshot
from directory.store.repository import StoredZone, recent_changes
from directory.text import plain
from directory.web.http.container import container, snapshot
from directory.web.presenters.desk.fact_summary import evidence_words_of_all
from directory.web.presenters.regions import state_name
from directory.zones.schemas import Status

blueprint = Blueprint("pages", __name__)

NEWS_READ = 1_000
FORMER = "former"


@dataclass(frozen=True, slots=True)
class News:
    """A change, or many made at once for one reason.

    `action` is that of the log, or `FORMER`: added as withdrawn already, so that it is none of the zones of the site.
    """

    day: date
    action: str
    count: int
    zone: StoredZone | None


@blueprint.get("/")
def home() -> str:
    """The box, the map of everything, five tips."""
    now = snapshot()
    try:
        news = now.once("news", lambda: _news(now, container().engine))
    except DatabaseError:
        news = []  # the rest of the page does not need the database
    return render_template(
        "public/home.html",
        zones=len(now.listed),
        towns=len(now.by_town),
        states=len(now.by_state),
        evidence=evidence_words_of_all(now),
        news=news[:4],
    )


def _news(now: Snapshot, engine: Engine) -> list[News]:
    """Changes of one day and kind as one line: nobody reads 700 of them."""
    changes = recent_changes(engine, NEWS_READ)
    grouped: dict[tuple[date, str], list[LogEntry]] = {}
    for change in changes:
        zone = now.by_id.get(change.subject)
        was_gone = change.action == "added" and zone is not None and zone.status is Status.WITHDRAWN
        grouped.setdefault((change.at.date(), FORMER if was_gone else change.action), []).append(change)
    return [
        News(day, action, len(group), now.by_id.get(group[0].subject) if len(group) == 1 else None)
        for (day, action), group in grouped.items()
    ]


@blueprint.get("/tips")
def tips() -> str:
    """How to meet safely."""
    return render_template("public/tips.html")


@blueprint.get("/departments")
def departments() -> str:
    """For departments: what it takes, and words for a sign and a page."""
    return render_template("public/departments.html")


@blueprint.get("/freshness")
def freshness() -> str:
    """How fresh the directory is: by state, the oldest entries, open reports."""
    now = snapshot()
    try:
        reports = count_open(container().context)
    except DatabaseError:
        reports = None
    states = sorted(by_state(now.listed), key=lambda item: plain(state_name(item.state)))
    return render_template("public/freshness.html", states=states, oldest=oldest(now.listed, 20), reports=reports)


@blueprint.get("/about")
def about() -> str:
    """What this is, where the facts come from, who is credited, what is kept about readers."""
    return render_template("public/about.html", settings=container().settings, version=__version__)
