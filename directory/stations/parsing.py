"""Parse and validate the rows of a list of police stations."""

import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from functools import lru_cache

from directory.clock import today
from directory.geo import Coordinates
from directory.text import plain, translatable
from directory.zones.findings import FieldError, Finding, Severity
from directory.zones.parsed import Parsed, Reader, text
from directory.zones.parsing.parsers import PARSERS, url
from directory.zones.parsing.phone_parser import phone
from directory.zones.parsing.placeholders import is_placeholder
from directory.zones.parsing.region_parser import postal_code, state
from directory.zones.validation.row_validation import MOST_IN_A_CELL, RawRow, tidy

_COLUMNS = {
    "name": "name, station, station name, agency, agency name, department, department name, police station, facility",
    "type": "type, agency type, station type, kind",
    "address": "address, street, street address, address 1, address1, addr, location address",
    "town": "city, town, municipality, place, city town",
    "state": "state, st, province, state code, state province, prov",
    "postal_code": "zip, zip code, zipcode, postal code, postcode, zip5, postal",
    "phone": "telephone, phone, phone number, telephone number, tel",
    "website": "website, web site, url, web page, web",
    "status": "status",
    "source": "source, source name, data source",
    "val_date": "val date",
    "sourcedate": "sourcedate",
    "checked": "valdate, validation date, date checked, checked, checked on, verified on, last verified",
    "dated": "source date, date, year, as of, updated",
    "latitude": "latitude, lat, lat dd, latitude dd",
    "longitude": "longitude, lon, lng, long, lon dd, longitude dd",
    "y": "y",
    "x": "x",
}
"""Column names of HIFLD and of other lists. X and Y may be projected, so latitude and longitude come first."""
_FIELDS = {words.strip(): name for name, listed in _COLUMNS.items() for words in listed.split(",")}
_NO_NUMBER = "999"
"""HIFLD writes -999 for unknown numbers."""
_HIFLD_FIELDS = {"val_date", "sourcedate"}
"""Columns that only HIFLD's files have."""
_DATES = ("val_date", "checked", "sourcedate", "dated")
"""Date columns in order: the last validation of the station, else the date of its source."""
_CLOSED = {"closed", "permanently closed", "inactive", "demolished"}
_UPPER = {"NE", "NW", "SE", "SW", "US", "USA", "PD", "RCMP", "OPP", "PO", "II", "III", "IV", "SR", "FM", "CR", "DPS"}
_LOWER = {"of", "the", "and", "at", "for", "in", "on", "de", "du", "la"}
_EARLIEST_YEAR = 1950


@dataclass(frozen=True, slots=True)
class Station:
    """A police station of an operator's list; an empty text or no year means unknown."""

    name: str
    latitude: float
    longitude: float
    type: str = ""
    address: str = ""
    town: str = ""
    state: str = ""
    postal_code: str = ""
    phone: str = ""
    website: str = ""
    source: str = ""
    year: int | None = None

    @property
    def coordinates(self) -> Coordinates:
        """The station's point."""
        return Coordinates(self.latitude, self.longitude)


@lru_cache(maxsize=1024)
def station_field(header: str) -> str | None:
    """The field of a station that a column name means, or None."""
    return _FIELDS.get(plain(header.replace("_", " ")))


def is_hifld_row(row: RawRow) -> bool:
    """Whether the row has columns that only HIFLD's files have."""
    return bool(_HIFLD_FIELDS & (row.columns or row.values.keys()))


def is_closed(row: RawRow) -> bool:
    """Whether the list itself says that the station is closed."""
    return plain(tidy(row.values.get("status"))) in _CLOSED


def validate_station(row: RawRow) -> tuple[Station | None, list[Finding]]:
    """Validate a row. One without a name or position is refused; other invalid values are ignored with a warning."""
    findings = list(row.problems)
    values = dict(_stated_values(row))
    texts = dict(_parse_texts(row.number, values, findings))
    position = _parse_position(row.number, values, findings)
    if position is None or "name" not in texts or any(finding.severity is Severity.ERROR for finding in findings):
        return None, findings
    year = _parse_year(row.number, values, findings)
    return Station(latitude=position.latitude, longitude=position.longitude, year=year, **texts), findings


def _stated_values(row: RawRow) -> Iterator[tuple[str, str]]:
    for name, value in row.values.items():
        text = " ".join(tidy(value).split())
        if text and plain(text) != _NO_NUMBER and not is_placeholder(text):
            yield name, text


def _parse_texts(row: int, values: Mapping[str, str], findings: list[Finding]) -> Iterator[tuple[str, str]]:
    """Parse the text fields; a missing or invalid name is an error."""
    if "name" not in values:
        findings.append(_finding(row, "name", "", translatable("is missing"), translatable("Give the station's name.")))
    for name, (parse, severity) in _PARSERS.items():
        text = values.get(name)
        if text is None:
            continue
        try:
            if len(text) > MOST_IN_A_CELL:
                raise FieldError(translatable("is too long"), translatable("Shorten it."))
            yield name, str(parse(text).value)
        except FieldError as problem:
            findings.append(_finding(row, name, text, problem.reason, problem.fix, severity))


def _text_parser(limit: int) -> Reader:
    parse = text(limit)
    return lambda value: parse(normalize_capitals(value))


def _website(value: str) -> Parsed:
    """Parse a web address; a missing scheme is added."""
    return url(value if "://" in value else f"http://{value}")


_PARSERS: dict[str, tuple[Reader, Severity]] = {
    "name": (_text_parser(200), Severity.ERROR),
    "state": (state, Severity.ERROR),
    "type": (lambda value: text(80)(value.lower() if value.isupper() else value), Severity.WARNING),
    "address": (_text_parser(200), Severity.WARNING),
    "town": (_text_parser(100), Severity.WARNING),
    "postal_code": (postal_code, Severity.WARNING),
    "phone": (phone, Severity.WARNING),
    "website": (_website, Severity.WARNING),
    "source": (text(300), Severity.WARNING),
}
"""The parser of each text field. An invalid value refuses the row (error) or is ignored (warning)."""


def _parse_position(row: int, values: Mapping[str, str], findings: list[Finding]) -> Coordinates | None:
    numbers = []
    for name, projected, limit in (("latitude", "y", 90), ("longitude", "x", 180)):
        field = name if name in values else projected
        value = values.get(field, "")
        if not value:
            findings.append(
                _finding(row, name, "", translatable("is missing"), translatable("Give it in decimal degrees."))
            )
            continue
        try:
            number = PARSERS[name](value).value
            if abs(number) > limit:
                raise FieldError(
                    translatable("lies outside -%(limit)s…%(limit)s", limit=limit),
                    translatable("Use degrees in WGS 84 (EPSG:4326). Were latitude and longitude swapped?"),
                )
            numbers.append(number)
        except FieldError as problem:
            findings.append(_finding(row, field, value, problem.reason, problem.fix))
    if len(numbers) < 2:
        return None
    latitude, longitude = numbers
    if not (-15 <= latitude <= 84 and (longitude <= -52 or longitude >= 144)):
        where = f"{latitude:g}, {longitude:g}"
        reason = translatable("does not lie in the United States or Canada")
        fix = translatable("Check the order and the signs: latitude is positive there, longitude mostly negative.")
        findings.append(_finding(row, "latitude, longitude", where, reason, fix))
        return None
    return Coordinates(latitude, longitude)


def _parse_year(row: int, values: Mapping[str, str], findings: list[Finding]) -> int | None:
    """The year of the first valid date; each invalid date is a warning."""
    for name in _DATES:
        if text := values.get(name, ""):
            year = year_in(text)
            if year is not None and _EARLIEST_YEAR <= year <= today().year + 1:
                return year
            reason, fix = translatable("is not a date"), translatable("Write a year, or a date such as 2018-10-23.")
            findings.append(_finding(row, name, text, reason, fix, Severity.WARNING))
    return None


def year_in(text: str) -> int | None:
    """The year of a date such as 2018-10-23…, 2018/10/23…, 10/23/2018…, 2018, or milliseconds since 1970."""
    if re.fullmatch(r"-?\d{9,14}(\.0+)?", text):
        try:
            return (datetime(1970, 1, 1, tzinfo=UTC) + timedelta(milliseconds=float(text))).year
        except OverflowError:
            return None
    match = re.match(r"(\d{4})(?:\.0)?(?:$|[-/.]\d)", text) or re.match(r"\d{1,2}[-/.]\d{1,2}[-/.](\d{4})\b", text)
    return int(match[1]) if match else None


def normalize_capitals(text: str) -> str:
    """Text in capitals only as mixed case: "101 Main St NW". Other text is unchanged."""
    if not text.isupper():
        return text
    words = text.split()
    return " ".join(_normalize_word(word, first=number == 0) for number, word in enumerate(words))


def _normalize_word(word: str, *, first: bool) -> str:
    if word.strip(".,") in _UPPER:
        return word
    lowered = word.lower()
    if lowered in _LOWER and not first:
        return lowered
    # "O'BRIEN" and "COUR-D'ALENE" keep several capitals, "SHERIFF'S" and "1ST" do not.
    return re.sub(r"(?:^|(?<=[-/(&.])|(?<=\b[od]'))[a-z]", lambda match: match[0].upper(), lowered)


def _finding(row: int, field: str, value: str, reason: str, fix: str, severity: Severity = Severity.ERROR) -> Finding:
    return Finding("station_is_usable", severity, row, field, value, reason, fix)
