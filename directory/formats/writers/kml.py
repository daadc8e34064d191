"""The directory for Google Earth and other globes: KML 2.2, and KMZ, which is the same zipped."""

import io
import zipfile
from collections.abc import Iterable, Iterator
from html import escape
from itertools import groupby
from typing import Any

from directory.formats.edition import ATTRIBUTION, LICENCE, PAGE, Edition
from directory.formats.writers.geojson import properties
from directory.formats.writers.placemarks import UNSURE, shown_name, where
from directory.formats.writers.tables import as_text
from directory.regions import REGIONS
from directory.xml_writer import DECLARATION, Xml, element, end_tag, lines, start_tag
from directory.zones.evidence.sources import host_of
from directory.zones.schemas import ZoneRecord

STYLES = {"usable": "ff635c0b", "approximate": "ff98a36f", "not-now": "ff126ca8"}
"""The colour of a pin as KML writes it: opacity, blue, green, red."""
FIRST_DAY_OF_ZIP = (1980, 1, 1, 0, 0, 0)


def kml(zones: Iterable[ZoneRecord], edition: Edition) -> Iterator[str]:
    """A KML document: a folder a state, a Placemark a zone with every property as extended data."""
    root = start_tag("kml", {"xmlns": "http://www.opengis.net/kml/2.2", "xmlns:atom": "http://www.w3.org/2005/Atom"})
    author = element("atom:author", {}, element("atom:name", {}, "Safe Zone Directory"))
    rights = element("description", {}, f"Please name: {ATTRIBUTION}. Licence: {LICENCE}")
    yield DECLARATION + lines(root, start_tag("Document", {}), element("name", {}, "Safe zones"), author, rights)
    yield lines(*[_style(name, colour) for name, colour in STYLES.items()])
    for state, inside in groupby(sorted(zones, key=lambda zone: zone.state), key=lambda zone: zone.state):
        yield lines(start_tag("Folder", {}), element("name", {}, REGIONS[state].name if state in REGIONS else state))
        for zone in inside:
            yield lines(_placemark(zone, edition.page_of(zone)))
        yield lines(end_tag("Folder"))
    yield lines(end_tag("Document"), end_tag("kml"))


def kmz(zones: Iterable[ZoneRecord], edition: Edition) -> Iterator[bytes]:
    """The KML document as a KMZ file, which is as small as it opens; the same zones give the same bytes."""
    content = io.BytesIO()
    entry = zipfile.ZipInfo("doc.kml", FIRST_DAY_OF_ZIP)
    entry.compress_type = zipfile.ZIP_DEFLATED
    with zipfile.ZipFile(content, "w") as archive, archive.open(entry, "w") as document:
        for piece in kml(zones, edition):
            document.write(piece.encode())
    yield content.getvalue()


def _style(name: str, colour: str) -> Xml:
    return element("Style", {"id": name}, element("IconStyle", {}, element("color", {}, colour)))


def _placemark(zone: ZoneRecord, page: str) -> Xml:
    values = {"zone_id": zone.zone_id, **properties(zone)} | ({PAGE: page} if page else {})
    data = [element("Data", {"name": name}, element("value", {}, _text(value))) for name, value in values.items()]
    style = "not-now" if zone.status in UNSURE else "approximate" if zone.approximate else "usable"
    return element(
        "Placemark", {"id": zone.zone_id},
        element("name", {}, shown_name(zone)),
        *([element("atom:link", {"href": page})] if page else []),
        *([element("address", {}, zone.street_address)] if zone.street_address else []),
        *([element("phoneNumber", {}, zone.phone)] if zone.phone else []),
        element("description", {}, _balloon(zone, page)),
        element("styleUrl", {}, f"#{style}"),
        element("ExtendedData", {}, *data),
        element("Point", {}, element("coordinates", {}, f"{zone.longitude:.6f},{zone.latitude:.6f}")),
    )  # fmt: skip


def _balloon(zone: ZoneRecord, page: str) -> str:
    """What opens at a pin: HTML, in which every text of the zone stands as text."""
    source = escape(zone.source_url)
    paragraphs = [
        escape(where(zone)),
        escape(f"Hours: {zone.opening_hours or zone.hours_note or 'not stated'}"),
        escape(f"Phone: {zone.phone}") if zone.phone else "",
        f'Source: <a href="{source}">{escape(zone.source_name or host_of(zone.source_url)) or source}</a>'
        if source
        else "",
        f'<a href="{escape(page)}">Its page in the Safe Zone Directory</a>' if page else "",
    ]
    return "".join(f"<p>{paragraph}</p>" for paragraph in paragraphs if paragraph)


def _text(value: Any) -> str:
    """A value as text."""
    return "true" if isinstance(value, bool) else str(as_text(value))  # false facts are left out
