"""The directory for navigators: GPX 1.1, a waypoint a zone."""

from collections.abc import Iterable, Iterator

from directory.formats.edition import LICENCE, Edition
from directory.formats.writers.placemarks import shown_name, where
from directory.xml_writer import DECLARATION, Xml, element, end_tag, lines, start_tag
from directory.zones.schemas import ZoneRecord


def gpx(zones: Iterable[ZoneRecord], edition: Edition) -> Iterator[str]:
    """A GPX file, zone by zone, with what a navigator shows."""
    root = {"version": "1.1", "creator": "Safe Zone Directory", "xmlns": "http://www.topografix.com/GPX/1/1"}
    rights = element("copyright", {"author": "Safe Zone Directory"}, element("license", {}, LICENCE))
    yield DECLARATION + lines(
        start_tag("gpx", root), element("metadata", {}, element("name", {}, "Safe zones"), rights)
    )
    for zone in zones:
        place = {"lat": f"{zone.latitude:.6f}", "lon": f"{zone.longitude:.6f}"}
        yield lines(element("wpt", place, *_shown_by_navigators(zone, edition.page_of(zone))))
    yield lines(end_tag("gpx"))


def _shown_by_navigators(zone: ZoneRecord, page: str) -> Iterator[Xml]:
    texts = {"name": shown_name(zone), "cmt": zone.zone_id, "desc": where(zone), "src": zone.source_url}
    yield from (element(name, {}, text) for name, text in texts.items())
    if page:
        yield element("link", {"href": page})
    yield element("sym", {}, "Flag, Blue")
    yield element("type", {}, zone.setting.value)
