"""Forms over HTTPS: every reader of ours may send one, and no page of another site."""

import re
from collections.abc import Iterator

import pytest
from flask import Flask
from flask.testing import FlaskClient

SITE = "https://zones.example.org"
FORM = "/zones/ct-wilton-parking-lot/report"


@pytest.fixture
def reader(app: Flask) -> Iterator[FlaskClient]:
    app.config["WTF_CSRF_ENABLED"] = True
    yield app.test_client()
    app.config["WTF_CSRF_ENABLED"] = False


@pytest.mark.parametrize(
    ("headers", "status"),
    [
        pytest.param({}, 200, id="a reader whose browser names no page that it comes from"),
        pytest.param({"Sec-Fetch-Site": "same-origin"}, 200, id="the same, in a browser of today"),
        pytest.param({"Referer": f"{SITE}/", "Origin": SITE}, 200, id="an older browser"),
        pytest.param({"Sec-Fetch-Site": "same-site"}, 403, id="a page of a neighbouring name"),
        pytest.param({"Sec-Fetch-Site": "cross-site"}, 403, id="a page of another site"),
        pytest.param({"Origin": "https://zones.example.net"}, 403, id="the same, in an older browser"),
        pytest.param(
            {"Origin": "http://zones.example.org"}, 403, id="a page of our name that somebody on the way wrote"
        ),
        pytest.param({"Origin": "https://zones.example.org:8443"}, 403, id="another service of the same machine"),
        pytest.param({"Origin": "null"}, 403, id="a page in a sandbox"),
        pytest.param({"Origin": "https://["}, 403, id="no address at all"),
    ],
)
def test_a_form_with_its_token_is_taken_from_the_sites_own_pages(
    reader: FlaskClient, headers: dict[str, str], status: int
) -> None:
    page = reader.get(FORM, base_url=SITE)
    token = re.findall(r'name="csrf_token"[^>]* value="([^"]+)"', page.text)[0]
    answer = reader.post(FORM, base_url=SITE, data={"csrf_token": token, "kind": "hours"}, headers=headers)
    assert answer.status_code == status
