"""The short way's answers are the long way's: body, status and headers, for every question it takes."""

import gzip
from datetime import timedelta
from urllib.parse import urlencode

import brotli
import pytest
from flask.testing import FlaskClient
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from werkzeug.test import TestResponse

from directory import clock
from directory.web.api import short_way
from tests.support.site import Site

NEAREST, ITEMS = "/api/v1/nearest", "/api/v1/collections/zones/items"
latitudes = st.floats(-90, 90).map(lambda value: f"{value:.6f}")
longitudes = st.floats(-180, 180).map(lambda value: f"{value:.6f}")
around = st.fixed_dictionaries(
    {"lat": latitudes, "lon": longitudes},
    optional={
        "limit": st.sampled_from(["1", "3", "10", "99", "0", "-1", "x"]),
        "within_m": st.sampled_from(["1", "5000", "1000000", "0", "nan"]),
        "recorded": st.sampled_from(["true", "false", "yes"]),
        "setting": st.sampled_from(["lobby", "lot", "roof", "Parking Lot", "lobby,lobby_and_lot", "other,roof", ","]),
        "usable": st.sampled_from(["true", "0", "perhaps"]),
        "stations": st.sampled_from(["true", "false"]),
        "open_at": st.sampled_from(["2026-12-24T18:30", "2026-12-24T18:30:00-05:00", "now then"]),
        "address": st.sampled_from(["06840", ""]),
        "unknown": st.just("1"),
    },
)
boxes = st.sampled_from(
    ["-74,40,-73,42", "-74.5,40.25,-73,42.125", "170,-10,-170,10", "-74,42,-73,40", "1,2,3", "-74,40,0,-73,42,10", ""]
)
inside = st.fixed_dictionaries(
    {},
    optional={
        "bbox": boxes,
        "limit": st.sampled_from(["1", "10", "5000", "0"]),
        "offset": st.sampled_from(["0", "5", "100000"]),
        "state": st.sampled_from(["CT", "ct", "ZZ", "ct,NY", "connecticut"]),
        "town": st.sampled_from(["ct/new-canaan", "New Canaan", "new canaan, ct", "a & b", ","]),
        "usable": st.sampled_from(["true", "no", "perhaps"]),
        "datetime": st.sampled_from(["2020-01-01T00:00:00Z/..", "2020-01-01", "never"]),
        "changed_since": st.sampled_from(["2020-01-01T00:00:00Z", "soon"]),
        "f": st.sampled_from(["json", "geojson", "html"]),
    },
)
questions = st.tuples(st.just(NEAREST), around) | st.tuples(st.just(ITEMS), inside)
headers = st.fixed_dictionaries(
    {},
    optional={
        "Accept": st.sampled_from(["*/*", "application/geo+json", "application/json", "text/html", "text/html, */*"]),
        "Accept-Encoding": st.sampled_from(["gzip", "gzip, deflate, br", "br;q=0, gzip", "identity", ""]),
        "X-Forwarded-Proto": st.just("https"),
    },
)


def told(response: TestResponse) -> tuple[int, bytes, dict[str, str]]:
    unpack = {"br": brotli.decompress, "gzip": gzip.decompress}.get(response.headers.get("Content-Encoding", ""))
    found = {name: value for name, value in response.headers.items() if name not in ("Date", "X-Request-ID")}
    if unpack:
        found.pop("Content-Length")  # two compressors may differ by some bytes
    return response.status_code, unpack(response.data) if unpack else response.data, found


@pytest.fixture
def both(site: Site, monkeypatch: pytest.MonkeyPatch) -> tuple[FlaskClient, FlaskClient]:
    """The site as it is, and the same with the long way only."""
    turnstile = site.app.wsgi_app
    short = turnstile._application  # type: ignore[attr-defined]
    client, other = site.visitor(), site.visitor()

    def long_only(*request: object, **more: object) -> TestResponse:
        site.app.wsgi_app = short._long_way  # type: ignore[method-assign]
        try:
            return FlaskClient.open(other, *request, **more)  # type: ignore[arg-type]
        finally:
            site.app.wsgi_app = turnstile  # type: ignore[method-assign]

    monkeypatch.setattr(other, "open", long_only)
    return client, other


@settings(max_examples=300, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(questions, headers)
def test_both_ways_say_the_same(
    both: tuple[FlaskClient, FlaskClient], question: tuple[str, dict[str, str]], given_headers: dict[str, str]
) -> None:
    path, parameters = question
    address = f"{path}?{urlencode(parameters)}"
    short, long = (told(client.get(address, headers=given_headers)) for client in both)
    assert short[:2] == long[:2]
    assert dict(short[2].items() - long[2].items()) == dict(long[2].items() - short[2].items())


def test_the_short_way_is_taken_by_what_programs_send(both: tuple[FlaskClient, FlaskClient]) -> None:
    taken: list[str] = []
    whole = short_way.ShortWay._answer

    def watched(self: short_way.ShortWay, environ: dict[str, str]) -> object:
        made = whole(self, environ)
        taken.append(environ["PATH_INFO"] if made else "")
        return made

    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(short_way.ShortWay, "_answer", watched)
        both[0].get(f"{NEAREST}?lat=41&lon=-73", headers={"Accept": "*/*", "Accept-Encoding": "gzip, deflate, br"})
        both[0].get(f"{ITEMS}?bbox=-74,40,-73,42&limit=10", headers={"Accept": "*/*"})
        both[0].get(f"{ITEMS}?limit=0")
    assert taken == [NEAREST, ITEMS, ""]


def test_a_page_kept_from_the_minute_before_says_what_a_new_one_would(site: Site) -> None:
    client = site.app.test_client()
    pages = set()
    try:
        for hours in range(0, 24 * 5, 2):
            for minutes in (0, 1, 17):
                clock.run_ahead(timedelta(hours=hours, minutes=minutes))
                kept = client.get("/search?q=Boulder,+CO").text
                mark = f"new{hours}-{minutes}"  # nobody asked so before: this page is written now
                assert client.get(f"/search?q=Boulder,+CO&mark={mark}").text.replace(f"&amp;mark={mark}", "") == kept
                pages.add(kept)
    finally:
        clock.run_ahead(timedelta(0))
    assert len(pages) > 4, "its hours change what the page says"
