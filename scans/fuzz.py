"""Every parser and every form, fed with what Hypothesis thinks of and with what attackers have thought of.

A crash is an exception that is not one of the parser's own refusals, or an answer of 500; a hang is anything that takes
over a second.
"""

import gc
import io
import json
import re
import time
import zipfile
from collections.abc import Callable, Iterator
from contextlib import suppress
from dataclasses import dataclass, field
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any

import openpyxl
from flask.testing import FlaskClient
from hypothesis import HealthCheck, Phase, given, seed, settings
from hypothesis import strategies as st
from hypothesis.strategies import SearchStrategy

from directory.formats.recognition import open_source
from directory.formats.source import BadFileError
from directory.geocoding.address_parser import clean, read_address
from directory.geocoding.gazetteer import Gazetteer
from directory.geocoding.matching.matcher import Matcher
from directory.geocoding.matching.place_names import NO_NAMES
from directory.geocoding.position_parser import read_point
from directory.geocoding.results import GeocodingError
from directory.zones.hours import BadHoursError, Schedule, parse_hours
from directory.zones.validation.row_validation import validate
from tests.support.site import ZONE, Site

HANG_SECONDS = 1.0
ROUNDS = {"hours": 34_000, "addresses": 34_000, "GeoJSON": 10_000, "CSV": 12_000, "XLSX": 2_000, "forms": 8_000}
"""100,000 together."""


@dataclass
class Found:
    """How many inputs were tried, the slowest, and what went wrong with which."""

    tried: int = 0
    slowest: float = 0.0
    crashes: list[str] = field(default_factory=list)
    hangs: list[str] = field(default_factory=list)


def fuzz(name: str, rounds: int, site: Site, number: int = 1) -> Found:
    """Feed one target with its list of nasty inputs and with so many of Hypothesis's."""
    with TemporaryDirectory() as folder:
        attack, inputs, nasty = TARGETS[name](site, Path(folder))
        found = Found()
        for item in nasty:
            _try(attack, item, found)

        @seed(number)
        @settings(
            max_examples=rounds, deadline=None, database=None, phases=[Phase.generate],
            suppress_health_check=list(HealthCheck),
        )  # fmt: skip
        @given(inputs)
        def feed(item: Any) -> None:
            _try(attack, item, found)

        feed()
    return found


def _try(attack: Callable[[Any], None], item: Any, found: Found) -> None:
    found.tried += 1
    seconds = _seconds(found, attack, item)
    if seconds > HANG_SECONDS:  # what is made at a first use, or a busy machine, is not the input's fault
        seconds = min(seconds, _seconds(found, attack, item))
    found.slowest = max(found.slowest, seconds)
    if seconds > HANG_SECONDS:
        found.hangs.append(f"{seconds:.1f} s ← {str(item)[:120]!r}")


def _seconds(found: Found, attack: Callable[[Any], None], item: Any) -> float:
    """How long one attack takes."""
    # Hypothesis remembers millions of objects: the collector's walk through them, a second long, is none of ours.
    gc.disable()
    begun, worked = time.perf_counter(), time.process_time()
    try:
        attack(item)
    except Exception as error:  # whatever it is, it is what we look for
        found.crashes.append(f"{type(error).__name__}: {str(error)[:120]} ← {str(item)[:200]!r}")
    # A busy machine makes everybody wait: what counts is the work, and waiting only where it is ten times as long.
    seconds = max(time.process_time() - worked, (time.perf_counter() - begun) / 10)
    gc.enable()
    return seconds


Target = tuple[Callable[[Any], None], SearchStrategy[Any], list[Any]]

texts = st.text(max_size=300) | st.from_regex(re.compile(r"[\w ,.;:'\"{}()%/<>&|=+*\\-]{0,80}"))
long_texts = st.builds(lambda part, count: part * count, st.text(min_size=1, max_size=6), st.integers(1, 4000))
QUADRATIC = ["(" * 20_000, "," * 50_000, " " * 50_000, "Mo-Fr 08:00-17:00;" * 3_000, "a " * 25_000, "1" * 50_000,
             "é" * 30_000, "\u0301" * 30_000, "St. " * 20_000, "\x00" * 10_000, "😀" * 20_000, "-" * 50_000,
             "Mo" + "-Fr" * 10_000, "[" * 30_000, "+1 " * 20_000, "\u202e" * 20_000, "%" * 30_000]  # fmt: skip


def _hours(_hall: Site, _folder: Path) -> Target:
    pieces = st.sampled_from(
        ["Mo-Fr", "Mo", "Su", "PH", "off", "24/7", "08:00", "17:00", "-", "–", "to", "am", "pm", ",", ";", " ", "closed",
         "sunrise", "week 1-53/2", "2026", "Dec 25", "easter", "+", "9", "25:99", "business hours", '"', "||", "open"]
    )  # fmt: skip
    inputs = st.lists(pieces, max_size=14).map(" ".join) | texts | long_texts

    def attack(words: str) -> None:
        try:
            osm = parse_hours(words)
        except BadHoursError:
            return
        schedule = Schedule(osm.osm, "America/New_York", "CT", 41.0, -73.0)
        from datetime import UTC, datetime

        schedule.state_at(datetime(2026, 12, 24, 12, tzinfo=UTC))

    return attack, inputs, QUADRATIC


def _addresses(_hall: Site, folder: Path) -> Target:
    gazetteer = Gazetteer.open_packaged(folder)
    matcher = Matcher(gazetteer, NO_NAMES)
    pieces = st.sampled_from(
        ["174", "South Avenue", "New Canaan", "CT", "Connecticut", "06840", "06840-1234", "V6B 1A1", ",", " ", "St.", "PO Box 12",
         "41.14", "-73.49", "°", "N", "W", "near", "&", "Main St & Oak", "USA", "Québec", "É", "#2", "/", "\\", "'"]
    )  # fmt: skip
    inputs = st.lists(pieces, max_size=12).map(" ".join) | texts | long_texts

    def attack(words: str) -> None:
        with suppress(GeocodingError):
            text = clean(words)
            read_point(text)
            read_address(text)
            matcher.match(text)
        gazetteer.suggest(words[:80])
        gazetteer.places_spelt_like(words[:80])

    return attack, inputs, QUADRATIC


numbers = st.integers() | st.floats(allow_nan=True, allow_infinity=True)
plain = st.none() | st.booleans() | numbers | texts
values = st.recursive(
    plain, lambda part: st.lists(part, max_size=4) | st.dictionaries(texts, part, max_size=4), max_leaves=12
)
NAMES = ["department", "town", "state", "name", "address", "zip", "hours", "cameras", "latitude", "longitude", "phone", "rules",
         "status", "from", "setting", "zone_id", "confirmed_on", "other_sources", "area", "spaces", "footage_days"]  # fmt: skip
properties = st.dictionaries(st.sampled_from(NAMES) | texts, values, max_size=10)
geometries = st.none() | st.fixed_dictionaries(
    {"type": st.sampled_from(["Point", "Polygon", "MultiPolygon", "GeometryCollection", "LineString", 7]), "coordinates": values}
)  # fmt: skip
features = st.fixed_dictionaries(
    {
        "type": st.sampled_from(["Feature", "feature", None]),
        "properties": properties | values,
        "geometry": geometries | values,
    },
    optional={"id": values, "area": values},
)


def _file_attack(folder: Path, suffix: str) -> Callable[[bytes], None]:
    gazetteer = Gazetteer.open_packaged(folder)
    path = folder / f"input{suffix}"

    def attack(content: bytes) -> None:
        path.write_bytes(content)
        try:
            with open_source(path) as source:
                for number, row in enumerate(source.rows):
                    validate(row, gazetteer)
                    if number > 300:
                        break
        except BadFileError:
            return

    return attack


def _geojson(_hall: Site, folder: Path) -> Target:
    whole = st.fixed_dictionaries(
        {"type": st.just("FeatureCollection"), "features": st.lists(features, max_size=4)},
        optional={"departments": values, "towns": values, "crs": values, "bbox": values},
    )
    inputs = (whole | values).map(lambda item: json.dumps(item).encode()) | st.binary(max_size=400)
    start = b'{"type": "FeatureCollection", "features": ['
    ring = ",".join(f"[{number / 1000},{number % 90}]" for number in range(20_000))
    nasty = [
        b"[" * 100_000, b'{"a":' * 50_000, start + b"[" * 50_000, start, start + b'{"type": "Feature"', b"\xef\xbb\xbf" + start + b"]}",
        start + b'{"type": "Feature", "properties": {"name": "' + b"x" * 1_900_000 + b'"}, "geometry": null}]}',
        start + b'{"type": "Feature", "properties": {"latitude": ' + b"9" * 100_000 + b'}, "geometry": null}]}',
        start + b'{"type":"Feature","properties":{},"geometry":{"type":"Polygon","coordinates":[[' + ring.encode() + b"]]}}]}",
        start + b'{"type":"Feature","properties":{},"geometry":{"type":"Point","coordinates":' + b"[" * 900 + b"]" * 900 + b"}}]}",
    ]  # fmt: skip
    return _file_attack(folder, ".geojson"), inputs, nasty


def _csv(_hall: Site, folder: Path) -> Target:
    header = st.lists(st.sampled_from(NAMES) | texts, min_size=1, max_size=8)
    cells = st.lists(
        st.lists(texts | st.sampled_from(['"', '""', "=1+1", "\t", "yes", "41.1"]), max_size=8), max_size=4
    )
    sign = st.sampled_from([",", ";", "\t", "|"])

    def written(names: list[str], rows: list[list[str]], sign: str) -> bytes:
        return "\n".join(sign.join(row) for row in [names, *rows]).encode("utf-8", "surrogatepass")

    inputs = st.builds(written, header, cells, sign) | st.binary(max_size=400)
    top = b"department,town,state,address,zip\n"
    nasty = [
        top + b'"' * 200_000, top + b"," * 1_000_000, b"\n" * 1_000_000, b"a," * 500_000, top + b'"' + b"x" * 1_900_000,
        top + b"PD,Weston,CT," + b"1" * 1_500_000, "é".encode("latin-1") * 100_000, top.decode().encode("utf-16"), b"\x00" * 500_000,
        b"department" * 100_000, top + b"PD,Weston,CT,1 Main,06883\r" * 20_000,
    ]  # fmt: skip
    return _file_attack(folder, ".csv"), inputs, nasty


def _xlsx(_hall: Site, folder: Path) -> Target:
    cells = st.lists(
        st.lists(st.none() | st.booleans() | st.integers(-(10**9), 10**9) | st.floats(-1e9, 1e9) | texts, max_size=6),
        max_size=4,
    )

    def written(names: list[str], rows: list[list[Any]]) -> bytes:
        book = openpyxl.Workbook(write_only=True)
        sheet = book.create_sheet()
        for row in [names, *rows]:
            sheet.append([re.sub(r"[\x00-\x1f]", " ", cell) if isinstance(cell, str) else cell for cell in row])
        content = io.BytesIO()
        book.save(content)
        return content.getvalue()

    inputs = st.builds(written, st.lists(st.sampled_from(NAMES), min_size=1, max_size=6), cells) | st.binary(
        max_size=400
    )
    whole = written(["department", "town", "state"], [["PD", "Weston", "CT"]])
    return (
        _file_attack(folder, ".xlsx"),
        inputs,
        [*_bombs(whole), whole[: len(whole) // 2], whole.replace(b"PK", b"PX", 1)],
    )


def _bombs(whole: bytes) -> Iterator[bytes]:
    """A workbook whose sheet unpacks to a gigabyte of nothing, one with a million rows, one with a billion laughs."""
    laughs = b'<?xml version="1.0"?><!DOCTYPE l [<!ENTITY a "ha">' + b"".join(
        b'<!ENTITY %c "%s">' % (98 + number, b"&%c;" % (97 + number) * 10) for number in range(9)
    ) + b']><worksheet xmlns="http://schemas.openxmlformats.org/spreadsheetml/2006/main"><sheetData><row><c t="str"><v>&j;</v></c></row></sheetData></worksheet>'  # fmt: skip
    space = b'<worksheet xmlns="http://schemas.openxmlformats.org/spreadsheetml/2006/main"><sheetData>'
    for sheet in (space + b" " * 300_000_000, space + b"<row/>" * 2_000_000, laughs):
        content = io.BytesIO()
        with (
            zipfile.ZipFile(io.BytesIO(whole)) as source,
            zipfile.ZipFile(content, "w", zipfile.ZIP_DEFLATED) as target,
        ):
            for entry in source.infolist():
                target.writestr(entry, sheet if entry.filename.endswith("sheet1.xml") else source.read(entry))
        yield content.getvalue()


def _forms(site: Site, _folder: Path) -> Target:
    """Every route with a query and every form, as a visitor and as a moderator."""
    clients = (site.visitor(), site.staff())
    draft = clients[0].post("/submit", data={"department": "Weston Police", "region": "CT", "town": "Weston",
                                             "email": "fuzz@example.org"}).headers["Location"]  # fmt: skip
    paths = sorted(
        {_filled(rule.rule) for rule in site.app.url_map.iter_rules() if rule.endpoint != "static"} | {draft}
    )
    names = st.sampled_from([*ZONE, *NAMES, "q", "address", "lat", "lon", "bbox", "limit", "offset", "datetime", "open_at", "email",
                             "region", "kind", "text", "code", "next", "lang", "reason", "step", "version", "changed_since", "after",
                             "color", "languages", "paper", "within_m", "f", "units", "file", "hours_mode"])  # fmt: skip
    given_values = texts | st.sampled_from(["-1", "1e999", "nan", "0", "9" * 400, "../../etc/passwd", "//evil.example", "' OR 1=1 --",
                                            "{{7*7}}", "<script>", "2026-99-99", "\x00", "\ud800", "2026-01-01T00:00:00Z"])  # fmt: skip
    inputs = st.tuples(
        st.sampled_from(clients), st.sampled_from(paths), st.sampled_from(["GET", "POST"]),
        st.dictionaries(names, given_values, max_size=6), st.dictionaries(names, given_values, max_size=8),
    )  # fmt: skip

    def attack(item: tuple[FlaskClient, str, str, dict[str, str], dict[str, str]]) -> None:
        client, path, method, query, form = item
        if path == "/sign-out":
            return
        sent = {"query_string": _encodable(query)} | ({"data": _encodable(form)} if method == "POST" else {})
        status = client.open(path, method=method, **sent).status_code  # type: ignore[arg-type]
        if status >= 500 and status != 503:
            raise AssertionError(f"{status} from {method} {path}")

    nasty: list[Any] = [(clients[0], path, "GET", {"q": words, "address": words, "bbox": words}, {}) for path in ("/search", "/suggest", "/api/v1/geocode",
             "/api/v1/collections/zones/items") for words in QUADRATIC]  # fmt: skip
    return attack, inputs, nasty


def _encodable(pairs: dict[str, str]) -> dict[str, str]:
    return {name: value.encode("utf-8", "replace").decode() for name, value in pairs.items()}


def _filled(rule: str) -> str:
    values_of = {
        "zone_id": "ct-darien-parking-lot",
        "state": "ct",
        "town": "new-canaan",
        "form": "csv",
        "name": "darien-police-department",
        "slug": "ct/darien-police-department",
    }
    return re.sub(r"<(?:\w+:)?(\w+)>", lambda found: values_of.get(found[1], "1"), rule)


TARGETS: dict[str, Callable[[Site, Path], Target]] = {
    "hours": _hours, "addresses": _addresses, "GeoJSON": _geojson, "CSV": _csv, "XLSX": _xlsx, "forms": _forms,
}  # fmt: skip
