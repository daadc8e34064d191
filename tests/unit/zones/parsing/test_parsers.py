"""How the text of a field is read: what is understood, and where each reader draws the line."""

from datetime import timedelta
from typing import Any

import pytest

from directory.clock import today
from directory.zones.evidence.sources import to_text
from directory.zones.findings import AmbiguousFieldError, FieldError
from directory.zones.parsing.parsers import PARSERS, boolean, iso_date, parser_of, rule_list
from directory.zones.schemas import DEPARTMENT_FIELDS, FIELDS


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
    ],
)  # fmt: skip
def test_a_value_is_read_and_a_conversion_is_reported(field: str, text: str, value: Any, converted: str) -> None:
    read = PARSERS[field](text)
    assert (read.value, read.converted) == (value, converted)


@pytest.mark.parametrize(
    ("field", "text"),
    [
        ("state", "Con"),
        ("country", "Mexico"),
        ("country", "Narnia"),
        ("postal_code", "68"),
        ("postal_code", "068400"),
        ("postal_code", "06840-12"),
        ("postal_code", "K1A 0B"),
        ("postal_code", "K1A 0B12"),
        ("phone", "911"),
        ("phone", "103-594-3500"),
        ("phone", "203-194-3500"),
        ("phone", "+44 20 7946 0958"),
        ("phone", "the desk"),
        ("opening_hours", "Mo-Fr 25:00-26:00"),
        ("status_from", "1899"),
        ("status_from", "2201"),
        ("status_from", "2017-13"),
        ("status_from", "2017-02-30"),
        ("confirmed_on", "2017-03"),
        ("confirmed_on", "2017"),
        ("source_url", "ftp://example.org"),
        ("source_url", "https://localhost"),
        ("source_url", "https://"),
        ("source_url", "https://example.org/a b"),
        ("source_url", "https://example.org/<b>"),
        ("source_url", "https://[example.org"),
        ("sources", "https://example.org no-address"),
        ("spaces", "501"),
        ("spaces", "1.5"),
        ("spaces", "1234567890"),
        ("latitude", "nan"),
        ("latitude", "inf"),
        ("latitude", "-inf"),
        ("latitude", "41 E"),
        ("latitude", "lon 41.5"),
        ("latitude", "41.14 / 41.15"),
        ("latitude", "exit 41 north, about"),
        ("longitude", "-73.49 E"),
        ("longitude", "73.49 to 73.51 W"),
        ("latitude", "41.5 30 N"),
        ("latitude", "4 1.3712 N"),
        ("latitude", "1" + " " * 5_000 + "1" + " " * 4_000 + "x"),
        ("latitude", "41°60'00\"N"),
        ("postal_code", "500"),
        ("longitude", "N 41 W"),
        ("setting", "parking lot, not the lobby"),
        ("setting", "beside the lobby"),
        ("setting", "in front of the lobby"),
        ("setting", "lot outside lobby"),
        ("setting", "lobby side of parking lot"),
        ("setting", "indoor parking"),
        ("setting", "space in lobby"),
        ("cameras", "24 hour police dispatch"),
        ("cameras", "monitored by cameras"),
        ("cameras", "No; cameras 24/7 recorded"),
        ("cameras", "Yes ( ) No (x)"),
        ("lighting", "Yes, out of order"),
        ("lighting", "no, yes"),
        ("lighting", "N/A"),
        ("source_url", "Flyer.docx"),
        ("source_url", "Sgt.Smith"),
        ("phone", "203-594-4299 (fax)"),
        ("phone", "Facsimile 203-594-4299"),
        ("phone", "Téléc. 514-555-1234"),
        ("cameras", "not recorded"),
        ("cameras", "recorded?  ask"),
        ("lighting", "yes, but only until ten"),
        ("source_url", "see facebook"),
        ("phone", "Fax 860-409-4299"),
        ("zone_id", "ct--weston"),
        ("zone_id", "-ct"),
        ("latitude", "73?4"),
        ("photo", "0a" * 31),
        ("photo", "0A" * 32),
        ("cameras", "maybe"),
        ("street_address", "06810"),
        ("street_address", "Danbury, CT"),
        ("street_address", "Danbury, CT 06810"),
        ("cameras", "24h?"),
        ("cameras", "cameras not monitored 24/7"),
        ("cameras", "recorded only during office hours"),
        ("cameras", "only in lobby"),
        ("lighting", "Yes?"),
        ("lighting", "Yes, partially"),
        ("lighting", "well lit?"),
        ("lighting", "no lights after ten"),
        ("marked", "✗"),
        ("setting", "outside"),
        ("setting", "Outdoor area"),
        ("source_date", "00/00/0000"),
        ("source_date", "1900-01-00"),
        ("source_date", "2199-01-01"),
        ("phone", "999-999-9999"),
        ("street_address", "PO Box 12"),
        ("street_address", "see map"),
        ("street_address", "All stations"),
        ("street_address", "https://example.org/map"),
        ("town", "06840"),
        ("department", "203-594-3500"),
        ("marked", "☐"),
        ("marked", "sign planned"),
        ("setting", "lobby?"),
        ("setting", "No lobby, lot only"),
        ("setting", "lobby only (no parking lot)"),
        ("setting", "Fire station parking lot"),
        ("status", "active?"),
        ("state", "CT/NY"),
        ("state", "CTT"),
        ("postal_code", "123"),
        ("postal_code", "0689"),
        ("state", "CT (or NY)"),
        ("street_address", "50 Jesup Rd and 260 Compo Rd S"),
        ("street_address", "725 Bedford St / 805 Bedford St"),
        ("street_address", "1) 240 Danbury Rd 2) 238 Danbury Rd"),
        ("postal_code", "00000"),
        ("postal_code", "06810/06811"),
        ("phone", "F: 860-409-4299"),
        ("phone", "fx 860-409-4299"),
        ("status_from", "13/13/2016"),
        ("status_from", "13/5/24"),
        ("status_from", "16"),
        ("status_from", "2016?"),
        ("spaces", "2-3"),
        ("spaces", "2+"),
        ("spaces", "2 or 3"),
        ("spaces", "2 reserved, 10 total"),
        ("footage_days", "at least 30 days"),
        ("footage_days", "24h"),
        ("latitude", "41 23"),
        ("latitude", "41 61 00"),
    ],
)  # fmt: skip
def test_what_a_reader_cannot_be_sure_of_is_refused_with_a_remedy(field: str, text: str) -> None:
    with pytest.raises(FieldError) as refused:
        PARSERS[field](text)
    assert refused.value.reason and refused.value.fix


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


@pytest.mark.parametrize(("name", "limit"), [(name, field.limit) for name, field in FIELDS.items() if field.limit > 0])
def test_a_field_holds_as_much_as_its_limit_and_no_more(name: str, limit: int) -> None:
    numeric = name in ("spaces", "footage_days")
    longest, longer = (str(limit), str(limit + 1)) if numeric else ("x" * limit, "x" * (limit + 1))
    assert PARSERS[name](longest).value == (limit if numeric else longest)
    with pytest.raises(FieldError):
        PARSERS[name](longer)


@pytest.mark.parametrize(
    ("field", "start", "most"), [("source_url", "https://example.org/", 1000), ("zone_id", "ct-weston-", 120)]
)
def test_addresses_and_ids_have_a_longest_length(field: str, start: str, most: int) -> None:
    longest = start + "x" * (most - len(start))
    assert PARSERS[field](longest).value == longest
    with pytest.raises(FieldError):
        PARSERS[field](longest + "x")


def test_several_addresses_are_separated_by_white_space_or_semicolons() -> None:
    read = PARSERS["sources"]("https://a.example; https://b.example\nhttps://c.example https://a.example")
    assert read.value == [{"url": f"https://{name}.example"} for name in "abc"]


def test_a_source_is_a_line_of_address_name_kind_date_and_the_day_it_was_seen() -> None:
    text = (
        "https://a.example/1 | Darien Times | news | 2016 | 2026-11-01\n| New Canaan Police | department | 2026-06-01"
    )
    assert PARSERS["sources"](text).value == [
        {"url": "https://a.example/1", "name": "Darien Times", "kind": "news", "date": "2016", "seen": "2026-11-01"},
        {"name": "New Canaan Police", "kind": "department", "date": "2026-06-01"},
    ]
    for wrong in ("https://a.example | x | gossip", "https://a.example | x | news | soon", "a|b|c|d|e|f"):
        with pytest.raises(FieldError):
            PARSERS["sources"](wrong)


def test_an_address_with_the_signs_between_sources_is_read_back_as_one_source() -> None:
    given = {"url": "https://a.example/1;jsessionid=2|x", "name": "Post; Courier", "kind": "news"}
    read = PARSERS["sources"](to_text(given)).value
    assert read == [{"url": "https://a.example/1%3Bjsessionid=2%7Cx", "name": "Post Courier", "kind": "news"}]
    assert [to_text(one) for one in read] == [to_text(given)]


def test_evidence_is_a_line_of_a_fact_and_the_number_of_its_source() -> None:
    assert PARSERS["evidence"]("opening_hours: 2\nlighting: 1").value == {"opening_hours": 2, "lighting": 1}
    for wrong in ("opening_hours", "opening_hours: two", "Opening Hours: 1"):
        with pytest.raises(FieldError):
            PARSERS["evidence"](wrong)


def test_a_confirmation_may_be_of_tomorrow_elsewhere_and_no_later() -> None:
    tomorrow = today() + timedelta(days=1)
    assert PARSERS["confirmed_on"](tomorrow.isoformat()).value == tomorrow.isoformat()
    with pytest.raises(FieldError) as refused:
        PARSERS["confirmed_on"]((tomorrow + timedelta(days=1)).isoformat())
    assert "future" in refused.value.reason


def test_at_most_twenty_rules_of_200_characters_are_kept() -> None:
    assert rule_list("no weapons; ;ten minutes\n be brief ").value == ["no weapons", "ten minutes", "be brief"]
    assert len(rule_list("; ".join(["x" * 200] * 20)).value) == 20
    for text in ("; ".join(["x"] * 21), "x" * 201):
        with pytest.raises(FieldError):
            rule_list(text)


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
