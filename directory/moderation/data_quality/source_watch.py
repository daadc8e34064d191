"""Looking at the pages of sources now and then: one that is gone, or says nothing of exchanges any more, is a case."""

import re
import time
from collections import defaultdict
from collections.abc import Callable, Iterable
from dataclasses import dataclass
from enum import Enum
from html import unescape
from typing import Protocol
from urllib.parse import quote, urlsplit

from directory.clock import today
from directory.db.log import Author
from directory.db.tables.contributions.data_cases import DataCaseKind
from directory.db.tables.source_pages import SourcePage
from directory.db.transaction import Session
from directory.store.data_cases import NewCase, note_cases
from directory.store.repository import StoredZone
from directory.store.runs.source_pages import least_recent
from directory.store.writer import DirectoryWriter
from directory.use_case_context import UseCaseContext
from directory.verification.domain_probe import ProbeFailedError, SafeFetcher
from directory.zones.evidence.zone_evidence import further_sources, main_source
from directory.zones.schemas import Status

AT_ONCE = 50
"""How many pages one run looks at."""
PAUSE_SECONDS = 1.0
"""Between two pages, whoever has them."""
DAYS_MISSING = 3
"""On so many days in a row that somebody looked a page has to be missing to be called gone."""
GONE = (404, 410)
"""Statuses by which a server says that there is no such page. Any other failure says nothing of the page."""
_TOPIC = re.compile(
    r"exchange|safe ?(?:trade|zone|place|spot)|transaction|e-commerce|craigslist|marketplace|buy and sell", re.I
)
_KEPT = "!#$%&'()*+,/:;=?@[]~"
"""Signs of an address that stand as they are; browsers encode every other one."""
_INVISIBLE = re.compile(r"<(script|style)\b.*?</\1>|<[^>]+>", re.I | re.S)


class PageFetcher(Protocol):
    """Asks a web server for a page."""

    def fetch_path(self, domain: str, path: str) -> bytes:
        """What a host has at a path. Raises ProbeFailedError."""


class SourceFetcher(SafeFetcher):
    """The same bounds as for proofs of a domain, for pages: two megabytes, ten seconds."""

    seconds = 10.0
    most_bytes = 2_000_000
    accept = "text/html"


@dataclass(slots=True)
class Watched:
    """How many pages were looked at, were missing, gave no answer, and how many new cases there are."""

    looked_at: int = 0
    missing: int = 0
    unanswered: int = 0
    cases: int = 0


class PageState(Enum):
    """What a look at a page found."""

    ON_TOPIC = "on_topic"
    OFF_TOPIC = "off_topic"
    MISSING = "missing"
    UNANSWERED = "unanswered"


def watch(
    context: UseCaseContext, zones: Iterable[StoredZone], fetcher: PageFetcher, most: int = AT_ONCE,
    progress: Callable[[float], None] = lambda _done: None, pause_seconds: float = PAUSE_SECONDS,
) -> Watched:  # fmt: skip
    """Look at the pages that were not looked at for the longest. No transaction waits for a server.

    Raises DatabaseError.
    """
    zones_of = _zones_by_address(zones)
    with context.reading() as session:
        addresses = least_recent(session, zones_of, most)
    watched = Watched()
    for number, url in enumerate(addresses, start=1):
        if number > 1:
            time.sleep(pause_seconds)
        page = _look(fetcher, url)
        watched.looked_at += 1
        watched.missing += page is PageState.MISSING
        watched.unanswered += page is PageState.UNANSWERED
        watched.cases += _note(context, url, zones_of[url], page)
        progress(number / len(addresses))
    return watched


def _zones_by_address(zones: Iterable[StoredZone]) -> dict[str, list[str]]:
    """The zones that name each web page as a source."""
    zones_by_url: defaultdict[str, list[str]] = defaultdict(list)
    for zone in zones:
        if zone.status is not Status.WITHDRAWN:
            for url in {one.url for one in (main_source(zone), *further_sources(zone))} - {""}:
                zones_by_url[url].append(zone.zone_id)
    return zones_by_url


def _look(fetcher: PageFetcher, url: str) -> PageState:
    parts = urlsplit(url)
    path = quote((parts.path or "/") + (f"?{parts.query}" if parts.query else ""), safe=_KEPT)
    try:
        text = fetcher.fetch_path(parts.hostname or "", path).decode("utf-8", "replace")
    except ProbeFailedError as error:
        return PageState.MISSING if error.status in GONE else PageState.UNANSWERED
    return PageState.ON_TOPIC if _TOPIC.search(unescape(_INVISIBLE.sub(" ", text))) else PageState.OFF_TOPIC


def _note(context: UseCaseContext, url: str, zone_ids: list[str], page: PageState) -> int:
    """Keep what was found; returns the number of new cases."""
    day = today().isoformat()
    with context.writing() as session:
        row = session.get(SourcePage, url) or SourcePage(url=url, checked_on="")
        if page is PageState.MISSING:
            row.missing += row.checked_on != day
        elif page is not PageState.UNANSWERED:
            row.missing, row.mentions = 0, row.mentions or page is PageState.ON_TOPIC
        row.checked_on = day
        session.add(row)
        if page is PageState.ON_TOPIC:
            _note_read(context, session, url, zone_ids, day)
        if page is PageState.UNANSWERED:
            return 0
        gone = row.missing >= DAYS_MISSING
        changed = page is PageState.OFF_TOPIC and row.mentions
        new = 0
        for kind, is_so in ((DataCaseKind.SOURCE_GONE, gone), (DataCaseKind.SOURCE_CHANGED, changed)):
            cases = [NewCase(kind, zone_id, url, {}) for zone_id in zone_ids] if is_so else []
            new += note_cases(session, url, zone_ids, kind, cases)
        return new


def _note_read(context: UseCaseContext, session: Session, url: str, zone_ids: list[str], day: str) -> None:
    """The zones' source was read that day. Its statements keep their own date: nobody has made them anew."""
    writer = DirectoryWriter(session, context.gazetteer, Author("watch-sources", url))
    for zone_id in zone_ids:
        writer.note_read(zone_id, url, day)
    writer.flush()
