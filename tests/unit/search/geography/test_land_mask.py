"""Where land is and whose, and how long the way over water is: at places that everybody can look up."""

import pytest
from hypothesis import assume, given
from hypothesis import strategies as st

from directory.geo import Coordinates, distance_m
from directory.search.geography.crossings import OPEN_WATER_M, Crossing, crossings
from directory.search.geography.land_mask import packaged_land_mask
from tests.support.stored_zones import stored_zone

NEW_LONDON, GREENPORT = Coordinates(41.355, -72.099), Coordinates(41.103, -72.361)
HARTFORD = Coordinates(41.765, -72.673)


@pytest.mark.parametrize(
    ("latitude", "longitude", "country"),
    [
        (41.765, -72.673, "US"),
        (45.42, -75.7, "CA"),
        (25.67, -100.31, "MX"),
        (21.31, -157.86, "US"),  # Honolulu
        (51.88, -176.65, "US"),  # Adak, near the date line
        (52.9, 172.9, "US"),  # Attu, beyond it
        (13.45, 144.75, "US"),  # Guam
        (42.29, -83.02, "CA"),  # Windsor
        (42.35, -83.06, "US"),  # Detroit, across the river
        (35.0, -45.0, ""),  # the Atlantic
        (48.0, -51.0, ""),  # the grid's eastern edge
        (70.0, -150.0, ""),  # its northern one
        (-33.9, 151.2, ""),  # Sydney, south of the grid
        (51.5, -0.1, ""),  # London, east of it
        (89.0, -90.0, ""),
    ],
)
def test_a_point_lies_in_its_country_or_in_none(latitude: float, longitude: float, country: str) -> None:
    assert packaged_land_mask().country_at(Coordinates(latitude, longitude)) == country


@given(longitude=st.floats(-122.7, -95.3), north=st.floats(0.01, 0.2))
def test_the_49th_parallel_parts_the_united_states_from_canada(longitude: float, north: float) -> None:
    assert packaged_land_mask().country_at(Coordinates(49 + north, longitude)) == "CA"
    assert packaged_land_mask().country_at(Coordinates(49 - north, longitude)) == "US"


def water_m(origin: Coordinates, *ends: Coordinates) -> list[float]:
    return packaged_land_mask().longest_water_m(origin, ends, [distance_m(origin, end) for end in ends])


def test_long_island_sound_is_crossed_from_new_london_to_greenport() -> None:
    (meters,) = water_m(NEW_LONDON, GREENPORT)
    assert 10_000 < meters < 35_000
    assert water_m(GREENPORT, NEW_LONDON) == [pytest.approx(meters, rel=0.1)]


def test_no_water_lies_inland_and_each_end_is_answered_for_itself() -> None:
    springfield = Coordinates(42.1, -72.59)
    assert water_m(HARTFORD, springfield) == [0.0]
    dry, wet, also_dry = water_m(NEW_LONDON, HARTFORD, GREENPORT, springfield)
    assert dry < 2_000 and also_dry < 2_000 and wet > 10_000
    assert water_m(HARTFORD) == []


def test_the_way_across_the_date_line_is_the_short_one() -> None:
    adak, attu = Coordinates(51.88, -176.65), Coordinates(52.9, 172.9)
    (meters,) = water_m(adak, attu)
    assert 100_000 < meters < distance_m(adak, attu)


def test_a_way_that_never_leaves_the_water_is_water_from_end_to_end() -> None:
    here, there = Coordinates(41.1, -72.6), Coordinates(41.05, -72.75)  # in Long Island Sound
    assert water_m(here, there) == [pytest.approx(distance_m(here, there))]


@pytest.mark.parametrize(
    ("here", "there", "meters"),
    [
        ((42.7, -91.5), (42.7, -87.3), 37_850),  # Iowa to the middle of Lake Michigan
        ((44.8, -76.9), (43.4, -70.5), 5_354),  # Ontario to the coast of Maine
        ((26.2, -118.5), (24.9, -110.7), 645_449),  # the Pacific to Baja California
        ((29.0, -117.5), (30.5, -124.5), 697_069),  # nothing but the Pacific
    ],
)
def test_a_long_way_has_as_much_water_as_a_map_shows(
    here: tuple[float, float], there: tuple[float, float], meters: float
) -> None:
    assert water_m(Coordinates(*here), Coordinates(*there)) == [pytest.approx(meters, abs=meters / 200)]


def test_a_way_beyond_the_southern_edge_of_the_grid_is_looked_at_as_far_as_it_goes() -> None:
    (meters,) = water_m(Coordinates(-14.9, -170.5), Coordinates(-15.3, -170.5))
    assert meters > 5_000


def test_of_places_outside_the_grid_nothing_is_said() -> None:
    assert water_m(Coordinates(-40, 175), Coordinates(-41, 174)) == [0.0]


def between(country: str, *zones: tuple[Coordinates, str]) -> list[Crossing | None]:
    stored = [stored_zone(latitude=at.latitude, longitude=at.longitude, country=land) for at, land in zones]
    return crossings(NEW_LONDON, country, stored, [distance_m(NEW_LONDON, at) for at, _ in zones])


def test_a_border_is_named_before_the_water_and_nobodys_country_has_no_border() -> None:
    zones = ((GREENPORT, "CA"), (GREENPORT, "US"), (HARTFORD, "US"))
    assert between("US", *zones) == [Crossing.BORDER, Crossing.WATER, None]
    assert between("", *zones) == [Crossing.WATER, Crossing.WATER, None]


@pytest.mark.parametrize(
    ("latitude", "longitude", "at_sea"),
    [
        (35.0, -70.0, True),  # the Atlantic
        (43.5, -87.0, True),  # the middle of Lake Michigan
        (41.1, -72.6, True),  # Long Island Sound, seven kilometers from either shore
        (41.355, -72.099, False),  # New London
        (41.29, -72.10, False),  # its harbour's mouth, a kilometer off
        (39.1, -94.6, False),  # Kansas City
        (-33.9, 151.2, False),  # off the grid nothing is known
    ],
)
def test_who_is_at_sea_has_water_all_around(latitude: float, longitude: float, at_sea: bool) -> None:
    assert packaged_land_mask().is_at_sea(Coordinates(latitude, longitude)) is at_sea


def test_from_the_sea_a_way_so_long_that_its_first_point_is_on_land_crosses_water_too() -> None:
    off_chicago, denver = Coordinates(41.9, -87.56), Coordinates(39.74, -104.99)
    zone, meters = stored_zone(latitude=39.74, longitude=-104.99), distance_m(off_chicago, denver)
    assert water_m(off_chicago, denver) == [0.0]
    assert crossings(off_chicago, "US", [zone], [meters]) == [Crossing.WATER]


@pytest.mark.parametrize(("meters", "crosses"), [(2_000.0, None), (2_000.5, Crossing.WATER)])
def test_open_water_is_more_than_two_kilometers(meters: float, crosses: Crossing | None) -> None:
    ocean, zone = Coordinates(35.0, -70.0), stored_zone(latitude=35.01, longitude=-70.0)
    assert crossings(ocean, "US", [zone], [meters]) == [crosses]


@given(
    origin=st.tuples(st.floats(25, 49), st.floats(-124, -67)),
    ends=st.lists(st.tuples(st.floats(-4, 4), st.floats(-4, 4)), min_size=1, max_size=5),
)
def test_from_the_sea_every_way_that_is_long_enough_crosses_open_water(
    origin: tuple[float, float], ends: list[tuple[float, float]]
) -> None:
    here = Coordinates(*origin)
    assume(packaged_land_mask().is_at_sea(here))
    there = [Coordinates(here.latitude + north, here.longitude + east) for north, east in ends]
    far = [end for end in there if distance_m(here, end) > OPEN_WATER_M]
    assert all(meters > OPEN_WATER_M for meters in water_m(here, *far))
