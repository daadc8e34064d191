"""How good the facts of some zones are: how many are confirmed, how old the sources are, how many are in use."""

from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass

from directory import clock
from directory.search.snapshots.snapshot import Snapshot
from directory.search.zone_status import status_on, today_of
from directory.store.repository import StoredZone
from directory.web.i18n.translate import _, current_locale, ngettext
from directory.zones.schemas import Status


@dataclass(frozen=True, slots=True)
class Evidence:
    """In sentences without a full stop; empty where there is nothing to say."""

    confirmed_words: str
    sources_words: str
    unusable_words: str


def evidence_words(zones: Sequence[StoredZone]) -> Evidence:
    """What is true of the facts of these zones, whenever they were taken in."""
    confirmed = sum(bool(zone.confirmed_on) for zone in zones)
    unconfirmed = [zone for zone in zones if not zone.confirmed_on]
    return Evidence(_confirmed(confirmed), _sources(unconfirmed), _unusable(zones))


def evidence_words_of_all(now: Snapshot) -> Evidence:
    """The same of all listed zones, of which there may be a million: made once in an hour and language."""
    key = ("evidence", str(current_locale()), f"{clock.now():%Y-%m-%dT%H}")
    return now.once(key, lambda: evidence_words(now.listed))


def _confirmed(count: int) -> str:
    if not count:
        return _("none confirmed by its department yet")
    return ngettext("%(num)d confirmed by its department", "%(num)d confirmed by their departments", count)


def _sources(zones: Sequence[StoredZone]) -> str:
    """The years of the sources of zones that nobody confirmed."""
    years = sorted({zone.source_date[:4] for zone in zones if zone.source_date})
    undated = sum(not zone.source_date for zone in zones)
    if not years:
        return ngettext("%(num)d source is undated", "%(num)d sources are undated", undated) if undated else ""
    years_text = _("sources of %(year)s", year=years[0]) if len(years) == 1 else (
        _("sources from %(first)s to %(last)s", first=years[0], last=years[-1]))  # fmt: skip
    return _("%(sources)s, %(number)s undated", sources=years_text, number=undated) if undated else years_text


def _unusable(zones: Sequence[StoredZone]) -> str:
    counts = Counter(status_on(zone, today_of(zone)) for zone in zones if zone.closures or zone.status in WORDS)
    texts = {
        Status.PLANNED: _("%(number)s only planned", number=counts[Status.PLANNED]),
        Status.MOVED: _("%(number)s moved or unsure", number=counts[Status.MOVED]),
        Status.TEMPORARILY_CLOSED: _("%(number)s closed for now", number=counts[Status.TEMPORARILY_CLOSED]),
    }
    return ", ".join(texts[status] for status in WORDS if counts[status])


WORDS = (Status.PLANNED, Status.MOVED, Status.TEMPORARILY_CLOSED)
