"""How the text of a field is read: what is understood, and where each reader draws the line."""

from datetime import timedelta
from typing import Any

import pytest

from directory.clock import today
from directory.zones.departments.schemas import DEPARTMENT_FIELDS
from directory.zones.findings import AmbiguousFieldError, FieldError
from directory.zones.parsing.parsers import PARSERS, boolean, iso_date, parser_of


@pytest.mark.parametrize(
    ("field", "text", "value", "converted"),
    [
        ("state", "CT", "CT", ""),
        ("state", "ct", "CT", ""),
        ("state", "C.T.", "CT", ""),
        ("state", "Connecticut", "CT", "CT"),
        ("country", "us", "US", ""),
        ("country", "Canada", "CA", ""),
        ("postal_code", "06840", "06840", ""),
        ("postal_code", "684", "00684", "00684"),
        ("postal_code", "6840.0", "06840", "06840"),
        ("postal_code", "06840-1234", "06840-1234", ""),
        ("postal_code", "068401234", "06840-1234", ""),
        ("postal_code", "K1A 0B1", "K1A 0B1", ""),
        ("postal_code", "k1a-0b1", "K1A 0B1", "K1A 0B1"),
        ("postal_code", "K1A", "K1A", ""),
        ("phone", "203-594-3500", "203-594-3500", ""),
        ("phone", "203 594 3500 ext 7", "203-594-3500 ext. 7", "203-594-3500 ext. 7"),
        ("opening_hours", "Mo-Fr 08:00-17:00", "Mo-Fr 08:00-17:00", ""),
        ("opening_hours", "M-F 8-5", "Mo-Fr 08:00-17:00", "Mo-Fr 08:00-17:00"),
        ("opening_hours", "N/A", "", "nothing"),
        ("status_from", "1900", "1900", ""),
        ("status_from", "2200", "2200", ""),
        ("status_from", "2017-12", "2017-12", ""),
        ("status_from", "2017-03-03", "2017-03-03", ""),
        ("status_from", "3/3/17", "2017-03-03", "2017-03-03"),
        ("postal_code", "501", "00501", "00501"),
        ("state", "CT (Fairfield Co.)", "CT", "CT"),
        ("street_address", "100 Main St & 5th Ave", "100 Main St & 5th Ave", ""),
        ("street_address", "100-102 Main St; 2nd Floor", "100-102 Main St; 2nd Floor", ""),
        ("street_address", "240 Danbury Rd / 240 Danbury Road", "240 Danbury Rd / 240 Danbury Road", ""),
        ("street_address", "12 & 14 Elm Street", "12 & 14 Elm Street", ""),
        ("status_from", "45000", "2023-03-15", "2023-03-15"),
        ("status_from", "3/3/68", "2068-03-03", "2068-03-03"),
        ("status_from", "3/3/69", "1969-03-03", "1969-03-03"),
        ("status_from", "3/3/99", "1999-03-03", "1999-03-03"),
        ("status_from", "2017-03-03 00:00:00", "2017-03-03", "2017-03-03"),
        ("status_from", "2017-03-03T10:00:00", "2017-03-03", "2017-03-03"),
        ("status_from", "March 3, 2017", "2017-03-03", "2017-03-03"),
        ("source_url", "http://example.org/a", "http://example.org/a", ""),
        ("spaces", "0", 0, ""),
        ("spaces", "500", 500, ""),
        ("spaces", "2.0", 2, ""),
        ("latitude", "41.14125678", 41.141257, ""),
        ("latitude", "−41.5°", -41.5, ""),
        ("zone_id", "ct-weston-2", "ct-weston-2", ""),
        ("photo", "0a" * 32, "0a" * 32, ""),
        ("cameras", "no", "no", ""),
        ("cameras", "True", "yes", "yes"),
        ("cameras", "0", "no", "no"),
        ("cameras", "1", "yes", "yes"),
        ("setting", "lobby", "lobby", ""),
        ("setting", "Lobby and Lot", "lobby_and_lot", "lobby_and_lot"),
        ("status", "gone", "withdrawn", "withdrawn"),
        ("phone", "860-409-4200 or 860-409-4201", "860-409-4200", "860-409-4200"),
        ("phone", "Fax: 860-409-4299, Tel: 860-409-4200 x12", "860-409-4200 ext. 12", "860-409-4200 ext. 12"),
        ("phone", "Dispatch 860-409-4200 (non-emergency)", "860-409-4200", "860-409-4200"),
        ("phone", "Tel. 860-409-4200 / fax 860-409-4299", "860-409-4200", "860-409-4200"),
        ("source_url", "www.example.org/zone", "https://www.example.org/zone", "https://www.example.org/zone"),
        ("source_url", "example.org", "https://example.org", "https://example.org"),
        ("setting", "Lobby & parking lot", "lobby_and_lot", "lobby_and_lot"),
        ("setting", "Front lobby", "lobby", "lobby"),
        ("setting", "Rear lot / outdoors", "parking_lot", "parking_lot"),
        ("status", "Decommissioned", "withdrawn", "withdrawn"),
        ("status", "Not active", "temporarily_closed", "temporarily_closed"),
        ("status", "No", "temporarily_closed", "temporarily_closed"),
        ("cameras_recorded", "0.0", "no", "no"),
        ("location_source", "same-agency", "agency", "agency"),
        ("location_source", "exact-address-match", "address", "address"),
        ("state", "CA-ON", "ON", "ON"),
        ("postal_code", "06840 CT", "06840", "06840"),
        ("postal_code", "6840-1234", "06840-1234", "06840-1234"),
        ("postal_code", "6,840", "06840", "06840"),
        ("source_date", "45413", "2024-05-01", "2024-05-01"),
        ("phone", "514 555-0199 poste 3", "514-555-0199 ext. 3", "514-555-0199 ext. 3"),
        ("setting", "lobby, front lot", "lobby_and_lot", "lobby_and_lot"),
        ("cameras", "24h", "yes", "Yes, Cameras around the clock"),
        ("cameras", "24/7 video, recorded", "yes", "Yes, Cameras around the clock, Recorded"),
        ("cameras", "Monitored by dispatch", "yes", "Yes, Watched live"),
        ("cameras", "yes - recorded", "yes", "Yes, Recorded"),
        ("lighting", "not stated", "unknown", "unknown"),
        ("officer_standby", "upon request", "yes", "yes"),
        ("latitude", "41°48'35\"N", 41.809722, ""),
        ("longitude", "W 72° 49.5'", -72.825, ""),
        ("latitude", "14 16 44 S", -14.278889, ""),
        ("latitude", "41 N", 41.0, ""),
        ("latitude", "41 23 41", 41.394722, ""),
        ("longitude", "-73 27 14.5", -73.454028, ""),
        ("longitude", "-73d27m14s", -73.453889, ""),
        ("latitude", "41-23-41 N", 41.394722, ""),
        ("latitude", "41°5'9\"N", 41.085833, ""),
        ("latitude", "41°59'59\"N", 41.999722, ""),
        ("latitude", "lat. 41.1467", 41.1467, "41.1467"),
        ("latitude", "Latitude: 41.1467° north (WGS 84)", 41.1467, "41.1467"),
        ("latitude", "41 deg 8.8 min N", 41.146667, "41.146667"),
        ("longitude", "73,4907° Ouest", -73.4907, "-73.4907"),
        ("longitude", "73.49 O", -73.49, "-73.49"),
        ("longitude", "-73.49 W", -73.49, ""),
        ("latitude", "41.1467 (approx.)", 41.1467, "41.1467, approximately"),
        ("longitude", "about -73.49", -73.49, "-73.49, approximately"),
        ("latitude", "41,1467?", 41.1467, "41.1467, approximately"),
        ("latitude", "lat 41°08'5''", 41.134722, "41.134722"),
        ("state", "CT 06810", "CT", "CT"),
        ("state", "US-CT", "CT", "CT"),
        ("state", "Connecticut, USA", "CT", "CT"),
        ("state", "CT - Connecticut", "CT", "CT"),
        ("state", "Québec (QC)", "QC", "QC"),
        ("postal_code", "501", "00501", "00501"),
        ("postal_code", "CT 06840", "06840", "06840"),
        ("phone", "Fax: 860-409-4299 Tel: 860-409-4200", "860-409-4200", "860-409-4200"),
        ("phone", "P: 860-409-4200 F: 860-409-4299", "860-409-4200", "860-409-4200"),
        ("status_from", "13/10/2016", "2016-10-13", "2016-10-13"),
        ("status_from", "13.10.2016", "2016-10-13", "2016-10-13"),
        ("status_from", "2017-03-03T10:00:00Z", "2017-03-03", "2017-03-03"),
        ("status_from", "2017-03-03T10:00:00.000-05:00", "2017-03-03", "2017-03-03"),
        ("status_from", "3-Mar-2017", "2017-03-03", "2017-03-03"),
        ("status_from", "Mar. 3, 2017", "2017-03-03", "2017-03-03"),
        ("status_from", "March 2017", "2017-03", "2017-03"),
        ("status_from", "Mar 2017", "2017-03", "2017-03"),
        ("status_from", "3/2017", "2017-03", "2017-03"),
        ("status_from", "3 mars 2017", "2017-03-03", "2017-03-03"),
        ("status_from", "1er août 2017", "2017-08-01", "2017-08-01"),
        ("status_from", "3 de marzo de 2017", "2017-03-03", "2017-03-03"),
        ("spaces", "2 spaces", 2, "2"),
        ("spaces", "Two parking spots", 2, "2"),
        ("footage_days", "30 days", 30, "30"),
        ("lighting", "Well lit", "yes", "yes"),
        ("lighting", "Not lit", "no", "no"),
        ("lighting", "unlit", "no", "no"),
        ("lighting", "éclairé", "yes", "yes"),
        ("marked", "signs posted", "yes", "yes"),
        ("marked", "no sign", "no", "no"),
        ("marked", "✓", "yes", "yes"),
        ("marked", "☑", "yes", "yes"),
        ("cameras", "CCTV", "yes", "yes"),
        ("cameras", "Security cameras", "yes", "yes"),
        ("cameras", "under 24-hour video surveillance", "yes", "Yes, Cameras around the clock"),
        ("cameras", "No cameras", "no", "no"),
        ("cameras", "aucune caméra", "no", "no"),
        ("setting", "Parking area", "parking_lot", "parking_lot"),
        ("setting", "2 parking spaces", "parking_lot", "parking_lot"),
        ("setting", "Parking garage", "parking_lot", "parking_lot"),
        ("status", "permanently closed", "withdrawn", "withdrawn"),
        ("status", "no longer available", "withdrawn", "withdrawn"),
        ("status", "relocated", "moved", "moved"),
        ("status", "under construction", "planned", "planned"),
        ("status", "closed until further notice", "temporarily_closed", "temporarily_closed"),
        ("status", "operational", "active", "active"),
        *((field, text, day, day) for field in ("source_date", "confirmed_on") for day, texts in {
            "2016-10-13": ("13-Oct-16", "Thursday, October 13, 2016", "Thu 10/13/2016", "jeudi 13 octobre 2016",
                           "Oct 13, 2016 3:05 PM", "miércoles, 13 de octubre de 2016"),
            "2024-05-13": ("5/13/2024 0:00", "5/13/2024 12:00:00 AM", "5/13/2024, 4:05 p.m.", "13/5/2024 16:05"),
            "2024-05-01": ("2024-05-01 12:00:00 AM", "2024-05-01 0:00", "1714521600000", "1714521600000.0"),
            "2021-03-05": ("2021/03/05", "2021/3/5", "2021.03.05", "20210305"),
        }.items() for text in texts),
        *((field, mark, answer, answer) for field in ("marked", "cameras", "officer_standby") for answer, marks in {
            "yes": ("✔️", "✅", "☑️", "✔"), "no": ("✗", "❌", "✘", "✖️"),
        }.items() for mark in marks),
        ("cameras", "Yes - lobby only", "yes", "yes"),
        ("cameras", "Yes (parking lot)", "yes", "yes"),
        ("cameras", "Yes, not recorded", "yes", "yes"),
        ("lighting", "No - removed 2022", "no", "no"),
        ("marked", "No - not yet", "no", "no"),
        ("status", "Open 24/7", "active", "active"),
        ("status", "Active since 2019", "active", "active"),
        ("status", "Existing", "active", "active"),
        ("status", "Live", "active", "active"),
        ("appointment", "Required", "required", "required"),
        ("appointment", "Yes", "required", "required"),
        ("appointment", "By appointment only", "required", "required"),
        ("appointment", "sur rendez-vous", "required", "required"),
        ("appointment", "Not needed", "no", "no"),
        ("appointment", "No appointment necessary", "no", "no"),
        ("appointment", "walk-in", "no", "no"),
        ("source_kind", "Official", "official", "official"),
        ("location_source", "Postal Code", "postal_code", "postal_code"),
        ("setting", "Lobby (indoor) and parking lot (outdoor)", "lobby_and_lot", "lobby_and_lot"),
        ("setting", "Outdoor parking lot", "parking_lot", "parking_lot"),
        *(("phone", text, number, number) for number, texts in {
            "203-662-5300": ("203-662-5301 (F) 203-662-5300 (P)", "(f) 203-662-5301 (o) 203-662-5300",
                             "203-662-5300 fax: 203-662-5301", "P 203-662-5300 F 203-662-5301",
                             "203-662-5301 fax / 203-662-5300 voice", "203-662-5300 (203-662-5301 fax)"),
            "203-594-3600": ("formerly 203-594-3500, now 203-594-3600", "Old: 203-594-3500 New: 203-594-3600",
                             "203-594-3600 (formerly 203-594-3500)", "203-594-3600, was 203-594-3500",
                             "203-594-3600 Formerly 203-594-3500", "203-594-3500 (old) 203-594-3600 (new)",
                             "203-594-3500 (disconnected), 203-594-3600"),
            "203-594-3500": ("203-594-3501 (fax) 203-594-3500", "Sgt. F. Smith 203-594-3500"),
            "514-280-2222": ("Tél. : 514-280-2222 Téléc. : 514-280-2223", "Téléc. : 514-280-2223 Tél. : 514-280-2222"),
            "860-434-1986": ("Old Lyme 860-434-1986", "Telecommunications 860-434-1986"),
        }.items() for text in texts),
    ],
)  # fmt: skip
def test_a_value_is_read_and_a_conversion_is_reported(field: str, text: str, value: Any, converted: str) -> None:
    read = PARSERS[field](text)
    assert (read.value, read.converted) == (value, converted)


@pytest.mark.parametrize(
    ("field", "text", "value"),
    [
        ("cameras", "Oui", "yes"), ("cameras", "sí", "yes"), ("lighting", "non", "no"),
        ("lighting", "inconnu", "unknown"),
        ("setting", "Hall d’entrée", "lobby"), ("setting", "stationnement", "parking_lot"),
        ("setting", "hall et stationnement", "lobby_and_lot"), ("setting", "estacionamiento", "parking_lot"),
        ("status", "fermé temporairement", "temporarily_closed"), ("officer_standby", "sur demande", "yes"),
        ("state", "Québec", "QC"), ("state", "Nouveau-Brunswick", "NB"), ("latitude", "45,4487", 45.4487),
        ("longitude", "-73,8167", -73.8167), ("opening_hours", "24 heures sur 24, 7 jours sur 7", "24/7"),
        ("approximate", "oui", True),
    ],
)  # fmt: skip
def test_words_of_french_and_spanish_tables_are_read(field: str, text: str, value: object) -> None:
    assert PARSERS[field](text).value == value


@pytest.mark.parametrize(
    ("text", "more"), [("Yes, not recorded", "cameras_recorded"), ("Yes (not monitored)", "cameras_watched")]
)
def test_cameras_that_keep_nothing_say_so_of_the_other_fact(text: str, more: str) -> None:
    assert PARSERS["cameras"](text).more == {more: "no"}


def test_a_confirmation_may_be_of_tomorrow_elsewhere_and_no_later() -> None:
    tomorrow = today() + timedelta(days=1)
    assert PARSERS["confirmed_on"](tomorrow.isoformat()).value == tomorrow.isoformat()
    with pytest.raises(FieldError) as refused:
        PARSERS["confirmed_on"]((tomorrow + timedelta(days=1)).isoformat())
    assert "future" in refused.value.reason


@pytest.mark.parametrize(
    ("text", "value"), [("TRUE", True), ("yes", True), ("1", True), ("false", False), ("No", False), ("0", False)]
)
def test_true_and_false_are_read_in_their_usual_spellings(text: str, value: bool) -> None:
    assert boolean(text).value is value


def test_what_is_neither_true_nor_false_is_refused() -> None:
    with pytest.raises(FieldError):
        boolean("2")


def test_degrees_keep_six_decimals_which_is_a_tenth_of_a_metre() -> None:
    assert PARSERS["longitude"]("-73.12345649").value == -73.123456


def test_hours_with_two_readings_come_back_as_a_question_with_both() -> None:
    with pytest.raises(AmbiguousFieldError) as question:
        PARSERS["opening_hours"]("8-5")
    assert question.value.choices == ("Mo-Fr 08:00-17:00", "Mo-Su 08:00-17:00")
    assert "Mo-Fr 08:00-17:00 / Mo-Su 08:00-17:00" in question.value.fix


def test_a_kind_of_agency_is_one_of_the_known_ones() -> None:
    read = parser_of(DEPARTMENT_FIELDS["kind"])
    assert read("county").value == "county"
    with pytest.raises(FieldError) as refused:
        read("navy")
    assert "municipal, county, state" in refused.value.fix


def test_a_date_typed_anywhere_becomes_an_iso_date() -> None:
    assert iso_date("3/3/2017") == "2017-03-03"
