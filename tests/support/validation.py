"""Rows to be judged, and a gazetteer of a few places."""

from dataclasses import dataclass, field
from typing import Any

from directory.geo import Coordinates
from directory.zones.findings import Finding
from directory.zones.validation.row_validation import (
    RawRow,
    ValidatedRow,
    validate,
)
from tests.unit.degrees import METERS_A_DEGREE


@dataclass(frozen=True)
class Place:
    coordinates: Coordinates
    state: str
    label: str = "Weston, CT"


WESTON = Place(Coordinates(41.2, -73.4), "CT")
FAR_WESTON = Place(Coordinates(41.2 + 25_500 / METERS_A_DEGREE, -73.4), "CT")
NEAR_WESTON = Place(Coordinates(41.2 + 24_500 / METERS_A_DEGREE, -73.4), "CT")
GEORGETOWN = Place(Coordinates(41.25, -73.43), "CT")


@dataclass
class SmallGazetteer:
    """Knows the towns it is given; a point is in Connecticut between 40 and 42.5 degrees north and 72 to 74 west."""

    towns: dict[str, list[Place]] = field(default_factory=lambda: {"Weston": [WESTON], "Georgetown": [GEORGETOWN]})

    def postal_code(self, code: str) -> Place | None:
        return {
            "06883": Place(Coordinates(41.2212345678, -73.3812345678), "CT"),
            "10001": Place(Coordinates(40.75, -73.997), "NY"),
            "K1A": Place(Coordinates(45.42, -75.7), "ON"),
            "99999": Place(Coordinates(41.2, -73.4), ""),
        }.get(code)

    def places(self, name: str, state: str = "") -> list[Place]:
        return self.towns.get(name, self.towns.get(name.capitalize(), [])) if state == "CT" else []

    def places_spelt_like(self, name: str, state: str = "") -> list[Place]:
        return self.places("Weston", state) if name in ("Westn", "Westonn") else []

    def is_near(self, point: Coordinates, state: str) -> bool:
        return state in self.states_near(point)

    def states_near(self, point: Coordinates) -> set[str]:
        inside = 40 < point.latitude < 42.5 and -74 < point.longitude < -72
        return {"CT", "AB"} if inside else set()


GOOD: dict[str, Any] = {"department": "Weston Police", "town": "Weston", "state": "CT"}
POINT: dict[str, Any] = {"latitude": 41.20312, "longitude": -73.40518}


def judged(values: dict[str, Any], gazetteer: SmallGazetteer | None = None, **options: Any) -> ValidatedRow:
    return validate(RawRow(7, {**GOOD, **values}), gazetteer or SmallGazetteer(), **options)


def finding_of(values: dict[str, Any], rule: str, gazetteer: SmallGazetteer | None = None) -> Finding:
    findings = judged(values, gazetteer).findings
    return next(finding for finding in findings if finding.rule == rule)


def rules_of(values: dict[str, Any], gazetteer: SmallGazetteer | None = None) -> list[str]:
    return [finding.rule for finding in judged(values, gazetteer).findings]
