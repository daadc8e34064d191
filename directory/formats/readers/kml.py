"""KML and KMZ, as Google My Maps, Google Earth and ArcGIS export them: a Placemark is a row, styles are passed over."""

import html
import re
from collections.abc import Iterator
from typing import IO, Any

from directory.formats.cells.status_in_text import with_told_status
from directory.formats.column_names import FieldFor
from directory.formats.probe import Probe
from directory.formats.readers.archive import open_archive, open_entry
from directory.formats.readers.geojson import feature_row
from directory.formats.source import BadFileError, Limits, ReadOptions, Source, too_much_text
from directory.formats.xml_events import BROKEN, Event, XmlReader, damaged
from directory.text import translatable
from directory.zones.findings import Finding, Severity, converted
from directory.zones.validation.row_validation import RawRow

_NEXT_CELL = re.compile(r"</t[dh]>\s*<t[dh]\b[^<>]*>", re.IGNORECASE)
_LINE_END = re.compile(r"<br\s*/?>|</(?:p|div|li|tr|h\d)>", re.IGNORECASE)
_TAG = re.compile(r"<[^<>]*>")
LONGEST_TITLE = 200
"""Characters: what is longer is no name of an agency, and takes long to look through."""
_SPOT_BEHIND = re.compile(
    r"[\s,:–—-]+(?:(?:front|rear|back|side|main|visitors?|public|parking)\s+)*"
    r"(?:lot|lobby|parking|vestibule|entrance|safe (?:exchange|trade|zone)\b.*)$", re.I
)  # fmt: skip
"""What stands behind an agency's name where the title is that of a spot: "Wilton Police Department lot"."""
_AGENCY = re.compile(r"\b(police|sheriff|public safety|constable|marshal|rcmp|p\.?d\.?)(?:\W|s\b|$)", re.IGNORECASE)
_OWN_TEXTS = {"name": "name", "address": "address", "phoneNumber": "phone"}
"""KML's elements for what we ask, by the name of a property that means it."""


def is_kml(probe: Probe) -> bool:
    """Whether the file is KML, or a ZIP archive with one in it."""
    if probe.is_zip:
        return any(name.lower().endswith(".kml") for name in probe.entries)
    return probe.text.startswith(b"<") and b"<kml" in probe.head[:4096]


def read_kml(file: IO[bytes], options: ReadOptions) -> Source:
    """Placemarks of all folders as rows, numbered from 1. Raises BadFileError."""
    return Source("KML", _rows(file, options), file)


def _rows(file: IO[bytes], options: ReadOptions) -> Iterator[RawRow]:
    number = 0
    document = _Document(options.limits)
    try:
        with _open_document(file, options.limits) as stream:
            for placemark in document.placemarks(XmlReader(options.limits).events(stream)):
                number += 1
                yield _row(number, placemark, options.column_field)
    except BROKEN as error:
        raise damaged() from error
    if not number and document.has_links:
        raise BadFileError(
            translatable("This KML file only links to a map on the web."),
            translatable("Export the map again without “Keep data up to date with network link KML”."),
        )


def _open_document(file: IO[bytes], limits: Limits) -> IO[bytes]:
    """The KML itself; of an archive doc.kml, else the first that stands highest."""
    if not Probe(file).is_zip:
        return file
    archive = open_archive(file, limits)
    names = [name for name in archive.namelist() if name.lower().endswith(".kml")]
    return open_entry(archive, min(names, key=lambda name: (name != "doc.kml", name.count("/"))))


class _Placemark:
    """What a Placemark says: its elements' texts, its data by name, and where it is."""

    def __init__(self) -> None:
        self.texts: dict[str, str] = {}
        self.folders: list[str] = []
        """The names of the folders (layers of My Maps) in which it lies."""
        self.data: dict[str, str] = {}
        self._point: list[Any] | None = None
        self._polygons: list[list[Any]] = []
        self._other = ""

    def locate(self, path: list[str], text: str) -> None:
        """Take the coordinates of a geometry; `path` are the elements around them."""
        positions = [_position(position) for position in text.split()]
        if "Point" in path:
            self._point = positions[0] if positions else []
        elif "outerBoundaryIs" in path:
            self._polygons.append([positions])
        elif "innerBoundaryIs" in path and self._polygons:
            self._polygons[-1].append(positions)
        else:
            self._other = path[-2]

    def geometry(self) -> dict[str, Any] | None:
        """As in GeoJSON; a Point is the place, whatever is drawn around it."""
        if self._point is not None:
            return {"type": "Point", "coordinates": self._point}
        if len(self._polygons) == 1:
            return {"type": "Polygon", "coordinates": self._polygons[0]}
        if self._polygons:
            return {"type": "MultiPolygon", "coordinates": self._polygons}
        return {"type": self._other} if self._other else None


class _Document:
    """Reads Placemarks from events; `has_links` once it has passed a network link."""

    def __init__(self, limits: Limits) -> None:
        self._limits = limits
        self.has_links = False

    def placemarks(self, events: Iterator[Event]) -> Iterator[_Placemark]:
        """The Placemarks of the document and all its folders, one at a time."""
        folders: list[str] = []
        for tag, attributes, text in events:
            if tag == "Placemark" and attributes is not None:
                placemark = self._placemark(events)
                placemark.folders = [name for name in folders if name]
                yield placemark
            elif tag == "Folder" and attributes is not None:
                folders.append("")
            elif tag == "Folder":
                folders.pop()
            elif tag == "name" and attributes is None and folders:
                folders[-1] = text.strip()
            elif tag == "NetworkLink":
                self.has_links = True

    def _placemark(self, events: Iterator[Event]) -> _Placemark:
        """Read a Placemark to its end."""
        placemark = _Placemark()
        path: list[str] = []
        name, length = "", 0
        for tag, attributes, text in events:
            length += len(text)
            if length > self._limits.text:
                raise too_much_text(self._limits)
            if attributes is not None:
                path.append(tag)
                if tag in ("Data", "SimpleData"):
                    name = attributes.get("name", "")
                continue
            if tag == "Placemark":
                break
            parent = path[-2] if len(path) > 1 else ""
            if not parent:
                placemark.texts[tag] = text
            elif (tag == "value" and parent == "Data") or tag == "SimpleData":
                placemark.data.setdefault(name, text)
            elif tag == "coordinates":
                placemark.locate(path, text)
            path.pop()
        return placemark


def _position(text: str) -> list[Any]:
    """Longitude and latitude; KML's third number is a height, nearly always 0."""
    return [_number(part) for part in text.split(",")[:2]]


def _number(text: str) -> float | str:
    try:
        return float(text)
    except ValueError:
        return text


def _row(number: int, placemark: _Placemark, column_field: FieldFor) -> RawRow:
    properties = {name: _plain(value) for name, value in placemark.data.items()}
    is_described = any(map(column_field, properties))
    description = _plain(placemark.texts.get("description", ""))
    rest = []
    for line in description.splitlines():
        name, colon, value = line.partition(":")
        if colon and column_field(name.strip()):
            properties.setdefault(name.strip(), value.strip())
        elif line.strip():
            rest.append(line.strip())
    for element, name in _OWN_TEXTS.items():
        if text := _plain(placemark.texts.get(element, "")):
            properties.setdefault(name, text)
    properties = {name: value for name, value in properties.items() if value}
    row = feature_row(
        number, {"type": "Feature", "geometry": placemark.geometry(), "properties": properties}, column_field
    )
    title = str(row.values.get("name", ""))
    if "department" not in row.values and _AGENCY.search(title):
        shorter = _SPOT_BEHIND.sub("", title) if len(title) <= LONGEST_TITLE else ""
        agency = shorter if _AGENCY.search(shorter) else title
        row.values["department"] = agency
        row.problems.append(converted(number, "department", title, agency))
    with_told_status(row, " / ".join(rest), folders=placemark.folders)
    if rest and not is_described:
        row.problems.append(_left_out(number, " / ".join(rest)))
    return row


def _left_out(number: int, text: str) -> Finding:
    return Finding(
        "description_is_read", Severity.NOTE, number, "description", text,
        translatable("has no name and colon before it, so that nobody knows which fact it is"),
        translatable("It was left out; write “Hours: …”, “Phone: …”, a line each, if it counts."),
    )  # fmt: skip


def _plain(text: str) -> str:
    """A text of HTML as lines."""
    if "<" not in text and "&" not in text:
        return text.strip()
    lines = _LINE_END.sub("\n", _NEXT_CELL.sub(": ", text))
    return html.unescape(_TAG.sub("", lines)).replace("\xa0", " ").strip()
