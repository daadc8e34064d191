"""Asking for somebody else's sign-in mails: no mailbox is filled, and its owner gets in all the same."""

from concurrent.futures import ThreadPoolExecutor
from datetime import timedelta

from flask.testing import FlaskClient
from werkzeug.test import Cookie

from directory import clock
from tests.support.site import WESTON, Site, words_of

CLERK = WESTON["email"]


def ask(client: FlaskClient, email: str = CLERK, address: str = "203.0.113.1") -> str:
    response = client.post("/sign-in", data={"email": email}, environ_base={"REMOTE_ADDR": address})
    assert response.status_code == 200
    return words_of(response)


def mails(site: Site) -> int:
    return sum("sign in" in mail["Subject"] for mail in site.mails(CLERK))


def strangers_ask(site: Site, times: int = 100) -> None:
    for number in range(times):
        ask(site.visitor(), address=f"203.0.{number}.{number}")


def gets_in(site: Site, client: FlaskClient) -> bool:
    """Whether some link in the mailbox, tried from the newest on, lets its owner in."""
    links = [line for mail in reversed(site.mails(CLERK)) for line in str(mail.get_body(("plain",))).splitlines()]
    for link in (line.strip() for line in links if "/sign-in/" in line):
        if client.post(link.removeprefix("http://localhost")).status_code == 302:
            return client.get("/desk").status_code == 200
    return False


def test_a_stranger_who_asks_a_hundred_times_does_not_lock_the_owner_out(site: Site) -> None:
    site.signed_in_as_clerk()
    strangers_ask(site)
    owner = site.visitor()
    ask(owner)
    assert gets_in(site, owner)
    assert mails(site) == 1, "the mail already sent is the answer"


def test_under_an_address_that_mails_cannot_lead_to_nobody_learns_who_is_known(site: Site) -> None:
    site.signed_in_as_clerk()
    headers = {"Host": "zones.example.net"}
    for email in (CLERK, "nobody@example.com"):
        assert site.visitor().post("/sign-in", data={"email": email}, headers=headers).status_code == 503


def test_strangers_who_ask_all_at_once_send_one_mail(site: Site) -> None:
    site.signed_in_as_clerk()
    with ThreadPoolExecutor(3) as pool:
        list(pool.map(lambda _number: ask(site.visitor()), range(16)))
    assert mails(site) == 1


def test_at_every_hour_of_a_day_of_asking_the_mailbox_holds_a_good_link_and_at_most_six_mails(site: Site) -> None:
    site.signed_in_as_clerk()
    for minutes in range(0, 24 * 60, 12):
        clock.run_ahead(timedelta(minutes=minutes))
        ask(site.visitor())
        links = site.rows("SELECT expires_at FROM link WHERE purpose = 'sign_in' AND spent_at IS NULL")
        assert max(str(row[0]) for row in links)[:19] >= str(clock.now() + timedelta(minutes=10))[:19], minutes
    assert mails(site) <= 6
    assert gets_in(site, site.visitor())


def test_a_browser_that_was_signed_in_before_has_a_budget_that_strangers_cannot_touch(site: Site) -> None:
    own = site.signed_in_as_clerk()
    own.post("/sign-out")
    for number in range(8):
        clock.run_ahead(timedelta(minutes=11 * number))
        strangers_ask(site, 1)
    assert mails(site) == 5, "the sixth is kept for when no link is left"
    with site.engine.begin() as connection:  # the owner used every link up
        connection.exec_driver_sql("UPDATE link SET spent_at = created_at WHERE purpose = 'sign_in'")
    for minutes in (0, 11, 22):
        clock.run_ahead(timedelta(hours=4, minutes=minutes))
        ask(site.visitor())
    assert mails(site) == 6
    for number in range(8):
        clock.run_ahead(timedelta(hours=5, minutes=11 * number))
        ask(own)
    assert gets_in(site, own)
    assert 6 < mails(site) <= 12


def device_cookie(client: FlaskClient) -> Cookie:
    """The cookie by which the browser is known where one signs in."""
    [name] = [name for name in client.get("/sign-in").request.cookies if name.startswith("device_")]
    cookie = client.get_cookie(name, path="/sign-in")
    assert cookie is not None
    return cookie


def test_a_device_cookie_of_somebody_else_or_a_changed_one_is_worth_nothing(site: Site) -> None:
    site.signed_in_as_clerk()
    other = site.visitor()
    site.submit(other, email="other@example.org")
    site.confirm(other, "other@example.org")
    cookie = device_cookie(other)
    assert cookie.http_only and cookie.same_site == "Lax" and cookie.max_age == 365 * 86_400
    assert "other" not in cookie.decoded_value and "example" not in cookie.decoded_value
    mine = device_cookie(site.signed_in_by_mail(CLERK))
    forged = site.visitor()
    forged.set_cookie(mine.key, cookie.decoded_value, path="/sign-in")
    for number in range(8):
        clock.run_ahead(timedelta(minutes=11 * number))
        ask(other)
        ask(forged)
    assert mails(site) <= 6


def test_the_page_says_the_same_for_every_address_however_often_it_is_asked(site: Site) -> None:
    site.signed_in_as_clerk()
    for number in range(12):
        clock.run_ahead(timedelta(minutes=6 * number))
        known, unknown = ask(site.visitor()), ask(site.visitor(), "nobody@example.org")
        assert known.replace(CLERK, "X") == unknown.replace("nobody@example.org", "X")


def test_a_link_dies_half_a_day_after_it_was_mailed_however_often_it_is_renewed(site: Site) -> None:
    site.signed_in_as_clerk()
    ask(site.visitor())
    link = site.link(CLERK, "/sign-in/")
    for minutes in range(0, 12 * 60, 25):
        clock.run_ahead(timedelta(minutes=minutes))
        ask(site.visitor())
    clock.run_ahead(timedelta(hours=12, seconds=1))
    ask(site.visitor())
    assert site.visitor().post(link).status_code == 410


def test_a_link_that_was_asked_for_again_is_still_good_once_only(site: Site) -> None:
    site.signed_in_as_clerk()
    for minutes in (0, 8):
        clock.run_ahead(timedelta(minutes=minutes))
        ask(site.visitor())
    assert mails(site) == 1
    link = site.link(CLERK, "/sign-in/")
    clock.run_ahead(timedelta(minutes=37))
    assert "Sign in here" in words_of(site.visitor().get(link))
    assert [site.visitor().post(link).status_code for _ in range(2)] == [302, 410]
    assert "not good any more" in words_of(site.visitor().get(link)), "the page does not ask in vain"
