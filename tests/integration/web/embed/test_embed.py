"""Embeds without a browser: headers, framing, refusals, colours, oEmbed."""

import re
from html import unescape
from xml.etree import ElementTree

import pytest
from flask.testing import FlaskClient
from hypothesis import given
from hypothesis import strategies as st
from sqlalchemy import text

from directory.db.log import Author
from directory.db.queries.town_profiles import save_town_profile
from directory.db.transaction import transaction
from directory.web.embed.options import Shape
from directory.web.embed.theme import DARK_GROUNDS, LEAST, LIGHT_GROUNDS, accessible_color, contrast, parse_color
from directory.web.http.languages import available
from tests.support.site import Site

EMBEDS = ["/embed/ct/new-canaan", "/embed/ct/weston", "/embed/zz/nowhere", "/embed", "/embed?near=06840",
          "/embed?near=Springfield", "/embed?near=zzzz", "/embed?department=ct/darien-police-department",
          "/embed?state=ct", "/embed/ct", "/embed?state=zz", "/embed?department=none",
          "/embed?county=ct/fairfield-county",
          "/embed?zone=ct-darien-parking-lot", "/embed?towns=Darien,+CT,+Wilton,+CT", "/embed?zone=none",
          "/embed?county=none", "/embed?towns=none", "/embed/ct/darien?shape=compact"]  # fmt: skip


def ancestors(policy: str) -> str:
    """Who may frame a page; empty where all may: "*" would keep sandboxed frames out."""
    found = re.search(r"frame-ancestors ([^;]+)", policy)
    return found[1] if found else ""


def policy_of(sites: list[str]) -> str:
    return " ".join(["'self'", *sites])


@pytest.mark.parametrize("path", EMBEDS)
def test_an_embed_may_be_framed_by_anyone_and_keeps_nothing(client: FlaskClient, path: str) -> None:
    client.set_cookie("lang", "es")
    response = client.get(path)
    assert ancestors(response.headers["Content-Security-Policy"]) == ""
    assert "X-Frame-Options" not in response.headers and "Set-Cookie" not in response.headers
    assert "Cookie" not in response.headers["Vary"]
    assert response.headers["Referrer-Policy"] == "strict-origin-when-cross-origin"
    assert '<html lang="en">' in response.text
    assert "<h1" not in response.text and "<header" not in response.text and "<h2" in response.text


def test_every_other_page_may_be_framed_by_nobody(client: FlaskClient) -> None:
    for path in ("/", "/search?q=06840", "/towns/ct/new-canaan", "/towns/ct/new-canaan/embed", "/docs", "/downloads",
                 "/zones/ct-darien-parking-lot", "/submit", "/sign-in", "/nothing", "/api/v1/"):  # fmt: skip
        assert ancestors(client.get(path).headers["Content-Security-Policy"]) == "'none'", path


def test_a_towns_own_list_of_sites_says_who_may_frame_it(site: Site) -> None:
    with transaction(site.engine) as session:
        sites = ["https://www.newcanaan.info", "https://police.example"]
        save_town_profile(session, "ct/new-canaan", {"embed_sites": sites}, Author("test", ""))
    site.services.snapshot_cache.invalidate()
    client = site.visitor()
    policy = client.get("/embed/ct/new-canaan").headers["Content-Security-Policy"]
    assert ancestors(policy) == policy_of(sites)
    assert ancestors(client.get("/embed/ct/darien").headers["Content-Security-Policy"]) == ""
    assert client.get("/oembed?url=http://localhost/towns/ct/new-canaan").status_code == 401
    department = "department=ct/new-canaan-police-department"
    assert ancestors(client.get(f"/embed?{department}").headers["Content-Security-Policy"]) == policy_of(sites)
    assert client.get(f"/oembed?url=http://localhost/embed?{department}").status_code == 401
    for more in ("zone=ct-new-canaan-lobby", "towns=ct/darien,ct/new-canaan", "county=ct/fairfield-county"):
        assert ancestors(client.get(f"/embed?{more}").headers["Content-Security-Policy"]) == policy_of(sites), more
        assert client.get("/oembed", query_string={"url": f"http://localhost/embed?{more}"}).status_code == 401, more


@pytest.mark.parametrize(
    ("path", "status", "message"),
    [
        ("/embed/zz/nowhere", 404, "We do not know “nowhere, ZZ”"),
        ("/embed/ct/weston", 200, "No safe zone known in Weston, CT"),
        ("/embed?near=zzzz", 404, "We could not find that address"),
        ("/embed?near=" + "x" * 300, 400, "We could not use that"),
        ("/embed?near=Springfield", 200, "Which one do you mean?"),
        ("/embed", 200, "Find the nearest safe zone"),
    ],
)
def test_what_cannot_be_shown_is_said_beside_a_search_box(
    client: FlaskClient, path: str, status: int, message: str
) -> None:
    response = client.get(path)
    assert response.status_code == status
    assert message in unescape(response.text) and 'role="search"' in response.text


def test_a_place_chosen_in_the_frame_keeps_its_name(client: FlaskClient) -> None:
    text = client.get("/embed?near=Springfield").text
    chosen = unescape(re.findall(r'<a target="_self" href="([^"]+)">Springfield, MA<', text)[0])
    assert '<h2 id="heading">Near Springfield, MA</h2>' in client.get(chosen).text


def test_options_are_kept_while_searching_inside_the_frame(client: FlaskClient) -> None:
    text = client.get("/embed?near=Springfield&color=7a1f4b&theme=dark&lang=es").text
    assert '<html lang="es" data-theme="dark">' in text and 'content="dark"' in text
    assert '<input type="hidden" name="color" value="7a1f4b">' in text
    assert "theme=dark" in unescape(re.findall(r'<li><a target="_self" href="([^"]+)"', text)[0])


def test_options_that_cannot_be_used_fall_back_to_the_usual(client: FlaskClient) -> None:
    usual = client.get("/embed/ct/darien").text
    assert client.get("/embed/ct/darien?color=red;}&theme=pink&lang=xx&height=-1&shape=round").text == usual
    assert client.get("/embed/look-auto-zzz.css").status_code == 404


@given(st.integers(0, 0xFFFFFF), st.booleans())
def test_every_colour_becomes_one_that_can_be_read(number: int, dark: bool) -> None:
    look = accessible_color(f"{number:06x}", dark=dark)
    for ground in DARK_GROUNDS if dark else LIGHT_GROUNDS:
        assert contrast(look.colour, ground) >= LEAST
        assert contrast(look.strong, ground) >= LEAST
    assert contrast(look.on_top, look.colour) >= LEAST
    assert contrast(look.on_top, look.strong) >= LEAST


def test_a_colour_that_can_be_read_stays_as_it_is() -> None:
    assert accessible_color("0b5c63").colour == "0b5c63" and accessible_color("7a1f4b").colour == "7a1f4b"
    assert round(contrast("000000", "ffffff"), 2) == 21.0 and round(contrast("777777", "ffffff"), 2) == 4.48


@given(st.text())
def test_only_hexadecimal_digits_ever_become_a_colour(text: str) -> None:
    read = parse_color(text)
    assert read is None or re.fullmatch(r"[0-9a-f]{6}", read)


HOSTILE = ['"><script>window.P=1</script>', "{{7*7}}", "' onmouseover='x", "</style><script>"]


@pytest.mark.parametrize("text", HOSTILE)
@pytest.mark.parametrize("name", ["near", "department", "state", "color", "theme", "lang", "search"])
def test_hostile_text_in_an_embeds_address_stays_literal(client: FlaskClient, name: str, text: str) -> None:
    response = client.get("/embed", query_string={name: text})
    assert response.status_code in (200, 400, 404)
    assert "<script>window" not in response.text and "'x" not in response.text.replace("&#39;x", "")
    assert "49" not in re.sub(r"[0-9a-f]{12}", "", response.text) or "{{7*7}}" not in text


def test_oembed_answers_json_and_xml_alike_within_the_asked_size(client: FlaskClient) -> None:
    query = {"url": "http://localhost/towns/ct/new-canaan", "maxwidth": "500", "maxheight": "300"}
    told = client.get("/oembed", query_string=query).json
    xml = ElementTree.fromstring(client.get("/oembed", query_string={**query, "format": "xml"}).data)
    assert {item.tag: item.text for item in xml} == {name: str(value) for name, value in told.items()}
    assert (told["type"], told["width"], told["height"]) == ("rich", 500, 300)
    link, frame = told["html"].split("\n")
    assert (
        link
        == '<blockquote><a href="http://localhost/towns/ct/new-canaan">Safe zones in New Canaan, CT</a></blockquote>'
    )
    assert 'width="100%"' in frame and "/embed/ct/new-canaan" in frame and "style=" not in frame


def test_what_an_embed_shows_is_named_by_its_address(client: FlaskClient) -> None:
    shown = {
        "zone=ct-darien-parking-lot": ("Darien police · parking lot, Darien, CT", {"Darien"}),
        "towns=ct/darien,ct/wilton": ("Safe zones in Darien, CT and Wilton, CT", {"Darien", "Wilton"}),
        "towns=Wilton, CT, Nowhere, Darien, CT": ("Safe zones in Darien, CT and Wilton, CT", {"Darien", "Wilton"}),
        "towns=ct/wilton": ("Safe zones in Wilton, CT", {"Wilton"}),
        "towns=darien ct,wilton ct,guilford,easton ct": (
            "Safe zones in 4 towns",
            {"Darien", "Wilton", "Guilford", "Easton"},
        ),
        "department=ct/darien-police-department": ("Safe zones of Darien Police Department, CT", {"Darien"}),
    }  # fmt: skip
    county = "Safe zones in Fairfield County, CT", {"Darien", "Easton", "New Canaan", "Ridgefield", "Wilton"}
    shown |= {"county=ct/fairfield-county": county, "county=Fairfield County, CT": county}
    for query, (title, towns) in shown.items():
        text = client.get(f"/embed?{query}").text
        told = client.get("/oembed", query_string={"url": f"http://localhost/embed?{query}"}).json
        assert f'<h2 id="heading">{title}</h2>' in text and told["title"] == title, query
        assert set(re.findall(r'data-town="([^",]+)', text)) == towns, query
        assert (
            client.get(unescape(re.findall(r'src="http://localhost(/embed[^"]+)"', told["html"])[0])).status_code == 200
        )


def test_the_builder_says_what_of_a_choice_cannot_be_shown(client: FlaskClient) -> None:
    places = [row["id"] for row in client.get("/api/v1/towns?limit=30").json["towns"]]
    said = {
        "what=towns": "Name at least one more town that has a zone.",
        "what=towns&towns=Nowhere,Wilton": "We know of no zone in Nowhere. The others are shown.",
        "what=zone:none": "No zone of that is known any more",
        "what=towns&towns=" + ",".join(places): "At most 20 towns are shown together.",
    }
    for query, words in said.items():
        assert words in client.get(f"/towns/ct/darien/embed?{query}").text, query
    assert "/embed?towns=ct/darien,ct/wilton" in client.get("/towns/ct/darien/embed?what=towns&towns=Wilton").text
    page = client.get("/towns/ct/darien/embed?what=zone:none&lang=es&language=fr").text
    assert "De eso ya no se conoce ninguna zona" in page, "the reader's language, whatever the codes speak"


def test_codes_and_preview_speak_the_language_that_was_chosen_else_that_of_the_page(client: FlaskClient) -> None:
    def built(language: str) -> tuple[str, list[str]]:
        page = client.get(f"/towns/ct/darien/embed?lang=es&language={language}").text
        preview = re.search(r'class="preview" src="([^"]+)"', page)
        assert preview is not None
        return preview[1], re.findall(r"title=&#34;([^&]+)&#34;", page)[:1]

    assert built("") == ("/embed/ct/darien?lang=es", ["Zonas seguras en Darien, CT"])
    assert built("fr") == ("/embed/ct/darien?lang=fr", ["Zones neutres\xa0: Darien, CT"])
    assert built("en") == ("/embed/ct/darien?lang=en", ["Safe zones in Darien, CT"])


def test_the_builder_of_a_town_that_lost_its_zones_says_so(site: Site) -> None:
    with site.engine.begin() as connection:
        connection.execute(text("UPDATE zone SET status = 'withdrawn' WHERE zone_id LIKE 'ct-darien-%'"))
    site.services.snapshot_cache.invalidate()
    assert (
        "No zone is known in Darien yet: the nearest ones are shown."
        in site.visitor().get("/towns/ct/darien/embed").text
    )


@pytest.mark.parametrize("shape", Shape)
def test_a_shape_shows_list_and_map_or_one_of_them(client: FlaskClient, shape: Shape) -> None:
    for path in ("/embed/ct/darien", "/embed?state=ct", "/embed?near=06840"):
        text = client.get(f"{path}{'&' if '?' in path else '?'}shape={shape}").text
        assert ("data-map" in text) == (shape is not Shape.LIST), path
        listed = 'class="town-list"' if "state" in path else "data-cards"
        assert listed in text, "a list without script in every shape"
        assert ("<details" in text) == (shape is Shape.MAP), path


def test_oembed_speaks_the_language_of_the_address_whoever_asks(client: FlaskClient) -> None:
    address = "/oembed?url=http://localhost/towns/ct/new-canaan"
    for language in available():
        told = client.get(address, headers={"Accept-Language": language})
        assert told.json["title"] == "Safe zones in New Canaan, CT"
    assert client.get(f"{address}/embed?language=es").json["title"].startswith("Zonas seguras")
    for near in ("/oembed?url=http://localhost/embed?near=06840", "/oembed?url=http://localhost/search?q=06840"):
        assert client.get(near).headers["Cache-Control"] == "private, no-store"
        assert "cache_age" not in client.get(near).json
    spanish = client.get(f"{address}?lang=ES-mx").json
    assert spanish["title"].startswith("Zonas seguras en New Canaan")
    assert "/embed/ct/new-canaan?lang=es" in spanish["html"] and "/towns/ct/new-canaan?lang=es" in spanish["html"]


def test_oembed_xml_is_well_formed_whatever_was_searched_for(client: FlaskClient) -> None:
    response = client.get("/oembed?format=xml&url=http://localhost/search?q=%2501%253Cb%253E%2526x")
    assert "near" in (ElementTree.fromstring(response.data).findtext("title") or "")


def test_an_embed_far_from_every_zone_says_so(client: FlaskClient) -> None:
    assert "No safe zone within 50 miles" in client.get("/embed?near=Adak,+AK").text
    assert "No safe zone within 50 miles" not in client.get("/embed?near=06840").text


def test_oembed_links_are_announced_on_what_can_be_embedded(client: FlaskClient) -> None:
    for path in ("/towns/ct/new-canaan", "/towns/ct", "/zones/ct-darien-parking-lot"):
        links = re.findall(r'type="(?:application/json|text/xml)\+oembed"[^>]* href="([^"]+)"', client.get(path).text)
        assert len(links) == 2 and all("url=http%3A%2F%2F" in link for link in links), path
        for link in links:
            assert client.get(unescape(link)).status_code == 200


@pytest.mark.parametrize(
    ("query", "status"),
    [
        ("", 400),
        ("url=", 400),
        ("url=nonsense", 404),
        ("url=https://elsewhere.example/towns/ct/new-canaan", 404),
        ("url=http://localhost/towns/ct/nowhere", 404),
        ("url=http://localhost/towns/ct/weston", 404),
        ("url=http://localhost/about", 404),
        ("url=http://localhost/nothing/at/all", 404),
        ("url=http://localhost/review", 401),
        ("url=http://localhost/submit/some-key", 401),
        ("url=http://localhost/towns/ct/new-canaan&format=yaml", 501),
        ("url=http://localhost/towns/ct/new-canaan&maxwidth=0", 400),
        ("url=http://localhost/towns/ct/new-canaan&maxheight=many", 400),
        ("url=http://localhost/towns/ct/new-canaan&maxwidth=99999999999", 400),
        ("url=http://localhost/towns/ct/new-canaan&maxwidth=99999", 200),
        ("url=http://localhost/towns/ct/new-canaan&maxwidth=1&maxheight=1", 200),
        ("url=http://localhost/search?q=06840", 200),
        ("url=http://localhost/towns/ct", 200),
        ("url=http://localhost/embed/ct", 200),
        ("url=http://localhost/embed/ct/darien", 200),
        ("url=http://localhost/embed?near=06840", 200),
        ("url=http://localhost/embed?department=CT/Darien-Police-Department", 200),
        ("url=http://localhost/embed?department=ct/darien-police-department", 200),
        ("url=http://[bad", 404),
    ],
)
def test_oembed_refuses_as_its_specification_says(client: FlaskClient, query: str, status: int) -> None:
    assert client.get(f"/oembed?{query}").status_code == status
