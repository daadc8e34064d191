"""The three forms that ask for a mail address: what is wrong stands at the field, which keeps what was typed."""

from flask.testing import FlaskClient

from directory.db.tables.accounts import Staff
from tests.support.site import DARIEN, Site, errors

FIX = "Is no e-mail address. Write it like name@example.org."


def assert_kept(client: FlaskClient, path: str, **fields: str) -> None:
    response = client.post(path, data={"email": "nobody", **fields})
    assert response.status_code == 400 and errors(response) == [FIX]
    assert 'aria-describedby="email-error"' in response.text and 'value="nobody"' in response.text
    for choice in fields.values():
        assert f'checked id="role-1" name="role" type="radio" value="{choice}"' in response.text


def test_signing_in_says_how_an_address_is_written(site: Site) -> None:
    assert_kept(site.visitor(), "/sign-in")


def test_a_departments_people_form_keeps_address_and_role(site: Site) -> None:
    assert_kept(site.accepted_clerk(), f"/desk/{DARIEN}/people", role="manager")


def test_the_staff_form_keeps_address_and_role(site: Site) -> None:
    assert_kept(site.staff("admin@example.org", Staff.ADMINISTRATOR), "/review/people", role="administrator")


def test_nobody_is_dismissed_by_a_form_without_a_role(site: Site) -> None:
    administrator = site.staff("admin@example.org", Staff.ADMINISTRATOR)
    site.staff("moderator@example.org")
    response = administrator.post("/review/people", data={"email": "moderator@example.org"})
    assert response.status_code == 400 and errors(response) == ["This is missing. Choose what should happen."]
    assert site.rows("SELECT staff FROM person WHERE email = 'moderator@example.org'") == [("moderator",)]
