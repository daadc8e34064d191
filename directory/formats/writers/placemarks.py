"""What maps and navigators show of a zone: a name that tells it apart, and where it is."""

import re

from directory.zones.closures import all_closures
from directory.zones.parsing.text_forms import lines_of
from directory.zones.schemas import SPOT_NAMES, Status, ZoneRecord

UNSURE = {
    Status.MOVED: "moved or unsure: call first",
    Status.PLANNED: "planned, not open yet", Status.WITHDRAWN: "no longer a safe zone",
}  # fmt: skip


_PART = re.compile(r".+(?: - | \()(?P<part>[^()]+?)\)?")
"""What a name says of one of several sites: "Safe Trade Zone - District 1", "Safe Exchange Zone (City Hall)"."""


def shown_name(zone: ZoneRecord, status: Status | None = None) -> str:
    """Whose place it is and which, for programs are called alike; and that one cannot count on it, where that is so.

    `status` is the one of the map's day; files, which are of no day, say what is stated.
    """
    status = status or zone.status
    whose = zone.department if zone.town in zone.department else f"{zone.department}, {zone.town}"
    part = _PART.fullmatch(zone.name)
    which = part["part"].strip() if whose and part else ""
    place = " · ".join(filter(None, [whose or zone.name, SPOT_NAMES.get(zone.setting, ""), which]))
    doubt = UNSURE.get(status, "")
    if zone.status is Status.MOVED and zone.status_from:
        doubt = f"{'moved' if status is Status.MOVED else 'moves'} {zone.status_from}: call first"
    return f"{place} ({doubt})" if doubt else place


def where(zone: ZoneRecord) -> str:
    """Name, spot, street, town: what tells two zones of one department apart."""
    parts = (zone.name, zone.spot_note, zone.street_address, f"{zone.town}, {zone.state} {zone.postal_code}")
    text = ", ".join(part.strip() for part in parts if part.strip())
    sentences = [text, *(f"Closed {line or 'until further notice'}" for line in lines_of(all_closures(zone)))]
    if zone.status_note and zone.status in UNSURE:
        sentences.append(zone.status_note)
    text = ". ".join(sentences)
    return f"{text} (the point is approximate)" if zone.approximate else text
