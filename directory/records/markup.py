"""The directory for map programs and navigators: KML 2.2 and GPX 1.1, written zone by zone."""

from collections.abc import Iterable, Iterator
from typing import Any
from xml.sax.saxutils import escape, quoteattr

from directory.records.facts import ZoneRecord
from directory.records.geojson import properties
from directory.text import xml_safe

DECLARATION = '<?xml version="1.0" encoding="UTF-8"?>\n'


def kml(zones: Iterable[ZoneRecord]) -> Iterator[str]:
    """A KML document: a Placemark a zone, every property as extended data."""
    yield f'{DECLARATION}<kml xmlns="http://www.opengis.net/kml/2.2">\n<Document>\n<name>Safe zones</name>\n'
    for zone in zones:
        data = "".join(
            f"<Data name={quoteattr(name)}><value>{_text(value)}</value></Data>"
            for name, value in {"zone_id": zone.zone_id, **properties(zone)}.items()
            if name != "name"
        )
        yield (
            f'<Placemark id="{zone.zone_id}"><name>{_text(zone.name)}</name>'
            f"<description>{_text(_where(zone))}</description><ExtendedData>{data}</ExtendedData>"
            f"<Point><coordinates>{zone.longitude:.6f},{zone.latitude:.6f}</coordinates></Point></Placemark>\n"
        )
    yield "</Document>\n</kml>\n"


def gpx(zones: Iterable[ZoneRecord]) -> Iterator[str]:
    """A GPX file: a waypoint a zone, with what a navigator shows."""
    yield (
        f'{DECLARATION}<gpx version="1.1" creator="Safe Zone Directory" '
        'xmlns="http://www.topografix.com/GPX/1/1">\n<metadata><name>Safe zones</name></metadata>\n'
    )
    for zone in zones:
        yield (
            f'<wpt lat="{zone.latitude:.6f}" lon="{zone.longitude:.6f}"><name>{_text(zone.name)}</name>'
            f"<cmt>{_text(zone.zone_id)}</cmt><desc>{_text(_where(zone))}</desc>"
            f"<src>{_text(zone.source_url)}</src><sym>Flag, Blue</sym><type>{_text(zone.setting.value)}</type></wpt>\n"
        )
    yield "</gpx>\n"


def _where(zone: ZoneRecord) -> str:
    """Department, spot, street, town: what tells two zones of one name apart."""
    parts = (zone.department, zone.spot_note, zone.street_address, f"{zone.town}, {zone.state} {zone.postal_code}")
    words = ", ".join(part.strip() for part in parts if part.strip())
    return f"{words} (the point is approximate)" if zone.approximate else words


def _text(value: Any) -> str:
    """A value as XML text."""
    if isinstance(value, bool):
        return "true"  # false facts are left out
    return escape(xml_safe("; ".join(value) if isinstance(value, list) else str(value)))
