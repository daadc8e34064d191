"""Sessions on the server: what they cost, how long their cookie lasts, and how rows go."""

from collections.abc import Iterator
from contextlib import contextmanager
from datetime import datetime, timedelta

import pytest
from sqlalchemy import event

from directory import clock
from directory.db.queries.accounts import delete_sessions
from directory.db.transaction import transaction
from directory.store.privacy.retention import clean_up
from tests.support.site import Site

PUBLIC = ("/", "/tips", "/zones/ct-darien-parking-lot", "/search?q=06820", "/sign-in", "/embed/ct/darien")


@contextmanager
def asked_about_people(site: Site) -> Iterator[list[str]]:
    """The statements that read of sessions or people."""
    found: list[str] = []

    def note(_connection: object, _cursor: object, statement: str, *_rest: object) -> None:
        if "login_session" in statement or "person" in statement:
            found.append(statement)

    event.listen(site.engine, "before_cursor_execute", note)
    try:
        yield found
    finally:
        event.remove(site.engine, "before_cursor_execute", note)


def test_who_is_not_signed_in_costs_no_query(site: Site) -> None:
    visitor = site.visitor()
    with asked_about_people(site) as statements:
        for path in (*PUBLIC, "/desk", "/submit"):
            visitor.get(path)
    assert statements == []


@pytest.mark.parametrize("path", ["/submit", "/zones/ct-darien-parking-lot/versions"])
def test_who_is_signed_in_costs_one_query(site: Site, path: str) -> None:
    moderator = site.staff()
    with asked_about_people(site) as statements:
        assert moderator.get(path).status_code == 200
    assert len(statements) == 1 and statements[0].startswith("SELECT")


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
