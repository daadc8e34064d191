"""Only a POST changes anything: mail scanners, link previews and `curl -I` spend no link and write no row."""

import json
from collections.abc import Iterator

import pytest
from sqlalchemy import MetaData, select

from directory.db.tables.accounts import Staff
from tests.integration.web.http.security.test_security_headers import addresses
from tests.support.site import Site

pytestmark = pytest.mark.slow

COUNTED = {"town_figure"}
"""Anonymous counts of pages by month, which a GET may add to."""
METHODS = ("GET", "HEAD", "OPTIONS", "SPEND")


def content(site: Site) -> dict[str, list[str]]:
    """Every row of every table."""
    tables = MetaData()
    tables.reflect(site.engine)
    with site.engine.connect() as connection:
        return {
            table.name: sorted(json.dumps(list(map(str, row))) for row in connection.execute(select(table)))
            for table in tables.sorted_tables
            if table.name not in COUNTED
        }


def mailed_links(site: Site) -> Iterator[str]:
    """A good link of each kind that is mailed: confirm a removal, sign in, confirm zones."""
    clerk = site.visitor()
    site.domain("darien.gov", "Darien")
    email = "clerk@darien.gov"
    form = {"action": "withdraw", "note": "The lot is gone."}
    for number in range(2):
        path = clerk.post("/zones/ct-darien-parking-lot/ours", data=form).headers["Location"]
        clerk.post(f"{path}/send", data={"email": email})
        if number == 0:
            site.confirm(clerk, email)
        clerk = site.visitor()
    yield site.link(email, "/submit/confirm/")
    site.visitor().post("/sign-in", data={"email": email})
    yield site.link(email, "/sign-in/")


@pytest.mark.parametrize("method", METHODS)
def test_no_route_changes_anything_on_another_method_than_post(site: Site, method: str) -> None:
    clerk = site.signed_in_as_clerk()
    moderator = site.staff(role=Staff.ADMINISTRATOR)
    before = content(site)
    for client in (site.visitor(), clerk, moderator):
        for _endpoint, path, _methods in addresses(site):
            with client.open(path, method=method) as response:
                assert response.status_code < 500, (method, path)
    assert content(site) == before


@pytest.mark.parametrize("method", METHODS)
def test_a_mailed_link_is_spent_by_its_button_only(site: Site, method: str) -> None:
    for link in mailed_links(site):
        before = content(site)
        client = site.visitor()
        client.open(link, method=method)
        assert content(site) == before, (method, link)
        assert client.get("/desk").status_code == 302, "nobody is signed in"
        assert client.post(link).status_code in (200, 302), "the link is still good"


@pytest.mark.parametrize("method", METHODS)
def test_forms_of_a_zone_and_a_draft_begin_nothing(site: Site, method: str) -> None:
    visitor = site.visitor()
    draft = visitor.post("/zones/ct-darien-parking-lot/ours", data={"action": "correct"}).headers["Location"]
    paths = [draft.partition("#")[0], *(f"/zones/ct-darien-parking-lot/{name}" for name in ("ours", "report")),
             "/submit", "/submit?then=sheet", "/sign-in"]  # fmt: skip
    before = content(site)
    for path in paths:
        for data in ({}, {"action": "withdraw", "note": "x", "kind": "gone", "email": "clerk@westonct.gov"}):
            visitor.open(path, method=method, data=data)
    assert content(site) == before


def test_no_view_serves_both_reading_and_writing(site: Site) -> None:
    mixed = [rule.endpoint for rule in site.app.url_map.iter_rules() if {"GET", "POST"} <= set(rule.methods or ())]
    assert mixed == []
