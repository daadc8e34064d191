"""The question whether a new zone is one that the directory has, in the reader's words."""

from collections.abc import Sequence

from directory.store.repository import StoredZone
from directory.web.i18n.translate import _
from directory.web.presenters.distances import distance
from directory.zones.duplicates.matches import MatchReason, ProbableMatch
from directory.zones.schemas import Setting


def question(zone: StoredZone) -> str:
    """Whether the sender means this zone."""
    place = zone.street_address
    if not place:
        return _("Is this your zone “%(name)s”?", name=zone.name)
    if zone.setting is Setting.LOBBY:
        return _("Is this your lobby at %(place)s?", place=place)
    if zone.setting is Setting.PARKING_LOT:
        return _("Is this your parking lot at %(place)s?", place=place)
    if zone.setting is Setting.LOBBY_AND_LOT:
        return _("Is this your lobby and parking lot at %(place)s?", place=place)
    return _("Is this your zone at %(place)s?", place=place)


def name_question(names: Sequence[str]) -> str:
    """Whether one of these known names is meant."""
    if len(names) == 1:
        return _("Do you mean %(name)s?", name=names[0])
    return _("Do you mean one of these?")


def reason(match: ProbableMatch[StoredZone]) -> str:
    """Why the two are probably one."""
    units = "km" if match.zone.country == "CA" else "mi"
    return {
        MatchReason.ADDRESS: _("the same address"),
        MatchReason.SPOT: _("the same spot"),
        MatchReason.DISTANCE: _("%(far)s away", far=distance(match.distance_m, units)),
        MatchReason.UNPLACED: _("nothing tells them apart"),
    }[match.reason]  # fmt: skip
