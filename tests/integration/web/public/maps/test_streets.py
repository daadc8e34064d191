"""The basemap over HTTP: ranges of one file, and what is said where it cannot be drawn."""

import json
import re
import shutil
from collections.abc import Callable
from pathlib import Path

import pytest
from flask.testing import FlaskClient

from directory.settings import Settings
from directory.web.public.maps import streets
from tests.conftest import Built

PAGE = "/zones/ct-darien-parking-lot"


@pytest.fixture
def with_settings(own_settings: Settings, build_app: Built) -> Callable[..., FlaskClient]:
    def build(**changes: object) -> FlaskClient:
        app = build_app(own_settings.model_copy(update=changes))
        app.testing = True
        client = app.test_client()
        open_as_browsers_do = client.open
        # Whatever is answered is read to its end, and closed.
        client.open = lambda *a, **named: open_as_browsers_do(*a, **{"buffered": True, **named})  # type: ignore[method-assign]
        return client

    return build


def address(client: FlaskClient) -> str:
    found = re.search(r'data-streets="([^"]+)"', client.get(PAGE).text)
    return found[1] if found else ""


def test_a_browser_gets_the_pieces_that_it_asks_for_and_keeps_them(
    with_settings: Callable[..., FlaskClient], basemap_file: Path
) -> None:
    client, content = with_settings(basemap=str(basemap_file)), basemap_file.read_bytes()
    url = address(client)
    whole = client.get(url)
    assert whole.status_code == 200 and whole.data == content and whole.headers["Accept-Ranges"] == "bytes"
    for asked, expected in (("bytes=0-126", content[:127]), ("bytes=100-", content[100:]), ("bytes=-50", content[-50:]),
                            (f"bytes=5-{10**9}", content[5:])):  # fmt: skip
        part = client.get(url, headers={"Range": asked, "Accept-Encoding": "gzip, br"})
        assert (part.status_code, part.data) == (206, expected)
        assert part.content_length == len(expected) and part.content_range.length == len(content)
        assert "immutable" in part.headers["Cache-Control"] and "Content-Encoding" not in part.headers
        assert "Set-Cookie" not in part.headers
    head = client.head(url, headers={"Range": "bytes=0-1"})
    assert (head.status_code, head.content_length, head.data) == (200, len(content), b"")
    assert client.get(url, headers={"If-None-Match": whole.headers["ETag"]}).status_code == 304
    other = client.get(url, headers={"Range": "bytes=0-9", "If-Range": '"another"'})
    assert (other.status_code, other.data) == (200, content)


def test_pages_of_other_sites_are_not_served_streets_but_our_embeds_in_a_sandbox_are(
    with_settings: Callable[..., FlaskClient], basemap_file: Path
) -> None:
    client = with_settings(basemap=str(basemap_file))
    piece = client.get(address(client), headers={"Range": "bytes=0-9", "Origin": "null"})
    assert piece.headers["Access-Control-Allow-Origin"] == "null"
    assert piece.headers["Access-Control-Expose-Headers"] == "ETag, Content-Range"


@pytest.mark.parametrize("asked", ["bytes=999999999-", "bytes=0-1,4-5", "bytes=9-5", "bytes=x", "lines=1-2"])
def test_ranges_that_cannot_be_answered_are_refused_with_the_length(
    with_settings: Callable[..., FlaskClient], basemap_file: Path, asked: str
) -> None:
    client = with_settings(basemap=str(basemap_file))
    answer = client.get(address(client), headers={"Range": asked})
    assert answer.status_code == 416 and answer.data == b""
    assert answer.headers["Content-Range"] == f"bytes */{basemap_file.stat().st_size}"


def test_few_long_answers_are_written_at_once(
    with_settings: Callable[..., FlaskClient], basemap_file: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    client = with_settings(basemap=str(basemap_file))
    url = address(client)
    monkeypatch.setattr(streets, "LONG", 1000)
    held = [client.get(url, buffered=False) for _ in range(2)]
    assert client.get(url).status_code == 503
    with client.application.test_request_context(url, headers={"Range": "bytes=0-99"}):
        piece = client.application.full_dispatch_request()
    assert piece.status_code == 206 and piece.is_sequence, "what is short is read at once, and holds no thread"
    piece.close()
    for answer in held:
        answer.close()
    assert client.get(url).status_code == 200


def test_a_replaced_file_has_another_address_and_the_old_one_is_gone(
    with_settings: Callable[..., FlaskClient], basemap_file: Path, tmp_path: Path
) -> None:
    path = Path(shutil.copy(basemap_file, tmp_path / "region.pmtiles"))
    client = with_settings(basemap=str(path))
    before = address(client)
    Path(shutil.copy(basemap_file, tmp_path / "newer")).replace(path)
    after = address(client)
    assert after != before and client.get(before).status_code == 404 and client.get(after).status_code == 200


@pytest.mark.parametrize(
    "content", [None, b"<html>", b"PMTiles\x03" + bytes(300)], ids=["missing", "foreign", "broken"]
)
def test_a_file_that_cannot_be_drawn_is_named_and_maps_ask_nobody_else(
    with_settings: Callable[..., FlaskClient], tmp_path: Path, content: bytes | None
) -> None:
    path = tmp_path / "region.pmtiles"
    if content is not None:
        path.write_bytes(content)
    client = with_settings(basemap=str(path))
    page = client.get(PAGE)
    assert (
        "data-streets" not in page.text
        and "protomaps" not in page.text
        and "openstreetmap.org" not in page.headers["Content-Security-Policy"]
    )
    check = json.loads(client.get("/readyz").data)["checks"]["basemap"]
    assert (
        check["status"] == "degraded"
        and "Maps show outlines meanwhile." in check["problem"]
        and str(path) in check["problem"]
    )


def test_a_basemap_elsewhere_is_named_in_the_policy_of_pages_and_embeds_and_nothing_else_is(
    with_settings: Callable[..., FlaskClient],
) -> None:
    client = with_settings(basemap="https://maps.example.org/region.pmtiles")
    for path in (PAGE, "/embed/ct/darien"):
        answer = client.get(path)
        assert 'data-streets="https://maps.example.org/region.pmtiles"' in answer.text
        assert "connect-src 'self' https://maps.example.org;" in answer.headers["Content-Security-Policy"]
        assert "img-src 'self' data:;" in answer.headers["Content-Security-Policy"]
    assert json.loads(client.get("/readyz").data)["checks"]["basemap"]["status"] == "ok"


def test_streets_are_loaded_only_where_they_are_configured(client: FlaskClient) -> None:
    page = client.get(PAGE)
    assert "protomaps" not in page.text and "connect-src 'self';" in page.headers["Content-Security-Policy"]
    assert "basemap" not in json.loads(client.get("/readyz").data)["checks"]


def test_names_of_towns_may_be_kept_and_a_tile_that_is_none_is_not_found(client: FlaskClient) -> None:
    found = re.search(r'data-names="([^"]+)"', client.get(PAGE).text)
    assert found is not None
    tile = client.get(found[1].replace("{z}", "8").replace("{x}", "75").replace("{y}", "95"))
    assert "immutable" in tile.headers["Cache-Control"] and len(tile.data) < 4_000
    assert ["Norwalk", 411176, -734079, 88485] in tile.get_json()
    assert client.get(found[1].replace("{z}", "3").replace("{x}", "8").replace("{y}", "0")).status_code == 404


def test_a_zones_page_tells_its_neighbourhood_and_has_a_picture_without_scripts(client: FlaskClient) -> None:
    page = client.get(PAGE).text
    assert re.search(r"Near it:.*Stamford.*mi", page, re.DOTALL)
    picture = client.get("/map/picture.svg?zones=ct-darien-parking-lot")
    assert f'<img src="{picture.request.full_path}"' in page and "As of " in page
    dark = client.get(f"{picture.request.full_path}&dark=1")
    assert f'srcset="{dark.request.full_path}"'.replace("&", "&amp;") in page and dark.data != picture.data
    assert picture.mimetype == "image/svg+xml" and b"Norwalk" in picture.data and len(picture.data) < 20_000
    assert client.get("/map/picture.svg?zones=nobody").status_code == client.get("/map/picture.svg").status_code == 404
    gone = ",".join(["gone"] * 4)  # the nearest ones of a page that somebody kept
    left = client.get(f"/map/picture.svg?zones={gone},ct-darien-parking-lot&nearest=1")
    assert left.status_code == 200 and b">5<" in left.data


def test_an_opened_pin_says_whether_the_zone_is_open_in_the_readers_language(client: FlaskClient) -> None:
    told = client.get("/map/popup/ct-darien-parking-lot.json?lang=es").get_json()
    assert told["directions"].startswith("https://") and told["state"]
    assert told["name"] == "Policía de Darien · estacionamiento"
    assert told["state"] != client.get("/map/popup/ct-darien-parking-lot.json").get_json()["state"]
