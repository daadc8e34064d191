"""What tells a zone apart in a list of plain text, as in a mail."""

from dataclasses import dataclass

from directory.zones.derivations import PLAIN_NAME
from directory.zones.schemas import Setting, ZoneFacts


@dataclass(frozen=True, slots=True)
class ZoneLabel:
    """The words of sources ("Safe Trade Zone, 25 Hecker Ave, Darien, CT"), and the kind of spot, which is a fact."""

    text: str
    setting: Setting


def zone_label(zone: ZoneFacts, town: str) -> ZoneLabel:
    """The label of a zone in a town of this name. A name that no source gave is left out."""
    name = "" if zone.name == PLAIN_NAME else zone.name
    return ZoneLabel(", ".join(filter(None, (name, zone.street_address, town, zone.state))), zone.setting)
