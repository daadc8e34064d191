"""What a zone must offer to be found, and of how many zones that is stated."""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime
from functools import partial
from operator import attrgetter

from directory.search.snapshots.snapshot import SHOWN, Snapshot
from directory.search.zone_status import open_state
from directory.store.repository import StoredZone
from directory.zones.hours import Openness
from directory.zones.schemas import Setting, TriState


@dataclass(frozen=True, slots=True)
class Filters:
    """What a zone must offer. Only a stated yes passes: "not stated" is neither yes nor no.

    Any of `settings` will do; none means all. `usable` leaves out what one cannot go to now.
    """

    open_at: datetime | None = None
    settings: frozenset[Setting] = frozenset()
    recorded: bool = False
    lit: bool = False
    custody_exchange: bool = False
    step_free: bool = False
    all_hours: bool = False
    confirmed: bool = False
    planned: bool = False
    faded: bool = False
    usable: bool = False
    across_border: bool = False
    """Whether the closest place to meet may lie in another country than the buyer; the list has those anyway."""

    @property
    def any(self) -> bool:
        """Whether anything is asked for that a zone could lack."""
        return bool(self.open_at or self.settings or self.usable) or any(getattr(self, name) for name in FACTS)

    def judge(self) -> Callable[[StoredZone], TriState]:
        """A function of a zone: yes when it offers all that is asked, no when it lacks something, unknown."""
        facts = [fact for name, fact in FACTS.items() if getattr(self, name)]
        if self.settings:
            facts.append(partial(_setting_is, self.settings))
        if self.open_at:
            facts.append(partial(_open_at, self.open_at))

        def verdict(zone: StoredZone) -> TriState:
            verdicts = [fact(zone) for fact in facts]
            if TriState.NO in verdicts:
                return TriState.NO
            return TriState.UNKNOWN if TriState.UNKNOWN in verdicts else TriState.YES

        return verdict


def _recorded(zone: StoredZone) -> TriState:
    return zone.cameras_recorded if zone.cameras is not TriState.NO else TriState.NO


def _confirmed(zone: StoredZone) -> TriState:
    return TriState.YES if zone.confirmed_on else TriState.NO


def _all_hours(zone: StoredZone) -> TriState:
    if not zone.opening_hours:
        return TriState.UNKNOWN
    return TriState.YES if zone.opening_hours == "24/7" else TriState.NO


FACTS: dict[str, Callable[[StoredZone], TriState]] = {
    "recorded": _recorded, "lit": attrgetter("lighting"), "custody_exchange": attrgetter("custody_exchange"),
    "step_free": attrgetter("step_free"), "all_hours": _all_hours, "confirmed": _confirmed,
}  # fmt: skip
"""What is known of a zone about each fact that is asked for by yes or no."""
_OPEN = {Openness.OPEN: TriState.YES, Openness.CLOSED: TriState.NO, Openness.UNKNOWN: TriState.UNKNOWN}


def _setting_is(settings: frozenset[Setting], zone: StoredZone) -> TriState:
    if zone.setting in settings:
        return TriState.YES
    return TriState.UNKNOWN if zone.setting is Setting.UNKNOWN else TriState.NO


def _open_at(when: datetime, zone: StoredZone) -> TriState:
    return _OPEN[open_state(zone, when).openness]


NONE = Filters()
"""Nothing asked for."""
SWITCHES = {
    "recorded": Filters(recorded=True), "lit": Filters(lit=True), "custody": Filters(custody_exchange=True),
    "step_free": Filters(step_free=True), "all_hours": Filters(all_hours=True), "confirmed": Filters(confirmed=True),
    "lobby": Filters(settings=frozenset((Setting.LOBBY, Setting.LOBBY_AND_LOT))),
    "lot": Filters(settings=frozenset((Setting.PARKING_LOT, Setting.LOBBY_AND_LOT))),
}  # fmt: skip
"""A search's parameter for each fact that one may ask for, and the filter that it means."""


def stated_counts(snapshot: Snapshot) -> dict[str, int]:
    """Of how many shown zones each fact is stated so that its filter takes them; "open_at": whose hours are stated."""

    def count() -> dict[str, int]:
        shown_zones = [zone for zone in snapshot.zones if zone.status in SHOWN]
        verdicts = {name: map(switch.judge(), shown_zones) for name, switch in SWITCHES.items()}
        counts = {name: sum(verdict is TriState.YES for verdict in each) for name, each in verdicts.items()}
        return {**counts, "open_at": sum(bool(zone.opening_hours) for zone in shown_zones)}

    return snapshot.once("stated counts", count)
