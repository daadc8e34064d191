"""Asking for somebody else's sign-in mails: no mailbox is filled, and its owner gets in all the same."""

from concurrent.futures import ThreadPoolExecutor
from datetime import timedelta

from flask.testing import FlaskClient

from directory import clock
from tests.support.site import WESTON, Hall, words_of

CLERK = WESTON["email"]


def ask(client: FlaskClient, email: str = CLERK, address: str = "203.0.113.1") -> str:
    response = client.post("/sign-in", data={"email": email}, environ_base={"REMOTE_ADDR": address})
    assert response.status_code == 200
    return words_of(response)


def mails(hall: Hall) -> int:
    return sum("sign in" in mail["Subject"] for mail in hall.mails(CLERK))


def strangers_ask(hall: Hall, times: int = 100) -> None:
    for number in range(times):
        ask(hall.visitor(), address=f"203.0.{number}.{number}")


def gets_in(hall: Hall, client: FlaskClient) -> bool:
    """Whether some link in the mailbox, tried from the newest on, lets its owner in."""
    links = [line for mail in reversed(hall.mails(CLERK)) for line in str(mail.get_body(("plain",))).splitlines()]
    for link in (line.strip() for line in links if "/sign-in/" in line):
        if client.post(link.removeprefix("http://localhost")).status_code == 302:
            return client.get("/desk").status_code == 200
    return False


def test_a_stranger_who_asks_a_hundred_times_does_not_lock_the_owner_out(hall: Hall) -> None:
    hall.signed_in_as_clerk()
    strangers_ask(hall)
    owner = hall.visitor()
    ask(owner)
    assert gets_in(hall, owner)
    assert mails(hall) == 1, "the mail already sent is the answer"


def test_strangers_who_ask_all_at_once_send_one_mail(hall: Hall) -> None:
    hall.signed_in_as_clerk()
    with ThreadPoolExecutor(3) as pool:
        list(pool.map(lambda _number: ask(hall.visitor()), range(16)))
    assert mails(hall) == 1


def test_at_every_hour_of_a_day_of_asking_the_mailbox_holds_a_good_link_and_at_most_six_mails(hall: Hall) -> None:
    hall.signed_in_as_clerk()
    for minutes in range(0, 24 * 60, 12):
        clock.run_ahead(timedelta(minutes=minutes))
        ask(hall.visitor())
        links = hall.rows("SELECT expires_at FROM link WHERE purpose = 'sign_in' AND spent_at IS NULL")
        assert max(str(row[0]) for row in links)[:19] >= str(clock.now() + timedelta(minutes=10))[:19], minutes
    assert mails(hall) <= 6
    assert gets_in(hall, hall.visitor())


def test_a_browser_that_was_signed_in_before_has_a_budget_that_strangers_cannot_touch(hall: Hall) -> None:
    own = hall.signed_in_as_clerk()
    own.post("/sign-out")
    for number in range(8):
        clock.run_ahead(timedelta(minutes=11 * number))
        strangers_ask(hall, 1)
    assert mails(hall) == 5, "the sixth is kept for when no link is left"
    with hall.engine.begin() as connection:  # the owner used every link up
        connection.exec_driver_sql("UPDATE link SET spent_at = created_at WHERE purpose = 'sign_in'")
    for minutes in (0, 11, 22):
        clock.run_ahead(timedelta(hours=4, minutes=minutes))
        ask(hall.visitor())
    assert mails(hall) == 6
    for number in range(8):
        clock.run_ahead(timedelta(hours=5, minutes=11 * number))
        ask(own)
    assert gets_in(hall, own)
    assert 6 < mails(hall) <= 12


def test_a_device_cookie_of_somebody_else_or_a_changed_one_is_worth_nothing(hall: Hall) -> None:
    hall.signed_in_as_clerk()
    other = hall.visitor()
    hall.submit(other, email="other@example.org")
    hall.confirm(other, "other@example.org")
    [cookie] = [c for c in other._cookies.values() if c.key.startswith("device_")]  # type: ignore[union-attr]
    assert cookie.http_only and cookie.same_site == "Lax" and cookie.max_age == 365 * 86_400
    assert "other" not in cookie.decoded_value and "example" not in cookie.decoded_value
    [mine] = [c for c in hall.signed_in(CLERK)._cookies.values() if c.key.startswith("device_")]  # type: ignore[union-attr]
    forged = hall.visitor()
    forged.set_cookie(mine.key, cookie.decoded_value, path="/sign-in")
    for number in range(8):
        clock.run_ahead(timedelta(minutes=11 * number))
        ask(other)
        ask(forged)
    assert mails(hall) <= 6


def test_the_page_says_the_same_for_every_address_however_often_it_is_asked(hall: Hall) -> None:
    hall.signed_in_as_clerk()
    for number in range(12):
        clock.run_ahead(timedelta(minutes=6 * number))
        known, unknown = ask(hall.visitor()), ask(hall.visitor(), "nobody@example.org")
        assert known.replace(CLERK, "X") == unknown.replace("nobody@example.org", "X")


def test_a_link_dies_half_a_day_after_it_was_mailed_however_often_it_is_renewed(hall: Hall) -> None:
    hall.signed_in_as_clerk()
    ask(hall.visitor())
    link = hall.link(CLERK, "/sign-in/")
    for minutes in range(0, 12 * 60, 25):
        clock.run_ahead(timedelta(minutes=minutes))
        ask(hall.visitor())
    clock.run_ahead(timedelta(hours=12, seconds=1))
    ask(hall.visitor())
    assert hall.visitor().post(link).status_code == 410


def test_a_link_that_was_asked_for_again_is_still_good_once_only(hall: Hall) -> None:
    hall.signed_in_as_clerk()
    for minutes in (0, 8):
        clock.run_ahead(timedelta(minutes=minutes))
        ask(hall.visitor())
    assert mails(hall) == 1
    link = hall.link(CLERK, "/sign-in/")
    clock.run_ahead(timedelta(minutes=37))
    assert [hall.visitor().post(link).status_code for _ in range(2)] == [302, 410]
