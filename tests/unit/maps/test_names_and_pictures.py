"""The names that maps write, and the picture for paper."""

import math
from xml.etree import ElementTree

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from jinja2 import Environment, FileSystemLoader

from directory.geo import Coordinates, distance_m
from directory.geocoding.gazetteer import Gazetteer
from directory.maps.map_colors import palette_of
from directory.maps.map_marks import Pin, PinKind, shape_of
from directory.maps.static_map import HEIGHT, LETTER, WIDTH, picture, picture_of_many, places_in_picture
from directory.maps.town_names import DEEPEST, NAMES_PER_TILE, TownNames
from tests.conftest import ROOT

LIGHT = palette_of(dark=False)
DARIEN = Coordinates(41.0787, -73.4693)
SVG = "{http://www.w3.org/2000/svg}"


@pytest.fixture(scope="module")
def names(tmp_path_factory: pytest.TempPathFactory) -> TownNames:
    return TownNames(Gazetteer.open_packaged(tmp_path_factory.mktemp("gazetteer")))


def tile_of(point: Coordinates, zoom: int) -> tuple[int, int]:
    """The tile that holds a point, by the usual formula."""
    latitude = math.radians(point.latitude)
    down = (1 - math.asinh(math.tan(latitude)) / math.pi) / 2
    return int((point.longitude + 180) / 360 * 2**zoom), int(down * 2**zoom)


@settings(max_examples=25)
@given(st.integers(0, DEEPEST), st.floats(25, 60), st.floats(-125, -65))
def test_a_tile_has_its_largest_towns_and_those_of_no_other(
    names: TownNames, zoom: int, latitude: float, longitude: float
) -> None:
    place = tile_of(Coordinates(latitude, longitude), zoom)
    towns = names.in_tile(zoom, *place)
    assert len(towns) <= NAMES_PER_TILE
    assert all(tile_of(town.coordinates, zoom) == place for town in towns)
    if zoom < DEEPEST:  # what a part of the tile names first, the whole names or has larger ones
        parts = [
            names.in_tile(zoom + 1, 2 * place[0] + right, 2 * place[1] + down) for right in (0, 1) for down in (0, 1)
        ]
        assert {town for part in parts for town in part[:NAMES_PER_TILE]} >= set(towns)


def test_tiles_that_do_not_exist_are_refused(names: TownNames) -> None:
    for zoom, column, row in ((-1, 0, 0), (DEEPEST + 1, 0, 0), (2**31 - 1, 0, 0), (3, 8, 0), (3, 0, 8)):
        with pytest.raises(ValueError):
            names.in_tile(zoom, column, row)


def test_the_towns_around_a_place_are_near_known_and_in_several_directions(names: TownNames) -> None:
    around = names.around(DARIEN, 4, ["Darien"])
    assert {"Stamford", "Norwalk", "New Canaan"} <= {near.town.name for near in around}
    assert len({near.direction for near in around}) == len(around) == 4
    assert all(near.distance_m == distance_m(DARIEN, near.town.coordinates) < 20_000 for near in around)
    assert names.around(Coordinates(30.0, -50.0), 4) == []  # the middle of the Atlantic


def texts(svg: str) -> list[tuple[str, float, float]]:
    """The names of towns and then that of the scale, with their places."""
    root = ElementTree.fromstring(svg)
    found = [*root.findall(f"{SVG}g[@text-anchor]/{SVG}text"), *root.findall(f"{SVG}text")]
    return [(text.text or "", float(text.get("x", 0)), float(text.get("y", 0))) for text in found]


def test_a_picture_has_pin_names_and_scale_and_no_name_on_another(names: TownNames) -> None:
    svg = picture([Pin(DARIEN)], names, LIGHT, metric=False)
    *towns, scale = texts(svg)
    assert scale[0] == "5 mi" and {"Norwalk", "Stamford"} <= {name for name, _, _ in towns}
    areas = [(x - len(name) * LETTER / 2, y - 13, x + len(name) * LETTER / 2, y + 4) for name, x, y in towns]
    for at, (left, top, right, bottom) in enumerate(areas):
        assert left > 0 and right < WIDTH and top > 0 and bottom < HEIGHT
        assert all(
            right <= other[0] or other[2] <= left or bottom <= other[1] or other[3] <= top for other in areas[:at]
        )
    assert svg.count("<path") >= 4  # land, borders, the pin, the scale


def test_several_pins_carry_the_numbers_of_the_list_and_all_are_in_the_picture(names: TownNames) -> None:
    far = [Coordinates(61.2, -149.9), Coordinates(21.3, -157.8), Coordinates(44.6, -63.6)]
    svg = picture([Pin(point, number) for number, point in enumerate(far, 1)], names, LIGHT, metric=True)
    groups = ElementTree.fromstring(svg).findall(f"{SVG}g[@transform]")
    assert sorted(group.findtext(f"{SVG}text") or "" for group in groups) == ["1", "2", "3"]
    for group in groups:
        x, y = map(float, group.get("transform", "").removeprefix("translate(").removesuffix(")").split())
        assert 0 < x < WIDTH and 0 < y < HEIGHT
    assert texts(svg)[-1][0].endswith("km")


def test_a_picture_of_the_nearest_keeps_the_first_pins_apart_and_cuts_off_what_is_far(names: TownNames) -> None:
    steps = (0.0, 0.02, 0.04, 0.06, 0.9, 1.8)
    pins = [Pin(Coordinates(DARIEN.latitude + step, DARIEN.longitude), at) for at, step in enumerate(steps, 1)]

    def heights(*, nearest: bool) -> dict[str, float]:
        groups = ElementTree.fromstring(picture(pins, names, LIGHT, metric=False, nearest=nearest)).findall(
            f"{SVG}g[@transform]"
        )
        return {
            group.findtext(f"{SVG}text") or "": float((group.get("transform") or "").rstrip(")").split()[1])
            for group in groups
        }

    close, all_of_them = heights(nearest=True), heights(nearest=False)
    assert all_of_them["1"] - all_of_them["2"] < 5 and all(0 < height < HEIGHT for height in all_of_them.values())
    assert close["1"] - close["2"] > 40 and all(0 < close[number] < HEIGHT for number in "1234") and close["5"] < 0


@settings(max_examples=20)
@given(st.lists(st.tuples(st.floats(18, 70), st.floats(-170, -55)), min_size=1, max_size=120))
def test_the_picture_of_everything_counts_every_zone_that_it_has_room_for_once(
    names: TownNames, places: list[tuple[float, float]]
) -> None:
    zones = [Coordinates(*place) for place in places]
    svg = picture_of_many([Pin(zone) for zone in zones], names, LIGHT, metric=False, everywhere=True)
    clusters = ElementTree.fromstring(svg).findall(f"{SVG}g[@transform]")
    corners = [Coordinates(24.5, -125.0), Coordinates(54.0, -61.0)]
    inside = [zone for zone in zones if corners[0].latitude + 1 < zone.latitude < 50 and -124 < zone.longitude < -62]
    assert len(inside) <= sum(int(cluster.findtext(f"{SVG}text") or 0) for cluster in clusters) <= len(zones)
    assert all("MM" not in path.get("d", "") for path in ElementTree.fromstring(svg).findall(f"{SVG}path"))


def test_a_pin_has_the_shape_of_its_kind_and_the_colours_of_the_scheme(names: TownNames) -> None:
    pins = [Pin(Coordinates(41.0 + kind / 10, -73.5), kind + 1, kind) for kind in PinKind]
    light, dark = (picture(pins, names, palette_of(dark=dark), metric=False) for dark in (False, True))
    for svg, land in ((light, "#f4f1e7"), (dark, "#1c2831")):
        drop, dashed, square, diamond = [
            next(
                group
                for group in ElementTree.fromstring(svg).findall(f"{SVG}g[@transform]")
                if group.findtext(f"{SVG}text") == n
            )
            for n in "1234"
        ]
        assert "stroke-dasharray" in dashed[0].attrib and dashed[0].get("d") == drop[0].get("d")
        assert square[0].tag == f"{SVG}rect" and diamond[0].get("d") not in (None, drop[0].get("d"))
        assert land in svg


def test_the_legend_of_pages_has_the_shapes_of_pictures() -> None:
    """static/map.js makes its pins of the legend, which no program writes."""
    fragments = Environment(loader=FileSystemLoader(ROOT / "templates"), autoescape=True).get_template(
        "_fragments.html"
    )
    legend = str(fragments.make_module({"_": str}).map_legend())  # type: ignore[attr-defined]
    for kind in PinKind:
        _, _, item = legend.partition(f'<li data-shape="{int(kind)}"')
        svg = ElementTree.fromstring(item[item.index("<svg") : item.index("</svg>") + len("</svg>")])
        drawn = ElementTree.fromstring(shape_of(kind, {"class": svg[0].get("class")}))
        assert (svg[0].tag, svg[0].attrib) == (drawn.tag, drawn.attrib)
        assert svg.get("data-middle") == str(kind.number_height)


def test_somebody_is_marked_where_the_picture_shows_the_place_and_nowhere_else() -> None:
    around = [Coordinates(41.0, -73.6), Coordinates(41.2, -73.4)]
    inside, outside = places_in_picture(around, [Coordinates(41.15, -73.55), Coordinates(45.0, -73.5)])
    left, top = inside or (0, 0)
    assert 0 < left < WIDTH / 2 and 0 < top < HEIGHT / 2
    assert outside is None


def test_pins_of_one_spot_stand_side_by_side_unless_they_share_a_number(names: TownNames) -> None:
    svg = picture([Pin(DARIEN, 1), Pin(DARIEN, 2), Pin(DARIEN, 2)], names, LIGHT, metric=False)
    groups = ElementTree.fromstring(svg).findall(f"{SVG}g[@transform]")
    places = {(group.findtext(f"{SVG}text"), group.get("transform", "").split()[0]) for group in groups}
    assert [number for number, _ in sorted(places, key=str)] == ["1", "2"] and len({at for _, at in places}) == 2
