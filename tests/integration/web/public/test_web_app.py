"""The site as an app: its manifest, its service worker, and the pages that name them."""

import json
import re
from datetime import date, timedelta

from flask import Flask
from flask.testing import FlaskClient
from PIL import Image

from directory import clock
from directory.app import STATIC
from directory.settings import Settings
from directory.web.http.languages import available
from quality.pages import PAGES
from tests.conftest import Built
from tests.support.site import Site

DARIEN = "/zones/ct-darien-parking-lot"


def manifest(client: FlaskClient, language: str = "en") -> dict:
    answer = client.get(f"/manifest/{language}.webmanifest")
    assert answer.mimetype == "application/manifest+json"
    return json.loads(answer.text)


def test_the_manifest_has_the_names_in_the_language_that_its_address_says(client: FlaskClient) -> None:
    english, spanish = manifest(client), manifest(client, "es")
    assert (english["name"], english["short_name"], english["lang"]) == ("Safe Zone Directory", "Safe zones", "en")
    assert (spanish["name"], spanish["lang"]) == ("Directorio de Zonas Seguras", "es")
    assert {one["name"] for one in spanish["shortcuts"]}.isdisjoint({one["name"] for one in english["shortcuts"]})
    assert english["id"] == spanish["id"], "another language is no other app"
    assert client.get("/manifest/xx.webmanifest").status_code == 404
    assert "Set-Cookie" not in client.get("/manifest/es.webmanifest").headers


def test_the_page_names_the_manifest_of_its_language(client: FlaskClient) -> None:
    for language in available():
        page = client.get("/tips", headers={"Accept-Language": language}).text
        assert f'<link rel="manifest" href="/manifest/{language}.webmanifest">' in page


def test_what_the_manifest_leads_to_is_there(client: FlaskClient) -> None:
    told = manifest(client)
    for path in (told["start_url"], *(one["url"] for one in told["shortcuts"]), *(one["src"] for one in told["icons"])):
        assert path.startswith(told["scope"])
        with client.get(path) as answer:
            assert answer.status_code == 200, path


def test_icons_have_the_size_that_the_manifest_says_and_are_cut_out_without_loss(client: FlaskClient) -> None:
    icons = manifest(client)["icons"]
    assert {(one["sizes"], one["purpose"]) for one in icons} >= {
        ("192x192", "any"),
        ("512x512", "any"),
        ("512x512", "maskable"),
    }
    for icon in icons:
        with Image.open(STATIC / icon["src"].rpartition("/")[2]) as picture:
            assert f"{picture.width}x{picture.height}" == icon["sizes"]
            if icon["purpose"] == "maskable":
                assert_shows_inside_the_circle(picture)
    page = client.get("/").text
    touch = re.search(r'rel="apple-touch-icon" href="[^"]*/([\w.-]+)"', page)
    assert touch
    with Image.open(STATIC / touch[1]) as picture:
        assert picture.size == (180, 180)


def assert_shows_inside_the_circle(picture: Image.Image) -> None:
    """A phone may cut off everything outside a circle of 80 % of the width: there is the ground only."""
    pixels = picture.convert("RGBA")
    ground, middle = pixels.getpixel((0, 0)), pixels.width / 2
    assert isinstance(ground, tuple) and ground[3] == 255
    for x in range(0, pixels.width, 4):
        for y in range(0, pixels.height, 4):
            outside = (x - middle) ** 2 + (y - middle) ** 2 > (0.4 * pixels.width) ** 2
            assert not outside or pixels.getpixel((x, y)) == ground


def token(name: str) -> list[str]:
    """The values of a colour: light, dark where the device asks, dark where a page asks, print."""
    return re.findall(rf"--{name}: (#\w+);", (STATIC / "tokens.css").read_text(encoding="utf-8"))


def test_colours_are_those_of_the_style_sheets(client: FlaskClient) -> None:
    told, page = manifest(client), client.get("/").text
    assert told["background_color"] == token("ground")[0]
    assert told["theme_color"] == token("civic")[0]
    themes = dict(re.findall(r'name="theme-color" content="(#\w+)" media="\(prefers-color-scheme: (\w+)\)"', page))
    assert themes == {token("civic")[0]: "light", token("ground")[1]: "dark"}


def test_public_pages_bring_the_worker_and_no_other_page_does(site: Site) -> None:
    visitor, staff = site.visitor(), site.staff()
    for path in PAGES:
        page = visitor.get(path, headers={"Accept": "text/html"}).text
        belongs = path != "/nothing"
        assert ('data-worker="/service-worker.js"' in page) is belongs, path
        assert ('rel="manifest"' in page) is belongs, path
    draft = site.submit(visitor)
    for client, path in ((staff, "/desk"), (staff, "/review"), (visitor, draft), (visitor, "/embed/ct/darien")):
        page = client.get(path).text
        assert "data-worker" not in page and 'rel="manifest"' not in page, path


def test_the_worker_answers_at_the_root_as_script_that_is_asked_for_anew(app: Flask, client: FlaskClient) -> None:
    answer = client.get("/service-worker.js")
    assert answer.mimetype == "text/javascript" and answer.headers["Cache-Control"] == "no-cache"
    assert "connect-src 'self';" in answer.headers["Content-Security-Policy"]
    release = (app.static_url_path or "").rpartition("/")[2]
    assert re.match(rf'const RELEASE = "[\w.]+-{release}";\n', answer.text), "another release is another worker"


def test_pages_allow_a_worker_of_the_site_and_frames_in_other_sites_none(client: FlaskClient) -> None:
    assert "worker-src 'self'" in client.get("/").headers["Content-Security-Policy"]
    assert "worker-src 'none'" in client.get("/embed/ct/darien").headers["Content-Security-Policy"]


def test_the_worker_can_be_taken_back_and_the_list_stays_within_reach(build_app: Built, own_settings: Settings) -> None:
    client = build_app(own_settings.model_copy(update={"offline_copies": False})).test_client()
    worker = client.get("/service-worker.js").text
    assert "unregister()" in worker and "fetch" not in worker
    for path in ("/", DARIEN, "/kept"):
        page = client.get(path).text
        assert "data-worker" not in page and 'rel="manifest"' not in page and "data-keep=" not in page, path
    assert "data-kept-list" in client.get("/kept").text


def kept_texts(client: FlaskClient, page: str) -> dict[str, str]:
    found = re.search(r'data-keep="([^"]+)"', client.get(page).text)
    assert found
    return json.loads(found[1].replace("&#34;", '"').replace("&#39;", "'").replace("&lt;", "<").replace("&amp;", "&"))


def test_a_kept_zone_has_what_helps_on_the_way_and_nothing_of_this_minute(client: FlaskClient) -> None:
    assert kept_texts(client, DARIEN) == {
        "id": "ct-darien-parking-lot",
        "name": "Darien police · parking lot",
        "owner": "Darien Police Department, Darien, CT",
        "spot": "Parking lot: south side of the building; sign between two spaces",
        "address": "25 Hecker Ave, Darien, CT 06820",
        "hours": "Open at all hours",
        "phone": "203-662-5300",
        "source": "Listed by darientimes.com, October 13, 2016. Never confirmed by the department.",
        "notice": "",
        "pin": "0",
        "lang": "en",
    }
    moved = kept_texts(client, "/zones/ct-new-canaan-lobby")
    assert moved["notice"] == "Moved or unsure" and moved["hours"] == "Hours not stated" and moved["pin"] == "2"


def test_a_kept_meeting_has_what_helps_on_the_way_and_says_when_it_is_to_be_forgotten(client: FlaskClient) -> None:
    when = {"date": "2030-12-06", "time": "18:00", "every": "2", "times": "3", "make": "1"}
    clock.run_ahead(date(2030, 11, 1) - clock.now().date())
    try:
        card = client.get(f"{DARIEN}/meet", query_string=when).headers["Location"]
        texts = kept_texts(client, card)
    finally:
        clock.run_ahead(timedelta(0))
    assert texts == {
        "id": card.rpartition("/")[2],
        "name": "Darien police · parking lot",
        "when": "Friday, December 6, 2030, Eastern Time, 6 PM, every other week, 3 times",
        "ends": "2031-01-03T23:30:00+00:00",
        "spot": "Parking lot: south side of the building; sign between two spaces",
        "address": "25 Hecker Ave, Darien, CT 06820",
        "phone": "203-662-5300",
        "notice": "",
        "pin": "0",
        "lang": "en",
    }


def test_a_closure_stands_in_the_notice_of_a_kept_zone_with_its_days(site: Site) -> None:
    form = {"do": "add", "zone": ["ct-darien-parking-lot"], "closure_kind": "days", "closure_first": "2030-01-07",
            "closure_last": "2030-01-09", "closure_note": "paving"}  # fmt: skip
    site.accepted_clerk().post("/desk/ct/darien-police-department/closures", data=form)
    texts = kept_texts(site.visitor(), DARIEN)
    notice = texts["notice"]
    assert "2030" in notice and "paving" in notice and notice.startswith("Closed from")
    assert texts["pin"] == "0", "until then it can be used"


def test_the_list_page_says_without_script_what_it_would_do_and_leads_to_the_search(client: FlaskClient) -> None:
    page = client.get("/kept").text
    explained = re.search(r"<div data-kept-explained>(.*?)</div>", page, re.DOTALL)
    assert explained and "With JavaScript" in explained[1] and 'href="/"' in explained[1]
    assert re.search(r"<div hidden data-kept=", page)
    assert 'href="/kept"' in client.get("/").text
