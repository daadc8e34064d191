"""The directory for map programs and navigators: KML 2.2 and GPX 1.1, written zone by zone."""

from collections.abc import Iterable, Iterator
from typing import Any

from directory.formats.geojson import properties
from directory.xml_writer import DECLARATION, Xml, element, end_tag, lines, start_tag
from directory.zones.closures import all_closures
from directory.zones.schemas import Status, ZoneRecord
from directory.zones.text_forms import lines_of

UNSURE = {
    Status.MOVED: "moved or unsure: call first",
    Status.PLANNED: "planned, not open yet", Status.WITHDRAWN: "no longer a safe zone",
}  # fmt: skip


def kml(zones: Iterable[ZoneRecord]) -> Iterator[str]:
    """A KML document: a Placemark a zone, every property as extended data."""
    root = start_tag("kml", {"xmlns": "http://www.opengis.net/kml/2.2"})
    yield DECLARATION + lines(root, start_tag("Document", {}), element("name", {}, "Safe zones"))
    for zone in zones:
        data = [
            element("Data", {"name": name}, element("value", {}, _text(value)))
            for name, value in {"zone_id": zone.zone_id, **properties(zone)}.items()
        ]
        yield lines(
            element(
                "Placemark", {"id": zone.zone_id},
                element("name", {}, _name(zone)),
                element("description", {}, _where(zone)),
                element("ExtendedData", {}, *data),
                element("Point", {}, element("coordinates", {}, f"{zone.longitude:.6f},{zone.latitude:.6f}")),
            )
        )  # fmt: skip
    yield lines(end_tag("Document"), end_tag("kml"))


def gpx(zones: Iterable[ZoneRecord]) -> Iterator[str]:
    """A GPX file: a waypoint a zone, with what a navigator shows."""
    root = {"version": "1.1", "creator": "Safe Zone Directory", "xmlns": "http://www.topografix.com/GPX/1/1"}
    yield DECLARATION + lines(start_tag("gpx", root), element("metadata", {}, element("name", {}, "Safe zones")))
    for zone in zones:
        yield lines(
            element("wpt", {"lat": f"{zone.latitude:.6f}", "lon": f"{zone.longitude:.6f}"}, *_shown_by_navigators(zone))
        )
    yield lines(end_tag("gpx"))


def _shown_by_navigators(zone: ZoneRecord) -> list[Xml]:
    shown = {
        "name": _name(zone), "cmt": zone.zone_id, "desc": _where(zone), "src": zone.source_url, "sym": "Flag, Blue",
        "type": zone.setting.value,
    }  # fmt: skip
    return [element(name, {}, text) for name, text in shown.items()]


def _where(zone: ZoneRecord) -> str:
    """Department, spot, street, town: what tells two zones of one name apart."""
    parts = (zone.department, zone.spot_note, zone.street_address, f"{zone.town}, {zone.state} {zone.postal_code}")
    words = ", ".join(part.strip() for part in parts if part.strip())
    sentences = [words, *(f"Closed {line or 'until further notice'}" for line in lines_of(all_closures(zone)))]
    if zone.status_note and zone.status in UNSURE:
        sentences.append(zone.status_note)
    words = ". ".join(sentences)
    return f"{words} (the point is approximate)" if zone.approximate else words


def _name(zone: ZoneRecord) -> str:
    """The name, with what a map or a navigator shows nowhere else: that one cannot count on it."""
    status = UNSURE.get(zone.status, "")
    if zone.status is Status.MOVED and zone.status_from:
        status = f"moved {zone.status_from}: call first"
    return f"{zone.name} ({status})" if status else zone.name


def _text(value: Any) -> str:
    """A value as text."""
    if isinstance(value, bool):
        return "true"  # false facts are left out
    return "; ".join(lines_of(value)) if isinstance(value, list | tuple | dict) else str(value)
