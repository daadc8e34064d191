"""Searches that are easily read as another place: they give the right one, a question or nothing, never a wrong one."""

import pytest

from directory.geocoding.address_parser import clean
from directory.geocoding.gazetteer import Gazetteer
from directory.geocoding.matching.match import Match
from directory.geocoding.matching.matcher import Matcher
from directory.geocoding.matching.place_names import NO_NAMES
from directory.geocoding.results import BadAddressError


def match(gazetteer: Gazetteer, text: str) -> Match:
    return Matcher(gazetteer, NO_NAMES).match(clean(text))


def labels(gazetteer: Gazetteer, text: str) -> list[str]:
    return [place.label for place in match(gazetteer, text).candidates]


def codes(found: Match) -> list[str]:
    return [note.code for note in found.notes]


@pytest.mark.parametrize(
    ("text", "label"),
    [
        ("Columbus, IN", "Columbus, IN"),
        ("Lebanon, IN", "Lebanon, IN"),
        ("Houston, DE", "Houston, DE"),
        ("Dover, DE", "Dover, DE"),
        ("near Columbus, IN", "Columbus, IN"),
        ("Boise, ID, in", "Boise, ID"),
    ],
)
def test_a_state_whose_code_is_a_small_word_is_never_left_out(gazetteer: Gazetteer, text: str, label: str) -> None:
    assert labels(gazetteer, text) == [label]


@pytest.mark.parametrize("text", ["Boise, IN", "Chicago, IN", "Chicago IN"])
def test_a_town_that_its_state_does_not_have_is_not_taken_elsewhere(gazetteer: Gazetteer, text: str) -> None:
    found = match(gazetteer, text)
    assert not found.candidates or found.needs_confirmation
    suggested = [place.label for place in (*found.candidates, *found.similar)]
    assert {"Boise, ID", "Chicago, IL"} & set(suggested)


@pytest.mark.parametrize(
    "text",
    [
        "Perry Township, Ohio",
        "Hell, Michigan",
        "Washington Township, Indiana",
        "Clarington, Ontario",
        "12 Main St, Clarington, Ontario",
        "Georgia, Vermont",
        "Perry Township, New York",
        "Seattle Center, Washington",
    ],
)
def test_an_unknown_town_is_not_a_town_named_like_its_state(gazetteer: Gazetteer, text: str) -> None:
    found = match(gazetteer, text)
    assert not found.candidates
    assert ("township_unknown" in codes(found)) == ("Township" in text)


@pytest.mark.parametrize(
    ("text", "label"),
    [
        ("350 5th Ave, New York", "New York, NY"),
        ("350 5th Ave New York", "New York, NY"),
        ("Columbus Circle, New York", "New York, NY"),
        ("12 rue Saint-Jean, Québec", "Québec, QC"),
        ("1600 Pennsylvania Ave Washington DC", "Washington, DC"),
        ("1 Main St, Washington DC", "Washington, DC"),
        ("1 Main St Washington D.C.", "Washington, DC"),
        ("1 Main St NW Washington DC", "Washington, DC"),
    ],
)
def test_a_street_lies_in_the_famous_city_of_its_states_name(gazetteer: Gazetteer, text: str, label: str) -> None:
    found = match(gazetteer, text)
    assert [place.label for place in found.candidates] == [label]
    assert not found.needs_confirmation


def test_a_landmark_in_a_state_or_its_famous_city_is_a_question(gazetteer: Gazetteer) -> None:
    found = match(gazetteer, "Empire State Building, New York")
    assert [place.label for place in found.candidates] == ["New York", "New York, NY"]
    assert found.needs_confirmation and codes(found) == ["unread_words", "region_and_town"]


@pytest.mark.parametrize("text", ["Washington, Washington", "Washington, WA", "New York, New York State"])
def test_a_state_typed_twice_is_read_as_typed_once(gazetteer: Gazetteer, text: str) -> None:
    assert {"Washington", "New York, NY"} & set(labels(gazetteer, text))


def test_washington_in_washington_may_be_the_capital(gazetteer: Gazetteer) -> None:
    found = match(gazetteer, "Washington, Washington")
    assert [place.label for place in found.candidates[:2]] == ["Washington", "Washington, DC"]
    assert found.needs_confirmation


@pytest.mark.parametrize(
    ("text", "label"),
    [
        ("06840.", "New Canaan, CT 06840"),
        ("06840!", "New Canaan, CT 06840"),
        ("06840?", "New Canaan, CT 06840"),
        ('"06840"', "New Canaan, CT 06840"),
        ("«06840»", "New Canaan, CT 06840"),
        ("(06840)", "New Canaan, CT 06840"),
        ("06840-1234.", "New Canaan, CT 06840"),
        ("New Canaan CT (06840)", "New Canaan, CT 06840"),
        ("New Canaan, CT, 06840.", "New Canaan, CT 06840"),
        ("Tampa FL 33602.", "Tampa, FL 33602"),
        ('"Tampa FL 33602"', "Tampa, FL 33602"),
        ("M5V 2T6.", "Downtown Toronto, ON M5V"),
    ],
)
def test_punctuation_around_a_postal_code_is_no_part_of_it(gazetteer: Gazetteer, text: str, label: str) -> None:
    found = match(gazetteer, text)
    assert [place.label for place in found.candidates] == [label] and found.is_complete


@pytest.mark.parametrize(
    ("text", "towns"),
    [
        ("Minneapolis-St. Paul", ["Minneapolis, MN", "St. Paul, MN"]),
        ("Minneapolis/St Paul", ["Minneapolis, MN", "St. Paul, MN"]),
        ("Minneapolis/St. Paul, MN", ["Minneapolis, MN", "St. Paul, MN"]),
        ("St Louis/St Charles", ["St. Louis, MO", "St. Charles, MO"]),
        ("Scranton/Wilkes-Barre", ["Scranton, PA", "Wilkes-Barre, PA"]),
    ],
)
def test_two_neighbours_with_a_sign_between_them_are_a_choice(
    gazetteer: Gazetteer, text: str, towns: list[str]
) -> None:
    found = match(gazetteer, text)
    assert [place.label.replace("Saint ", "St. ") for place in found.candidates] == towns
    assert found.is_complete


@pytest.mark.parametrize(
    ("text", "label"),
    [
        ("Pt St Lucie", "Port St. Lucie, FL"),
        ("Pt. St. Lucie, FL", "Port St. Lucie, FL"),
        ("12 Main St Pt St Lucie FL", "Port St. Lucie, FL"),
        ("Pt Pleasant, WV", "Point Pleasant, WV"),
        ("Winston-Salem", "Winston-Salem, NC"),
    ],
)
def test_pt_is_a_port_where_it_is_no_point(gazetteer: Gazetteer, text: str, label: str) -> None:
    assert [name.replace("Saint ", "St. ") for name in labels(gazetteer, text)] == [label]


@pytest.mark.parametrize("text", ["Hopedale/St Xyzzyx", "Xyzzyx-St. Paul"])
def test_saint_behind_a_hyphen_is_no_street(gazetteer: Gazetteer, text: str) -> None:
    assert labels(gazetteer, text) == []


@pytest.mark.parametrize(
    ("text", "places"),
    [
        ("Boston, CT", {"Boston, MA", "Bolton, CT"}),
        ("Houston, LA", {"Houston, TX", "Hosston, LA"}),
        ("Austin, CA", {"Austin, TX", "Tustin, CA"}),
        ("Boston, CA", {"Boston, MA", "Bolton, ON"}),
        ("12 Main Street Boston CT", {"Boston, MA", "Bolton, CT"}),
    ],
)
def test_a_right_name_with_a_wrong_state_is_a_question(gazetteer: Gazetteer, text: str, places: set[str]) -> None:
    found = match(gazetteer, text)
    assert places <= {place.label for place in found.candidates}
    assert found.needs_confirmation


@pytest.mark.parametrize("text", ["County Road 12345", "PO Box 06840", "P.O. Box 10001", "Highway 12345", "FM 75201"])
def test_the_number_of_a_road_or_a_box_is_no_postal_code(gazetteer: Gazetteer, text: str) -> None:
    found = match(gazetteer, text)
    assert found.candidates == () and codes(found) == ["place_needed"]


@pytest.mark.parametrize(
    ("text", "label"),
    [
        ("P.O. Box 10001, Dallas TX", "Dallas, TX"),
        ("Dallas TX PO Box 10001", "Dallas, TX"),
        ("Dallas, TX, PO Box 10001", "Dallas, TX"),
        ("County Road 12345, Dallas TX", "Dallas, TX"),
        ("PO Box 12, New Canaan CT 06840", "New Canaan, CT 06840"),
        ("PO Box 12 06840", "New Canaan, CT 06840"),
        ("12 Main Rd 06840", "New Canaan, CT 06840"),
        ("100 Kings Hwy 11223", "Brooklyn, NY 11223"),
        ("12 County Road 06840", "New Canaan, CT 06840"),
    ],
)
def test_the_town_or_the_code_beside_a_road_or_a_box_is_read(gazetteer: Gazetteer, text: str, label: str) -> None:
    assert labels(gazetteer, text) == [label]


@pytest.mark.parametrize(
    ("text", "label"),
    [
        ("police near me 06840", "New Canaan, CT 06840"),
        ("safe zones near me 77002", "Houston, TX 77002"),
        ("safe zone near me houston", "Houston, TX"),
        ("police near me Houston TX", "Houston, TX"),
        ("police near me, Houston, TX", "Houston, TX"),
        ("policía cerca de mí Houston TX", "Houston, TX"),
        ("police près de moi Montréal", "Montréal, QC"),
        ("police in Detroit, MI", "Detroit, MI"),
    ],
)
def test_near_me_takes_nothing_from_the_place_behind_it(gazetteer: Gazetteer, text: str, label: str) -> None:
    assert labels(gazetteer, text)[0] == label
    assert not match(gazetteer, text).needs_confirmation


@pytest.mark.parametrize(
    ("text", "label"),
    [
        ("1 King Street West Toronto ON", "Toronto, ON"),
        ("123 1st Avenue South Seattle WA", "Seattle, WA"),
        ("700 2nd Avenue South Nashville TN", "Nashville, TN"),
        ("100 Main Street Northeast Salem OR", "Salem, OR"),
        ("5 Main Street South Newmarket Ontario", "Newmarket, ON"),
        ("100 Main Street East Hartford CT", "East Hartford, CT"),
        ("100 Main Street North Little Rock AR", "North Little Rock, AR"),
        ("100 Main Street West Pittsburgh PA", "Pittsburgh, PA"),
    ],
)
def test_a_point_of_the_compass_belongs_to_the_street_where_no_town_has_it(
    gazetteer: Gazetteer, text: str, label: str
) -> None:
    found = match(gazetteer, text)
    assert [place.label for place in found.candidates] == [label]
    assert not found.needs_confirmation and codes(found) == ["address_unknown"]


def test_a_small_town_behind_a_point_of_the_compass_is_a_question(gazetteer: Gazetteer) -> None:
    found = match(gazetteer, "300 Central Avenue West Carrollton OH")
    assert not found.candidates or found.needs_confirmation
    found = match(gazetteer, "12 Main Street North Alamo Heights TX")
    assert [place.label for place in found.candidates] == ["Alamo Heights, TX"] and found.needs_confirmation


@pytest.mark.parametrize(
    ("text", "region"),
    [
        ("East Texas", "Texas"),
        ("West Texas", "Texas"),
        ("near West Texas", "Texas"),
        ("Eastern Kentucky", "Kentucky"),
        ("Central Florida", "Florida"),
        ("Northeast Ohio", "Ohio"),
        ("north-central Pennsylvania", "Pennsylvania"),
        ("Eastern Ontario", "Ontario"),
    ],
)
def test_a_part_of_a_state_is_the_state_before_a_hamlet_of_its_name(
    gazetteer: Gazetteer, text: str, region: str
) -> None:
    found = match(gazetteer, text)
    assert found.candidates[0].label == region and found.is_complete and not found.needs_confirmation


@pytest.mark.parametrize(
    ("text", "label"),
    [
        ("West, Texas", "West, TX"),
        ("West TX", "West, TX"),
        ("West New York", "West New York, NJ"),
        ("West Virginia", "West Virginia"),
        ("Port Washington", "Port Washington, NY"),
        ("near Port Washington", "Port Washington, NY"),
    ],
)
def test_a_town_with_a_direction_in_its_name_stays_a_town(gazetteer: Gazetteer, text: str, label: str) -> None:
    assert labels(gazetteer, text)[0] == label


@pytest.mark.parametrize(
    ("text", "label"),
    [
        ("police near De Leon, TX", "De Leon, TX"),
        ("De Pere WI police", "De Pere, WI"),
        ("police De Soto TX", "DeSoto, TX"),
        ("near Du Bois PA", "DuBois, PA"),
        ("police Au Gres MI", "Au Gres, MI"),
        ("police greater sudbury", "Greater Sudbury, ON"),
        ("policía de Houston", "Houston, TX"),
        ("police de Montréal", "Montréal, QC"),
    ],
)
def test_a_small_word_that_begins_a_towns_name_is_kept(gazetteer: Gazetteer, text: str, label: str) -> None:
    assert labels(gazetteer, text)[0].replace(" ", "").lower() == label.replace(" ", "").lower()


@pytest.mark.parametrize(
    ("text", "label"),
    [
        ("Orillia OPP", "Orillia, ON"),
        ("OPP Orillia", "Orillia, ON"),
        ("Orillia Provincial Police", "Orillia, ON"),
        ("State Police Hartford CT", "Hartford, CT"),
        ("Hartford CT State Police", "Hartford, CT"),
        ("Sunnyvale Department of Public Safety, CA", "Sunnyvale, CA"),
        ("Sunnyvale public safety CA", "Sunnyvale, CA"),
        ("Hartford CT troopers", "Hartford, CT"),
        ("lugar seguro en Houston", "Houston, TX"),
        ("lieu sûr Montréal", "Montréal, QC"),
        ("Opp, AL", "Opp, AL"),
        ("police Opp AL", "Opp, AL"),
    ],
)
def test_offices_and_safe_places_are_known_by_more_words(gazetteer: Gazetteer, text: str, label: str) -> None:
    assert labels(gazetteer, text)[0] == label


@pytest.mark.parametrize(
    ("text", "label"),
    [
        ("Queens, NYC", "Queens, NY"),
        ("Brooklyn, NYC", "Brooklyn, NY"),
        ("Harlem, NYC", "Harlem, Manhattan, NY"),
        ("Kanata, Ottawa", "Kanata, Ottawa, ON"),
        ("Verdun, Montréal", "Verdun, Montréal, QC"),
    ],
)
def test_a_part_of_a_city_is_found_beside_the_citys_everyday_name(gazetteer: Gazetteer, text: str, label: str) -> None:
    found = match(gazetteer, text)
    assert found.candidates[0].name == label.partition(",")[0] and found.is_complete


def test_a_police_force_alone_is_no_place(gazetteer: Gazetteer) -> None:
    with pytest.raises(BadAddressError):
        match(gazetteer, "state police")
