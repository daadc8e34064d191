"""The towns of a state, one row each: what is known of the place there that somebody would choose."""

from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from enum import StrEnum

from directory.search.results import SearchHit
from directory.search.zone_status import MinuteView
from directory.store.repository import StoredTown, StoredZone
from directory.text import plain, translatable
from directory.web.i18n.translate import _, ngettext, number, translate
from directory.web.presenters.zone_facts.zones import setting_name, spot_words
from directory.zones.hours import Openness
from directory.zones.schemas import SPOT_NAMES, Setting

Town = tuple[StoredTown, list[StoredZone]]
"""A town and its zones."""
MOST_WITHOUT_LETTERS = 30
"""Rows that a reader finds a town in without links to its letter."""


class Show(StrEnum):
    """Which zones a state's page lists; its address names them as `show`."""

    ALL = ""
    ALL_HOURS = "all_hours"
    LOBBY = "lobby"
    USABLE = "usable"


@dataclass(frozen=True, slots=True)
class ShowChoice:
    """A way to list fewer zones: how many it lists, and whether it is the one chosen."""

    show: Show
    label: str
    zones: int
    is_current: bool


@dataclass(frozen=True, slots=True)
class TownRow:
    """A town with the zone that somebody would choose there, as it stands now, and the kinds of spots of all.

    `note` is what the source of the only zone says of its spot, where that is of no kind.
    """

    town: StoredTown
    hit: SearchHit
    zones: int
    spots: str
    note: str = ""

    @property
    def letter(self) -> str:
        """The letter that it is found under; empty for a name without one."""
        return plain(self.town.name)[:1].upper()


@dataclass(frozen=True, slots=True)
class TownRows:
    """What a state's page lists; `letters` are links to the first row of each, where there are many rows."""

    rows: list[TownRow]
    choices: list[ShowChoice]
    letters: list[str]
    show: Show


def town_rows(towns: Iterable[Town], moment: MinuteView, show: Show) -> TownRows:
    """The rows of these towns at a minute, in their order, with only the zones that `show` lets through."""
    hits = [(town, [SearchHit(moment.of(zone), 0.0) for zone in zones]) for town, zones in towns]
    is_listed = _WANTED[show]
    listed = ((town, list(filter(is_listed, town_hits))) for town, town_hits in hits)
    rows = [_row(town, town_hits) for town, town_hits in listed if town_hits]
    letters = sorted({row.letter for row in rows} - {""}) if len(rows) > MOST_WITHOUT_LETTERS else []
    return TownRows(rows, _choices([hit for _town, town_hits in hits for hit in town_hits], show), letters, show)


def zones_shown(zones: Sequence[StoredZone], moment: MinuteView, show: Show) -> Sequence[StoredZone]:
    """Those of the zones that `show` lets through at a minute, in their order."""
    if show is Show.ALL:
        return zones
    return [zone for zone in zones if _WANTED[show](SearchHit(moment.of(zone), 0.0))]


def is_open_at_all_hours(hit: SearchHit) -> bool:
    """Whether one can go there at any hour, as far as its hours and closures say."""
    state = hit.open_state
    always = hit.zone.opening_hours == "24/7" and state.changes_at is None
    return hit.usable and always and state.openness is Openness.OPEN


_WANTED: dict[Show, Callable[[SearchHit], bool]] = {
    Show.ALL: lambda _hit: True,
    Show.ALL_HOURS: is_open_at_all_hours,
    Show.LOBBY: lambda hit: hit.zone.setting in (Setting.LOBBY, Setting.LOBBY_AND_LOT),
    Show.USABLE: lambda hit: hit.usable,
}
_WORDS = {
    Show.ALL: translatable("All"), Show.ALL_HOURS: translatable("Open at all hours"),
    Show.LOBBY: translatable("Lobby"), Show.USABLE: translatable("Can be used now"),
}  # fmt: skip


def _choices(hits: list[SearchHit], show: Show) -> list[ShowChoice]:
    """All, and each choice that leaves some out and not all; none where there is nothing to choose."""
    counts = {choice: sum(map(is_listed, hits)) for choice, is_listed in _WANTED.items()}
    offered = [choice for choice in Show if choice in (Show.ALL, show) or 0 < counts[choice] < len(hits)]
    choices = [ShowChoice(choice, translate(_WORDS[choice]), counts[choice], choice is show) for choice in offered]
    return choices if len(choices) > 1 else []


def best_first(hit: SearchHit) -> tuple[bool, bool, bool, str, str]:
    """A key that sorts zones by what somebody would choose: usable, open at all hours, hours known; then by name."""
    unknown = hit.open_state.openness is Openness.UNKNOWN
    return not hit.usable, not is_open_at_all_hours(hit), unknown, hit.zone.name, hit.zone.zone_id


def _row(town: StoredTown, hits: list[SearchHit]) -> TownRow:
    best = min(hits, key=best_first)
    if len(hits) > 1:
        return TownRow(town, best, len(hits), _spots(hits))
    spots, note = (setting_name(best.zone.setting), "") if best.zone.setting in SPOT_NAMES else spot_words(best.zone)
    return TownRow(town, best, 1, spots, note)


def _spots(hits: list[SearchHit]) -> str:
    """ "2 places: lobby, parking lot", "77 places"."""
    kinds = [setting_name(kind) for kind in SPOT_NAMES if any(hit.zone.setting == kind for hit in hits)]
    places = ngettext("%(num)d place", "%(num)d places", len(hits))
    names = ", ".join(name[:1].lower() + name[1:] for name in kinds)
    return _("%(places)s: %(spots)s", places=places, spots=names) if names else places


def count_words(rows: TownRows) -> str:
    """ "14 places in 13 towns", of those that are listed."""
    zones, towns = sum(row.zones for row in rows.rows), len(rows.rows)
    return _(
        "%(places)s in %(towns)s",
        places=ngettext("%(num)d place", "%(num)d places", zones),
        towns=ngettext("%(num)d town", "%(num)d towns", towns),
    )


def choice_words(choice: ShowChoice) -> str:
    """ "Lobby 6"."""
    return f"{choice.label} {number(choice.zones)}"
