"""Guessing six digits: each account counts its own wrong codes, from wherever they come."""

import re
from concurrent.futures import ThreadPoolExecutor
from datetime import timedelta

import pyotp
import pytest
from flask.testing import FlaskClient

from directory import clock
from directory.accounts.staff import appoint
from directory.db.tables.accounts import Staff
from directory.settings import Settings
from tests.support.site import Site, body, errors, site_on, words_of

MODERATOR = "moderator@example.org"


def secret_of(site: Site, email: str = MODERATOR) -> pyotp.TOTP:
    return pyotp.TOTP(site.rows("SELECT totp_secret FROM person WHERE email = :e", e=email)[0][0])


def wrong_code(site: Site) -> str:
    """Six digits that are right at no time near now."""
    totp, at = secret_of(site), int(clock.now().timestamp())
    near = {totp.at(at + seconds) for seconds in range(-300, 330, 30)}
    return next(code for code in map("{:06}".format, range(100)) if code not in near)


def unused_code(site: Site) -> str:
    """A right code whose time step was not used up yet."""
    with site.engine.begin() as connection:
        connection.exec_driver_sql("UPDATE person SET totp_step = 0")
    return secret_of(site).now()


def logged(site: Site, action: str) -> int:
    return int(site.rows("SELECT count(*) FROM change WHERE action = :a", a=action)[0][0])


def guess(client: FlaskClient, code: str, address: str = "2001:db8::1") -> int:
    headers = {"X-Forwarded-For": address}
    return client.post("/sign-in/code", data={"code": code}, headers=headers).status_code


def test_200_wrong_codes_from_200_addresses_of_one_network_are_stopped_long_before(own_settings: Settings) -> None:
    with site_on(own_settings.model_copy(update={"proxies": 1})) as site:
        site.staff()
        thief = site.signed_in(MODERATOR)  # with the mailed link, and without the app
        code = wrong_code(site)
        answers = [guess(thief, code, f"2001:db8:0:1::{number:x}") for number in range(200)]
        assert answers[:5] == [400] * 5 and set(answers[5:]) == {429}
        assert logged(site, "wrong code") == 5, "no further code was compared"
        assert guess(thief, unused_code(site)) == 429, "not even the right one"
        clock.run_ahead(timedelta(seconds=61))
        assert guess(thief, unused_code(site)) == 302


def test_many_devices_that_guess_at_once_have_no_more_tries(site: Site) -> None:
    site.staff()
    code, clients = wrong_code(site), [site.signed_in(MODERATOR) for _ in range(3)]
    with ThreadPoolExecutor(3) as pool:
        answers = list(pool.map(lambda number: guess(clients[number % 3], code), range(24)))
    assert sorted(answers) == [400] * 5 + [429] * 19
    assert logged(site, "wrong code") == 5


def test_the_wait_grows_up_to_an_hour_whoever_guesses_and_a_right_code_ends_it(site: Site) -> None:
    site.staff()
    code, ahead = wrong_code(site), timedelta(0)
    clients = [site.signed_in(MODERATOR) for _ in range(2)]
    for _ in range(4):
        assert guess(clients[0], code) == 400
    for number, minutes in enumerate((1, 2, 4, 8, 16, 32, 60, 60)):
        assert guess(clients[number % 2], code) == 400, minutes
        clock.run_ahead(ahead + timedelta(minutes=minutes, seconds=-5))
        assert [guess(client, code) for client in clients] == [429, 429], minutes
        ahead += timedelta(minutes=minutes, seconds=1)
        clock.run_ahead(ahead)
    assert guess(clients[0], unused_code(site)) == 302
    assert [guess(clients[1], code) for _ in range(5)] == [400] * 5, "counted from the beginning"


def test_the_owner_is_told_once_a_day_and_the_page_says_until_when(site: Site) -> None:
    site.staff()
    thief, code = site.signed_in(MODERATOR), wrong_code(site)

    def told() -> list[str]:
        return [body(mail) for mail in site.mails(MODERATOR) if "Wrong codes" in mail["Subject"]]

    for _ in range(4):
        guess(thief, code)
    assert told() == []
    guess(thief, code)
    assert len(told()) == 1 and "/sign-in" in told()[0]
    page = thief.post("/sign-in/code", data={"code": code})
    assert re.search(r"until \d+:\d\d.?[AP]M UTC", errors(page)[0]), words_of(page)
    assert int(page.headers["Retry-After"]) in range(50, 61)
    for hours in (1, 2, 3, 4):
        clock.run_ahead(timedelta(hours=hours))
        guess(thief, code)
    assert len(told()) == 1
    clock.run_ahead(timedelta(hours=25))
    guess(site.signed_in(MODERATOR), code)
    assert len(told()) == 2


def test_under_an_address_that_mails_cannot_lead_to_no_code_is_looked_at(site: Site) -> None:
    """Else the fifth wrong code, which is told by mail, would fail and be forgotten again and again."""
    site.staff()
    thief = site.signed_in(MODERATOR)
    cookie = "; ".join(f"{one.key}={one.value}" for one in (thief.get_cookie("session"),) if one)
    client = site.app.test_client(use_cookies=False)
    headers = {"Host": "zones.example.net", "Cookie": cookie}
    assert client.get("/sign-in/code", headers=headers).status_code == 200, "the cookie is good there"
    for code in (*[wrong_code(site)] * 7, unused_code(site)):
        assert client.post("/sign-in/code", data={"code": code}, headers=headers).status_code == 503
    assert logged(site, "wrong code") == 0 and guess(thief, unused_code(site)) == 302


@pytest.mark.parametrize("code", ["", "12345", "1234567", "12345x", "١٢٣٤٥٦"])
def test_what_is_no_code_is_not_counted(site: Site, code: str) -> None:
    site.staff()
    client = site.signed_in(MODERATOR)
    assert {guess(client, code) for _ in range(10)} == {400}


def test_an_app_is_not_set_up_anew_by_who_has_only_the_mail(site: Site) -> None:
    site.staff()
    thief = site.signed_in(MODERATOR)
    assert "<code>" not in thief.get("/sign-in/code").text
    appoint(site.context, MODERATOR, Staff.ADMINISTRATOR, "operator")
    assert "<code>" not in site.signed_in(MODERATOR).get("/sign-in/code").text
