"""Meeting cards: made by a form in the address, opened by their link alone, judged from the directory as it is then."""

import re
from datetime import date, datetime, timedelta
from html import unescape
from itertools import islice
from typing import Any
from urllib.parse import parse_qs, urlsplit
from zoneinfo import ZoneInfo

import pytest
from flask.testing import FlaskClient
from icalendar import Calendar
from sqlalchemy import text

from directory import clock
from directory.meetings.recurrence import Recurrence
from directory.meetings.text_message import length_of
from directory.web.http.languages import available
from tests.support.days import in_days
from tests.support.site import Site, words
from tests.support.waiting import eventually

LOT = "ct-darien-parking-lot"
PLAN = f"/zones/{LOT}/meet"
MOVED = "ct-new-canaan-lobby"
DESK = "/desk/ct/darien-police-department"


def made(client: FlaskClient, zone: str = LOT, **answers: Any) -> str:
    """The path of the card that the form makes."""
    form = {"date": str(in_days(10)), "time": "19:00", "make": "1", **answers}
    response = client.get(f"/zones/{zone}/meet", query_string=form)
    assert response.status_code == 303, words(response.text)
    return str(response.headers["Location"])


def test_a_card_says_time_place_and_how_it_stands_then(client: FlaskClient) -> None:
    page = words(client.get(made(client)).text)
    day = in_days(10)
    assert f"7 PM {day:%A, %B} {day.day}, {day.year}, Eastern Time" in page
    assert "Darien police · parking lot" in page
    assert "South side of the building" in page
    assert "25 Hecker Ave" in page
    assert "Open at all hours says a 2016 article" in page
    assert "2016 news report never confirmed by the police" in page
    for part in ("Directions", "Change the time", "Tell the other person", "Put it in your calendar", "What to bring"):
        assert part in page


def test_a_card_says_whether_it_is_dark_then(client: FlaskClient) -> None:
    noon, night = (words(client.get(made(client, time=time)).text) for time in ("12:00", "23:00"))
    assert "Daylight then" in noon and "Dark then" not in noon
    assert "Dark then the sun sets at" in night and "Daylight then" not in night


def test_the_link_holds_zone_and_time_only_and_nothing_is_stored(site: Site) -> None:
    visitor = site.visitor()
    with site.engine.connect() as connection:
        before = list(connection.execute(text("SELECT count(*) FROM change")))
    path = made(visitor)
    assert re.fullmatch(rf"/m/{LOT}\.[0-9a-z]{{5}}\.[\w-]{{12}}", path)
    assert made(visitor) == path
    visitor.get(path)
    with site.engine.connect() as connection:
        assert list(connection.execute(text("SELECT count(*) FROM change"))) == before
    assert not visitor.get(path).headers.getlist("Set-Cookie")


def test_no_cache_no_search_engine_and_no_other_site_learns_of_a_card(client: FlaskClient) -> None:
    path = made(client)
    for address in (path, f"{path}/meeting.ics", f"{path}/qr.svg", PLAN):
        headers = client.get(address).headers
        assert headers["Cache-Control"] == "private, no-store", address
        assert headers["Referrer-Policy"] == "strict-origin", address
        assert headers["X-Robots-Tag"] == "noindex", address
    page = client.get(path).text
    for link in re.findall(r'<a [^>]*href="https://[^>]*>', page):
        assert "noreferrer" in link
    assert "Disallow: /m/" in client.get("/robots.txt").text


@pytest.mark.parametrize("token", ["unknown", "ct-darien-parking-lot.8fkno.AAAAAAAAAAAA", "a" * 500, "ä", "..", "%00"])
def test_a_token_that_is_not_ours_is_a_404(client: FlaskClient, token: str) -> None:
    for address in (f"/m/{token}", f"/m/{token}/meeting.ics", f"/m/{token}/qr.svg"):
        assert client.get(address).status_code == 404


def test_the_message_fits_in_one_text_message_in_each_language(client: FlaskClient) -> None:
    path = made(client)
    for language in available():
        page = client.get(f"{path}?lang={language}").text
        message = unescape(re.findall(r"<textarea[^>]*>([^<]*)</textarea>", page)[0])
        assert length_of(message).messages == 1
        assert message.endswith(f"http://localhost{path}")
        assert str(len(message)) in words(page)


def test_the_message_of_a_series_whose_words_are_long_counts_its_dates(client: FlaskClient) -> None:
    date = next(date for date in map(in_days, range(5, 40)) if date.day == 1)
    page = words(client.get(made(client, date=str(date), every="o", times="12")).text)
    assert "The first, third and fifth " in page
    assert ", and 11 more dates: Darien police, parking lot. http" in page and "fits in one text message" in page


def test_the_calendar_file_is_the_same_meeting(client: FlaskClient) -> None:
    path = made(client)
    response = client.get(f"{path}/meeting.ics")
    assert response.mimetype == "text/calendar"
    calendar: Any = Calendar.from_ical(response.data)
    (event,) = calendar.walk("VEVENT")
    day = in_days(10)
    assert event["dtstart"].dt == datetime(day.year, day.month, day.day, 19, tzinfo=ZoneInfo("America/New_York"))
    assert "25 Hecker Ave" in event["location"]
    assert str(event["url"]) == f"http://localhost{path}"
    assert event.walk("VALARM")
    again: Any = Calendar.from_ical(client.get(f"{path}/meeting.ics").data)
    assert again.walk("VEVENT")[0]["uid"] == event["uid"]


def test_links_for_online_calendars_carry_the_wall_clock_and_its_zone(client: FlaskClient) -> None:
    page = client.get(made(client)).text
    google = next(unescape(link) for link in re.findall(r'href="([^"]+)"', page) if "calendar.google" in link)
    query = parse_qs(urlsplit(google).query)
    assert query["ctz"] == ["America/New_York"]
    assert query["dates"][0].startswith(f"{in_days(10):%Y%m%d}T190000/")
    outlook = next(unescape(link) for link in re.findall(r'href="([^"]+)"', page) if "outlook" in link)
    assert parse_qs(urlsplit(outlook).query)["startdt"][0].startswith(f"{in_days(10)}T19:00:00-0")


def test_a_zone_that_its_department_closes_afterwards_says_so_on_top_with_the_next_best(site: Site) -> None:
    visitor, clerk = site.visitor(), site.accepted_clerk()
    path = made(visitor)
    assert "Closed at that time." not in words(visitor.get(path).text)
    form = {
        "do": "add",
        "zone": [LOT],
        "closure_kind": "days",
        "closure_first": str(in_days(10)),
        "closure_note": "paving",
    }
    clerk.post(f"{DESK}/closures", data=form)
    page = visitor.get(path).text
    main = words(page[page.index("<main") :])
    assert main.index("Closed at that time.") < main.index("7 PM")
    assert "paving" in main
    assert "<del>7 PM</del>" in page
    next_best = page[page.index("Next best for the same time") :].partition("</section>")[0]
    links = [unescape(link) for link in re.findall(r'href="(/zones/[^"]+)"', next_best)]
    assert links and all(LOT not in link for link in links)
    assert f'value="{in_days(10)}"' in visitor.get(links[0]).text  # the form has the same time
    assert "Put it in your calendar" not in words(page)


def test_a_zone_that_moved_says_so_and_gives_its_number(client: FlaskClient) -> None:
    page = client.get(made(client, MOVED)).text
    assert "This place moved. Do not go there yet." in words(page)
    assert "Call 203-594-3500" in words(page)
    assert "Directions" not in words(page).replace("Directions in", "")


def test_a_zone_that_was_withdrawn_or_is_gone_is_said(site: Site) -> None:
    visitor = site.visitor()
    path = made(visitor)
    with site.engine.begin() as connection:
        connection.execute(text("UPDATE zone SET status = 'withdrawn' WHERE zone_id = :z"), {"z": LOT})
    site.services.snapshot_cache.invalidate()
    assert "This is no longer a safe zone. Do not go there." in words(visitor.get(path).text)
    assert visitor.get(PLAN).status_code == 404


def test_a_meeting_that_is_over_says_so(client: FlaskClient) -> None:
    path = made(client)
    try:
        clock.run_ahead(timedelta(days=12))
        page = words(client.get(path).text)
    finally:
        clock.run_ahead(timedelta(0))
    assert "This meeting is over. Plan another one here" in page
    assert "Put it in your calendar" not in page


def test_times_that_return_fill_in_the_form_of_a_series(client: FlaskClient) -> None:
    page = client.get(PLAN, query_string={"at": "every other Friday 6 pm"}).text
    fridays = [day for day in map(in_days, range(8)) if day.weekday() == 4]  # on a Friday today's may be meant
    assert any(f'value="{friday}"' in page for friday in fridays)
    assert 'value="18:00"' in page and re.search(r'<option value="2"\s+selected', page)
    card = client.get(PLAN, query_string={"date": "every other Fri", "time": "6 pm", "times": "4", "make": "1"})
    assert "every other week, 4 times" in words(client.get(card.headers["Location"]).text).lower()
    question = client.get("/search?q=06820&at=every+other+Friday+6+pm")
    assert question.status_code == 400 and ">Friday 6 pm</a>" in question.text


def test_a_series_on_the_last_sunday_of_each_month_leaves_out_closed_dates_and_fits_a_message_in_each_language(
    site: Site,
) -> None:
    visitor = site.visitor()
    page = visitor.get(PLAN, query_string={"at": "the last Sunday of every month 5 pm"}).text
    assert 'value="17:00"' in page and re.search(r'<option value="l"\s+selected', page)
    last = re.findall(r'value="(\d{4}-\d\d-\d\d)"', page)[0]
    sundays = Recurrence.LAST_OF_MONTH.times(datetime.fromisoformat(f"{last}T17:00"))
    dates = [at.date() for at in islice(sundays, 4)]
    form = {"do": "add", "zone": [LOT], "closure_kind": "days", "closure_first": str(dates[2])}
    site.accepted_clerk().post(f"{DESK}/closures", data=form)
    path = made(visitor, date=last, time="17:00", every="l", times="4")
    said = {language: visitor.get(f"{path}?lang={language}").text for language in available()}
    assert "The last Sunday of every month, 4 times." in words(said["en"])
    assert "el último domingo de cada mes" in said["es"].lower() and "dernier dimanche" in said["fr"]
    for page in said.values():
        message = unescape(re.findall(r"<textarea[^>]*>([^<]*)</textarea>", page)[0])
        assert length_of(message).messages == 1, message
    calendar: Any = Calendar.from_ical(visitor.get(f"{path}/meeting.ics").data)
    (event,) = calendar.walk("VEVENT")
    assert event["rrule"].to_ical() == b"FREQ=MONTHLY;COUNT=4;BYDAY=-1SU"
    assert [one.dt.date() for one in event["exdate"].dts] == [dates[2]]


def test_a_series_judges_each_date_and_names_those_that_cannot_be_used(site: Site) -> None:
    visitor, clerk = site.visitor(), site.accepted_clerk()
    path = made(visitor, every="2", times="4")
    form = {"do": "add", "zone": [LOT], "closure_kind": "days", "closure_first": str(in_days(24))}
    clerk.post(f"{DESK}/closures", data=form)
    page = visitor.get(path).text
    said = words(page)
    assert "every other week, 4 times" in said.lower()
    assert "On 1 date you cannot count on this place." in said
    assert page.count('<th scope="row">') == 4
    assert "Pay in cash" not in said and "child" not in said.lower()
    assert "What the two of you agreed to hand over" in said
    assert "Put it in your calendar" in said
    calendar: Any = Calendar.from_ical(visitor.get(f"{path}/meeting.ics").data)
    (event,) = calendar.walk("VEVENT")
    assert event["rrule"].to_ical() == b"FREQ=WEEKLY;COUNT=4;INTERVAL=2"
    assert [one.dt.date() for one in event["exdate"].dts] == [in_days(24)]


def test_a_series_shows_the_custody_rules_and_which_dates_lie_outside_their_hours(site: Site) -> None:
    with site.engine.begin() as connection:
        facts = "custody_hours = 'Mo-Sa 08:00-19:00; Su off', custody_rules = 'Ring the front desk first.'"
        connection.exec_driver_sql(f"UPDATE zone SET {facts}, custody_exchange = 'yes' WHERE zone_id = '{LOT}'")
    monday, sunday = (in_days(7 + (day - in_days(0).weekday()) % 7) for day in (0, 6))
    visitor = site.visitor()

    def series_from(day: date) -> str:
        return words(visitor.get(made(visitor, date=str(day), every="1", times="2", time="18:00")).text)

    eventually(lambda: "Ring the front desk first." in series_from(monday))
    outside = "Outside the hours for custody exchanges"
    assert series_from(monday).count(outside) == 0 and series_from(sunday).count(outside) == 2
    assert "Ring the front desk" not in words(visitor.get(made(visitor)).text), "of a sale"


def test_a_series_whose_next_date_is_closed_says_so_and_can_still_be_kept(site: Site) -> None:
    visitor, clerk = site.visitor(), site.accepted_clerk()
    path = made(visitor, every="1", times="3")
    form = {"do": "add", "zone": [LOT], "closure_kind": "days", "closure_first": str(in_days(10))}
    clerk.post(f"{DESK}/closures", data=form)
    said = words(visitor.get(path).text)
    assert "Closed at that time." in said and "Put it in your calendar" in said


def test_a_series_ends_on_a_day_or_after_a_number_and_else_after_ten_as_the_form_says(client: FlaskClient) -> None:
    assert "from 2 to 60 (24 where it is once a month). Where you say neither, it is 10 times." in words(
        client.get(PLAN).text
    )
    assert made(client, every="2") == made(client, every="2", times="10")
    by_day = made(client, every="1", until=str(in_days(10 + 21)))
    assert by_day == made(client, every="1", times="4")


@pytest.mark.parametrize(
    ("day", "every", "times", "message"),
    [
        (1, "m", "25", "That is 25 meetings. A series has 2 to 24."),
        (29, "m", "2", "Not every month has a fifth"),
        (22, "o", "2", "That is not the first, third or fifth"),
        (14, "l", "2", "That is not the last"),
    ],
)
def test_a_day_on_which_a_monthly_series_cannot_begin_is_named(
    client: FlaskClient, day: int, every: str, times: str, message: str
) -> None:
    date = next(date for date in map(in_days, range(5, 120)) if date.day == day)
    form = {"date": str(date), "time": "19:00", "every": every, "times": times, "make": "1"}
    response = client.get(PLAN, query_string=form)
    assert response.status_code == 400 and message in words(response.text)
    assert f'value="{date}"' in response.text and f'value="{every}" selected' in response.text


@pytest.mark.parametrize(
    ("answers", "message"),
    [
        ({"date": ""}, "Choose a day."),
        ({"time": ""}, "Choose a time of day."),
        ({"time": "25:00"}, "no such time"),
        ({"date": "2020-01-04"}, "That time is over."),
        ({"date": "2150-01-04"}, "within two years"),
        ({"date": "2027-02-30"}, "There is no such day"),
        ({"date": "lunch"}, "We do not understand “lunch”"),
        ({"every": "1", "times": "3", "until": "2027-12-01"}, "one of the two"),
        ({"every": "1", "times": "61"}, "2 to 60"),
        ({"every": "1", "times": "1"}, "2 to 60"),
        ({"every": "3"}, "Choose one"),
        ({"every": "1", "times": "many"}, "“many” is no whole number. Write how many times in digits, from 2 to 60."),
        ({"every": "1", "until": "2026-01-04"}, "That is before the first meeting. Choose a later day."),
        ({"every": "2", "until": "soon"}, "soon"),
        ({"time": "7"}, "In the morning"),
    ],
)
def test_a_bad_answer_is_named_and_nothing_typed_is_lost(
    client: FlaskClient, answers: dict[str, str], message: str
) -> None:
    form = {"date": str(in_days(10)), "time": "19:00", "make": "1", **answers}
    response = client.get(PLAN, query_string=form)
    assert response.status_code == 400
    assert message in words(response.text)
    for name, value in form.items():
        if name not in ("make", "every") and value:
            assert f'value="{value}"' in response.text, name


def test_words_in_place_of_a_date_work_too(client: FlaskClient) -> None:
    day = in_days(10)
    assert made(client, date=f"{day:%b} {day.day}", time="7 pm") == made(client)


def test_other_pages_link_with_a_time_that_fills_the_form_in(client: FlaskClient) -> None:
    page = client.get(PLAN, query_string={"at": f"{in_days(3)}T18:30"}).text
    assert f'value="{in_days(3)}"' in page and 'value="18:30"' in page
    asked = client.get(PLAN, query_string={"at": "sat 7"})
    assert asked.status_code == 400
    assert "sat 7 am" in words(asked.text) and 'value="sat 7"' in asked.text
    assert f'href="{PLAN}"' in client.get(f"/zones/{LOT}").text
    assert "Plan a meeting" not in client.get(f"/zones/{MOVED}").text


def test_a_card_in_spanish_is_in_spanish(client: FlaskClient) -> None:
    page = words(client.get(f"{made(client)}?lang=es").text)
    for english in ("Dark then", "Tell the other person", "What to bring", "Change the time", "Daylight"):
        assert english not in page
