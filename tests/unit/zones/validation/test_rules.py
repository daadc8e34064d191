"""The rules: each finding names row, field, value, reason and fix."""

from typing import Any

import pytest

from directory.geocoding.gazetteer import Gazetteer
from directory.zones.findings import Severity
from directory.zones.validation.row_validation import RawRow, ValidatedRow, validate

GOOD: dict[str, Any] = {
    "department": "New Canaan Police Department", "town": "New Canaan", "state": "CT",
    "latitude": 41.1412, "longitude": -73.4907,
}  # fmt: skip


@pytest.fixture
def judged(gazetteer: Gazetteer) -> Any:
    def run(**values: Any) -> ValidatedRow:
        return validate(RawRow(7, {**GOOD, **values}), gazetteer)

    return run


@pytest.mark.parametrize(
    ("values", "rule", "field"),
    [
        ({"latitude": 95.0}, "coordinates_are_in_range", "latitude"),
        ({"latitude": 0, "longitude": 0}, "coordinates_are_not_zero", "latitude"),
        ({"latitude": -73.4907, "longitude": 41.1412}, "coordinates_are_not_swapped", "latitude"),
        ({"latitude": 73.4907, "longitude": 41.1412}, "coordinates_are_not_swapped", "latitude"),
        ({"longitude": 73.4907}, "longitude_has_its_sign", "latitude"),
        ({"latitude": 25.76, "longitude": -80.19}, "point_is_in_its_state", "latitude"),
        ({"latitude": None}, "coordinates_come_in_pairs", "latitude"),
        ({"latitude": "forty"}, "latitude_reads", "latitude"),
        ({"department": ""}, "required_fields_are_given", "department"),
        ({"town": None}, "required_fields_are_given", "town"),
        ({"state": "XX"}, "state_reads", "state"),
        ({"country": "CA"}, "country_fits_state", "country"),
        ({"country": "Mexico"}, "country_reads", "country"),
        ({"postal_code": "ABC"}, "postal_code_reads", "postal_code"),
        ({"phone": "594-3500"}, "phone_reads", "phone"),
        ({"phone": "+44 20 7946 0958"}, "phone_reads", "phone"),
        ({"opening_hours": "Mo-Fr 25:00-26:00"}, "opening_hours_reads", "opening_hours"),
        ({"setting": "basement"}, "setting_reads", "setting"),
        ({"cameras": "maybe"}, "cameras_reads", "cameras"),
        ({"spaces": "-1"}, "spaces_reads", "spaces"),
        ({"status": "hm"}, "status_reads", "status"),
        ({"status_from": "2026-05-01", "status_until": "2026-04"}, "status_dates_are_in_order", "status_until"),
        ({"source_url": "javascript:alert(1)"}, "source_url_reads", "source_url"),
        ({"source_date": "last week"}, "source_date_reads", "source_date"),
        ({"confirmed_on": "2199-01-01"}, "confirmed_on_reads", "confirmed_on"),
        ({"name": "x" * 121}, "name_reads", "name"),
        ({"zone_id": "Not A Slug"}, "zone_id_reads", "zone_id"),
    ],
)
def test_a_faulty_value_is_refused_with_row_field_value_reason_and_fix(
    gazetteer: Gazetteer, values: dict[str, Any], rule: str, field: str
) -> None:
    verdict = validate(RawRow(7, {**GOOD, **values}), gazetteer, strict=True)
    assert verdict.refused
    finding = next(finding for finding in verdict.findings if finding.rule == rule)
    assert (finding.severity, finding.row, finding.field) == (Severity.ERROR, 7, field)
    assert finding.reason and finding.fix


@pytest.mark.parametrize(
    ("values", "field", "value"),
    [
        ({"state": "Connecticut"}, "state", "CT"),
        ({"postal_code": "6840"}, "postal_code", "06840"),
        ({"postal_code": 6840.0}, "postal_code", "06840"),
        ({"phone": "(203) 594.3500"}, "phone", "203-594-3500"),
        ({"phone": "+1 203 594 3500 x12"}, "phone", "203-594-3500 ext. 12"),
        ({"phone": "Tel. 203 594 3500 #12"}, "phone", "203-594-3500 ext. 12"),
        ({"opening_hours": "M-F 8-5"}, "opening_hours", "Mo-Fr 08:00-17:00"),
        ({"setting": "Parking Lot"}, "setting", "parking_lot"),
        ({"cameras": "Y"}, "cameras", "yes"),
        ({"status": "coming soon"}, "status", "planned"),
        ({"status": "N/A"}, "status", "active"),
        ({"source_date": "3/3/2017"}, "source_date", "2017-03-03"),
        ({"spot_note": "“rear” lot – by the flagpole\x07"}, "spot_note", '"rear" lot – by the flagpole'),
    ],
)
def test_everyday_spellings_are_understood(judged: Any, values: dict[str, Any], field: str, value: str) -> None:
    assert getattr(judged(**values).record, field) == value


def test_unknown_is_not_no(judged: Any) -> None:
    record = judged().record
    assert record.cameras == record.lighting == record.custody_exchange == "unknown"


def test_every_finding_of_a_row_is_reported_at_once(judged: Any) -> None:
    found = {finding.field for finding in judged(phone="1", state="XX", spaces="many", latitude=95).findings}
    assert {"phone", "state", "spaces"} <= found


def test_a_township_is_not_placed_by_a_name_that_several_counties_of_its_state_have(judged: Any) -> None:
    without_point = {
        "state": "NJ",
        "street_address": "1 Main Street",
        "latitude": "",
        "longitude": "",
        "postal_code": "",
    }
    around_the_city = judged(**without_point, town="Bordentown Township").record
    assert around_the_city is not None and around_the_city.location_source == "town"
    assert judged(**without_point, town="Washington Township").record is None
