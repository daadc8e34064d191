"""XML that no parser refuses, whatever characters the directory's texts hold."""

from dataclasses import replace
from datetime import UTC, datetime
from typing import Any
from urllib.parse import quote
from xml.etree import ElementTree

import pytest
from hypothesis import HealthCheck, example, given, settings
from hypothesis import strategies as st
from sqlalchemy import text as sql

from directory.formats.export_formats import pieces
from directory.posters.layout import Wording
from directory.posters.render import poster
from tests.conftest import ROOT
from tests.support.site import Site

pytestmark = pytest.mark.slow

ZONE = "ct-darien-parking-lot"
DOORS = (
    "/towns/ct/darien/feed.atom", "/towns/ct/feed.atom", "/sitemap.xml", "/downloads/ct/darien/zones.kml",
    "/downloads/ct/darien/zones.gpx", f"/zones/{ZONE}/poster.svg", f"/zones/{ZONE}/qr.svg",
    "/oembed?format=xml&url=http://localhost/towns/ct/darien", f"/oembed?format=xml&url=http://localhost/zones/{ZONE}",
)  # fmt: skip
HOSTILE = "\ufffe\uffff\x01\x0b\x1f\x7f\x85\u2028\ufdd0\U0001ffff]]><&\"'\t\r\n -- {{7*7}}"
every_character = st.text(st.characters(), max_size=40)
"""Lone surrogates included: a Python text may hold them."""
storable = st.text(st.characters(exclude_categories=["Cs"], exclude_characters="\0"), max_size=40)
"""What a database takes."""
FIXTURE = [HealthCheck.function_scoped_fixture]
many = settings(max_examples=200, suppress_health_check=FIXTURE)
few = settings(max_examples=25, suppress_health_check=FIXTURE)


def write_into_texts(site: Site, text: str) -> None:
    """Put a text into what the directory says of Darien, past every form, and log a change of its zone."""
    with site.engine.begin() as connection:
        connection.execute(
            sql("UPDATE zone SET name = :t, spot_note = :t, street_address = :t, source_url = :t, hours_note = :t "
                "WHERE zone_id = :z"), {"t": text, "z": ZONE},
        )  # fmt: skip
        connection.execute(sql("UPDATE town SET name = :t WHERE slug = 'ct/darien'"), {"t": text})
        connection.execute(sql("UPDATE department SET name = :t WHERE slug LIKE 'ct/darien%'"), {"t": text})
        connection.execute(
            sql("INSERT INTO change (at, actor, kind, subject, action, reason) VALUES (:at, :t, 'zone', :z, :t, :t)"),
            {"t": text, "z": ZONE, "at": datetime.now(UTC).isoformat(sep=" ")},
        )
    site.services.snapshot_cache.invalidate()


def assert_every_door_gives_xml(site: Site) -> None:
    for path in DOORS:
        response = site.visitor().get(path)
        assert response.status_code == 200, path
        ElementTree.fromstring(response.data)


def test_a_feed_survives_a_noncharacter_in_a_zones_text(site: Site) -> None:
    write_into_texts(site, HOSTILE)
    assert_every_door_gives_xml(site)
    title = ElementTree.fromstring(site.visitor().get("/towns/ct/darien/feed.atom").data)
    assert "]]><&\"'" in "".join(title.itertext()), "what XML allows is kept"


@few
@example("\ufffe")
@given(storable)
def test_every_public_xml_parses_whatever_the_database_holds(site: Site, text: str) -> None:
    write_into_texts(site, text)
    assert_every_door_gives_xml(site)


@pytest.mark.parametrize("form", ["kml", "gpx"])
def test_every_file_for_maps_parses_for_every_python_text(site: Site, form: str) -> None:
    zone = site.services.snapshot_cache.current().by_id[ZONE]

    @many
    @example(HOSTILE + "\ud800\udfff\0")
    @given(every_character)
    def check(text: str) -> None:
        names = ("name", "spot_note", "department", "street_address", "source_url", "zone_id", "hours_note")
        texts: dict[str, Any] = dict.fromkeys(names, text)
        hostile = replace(zone, **texts)
        ElementTree.fromstring(b"".join(pieces(form, [hostile])))  # type: ignore[arg-type]

    check()


@settings(max_examples=20)
@example(HOSTILE + "\ud800\udfff\0")
@given(every_character)
def test_every_poster_parses_for_every_python_text(text: str) -> None:
    wording = Wording(text, text, (text,), (text,), text, text, (text,), text, text, text)
    ElementTree.fromstring(poster("svg", "letter", (wording,), text, "https://example.org/q/1", None))


@many
@given(st.binary(max_size=30))
def test_every_oembed_answer_parses_whatever_bytes_the_address_holds(site: Site, raw: bytes) -> None:
    near = quote(quote(raw) or "06840")
    response = site.visitor().get(f"/oembed?format=xml&url=http://localhost/embed?near={near}")
    if response.status_code == 200:
        ElementTree.fromstring(response.data)


def test_xml_is_written_in_one_place() -> None:
    """Another writer would be another place to forget what XML does not allow."""
    for path in [*(ROOT / "directory").rglob("*.py"), *(ROOT / "templates").rglob("*.*")]:
        if path == ROOT / "directory" / "xml_writer.py":
            continue
        source = path.read_text(encoding="utf-8")
        assert "<?xml" not in source and "xml.sax" not in source and "ElementTree" not in source, path
        assert path.suffix not in (".xml", ".atom", ".svg"), path
