"""What became of each zone of a department's list."""

from collections import Counter
from collections.abc import Mapping
from dataclasses import dataclass
from enum import StrEnum
from typing import Any

from directory.submissions.items.item import Action
from directory.submissions.risk.wait_reasons import WaitReason


class ListOutcome(StrEnum):
    """What became of one zone of a list."""

    UNCHANGED = "unchanged"
    LIVE = "live"
    WAITING = "waiting"
    DECLINED = "declined"
    REFUSED = "refused"


@dataclass(frozen=True, slots=True)
class ZoneResult:
    """What became of one zone.

    `feature` is its place in the list, from 1; 0 for a zone of the department that the list does not have. `zone_id`
    is empty for a new zone that is not live. `fields` are those that change, `reasons` why it waits, `decision` what a
    moderator wrote when the same change was declined or sent back, `findings` what the rules say of the row.
    """

    feature: int
    zone_id: str
    name: str
    outcome: ListOutcome
    action: Action | None = None
    fields: tuple[str, ...] = ()
    reasons: tuple[WaitReason, ...] = ()
    decision: str = ""
    findings: tuple[Mapping[str, Any], ...] = ()


@dataclass(frozen=True, slots=True)
class ListResult:
    """What became of a list, zone by zone in its order; then the zones that it does not have.

    `published` and `waiting` are the numbers of the submissions that it became, 0 for none. `complete` is false when a
    row was refused: it may be the missing zone, so that none was proposed for withdrawal.
    """

    zones: tuple[ZoneResult, ...]
    complete: bool
    published: int = 0
    waiting: int = 0

    @property
    def counts(self) -> dict[str, int]:
        """How many zones had each outcome."""
        counted = Counter(zone.outcome for zone in self.zones)
        return {outcome.value: counted[outcome] for outcome in ListOutcome}
