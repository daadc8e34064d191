"""The map of zones as one page: what strangers wrote stays text, and nothing is asked of the network."""

import json
import re
from html import unescape
from html.parser import HTMLParser
from typing import Any

import folium
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from directory.formats.edition import ATTRIBUTION, LICENCE
from directory.geocoding.gazetteer import Gazetteer
from directory.maps.map_marks import DIAMOND
from directory.maps.map_script import Tiles, UnsafeMapSettingError
from directory.maps.mapped_zones import NotZonesError
from directory.maps.town_names import TownNames
from directory.maps.zone_map import zone_map
from tests.conftest import ROOT

DARIEN = {
    "name": "Safe Exchange Zone", "department": "Darien Police Department", "town": "Darien", "state": "CT",
    "country": "US", "setting": "parking_lot", "street_address": "25 Hecker Ave", "phone": "203-662-5300",
    "opening_hours": "24/7", "status": "active", "source_name": "Darien Times", "source_date": "2016-10-13",
    "url": "https://zones.example.org/zones/ct-darien-parking-lot",
}  # fmt: skip
HOSTILE = (
    "</script><script>alert(1)</script>", "<img src=x onerror=alert(1)>", "{{ 7 * 7 }}", "{% raw %}", "{#", "${1}",
    "\"' onmouseover=alert(1) x=\"", "</li></ol><iframe src=//evil.example>", "<!--", "]]>",
    "&lt;b&gt;", "\ud800", "\u2028", "`",
)  # fmt: skip
TEXTS = (
    "name", "department", "town", "spot_note", "street_address", "postal_code", "phone", "hours_note", "status_note",
    "confirmed_by", "source_name",
)  # fmt: skip


def collection(*changes: dict[str, Any]) -> dict[str, Any]:
    """Features of a zone like Darien's, each with changes of its own, a mile apart."""
    return {
        "type": "FeatureCollection",
        "features": [
            {"type": "Feature", "properties": {**DARIEN, **change},
             "geometry": {"type": "Point", "coordinates": [-73.47 + number / 60, 41.08]}}
            for number, change in enumerate(changes)
        ],
    }  # fmt: skip


@pytest.fixture(scope="module")
def names(gazetteer: Gazetteer) -> TownNames:
    return TownNames(gazetteer)


class Read(HTMLParser):
    """What a browser makes of a page: its elements with their attributes, and the texts of some."""

    def __init__(self, page: str) -> None:
        super().__init__()
        self.elements: list[tuple[str, dict[str, str | None]]] = []
        self.texts: dict[str, list[str]] = {"h1": [], "h2": [], "li": []}
        self._within: list[str] = []
        self.feed(page)

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.elements.append((tag, dict(attrs)))
        if tag in self.texts:
            self._within.append(tag)
            self.texts[tag].append("")

    def handle_endtag(self, tag: str) -> None:
        if self._within and self._within[-1] == tag:
            self._within.pop()

    def handle_data(self, data: str) -> None:
        for tag in self._within:
            self.texts[tag][-1] += data


def page_of(zones_map: folium.Map) -> str:
    return str(zones_map.get_root().render())


def shape(page: str) -> list[tuple[str, tuple[str, ...]]]:
    return [(tag, tuple(attributes)) for tag, attributes in Read(page).elements]


def test_a_page_says_its_places_its_day_its_licence_and_whom_to_name(names: TownNames) -> None:
    confirmed = {"confirmed_on": "2026-05-04", "confirmed_by": "Sgt. Ames"}
    features = collection({}, {"setting": "lobby", "distance_m": 3218.7, **confirmed})
    page = page_of(zone_map(features, "Safe zones in Darien, CT", names=names))
    read = Read(page)
    assert read.texts["h1"] == ["Safe zones in Darien, CT"]
    assert read.texts["h2"] == ["Darien Police Department · parking lot", "Darien Police Department · lobby"]
    first, second = read.texts["li"]
    assert "25 Hecker Ave" in first and "Hours: 24/7" in first and "203-662-5300" in first
    assert "Never confirmed by the police. Source: Darien Times, 2016-10-13" in first
    assert "Confirmed on 2026-05-04 by Sgt. Ames" in second and "2.0 mi from the place" in second
    assert LICENCE in page and ATTRIBUTION in page and "2 places of the Safe Zone Directory. Page made on 2" in page
    data = json.loads(page.partition('id="data">')[2].partition("</script>")[0])
    assert data["places"] == [[41.08, -73.47], [41.08, -73.47 + 1 / 60]]
    assert "Darien" in [name for name, *_ in data["towns"]] and all(each["geometries"] for each in data["outlines"])


def test_what_strangers_wrote_is_text_in_every_place(names: TownNames) -> None:
    plain = shape(page_of(zone_map(collection({}, {}), "Safe zones", names=names)))

    @settings(max_examples=40, suppress_health_check=[HealthCheck.function_scoped_fixture])
    @given(st.data())
    def attack(data: st.DataObject) -> None:
        texts = st.sampled_from(HOSTILE) | st.text(min_size=1, max_size=20)
        wrong = {name: "x" + data.draw(texts) for name in TEXTS}
        title = "x" + data.draw(texts)
        page = page_of(zone_map(collection(wrong, {}), title, names=names))
        page.encode()
        assert shape(page) == plain
        if title.isprintable():
            assert Read(page).texts["h1"] == [title]

    attack()


@pytest.mark.parametrize("country", ["US", "CA"])
def test_a_distance_says_no_more_than_is_known(names: TownNames, country: str) -> None:
    def said(meters: float, precision: str, **of_zone: Any) -> str:
        given = collection({"distance_m": meters, "country": country, **of_zone})
        given["geocode"] = {"label": "New Canaan, CT 06840", "precision": precision}
        [item] = Read(page_of(zone_map(given, names=names))).texts["li"]
        return item.partition("CT.")[2].partition("Hours")[0] or item.partition("Hours")[0]

    exact, rough = {"US": ("4.4 mi", "4 mi"), "CA": ("7.1 km", "7 km")}[country]
    middle = {"approximate": True, "location_source": "town"}
    assert said(7_100, "address").endswith(f"{exact} from the place that was searched for")
    assert said(7_100, "postal_code").endswith(f"About {rough} from the middle of New Canaan, CT 06840")
    assert said(2_000, "postal_code").endswith("In or near New Canaan, CT 06840")
    assert said(7_100, "address", **middle).endswith(f"About {rough} from the place that was searched for")
    near = said(700, "address", approximate=True, location_source="agency")
    assert near.endswith(f"Less than 1 {exact[-2:]} from the place that was searched for")
    assert said(4_900, "address", **middle).endswith("Somewhere in Darien")


def test_a_source_is_a_link_where_it_has_an_address(names: TownNames) -> None:
    url = "https://news.example.org/a?b=1&c=2"
    page = page_of(zone_map(collection({"source_url": url}, {"source_url": url, "source_name": ""}), names=names))
    links = [attributes["href"] for tag, attributes in Read(page).elements if tag == "a"]
    assert links.count(url) == 2
    first, second = Read(page).texts["li"]
    assert "Source: Darien Times, 2016-10-13" in first and "Source: news.example.org, 2016-10-13" in second


@pytest.mark.parametrize("address", ["javascript:alert(1)", "data:text/html,x", "//evil.example", " https://x"])
def test_only_an_address_of_the_web_becomes_a_link(names: TownNames, address: str) -> None:
    page = page_of(zone_map(collection({"url": address, "source_url": address}), names=names))
    assert [attributes["href"] for tag, attributes in Read(page).elements if tag == "a"] == [LICENCE]


def test_nothing_is_loaded_and_the_policy_forbids_it_except_for_tiles_that_were_asked_for(names: TownNames) -> None:
    streets = Tiles("https://{s}.t.example.org/{z}/{x}/{y}.png", "© Us")
    for tiles, pictures in ((None, "img-src data:;"), (streets, "img-src data: https://*.t.example.org;")):
        page = page_of(zone_map(collection({}), names=names, tiles=tiles))
        read = Read(page)
        assert not [tag for tag, attributes in read.elements if "src" in attributes or tag == "link"]
        [policy] = [a["content"] for _, a in read.elements if a.get("http-equiv") == "Content-Security-Policy"]
        assert policy and policy.startswith("default-src 'none'; script-src 'sha256-") and pictures in policy
        assert "unsafe" not in policy
    with pytest.raises(UnsafeMapSettingError):
        Tiles("https://t.example.org/{z}/{x}/{y}.png", "{{ 7 * 7 }}")
    for address in (
        "https://a; script-src-elem *; x@a.example/{z}/{x}/{y}",
        "javascript:alert(1)",
        "https://u@t.example/{z}",
    ):
        with pytest.raises(UnsafeMapSettingError, match="security policy"):
            Tiles(address, "© Us")


def test_a_notebook_and_a_file_show_the_same_page_and_layers_can_be_added(names: TownNames, tmp_path: Any) -> None:
    zones_map = zone_map(collection({}), names=names)
    page = page_of(zones_map)
    zones_map.save(tmp_path / "map.html")
    assert (tmp_path / "map.html").read_text(encoding="utf-8") == page == page_of(zones_map)
    assert page in unescape(zones_map._repr_html_())
    assert page_of(zone_map(json.dumps(collection({})), names=names)) == page
    assert "cdn." not in page
    folium.Marker((41.1, -73.5), popup="mine").add_to(zones_map)
    assert "cdn." in page_of(zones_map) and "L.popup(" in page_of(zones_map)


def test_the_packaged_names_are_taken_where_none_are_given() -> None:
    assert '"Stamford"' in page_of(zone_map(collection({})))


class Table:
    """A table as GeoPandas has them: missing values are NaN, days have a time."""

    __geo_interface__ = collection({
        "confirmed_on": "2026-05-04 00:00:00", "phone": float("nan"), "setting": None, "closures": "2026",
        "approximate": 1.0,
    })  # fmt: skip


def test_a_table_is_taken_with_its_gaps(names: TownNames) -> None:
    [text] = Read(page_of(zone_map(Table(), names=names))).texts["li"]
    assert "Confirmed on 2026-05-04." in text and "Phone" not in text and "nan" not in text
    assert "(the point is approximate)" in text


@pytest.mark.parametrize(
    ("stated", "shape"),
    [
        ({}, "use"), ({"approximate": True}, "near"), ({"status": "moved"}, "not"), ({"status": "planned"}, "plan"),
        ({"status": "withdrawn"}, "not"), ({"status": "moved", "status_from": "2190-05"}, "use"),
        ({"status": "temporarily_closed", "status_until": "2001-05-04"}, "use"),
        ({"closures": [{"from": "2001", "until": "2190"}]}, "not"),
    ],
)  # fmt: skip
def test_a_pin_has_the_shape_of_how_the_zone_stands_on_the_day_of_the_page(
    names: TownNames, stated: dict[str, Any], shape: str
) -> None:
    page = page_of(zone_map(collection(stated), names=names))
    assert next(each["class"] for _, each in Read(page).elements if "p-" in str(each.get("class"))) == f"p-{shape}"
    [drawn] = re.findall(r'<g transform="[^"]*"><(?:path d="([^"]+)"|rect)([^>]*)', page)
    picture = (
        "diamond" if drawn[0] == DIAMOND else "square" if not drawn[0] else "dashed" if "dash" in drawn[1] else "drop"
    )
    assert picture == {"use": "drop", "near": "dashed", "not": "square", "plan": "diamond"}[shape]


def test_a_move_to_come_is_named_as_one(names: TownNames) -> None:
    moves = collection({"status": "moved", "status_from": "2190-05"}, {"status": "moved", "status_from": "2001"})
    first, second = Read(page_of(zone_map(moves, names=names))).texts["h2"]
    assert first.endswith("(moves 2190-05: call first)") and second.endswith("(moved 2001: call first)")


@pytest.mark.parametrize(
    ("stated", "shape"),
    [("false", "use"), ("False", "use"), (0.0, "use"), ("", "use"), ("true", "near"), (1.0, "near"), ("yes", "near")],
)
def test_a_table_of_texts_says_no_where_it_says_false(names: TownNames, stated: Any, shape: str) -> None:
    assert f'class="p-{shape}"' in page_of(zone_map(collection({"approximate": stated}), names=names))


@pytest.mark.parametrize(
    ("given", "message"),
    [
        (collection({}, {"approximate": "perhaps"}), "feature 2: approximate: 'perhaps': neither true nor false"),
        ("{", "no JSON"), ([], "no GeoJSON FeatureCollection"), ({"type": "Feature"}, "no GeoJSON FeatureCollection"),
        ({"features": []}, "at least one"), ({"features": ["x"]}, "feature 1 is no GeoJSON Feature"),
        (collection({}, {"setting": "garden"}), "feature 2: setting: 'garden'"),
        ({"features": [{"properties": {}, "geometry": None}]}, "feature 1: geometry"),
        ({"features": [{"properties": {}, "geometry": {"type": "Point", "coordinates": [0, 91]}}]}, "feature 1: geom"),
        ({"features": [{"properties": {}, "geometry": {"type": "Point", "coordinates": ["nan", 1]}}]}, "feature 1"),
    ],
)  # fmt: skip
def test_what_are_no_zones_is_refused_with_the_place_and_the_reason(given: Any, message: str) -> None:
    with pytest.raises(NotZonesError, match=message):
        zone_map(given)


def test_a_map_of_the_whole_directory_is_taken(names: TownNames) -> None:
    page = page_of(zone_map((ROOT / "data" / "zones.geojson").read_text(encoding="utf-8"), names=names))
    zones = len(Read(page).texts["h2"])
    assert zones > 900
    picture = page.partition('<div class="picture">')[2].partition("</div>")[0]
    counts = [int(number) for number in re.findall(r"<text[^>]*>(\d+)</text>", picture)]
    assert sum(counts) == zones - 4 and "4 of them lie outside" in page, "all of the continent, and the rest is counted"
    assert page.count("Copyright (c) 2024, Mapbox") == 1, "the library that clusters comes with its licence"


def test_a_few_zones_need_no_library_that_clusters(names: TownNames) -> None:
    page = page_of(zone_map(collection({}), names=names))
    assert "Mapbox" not in page and "first view" not in page
