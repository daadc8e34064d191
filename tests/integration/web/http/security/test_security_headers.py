"""What every answer carries, asked of every route: policy, framing, cookies, cross-origin reading, transport."""

import re
from collections.abc import Iterator
from pathlib import Path
from typing import cast

import pytest
from flask.testing import FlaskClient
from werkzeug.test import TestResponse

from directory.web.accounts.permissions import ACCESS, Access
from directory.web.http.urls import FOR_OPERATORS, FOR_OTHERS
from tests.conftest import ROOT
from tests.support.site import Site

VALUES = {
    "zone_id": "ct-darien-parking-lot", "state": "ct", "town": "new-canaan", "name": "darien-police-department",
    "form": "csv", "digest": "0", "number": "1", "token": "x", "key": "x", "draft": "x", "item": "x", "place": "ct",
    "filename": "site.css", "release": "of-another", "language": "en", "paper": "letter",
    "slug": "ct/darien-police-department",
}  # fmt: skip
WITHOUT_TOKEN = {"places.count_directions", "visits.send", "meet_links.invite", "meet_links.join"}
"""A count; and forms that set no cookie, for which their own tests say that other sites' pages cannot send them."""


def addresses(site: Site) -> Iterator[tuple[str, str, set[str]]]:
    """(endpoint, an address of it, its methods) for every route there is."""
    for rule in site.app.url_map.iter_rules():
        path = re.sub(r"<(?:\w+:)?(\w+)>", lambda found: VALUES.get(found[1], "1"), rule.rule)
        yield rule.endpoint, path, set(rule.methods or ()) & {"GET", "POST"}


def answers(site: Site, client: FlaskClient, **options: object) -> Iterator[tuple[str, str, TestResponse]]:
    for endpoint, path, methods in addresses(site):
        for method in sorted(methods):
            with client.open(path, method=method, **options) as response:  # type: ignore[arg-type]
                yield endpoint, path, cast(TestResponse, response)
    for path in ("/nothing", "/api/v1/nothing", "/embed/nothing/nothing", "/towns/zz/nothing", "/search?limit=x"):
        yield "none", path, client.get(path)
    yield "none", "/submit", client.post("/submit", data={"department": "x" * 70_000})


def policy_of(response: TestResponse) -> dict[str, list[str]]:
    parts = [part.split() for part in response.headers["Content-Security-Policy"].split(";")]
    return {name: values for name, *values in parts}


def test_every_answer_has_a_policy_without_inline_code_and_the_other_headers(site: Site) -> None:
    seen = 0
    for endpoint, path, response in answers(site, site.visitor()):
        policy = policy_of(response)
        assert policy["default-src"] == ["'none'"] and policy["base-uri"] == ["'none'"], path
        assert policy["script-src"] == ["'self'"] and policy["style-src"] == ["'self'"], path
        assert policy["form-action"] == ["'self'"], path
        assert not re.search(r"unsafe|http:|\*(?!\.)", str(policy.get("script-src", "")) + str(policy["style-src"])), (
            path
        )
        assert response.headers["X-Content-Type-Options"] == "nosniff", path
        usual, hidden = "strict-origin-when-cross-origin", "strict-origin"
        of_people = path.startswith("/meet") or endpoint in ("meetings.plan", "meetings.card")
        assert response.headers["Referrer-Policy"] == (hidden if of_people else usual), path
        assert response.headers["Cross-Origin-Opener-Policy"] == "same-origin", path
        assert response.headers["Permissions-Policy"] == "geolocation=(self), camera=(), microphone=()", path
        assert "Cache-Control" in response.headers, path
        assert "X-Request-ID" in response.headers or path.startswith("/static/"), path
        assert "Server" not in response.headers or "Werkzeug" in response.headers["Server"], path
        seen += 1
    assert seen > 100


def test_only_the_embed_may_be_framed(site: Site) -> None:
    framed = set()
    for _endpoint, path, response in answers(site, site.visitor()):
        may_not = policy_of(response).get("frame-ancestors") == ["'none'"]
        assert (response.headers.get("X-Frame-Options") == "DENY") is may_not, path
        if not may_not:
            framed.add(path)
            assert path.startswith("/embed"), path
    assert len(framed) > 2


def test_other_origins_read_what_is_meant_for_them_and_nothing_else(site: Site) -> None:
    for endpoint, path, response in answers(site, site.visitor(), headers={"Origin": "https://elsewhere.example"}):
        opened = response.headers.get("Access-Control-Allow-Origin")
        others = path.startswith((*FOR_OTHERS, "/static/")) or (
            endpoint.startswith("feeds.") and response.status_code == 200
        )
        assert opened == ("*" if others and endpoint != "feeds.robots" else None), path
        assert "Access-Control-Allow-Credentials" not in response.headers, path


def test_cookies_are_out_of_reach_of_scripts_and_other_sites(site: Site) -> None:
    for client in (site.visitor(), site.staff()):
        for _endpoint, path, response in answers(site, client):
            for cookie in response.headers.getlist("Set-Cookie"):
                assert "HttpOnly" in cookie and "SameSite=Lax" in cookie, (path, cookie)
                assert not path.startswith((*FOR_OTHERS, *FOR_OPERATORS)), path


def test_over_tls_every_answer_says_so_and_cookies_are_secure(site: Site) -> None:
    site.app.config["SESSION_COOKIE_SECURE"] = True  # as with an https:// base address
    client = site.visitor()
    for _endpoint, path, response in answers(site, client, base_url="https://localhost"):
        secure = not path.endswith("nothing") and path != "/submit" and "limit=x" not in path
        if secure:
            assert "max-age=31536000" in response.headers["Strict-Transport-Security"], path
        for cookie in response.headers.getlist("Set-Cookie"):
            assert "Secure" in cookie, (path, cookie)
    assert "Strict-Transport-Security" not in client.get("/").headers


def test_every_form_asks_for_its_token(site: Site) -> None:
    client, moderator = site.visitor(), site.staff()
    site.app.config["WTF_CSRF_ENABLED"] = True
    for endpoint, path, methods in addresses(site):
        if "POST" in methods and endpoint not in WITHOUT_TOKEN:
            for visitor in (client, moderator):
                before = site.rows("SELECT count(*) FROM change")[0][0]
                assert visitor.post(path, data={"kind": "gone"}).status_code == 400, path
                assert site.rows("SELECT count(*) FROM change")[0][0] == before, path


def test_nothing_private_is_kept_by_a_cache(site: Site) -> None:
    moderator = site.staff()
    for endpoint, path, response in answers(site, moderator):
        if ACCESS.get(endpoint, Access.PUBLIC) is not Access.PUBLIC:
            assert response.headers["Cache-Control"] == "private, no-store", path


def test_the_proxies_log_no_mailed_link_and_no_query(site: Site) -> None:
    caddy = (ROOT / "deploy" / "Caddyfile").read_text()
    nginx = (ROOT / "deploy" / "nginx.conf").read_text()
    cut = re.search(r'request>uri regexp "(.+?)" "\$1"', caddy)
    hidden = re.search(r"~(\^\S+) /\$1/\.\.\.;", nginx)
    written = re.search(r"log_format safezones '(.+)';", nginx)
    assert cut and hidden and written
    assert not re.search(r"\$(request|request_uri|args|query_string|http_\w+|remote_addr)\b", written[1])
    rules = [rule for rule in site.app.url_map.iter_rules() if ACCESS[rule.endpoint] is Access.BY_LINK]
    assert len(rules) > 10
    for rule in rules:
        path = re.sub("<[^>]+>", "a-secret", rule.rule)
        assert "a-secret" not in re.sub(cut[1], r"\1", path), path
        assert re.match(hidden[1], path), path
    assert re.sub(cut[1], r"\1", "/search?q=174+South+Avenue") == "/search?"
    assert re.sub(cut[1], r"\1", "/map/names-0f/12/1211/1529.json") == "/map/names-" and "~^/(map/names)- " in nginx


@pytest.mark.parametrize("method", ["PUT", "DELETE", "PATCH", "TRACE", "CONNECT"])
def test_no_route_takes_other_methods(site: Site, method: str) -> None:
    client = site.visitor()
    for endpoint, path, _methods in addresses(site):
        if endpoint != "static" and not (method == "PUT" and ACCESS[endpoint] is Access.BEARER):
            assert client.open(path, method=method).status_code == 405, (method, path)


def test_only_what_a_token_opens_takes_a_put(site: Site) -> None:
    taking = [rule.endpoint for rule in site.app.url_map.iter_rules() if "PUT" in (rule.methods or ())]
    assert [ACCESS[endpoint] for endpoint in taking] == [Access.BEARER]


def test_the_pinned_libraries_are_those_of_the_lock_and_each_has_a_digest() -> None:
    lock = dict(
        re.findall(r"^([\w.\[\]-]+)==([\w.+]+)", (ROOT / "requirements.lock").read_text().lower(), re.MULTILINE)
    )
    text = (ROOT / "requirements.hashes.txt").read_text()
    pinned = re.findall(
        r"^([\w.-]+)(?:\[\w+\])?==([\w.+]+) \\\n((?:    --hash=sha256:[0-9a-f]{64}(?: \\)?\n)+)", text, re.MULTILINE
    )
    named = re.findall(r"^[a-z][\w.-]*(?:\[\w+\])?==", text, re.MULTILINE)
    assert len(pinned) == len(named) > 60
    plain = {name.replace("_", "-"): version for name, version in lock.items()}
    different = [
        (name, version) for name, version, _ in pinned if plain.get(name.replace("_", "-"), version) != version
    ]
    assert different == [], "run `make hashes`"
    # What redis needs below Python 3.11.3, which Debian 12 has; .ci/wheel asks a resolver that sees 3.11.0.
    assert "async-timeout" in {name for name, _, _ in pinned}


def test_no_secret_lies_in_the_repository() -> None:
    """Keys as well-known services write them; our own are 64 hexadecimal digits in a file of the data folder."""
    signs = re.compile(r"-----BEGIN [A-Z ]*PRIVATE KEY|AKIA[0-9A-Z]{16}|ghp_\w{36}|xox[bap]-\w{10}|sk_live_\w{10}")
    for folder in ("directory", "templates", "scripts", "tests", "docs", "deploy", "data", "quality", "benchmarks"):
        for path in Path(ROOT / folder).rglob("*"):
            if (
                path.is_file()
                and "node_modules" not in path.parts
                and path.suffix in (".py", ".md", ".html", ".json", ".yml", "")
            ):
                assert path.name == "test_security.py" or not signs.search(path.read_text("utf-8", "ignore")), path
