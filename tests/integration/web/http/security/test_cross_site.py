"""Forms over HTTPS: every reader of ours may send one, and no page of another site."""

import re
from collections.abc import Iterator

import pytest
from flask import Flask
from flask.testing import FlaskClient

from directory.settings import Settings
from tests.conftest import Built

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
    token = token_of(page.text)
    answer = reader.post(FORM, base_url=SITE, data={"csrf_token": token, "kind": "hours"}, headers=headers)
    assert answer.status_code == status


def token_of(page: str) -> str:
    return re.findall(r'name="csrf_token"[^>]* value="([^"]+)"', page)[0]


@pytest.mark.parametrize("opened", ["http://zones.example.net", "http://192.0.2.7:8000", "http://zones.example.org"])
def test_who_has_the_site_open_under_another_name_is_told_where_its_forms_are_taken(
    build_app: Built, own_settings: Settings, opened: str
) -> None:
    """Without TLS the browser keeps no session either, so that there the page would be loaded again for ever."""
    visitor = build_app(own_settings.model_copy(update={"base_url": SITE})).test_client()
    token = token_of(visitor.get(FORM, base_url=opened).text)
    headers = {"Origin": opened, "Referer": f"{opened}{FORM}?x=1"}
    for sent in ({"csrf_token": token, "kind": "hours"}, {"kind": "hours"}):
        answer = visitor.post(FORM, base_url=opened, data=sent, headers=headers)
        assert answer.status_code in (400, 403)
        assert f'<a href="{SITE}{FORM}">' in answer.text and opened in answer.text
    metrics = visitor.get("/metrics").text
    assert 'safezones_security_events_total{kind="other_address"} 2.0' in metrics


def test_a_form_of_another_site_is_called_so(reader: FlaskClient) -> None:
    token = token_of(reader.get(FORM, base_url=SITE).text)
    headers = {"Origin": "https://zones.example.net", "Referer": "https://zones.example.net/"}
    answer = reader.post(FORM, base_url=SITE, data={"csrf_token": token, "kind": "hours"}, headers=headers)
    assert "A page of another site sent this form." in answer.text and "zones.example.net" not in answer.text


def test_without_an_address_of_the_site_no_mail_is_promised_under_a_name_that_anybody_may_write(
    client: FlaskClient,
) -> None:
    answer = client.post("/sign-in", base_url="https://attacker.example", data={"email": "clerk@example.gov"})
    assert answer.status_code == 503 and "has not set its address yet" in answer.text
