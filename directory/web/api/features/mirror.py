"""What changed, for who keeps a copy: in the order of revisions, or as releases before 1.1 told it by time."""

from dataclasses import dataclass
from datetime import UTC, datetime, timedelta

from directory import clock
from directory.search.snapshots.snapshot import Snapshot
from directory.search.zone_features import deleted_feature, dumped, moment
from directory.store.repository import StoredZone
from directory.web.api.features.feature_answers import collected, own_links
from directory.web.api.features.feature_parameters import Cursor, TimeCursor
from directory.web.api.operations import Built, link
from directory.web.api.request_url import RequestUrl
from directory.zones.schemas import Status

EARLIEST = datetime.min.replace(tzinfo=UTC)
CLOCK_SKEW = timedelta(days=2)
"""How far a mirror that asks by time looks back, for changes that were under way and for clocks that were ahead."""


@dataclass(frozen=True, slots=True)
class ChangesPage:
    """Zones in the order of their changes; `remaining` counts them and those behind them, `reached` is where they end.

    `resync`: the asker holds another history of the directory, so that this is everything.
    """

    zones: list[StoredZone]
    remaining: int
    reached: Cursor
    resync: bool

    @property
    def more(self) -> bool:
        """Whether others follow."""
        return self.remaining > len(self.zones)


def page_of_changes(now: Snapshot, cursor: Cursor, limit: int) -> ChangesPage:
    """What changed after an earlier answer; everything where that was of another history of the directory."""
    resync = cursor.database_id != now.database_id or is_ahead(cursor, now)
    remaining = now.collection.by_revision if resync else now.collection.changes_after(cursor.position)
    page = remaining[:limit]
    reached = Cursor(now.database_id, now.revision)
    if len(remaining) > limit:
        reached = Cursor(now.database_id, page[-1].revision, page[-1].zone_id)
    return ChangesPage(page, len(remaining), reached, resync)


def changes_after(now: Snapshot, cursor: Cursor, limit: int, kind: str, here: RequestUrl, *others: str) -> Built:
    """The same as an answer for programs, which there is as `others`, too."""
    page = page_of_changes(now, cursor, limit)
    links = own_links(here, kind, *others)
    if page.more:
        links.append(link("next", here.address(after=page.reached), kind))
    features = [(_or_tombstone(now, zone),) for zone in page.zones]
    return collected(features, page.remaining, links, here, next_cursor=str(page.reached), full_resync=page.resync)


def changes_since(
    now: Snapshot, since: datetime, after: TimeCursor | None, limit: int, kind: str, here: RequestUrl
) -> Built:
    """What changed since a time, `after` what was answered before; everything where that is a time to come, which only
    a wrong clock can have told.
    """
    everything = now.collection.changes_since(since if since <= clock.now() else EARLIEST)
    changed = everything
    if after:
        changed = [zone for zone in everything if (zone.changed_at, zone.zone_id) > after]
    page = changed[:limit]
    links = own_links(here, kind)
    if len(changed) > limit:
        cursor = f"{moment(page[-1].changed_at)},{page[-1].zone_id}"
        links.append(link("next", here.address(after=cursor), kind))
    features = [(_or_tombstone(now, zone),) for zone in page]
    return collected(features, len(everything), links, here, next_changed_since=moment(_ask_next(now)))


def this_hour() -> datetime:
    """For answers that change by the hour."""
    return clock.now().replace(minute=0, second=0, microsecond=0)


def _ask_next(now: Snapshot) -> datetime:
    """Two days back from the last change, and two days after it from now: so that it is not sent for ever."""
    last = now.collection.last_change or EARLIEST + CLOCK_SKEW
    return max(last, this_hour()) - CLOCK_SKEW if last <= clock.now() else last - CLOCK_SKEW


def is_ahead(cursor: Cursor, now: Snapshot) -> bool:
    """Whether the cursor was given by a newer directory of this database."""
    return cursor.database_id == now.database_id and cursor.revision > now.revision


def _or_tombstone(now: Snapshot, zone: StoredZone) -> bytes:
    return dumped(deleted_feature(zone)) if zone.status is Status.WITHDRAWN else now.collection.feature(zone)
