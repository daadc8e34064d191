"""A copied cookie: dead after sign-out, after a day's end, and without a secret in it."""

import base64
import re
from datetime import timedelta
from zlib import decompress

import pytest
from flask.testing import FlaskClient

from directory import clock
from directory.accounts.staff import appoint
from directory.db.tables.accounts import Staff
from tests.support.site import WESTON, Site

CLERK = WESTON["email"]
MODERATOR = "moderator@example.org"


def copy_of(site: Site, client: FlaskClient) -> FlaskClient:
    """A browser with the same session cookie, as a thief has it."""
    thief = site.visitor()
    cookie = client.get_cookie("session")
    assert cookie is not None
    thief.set_cookie(cookie.key, cookie.decoded_value, path=cookie.path)
    return thief


def readable_session(client: FlaskClient) -> str:
    """What anybody reads in the session's cookie, which is signed and not encrypted."""
    cookie = client.get_cookie("session")
    assert cookie is not None
    text = cookie.decoded_value.lstrip(".").split(".")[0]
    data = base64.urlsafe_b64decode(text + "=" * (-len(text) % 4))
    return (decompress(data) if cookie.decoded_value.startswith(".") else data).decode()


@pytest.mark.parametrize("way", ["/sign-out", "/sign-out-everywhere"])
def test_a_copied_cookie_is_dead_after_its_owner_signed_out(site: Site, way: str) -> None:
    clerk = site.signed_in_as_clerk()
    thief = copy_of(site, clerk)
    assert thief.get("/desk").status_code == 200, "the copy is good while the session is"
    clerk.post(way)
    assert thief.get("/desk").status_code == 302
    assert clerk.get("/desk").status_code == 302


def test_signing_in_again_in_the_same_browser_ends_the_session_before(site: Site) -> None:
    clerk = site.signed_in_as_clerk()
    thief = copy_of(site, clerk)
    clerk.post("/sign-in", data={"email": CLERK})
    clerk.post(site.link(CLERK, "/sign-in/"))
    assert thief.get("/desk").status_code == 302
    assert clerk.get("/desk").status_code == 200


def test_a_session_ends_however_busily_its_cookie_is_used(site: Site) -> None:
    clerk, moderator = site.signed_in_as_clerk(), site.staff()
    for hours in range(0, 12, 3):
        clock.run_ahead(timedelta(hours=hours))
        assert moderator.get("/review").status_code == clerk.get("/desk").status_code == 200, hours
    clock.run_ahead(timedelta(hours=12, minutes=1))
    assert moderator.get("/review").status_code == 302
    for days in range(1, 30, 4):
        clock.run_ahead(timedelta(days=days))
        assert clerk.get("/desk").status_code == 200, days
    clock.run_ahead(timedelta(days=30, minutes=1))
    assert clerk.get("/desk").status_code == 302


def test_becoming_and_ceasing_staff_ends_every_session(site: Site) -> None:
    clerk = site.signed_in_as_clerk()
    appoint(site.context, CLERK, Staff.MODERATOR, "operator")
    assert clerk.get("/desk").status_code == 302
    moderator = site.signed_in(CLERK)
    appoint(site.context, CLERK, Staff.NONE, "operator")
    assert moderator.get("/desk").status_code == 302


def test_who_reads_the_database_gets_no_session_out_of_it(site: Site) -> None:
    site.signed_in_as_clerk()
    for (digest,) in site.rows("SELECT digest FROM login_session"):
        thief = site.visitor()
        with thief.session_transaction() as session:
            session["_user_id"] = digest
        assert thief.get("/desk").status_code == 302
    assert site.rows("SELECT count(*) FROM login_session")[0][0] == 1


def test_the_secret_of_an_app_that_is_not_set_up_yet_cannot_be_read_in_the_cookie(site: Site) -> None:
    appoint(site.context, MODERATOR, Staff.MODERATOR, "operator")
    client = site.signed_in(MODERATOR)
    secret = re.search(r"<code>([A-Z2-7]{32})</code>", client.get("/sign-in/code").text)
    assert secret is not None
    assert secret[1] not in readable_session(client)
