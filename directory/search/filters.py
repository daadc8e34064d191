"""What a zone must offer to be found, and of how many zones that is stated."""

from dataclasses import dataclass
from datetime import datetime

from directory.search.snapshot import SHOWN, Snapshot
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
    confirmed: bool = False
    planned: bool = False
    faded: bool = False
    usable: bool = False
    across_border: bool = False
    """Whether the closest place to meet may lie in another country than the buyer; the list has those anyway."""

    @property
    def any(self) -> bool:
        """Whether anything is asked for that a zone could lack."""
        return bool(self.open_at or self.settings) or any(
            (self.recorded, self.lit, self.custody_exchange, self.step_free, self.confirmed, self.usable)
        )

    def verdict(self, zone: StoredZone) -> TriState:
        """Yes when the zone offers all that is asked, no when it lacks something, unknown otherwise."""
        verdicts = self._verdicts(zone)
        if TriState.NO in verdicts:
            return TriState.NO
        return TriState.UNKNOWN if TriState.UNKNOWN in verdicts else TriState.YES

    def _verdicts(self, zone: StoredZone) -> list[TriState]:
        facts = (
            (self.recorded, zone.cameras_recorded if zone.cameras is not TriState.NO else TriState.NO),
            (self.lit, zone.lighting),
            (self.custody_exchange, zone.custody_exchange),
            (self.step_free, zone.step_free),
            (self.confirmed, TriState.YES if zone.confirmed_on else TriState.NO),
            (bool(self.settings), _setting_is(zone, self.settings)),
        )
        verdicts = [fact for wanted, fact in facts if wanted]
        if self.open_at:
            openness = open_state(zone, self.open_at).openness
            verdicts.append({Openness.OPEN: TriState.YES, Openness.CLOSED: TriState.NO}.get(openness, TriState.UNKNOWN))
        return verdicts


def _setting_is(zone: StoredZone, wanted: frozenset[Setting]) -> TriState:
    if zone.setting in wanted:
        return TriState.YES
    return TriState.UNKNOWN if zone.setting is Setting.UNKNOWN else TriState.NO


SWITCHES = {
    "recorded": Filters(recorded=True), "lit": Filters(lit=True), "custody": Filters(custody_exchange=True),
    "step_free": Filters(step_free=True), "confirmed": Filters(confirmed=True),
    "lobby": Filters(settings=frozenset((Setting.LOBBY, Setting.LOBBY_AND_LOT))),
    "lot": Filters(settings=frozenset((Setting.PARKING_LOT, Setting.LOBBY_AND_LOT))),
}  # fmt: skip
"""A search's parameter for each fact that one may ask for, and the filter that it means."""


def stated_counts(snapshot: Snapshot) -> dict[str, int]:
    """Of how many shown zones each fact is stated so that its filter takes them; "open_at": whose hours are stated."""

    def count() -> dict[str, int]:
        shown = [zone for zone in snapshot.zones if zone.status in SHOWN]
        counts = {
            name: sum(switch.verdict(zone) is TriState.YES for zone in shown) for name, switch in SWITCHES.items()
        }
        return {**counts, "open_at": sum(bool(zone.opening_hours) for zone in shown)}

    return snapshot.once("stated counts", count)
