"""A manager of a town, a moderator, and a profile that is sent in."""

import pytest
from flask.testing import FlaskClient
from werkzeug.test import TestResponse

from tests.support.site import Site

MANAGE = "/towns/ct/darien/manage"


@pytest.fixture
def manager(site: Site) -> FlaskClient:
    """The manager of the Darien police."""
    return site.chief_of_darien()


FILLED = {
    "web_page": "https://www.darienct.gov/police",
    "email": "police@darienct.gov",
    "phone": "203-662-5300",
    "logo_alt": "Seal of Darien",
    "embed_sites": "www.darienct.gov\n*.darien.example\nhttp://localhost:8080",
}


@pytest.fixture
def moderator(site: Site) -> FlaskClient:
    return site.staff()


def approve(site: Site, moderator: FlaskClient, step: str = "approve", reason: str = "Called them.") -> TestResponse:
    """A moderator decides on what waits."""
    number = site.rows("SELECT max(id) FROM town_kit_change")[0][0]
    return moderator.post(f"/review/town-pages/{number}/decide", data={"step": step, "reason": reason})
