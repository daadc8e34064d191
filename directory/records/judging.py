"""Judging a row: every field read, then the rules that need several fields, all findings together.

Import, forms and the API judge with these same rules. A rule is a function with a name that a finding can carry.
"""

import re
import unicodedata
from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass, field
from typing import Any, Protocol

from shapely.errors import ShapelyError
from shapely.geometry import shape
from shapely.validation import explain_validity

from directory.geo import Coordinates, distance_m
from directory.records.facts import LocationSource, ZoneRecord
from directory.records.fields import READERS
from directory.records.findings import Finding, Problem, Severity
from directory.regions import REGIONS
from directory.text import said

FAR_FROM_TOWN_M = 40_000
SEVERAL_PLACES_M = 25_000
REQUIRED = ("department", "town", "state")


class KnownPlace(Protocol):
    """A place the gazetteer knows."""

    @property
    def coordinates(self) -> Coordinates:
        """Its centre."""

    @property
    def state(self) -> str:
        """Its state or province."""


class Places(Protocol):
    """What the rules ask of a gazetteer."""

    def postal_code(self, code: str) -> KnownPlace | None:
        """The area of a ZIP or FSA."""

    def places(self, name: str, state: str = "") -> Sequence[KnownPlace]:
        """The places of a name, best known first."""

    def states_near(self, point: Coordinates) -> set[str]:
        """The states that have a postal code around `point`."""


@dataclass(slots=True)
class RawRow:
    """A row as it came: its number as a reader of the file counts, and text or numbers by field name.

    `columns` are the fields a table has; None when the row says all there is to say, as a Feature does.
    """

    number: int
    values: dict[str, Any]
    area: dict[str, Any] | None = None
    columns: frozenset[str] | None = None
    problems: list[Finding] = field(default_factory=list)


@dataclass(slots=True)
class Judged:
    """A row after judgement: a record unless an error refused it, and every finding."""

    row: int
    record: ZoneRecord | None
    findings: list[Finding]
    columns: frozenset[str] | None = None

    @property
    def refused(self) -> bool:
        """Whether an error stands against the row."""
        return self.record is None


def tidy(value: Any) -> str:
    """A cell as text: typographic quotes made plain, control characters and outer white space removed."""
    if value is None:
        return ""
    if isinstance(value, bool):
        return str(value).lower()
    words = str(value)
    if words.isascii() and words.isprintable():
        return words.strip()
    words = words.translate({0x2018: "'", 0x2019: "'", 0x201C: '"', 0x201D: '"', 0xA0: " ", 0xFEFF: None})
    return "".join(
        char for char in words if char == "\n" or unicodedata.category(char) not in ("Cc", "Cf", "Cs")
    ).strip()


def judge(row: RawRow, places: Places) -> Judged:
    """Read a row's fields, complete what can be derived, and apply every rule."""
    findings = list(row.problems)
    values = dict(_read_fields(row, findings))
    if row.area is not None:
        values["area"] = row.area
        findings += area_is_valid(row)
    unreadable = {finding.field for finding in findings if finding.severity is Severity.ERROR}
    for rule in COMPLETING_RULES:
        findings += [finding for finding in rule(row.number, values, places) if finding.field not in unreadable]
    if not any(finding.severity is Severity.ERROR for finding in findings):
        for rule in PLACE_RULES:
            findings += rule(row.number, values, places)
    if any(finding.severity is Severity.ERROR for finding in findings):
        return Judged(row.number, None, findings)
    return Judged(row.number, ZoneRecord.model_validate(values), findings, row.columns)


def _read_fields(row: RawRow, findings: list[Finding]) -> Iterator[tuple[str, Any]]:
    """Every known, non-empty field with its value; what cannot be read becomes a finding."""
    for name, given in row.values.items():
        reader = READERS.get(name)
        if reader is None:
            continue
        text = "\n".join(map(tidy, given)) if isinstance(given, list) else tidy(given)
        if not text:
            continue
        try:
            read = reader(text)
        except Problem as problem:
            if name == "opening_hours" and not re.search(r"\d", text):
                # "Business hours" is no fault of the clerk's: keep the words, leave the hours unknown.
                yield "hours_note", text[:300]
                findings.append(
                    Finding(
                        "hours_are_times",
                        Severity.WARNING,
                        row.number,
                        name,
                        text,
                        said("no times are stated"),
                        said("The words are kept and the hours shown as not stated; add the times if you know them."),
                    )
                )
                continue
            findings.append(
                Finding(f"{name}_reads", Severity.ERROR, row.number, name, text[:200], problem.reason, problem.fix)
            )
            continue
        yield name, read.value
        if read.converted:
            if name == "opening_hours" and not row.values.get("hours_note"):
                yield "hours_note", text[:300]
            findings.append(
                Finding(
                    f"{name}_converted",
                    Severity.NOTE,
                    row.number,
                    name,
                    text[:200],
                    said("read as “%(converted)s”", converted=read.converted),
                    said("Nothing to do if that is right."),
                )
            )


Values = dict[str, Any]
Rule = Callable[[int, Values, Places], Iterable[Finding]]


def required_fields_are_given(number: int, values: Values, _places: Places) -> Iterator[Finding]:
    """A zone needs a department, a town and a state."""
    for name in REQUIRED:
        if not values.get(name):
            yield Finding(
                "required_fields_are_given", Severity.ERROR, number, name, "", said("is missing"), said("Fill it in.")
            )


def country_fits_state(number: int, values: Values, _places: Places) -> Iterator[Finding]:
    """The country follows from the state; a different one is a slip."""
    region = REGIONS.get(values.get("state", ""))
    if region is None:
        return
    given = values.setdefault("country", region.country)
    if given != region.country:
        yield Finding(
            "country_fits_state",
            Severity.ERROR,
            number,
            "country",
            given,
            said("%(name)s is not there", name=region.name),
            said("Use %(country)s, or correct the state.", country=region.country),
        )


def name_is_given(_number: int, values: Values, _places: Places) -> Iterator[Finding]:
    """A zone without a name gets the plain one."""
    values.setdefault("name", "Safe exchange zone")
    return iter(())


def status_dates_are_in_order(number: int, values: Values, _places: Places) -> Iterator[Finding]:
    """A closure ends after it begins."""
    begins, ends = values.get("status_from", ""), values.get("status_until", "")
    if begins and ends and ends[: len(begins)] < begins[: len(ends)]:
        yield Finding(
            "status_dates_are_in_order",
            Severity.ERROR,
            number,
            "status_until",
            ends,
            said("comes before status_from, %(begins)s", begins=begins),
            said("Exchange the two dates or correct one."),
        )


def a_photo_has_words(number: int, values: Values, _places: Places) -> Iterator[Finding]:
    """What a photo shows is said in words, for people who cannot see it."""
    if values.get("photo") and not values.get("photo_alt"):
        yield Finding(
            "a_photo_has_words", Severity.ERROR, number, "photo_alt", "",
            said("a photo needs words for people who cannot see it"), said("Say in one sentence what it shows."),
        )  # fmt: skip


def coordinates_come_in_pairs(number: int, values: Values, _places: Places) -> Iterator[Finding]:
    """A latitude without a longitude is no point."""
    given = [name for name in ("latitude", "longitude") if name in values]
    if len(given) == 1:
        missing = "longitude" if given == ["latitude"] else "latitude"
        yield Finding(
            "coordinates_come_in_pairs",
            Severity.ERROR,
            number,
            missing,
            "",
            said("is missing beside the %(value)s", value=given[0]),
            said("Give both, or neither."),
        )


def coordinates_are_a_point(number: int, values: Values, places: Places) -> Iterator[Finding]:
    """In range, not at 0/0, and neither swapped nor without their minus sign."""
    if "latitude" not in values or "longitude" not in values:
        return
    latitude, longitude = values["latitude"], values["longitude"]
    shown = f"{latitude}, {longitude}"
    if latitude == 0 and longitude == 0:
        yield Finding(
            "coordinates_are_not_zero",
            Severity.ERROR,
            number,
            "latitude",
            shown,
            said("is a spot in the Atlantic, the mark of a failed look-up"),
            said("Leave both empty, or give the real point."),
        )
        return
    state = values.get("state", "")
    point = _point(latitude, longitude)
    if point is not None and (not state or state in places.states_near(point)):
        return
    for rule, latitude_meant, longitude_meant, words in (
        ("coordinates_are_not_swapped", longitude, latitude, said("latitude and longitude look swapped")),
        ("longitude_has_its_sign", latitude, -longitude, said("the longitude lacks its minus sign")),
        ("coordinates_are_not_swapped", longitude, -abs(latitude),
         said("latitude and longitude look swapped, and the longitude lacks its minus sign")),
    ):  # fmt: skip
        meant = _point(latitude_meant, longitude_meant)
        if meant is not None and state and state in places.states_near(meant):
            yield Finding(
                rule,
                Severity.ERROR,
                number,
                "latitude",
                shown,
                words,
                said(
                    "Did you mean %(latitude)s, %(longitude)s? That is in %(state)s.",
                    latitude=meant.latitude,
                    longitude=meant.longitude,
                    state=state,
                ),
            )
            return
    if point is None:
        yield Finding(
            "coordinates_are_in_range",
            Severity.ERROR,
            number,
            "latitude",
            shown,
            said("latitudes run from -90 to 90 and longitudes from -180 to 180"),
            said("Correct or leave both empty."),
        )
        return
    near = ", ".join(sorted(places.states_near(point))) or "no state or province"
    yield Finding(
        "point_is_in_its_state",
        Severity.ERROR,
        number,
        "latitude",
        shown,
        said("lies in %(near)s, not in %(state)s", near=near, state=state),
        said("Correct the point or the state."),
    )


def point_is_known(number: int, values: Values, places: Places) -> Iterator[Finding]:
    """A zone without coordinates stands at the centre of its postal code or town, and says so."""
    if "latitude" in values:
        return
    known: KnownPlace | None = places.postal_code(_area_code(values.get("postal_code", "")))
    source = LocationSource.POSTAL_CODE
    if known is None or known.state != values["state"]:
        named = [
            place
            for name in (values["town"], values.get("mailing_town", ""))
            for place in (places.places(name, values["state"]) if name else ())
        ]
        known, source = (named[0] if named else None), LocationSource.PLACE
        if len(named) > 1 and distance_m(named[0].coordinates, named[1].coordinates) > SEVERAL_PLACES_M:
            yield Finding(
                "town_is_one_place",
                Severity.WARNING,
                number,
                "town",
                values["town"],
                said("%(value)s has several places of this name; the best known was taken", value=values["state"]),
                said("Give the coordinates or the postal code."),
            )
    if known is None:
        yield Finding(
            "point_is_known",
            Severity.ERROR,
            number,
            "town",
            values["town"],
            said("is not a place we know in %(value)s, and no coordinates are given", value=values["state"]),
            said("Check the spelling, or give a postal code or coordinates."),
        )
        return
    yield Finding(
        "point_is_known",
        Severity.WARNING,
        number,
        "latitude",
        "",
        said("no coordinates are given: the middle of the postal area or town was taken, marked as approximate"),
        said("Give the coordinates of the spot if you know them."),
    )
    point = known.coordinates
    values.update(
        latitude=round(point.latitude, 6),
        longitude=round(point.longitude, 6),
        location_source=source,
        approximate=True,
    )


def point_is_near_its_town(number: int, values: Values, places: Places) -> Iterator[Finding]:
    """A point far from the town it is said to serve deserves a look."""
    if "latitude" not in values:
        return
    if values.get("location_source") in (LocationSource.POSTAL_CODE, LocationSource.PLACE):
        values["approximate"] = True
        return
    names = [values["town"], values.get("mailing_town", "")]
    towns = [place for name in names if name for place in places.places(name, values["state"])]
    point = Coordinates(values["latitude"], values["longitude"])
    nearest = min((distance_m(point, town.coordinates) for town in towns), default=0.0)
    if nearest > FAR_FROM_TOWN_M:
        yield Finding(
            "point_is_near_its_town",
            Severity.WARNING,
            number,
            "latitude",
            f"{point.latitude}, {point.longitude}",
            said("is %(value)s km from %(value2)s", value=f"{nearest / 1000:.0f}", value2=values["town"]),
            said("Check the point and the town."),
        )


def postal_code_fits_state(number: int, values: Values, places: Places) -> Iterator[Finding]:
    """A postal code of another state is a slip in one of the two."""
    code = values.get("postal_code", "")
    known = places.postal_code(_area_code(code)) if code else None
    if known is not None and known.state and known.state != values["state"]:
        yield Finding(
            "postal_code_fits_state",
            Severity.WARNING,
            number,
            "postal_code",
            code,
            said("belongs to %(state)s, not %(value2)s", state=known.state, value2=values["state"]),
            said("Check both."),
        )


def area_is_valid(row: RawRow) -> Iterator[Finding]:
    """The outline of the bays is a simple polygon."""
    try:
        outline = shape(row.area)
        polygon = outline.geom_type in ("Polygon", "MultiPolygon") and not outline.is_empty
        reason = ("" if outline.is_valid else explain_validity(outline)) if polygon else said("not a polygon")
    except (ShapelyError, ValueError, TypeError, AttributeError, IndexError, KeyError) as error:
        reason = said("not a polygon (%(error)s)", error=error)
    if reason:
        yield Finding(
            "area_is_valid",
            Severity.ERROR,
            row.number,
            "area",
            str(row.area)[:80],
            reason,
            said("Draw the outline again, or leave it out."),
        )


COMPLETING_RULES: tuple[Rule, ...] = (
    required_fields_are_given,
    country_fits_state,
    name_is_given,
    status_dates_are_in_order,
    a_photo_has_words,
    coordinates_come_in_pairs,
    coordinates_are_a_point,
)
PLACE_RULES: tuple[Rule, ...] = (point_is_known, point_is_near_its_town, postal_code_fits_state)


def _point(latitude: float, longitude: float) -> Coordinates | None:
    try:
        return Coordinates(latitude, longitude)
    except ValueError:
        return None


def _area_code(code: str) -> str:
    """The part of a postal code the gazetteer knows: five digits, or three characters."""
    return code[:5] if code[:1].isdigit() else code[:3]
