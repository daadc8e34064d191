"""What makes a zone this zone and no other, and the id a new one gets."""

from directory.text import fold, slug
from directory.zones.schemas import ZoneRecord


def spot_key(zone: ZoneRecord) -> str:
    """What makes two rows the same spot: department, address and spot, whatever the zone is called.

    Where neither address nor spot is known, only the name can tell them apart.
    """
    where = [fold(zone.street_address), fold(zone.spot_note)]
    if not any(where):
        where.append(fold(zone.name))
    return "|".join([zone.state, fold(zone.department), fold(zone.town), zone.setting, *where])


def zone_id_stem(zone: ZoneRecord) -> str:
    """The start of a new zone's id: state, town, and what tells the spot apart."""
    _, dash, suffix = zone.name.partition(" - ")
    part = suffix if dash else zone.setting.value if zone.setting.value not in ("unknown", "other") else "zone"
    return slug(f"{zone.state} {zone.town} {part}")[:100].strip("-")
