"""Sessions on the server: what they cost, how long their cookie lasts, and how rows go."""

from datetime import datetime, timedelta

import pytest

from directory import clock
from directory.db.queries.accounts import delete_sessions
from directory.db.transaction import transaction
from directory.store.privacy.retention import clean_up
from tests.support.site import Site
from tests.support.statements import statements

PUBLIC = ("/", "/tips", "/zones/ct-darien-parking-lot", "/search?q=06820", "/sign-in", "/embed/ct/darien")


def about_people(executed: list[str]) -> list[str]:
    """The statements that read of sessions or people."""
    return [statement for statement in executed if "login_session" in statement or "person" in statement]


def test_who_is_not_signed_in_costs_no_query(site: Site) -> None:
    visitor = site.visitor()
    with statements(site.engine) as executed:
        for path in (*PUBLIC, "/desk", "/submit"):
            visitor.get(path)
    assert about_people(executed) == []


@pytest.mark.parametrize("path", ["/submit", "/zones/ct-darien-parking-lot/versions"])
def test_who_is_signed_in_costs_one_query(site: Site, path: str) -> None:
    moderator = site.staff()
    with statements(site.engine) as executed:
        assert moderator.get(path).status_code == 200
    assert [statement[:6] for statement in about_people(executed)] == ["SELECT"]


def test_the_cookie_lasts_as_long_as_the_session(site: Site) -> None:
    for client, hours in ((site.signed_in_as_clerk(), 30 * 24), (site.staff(), 12)):
        cookie = client.get_cookie("session")
        assert cookie is not None and isinstance(cookie.expires, datetime)
        remaining = cookie.expires - clock.now()
        assert timedelta(hours=hours, minutes=-2) < remaining <= timedelta(hours=hours)
    visitor = site.visitor()
    visitor.get("/sign-in")
    cookie = visitor.get_cookie("session")
    assert cookie is None or cookie.expires is None


def test_rows_of_ended_sessions_are_deleted(site: Site) -> None:
    clerk, _moderator = site.signed_in_as_clerk(), site.staff()
    clock.run_ahead(timedelta(hours=13))
    clean_up(site.engine)
    assert clerk.get("/desk").status_code == 200
    number = site.rows("SELECT person_id FROM login_session")[0][0]
    with transaction(site.engine) as session:
        delete_sessions(session, number)
    assert clerk.get("/desk").status_code == 302
    assert site.rows("SELECT count(*) FROM login_session") == [(0,)]
