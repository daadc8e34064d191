"""The map of zones as one page: what strangers wrote stays text, and nothing is asked of the network."""

import json
from html import unescape
from html.parser import HTMLParser
from typing import Any

import folium
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from directory.formats.edition import ATTRIBUTION, LICENCE
from directory.geocoding.gazetteer import Gazetteer
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


def page_of(found: folium.Map) -> str:
    return str(found.get_root().render())


def shape(page: str) -> list[tuple[str, tuple[str, ...]]]:
    return [(tag, tuple(attributes)) for tag, attributes in Read(page).elements]


def test_a_page_says_its_places_its_day_its_licence_and_whom_to_name(names: TownNames) -> None:
    confirmed = {"confirmed_on": "2026-05-04", "confirmed_by": "Sgt. Ames"}
    given = collection({}, {"setting": "lobby", "distance_m": 3218.7, **confirmed})
    page = page_of(zone_map(given, "Safe zones in Darien, CT", names=names))
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
        words = st.sampled_from(HOSTILE) | st.text(min_size=1, max_size=20)
        wrong = {name: "x" + data.draw(words) for name in TEXTS}
        title = "x" + data.draw(words)
        page = page_of(zone_map(collection(wrong, {}), title, names=names))
        page.encode()
        assert shape(page) == plain
        if title.isprintable():
            assert Read(page).texts["h1"] == [title]

    attack()


@pytest.mark.parametrize("address", ["javascript:alert(1)", "data:text/html,x", "//evil.example", " https://x"])
def test_only_an_address_of_the_web_becomes_a_link(names: TownNames, address: str) -> None:
    page = page_of(zone_map(collection({"url": address}), names=names))
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
    found = zone_map(collection({}), names=names)
    page = page_of(found)
    found.save(tmp_path / "map.html")
    assert (tmp_path / "map.html").read_text(encoding="utf-8") == page == page_of(found)
    assert page in unescape(found._repr_html_())
    assert page_of(zone_map(json.dumps(collection({})), names=names)) == page
    assert "cdn." not in page
    folium.Marker((41.1, -73.5), popup="mine").add_to(found)
    assert "cdn." in page_of(found) and "L.popup(" in page_of(found)


def test_the_packaged_names_are_taken_where_none_are_given() -> None:
    assert '"Stamford"' in page_of(zone_map(collection({})))


class Table:
    """A table as GeoPandas has them: missing values are NaN, days have a time."""

    __geo_interface__ = collection({
        "confirmed_on": "2026-05-04 00:00:00", "phone": float("nan"), "setting": None, "closures": "2026",
        "approximate": 1.0,
    })  # fmt: skip


def test_a_table_is_taken_with_its_gaps(names: TownNames) -> None:
    [words] = Read(page_of(zone_map(Table(), names=names))).texts["li"]
    assert "Confirmed on 2026-05-04." in words and "Phone" not in words and "nan" not in words
    assert "(the point is approximate)" in words


@pytest.mark.parametrize(
    ("given", "said"),
    [
        ("{", "no JSON"), ([], "no GeoJSON FeatureCollection"), ({"type": "Feature"}, "no GeoJSON FeatureCollection"),
        ({"features": []}, "at least one"), ({"features": ["x"]}, "feature 1 is no GeoJSON Feature"),
        (collection({}, {"setting": "garden"}), "feature 2: setting: 'garden'"),
        ({"features": [{"properties": {}, "geometry": None}]}, "feature 1: geometry"),
        ({"features": [{"properties": {}, "geometry": {"type": "Point", "coordinates": [0, 91]}}]}, "feature 1: geom"),
        ({"features": [{"properties": {}, "geometry": {"type": "Point", "coordinates": ["nan", 1]}}]}, "feature 1"),
    ],
)  # fmt: skip
def test_what_are_no_zones_is_refused_with_the_place_and_the_reason(given: Any, said: str) -> None:
    with pytest.raises(NotZonesError, match=said):
        zone_map(given)


def test_a_map_of_the_whole_directory_is_taken(names: TownNames) -> None:
    page = page_of(zone_map((ROOT / "data" / "zones.geojson").read_text(encoding="utf-8"), names=names))
    assert len(Read(page).texts["h2"]) > 900
