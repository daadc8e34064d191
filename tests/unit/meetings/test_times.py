"""The time of a visit: what people type, and what it means where the zone lies."""

from datetime import datetime, timedelta
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given
from hypothesis import strategies as st

from directory.meetings.time_reader import LONGEST, read_time
from directory.meetings.times import UnreadableTimeError, exists_at

FRIDAY = datetime(2026, 11, 27, 15, 0)
times = st.datetimes(datetime(2001, 1, 1), datetime(2199, 12, 31)).map(lambda at: at.replace(second=0, microsecond=0))


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("tonight 7 pm", "2026-11-27T19:00"),
        ("tonight 7", "2026-11-27T19:00"),
        ("tonight at 10:00", "2026-11-27T22:00"),
        ("Sat 10am", "2026-11-28T10:00"),
        ("saturday 10 a.m.", "2026-11-28T10:00"),
        ("Sat., 10:30 AM", "2026-11-28T10:30"),
        ("tomorrow noon", "2026-11-28T12:00"),
        ("noon", "2026-11-28T12:00"),
        ("7 pm", "2026-11-27T19:00"),
        ("3 am", "2026-11-28T03:00"),
        ("today 3am", "2026-11-27T03:00"),
        ("19:00", "2026-11-27T19:00"),
        ("12/5 6:30pm", "2026-12-05T18:30"),
        ("12/5/2027 6:30 pm", "2027-12-05T18:30"),
        ("12/5/27 6p", "2027-12-05T18:00"),
        ("13/5 18:00", "2027-05-13T18:00"),
        ("1/3 5pm", "2027-01-03T17:00"),
        ("11/20 6pm", "2026-11-20T18:00"),
        ("Dec 5, 6 pm", "2026-12-05T18:00"),
        ("December 5th at 6pm", "2026-12-05T18:00"),
        ("5 Dec 2027 6pm", "2027-12-05T18:00"),
        ("Sat Nov 28 7pm", "2026-11-28T19:00"),
        ("Sat, Nov 28, 7 PM", "2026-11-28T19:00"),
        ("Sat 28 Nov 7 pm", "2026-11-28T19:00"),
        ("friday 5pm", "2026-11-27T17:00"),
        ("friday 2pm", "2026-12-04T14:00"),
        ("this afternoon 4", "2026-11-27T16:00"),
        ("tomorrow morning at 9", "2026-11-28T09:00"),
        ("6 in the evening", "2026-11-27T18:00"),
        ("6 o'clock pm tomorrow", ""),
        ("mañana 10:00", "2026-11-28T10:00"),
        ("sáb 10am", "2026-11-28T10:00"),
        ("hoy a las 7 de la tarde", "2026-11-27T19:00"),
        ("mañana a las 9 de la mañana", "2026-11-28T09:00"),
        ("pasado mañana 16:30", "2026-11-29T16:30"),
        ("el sábado 5 de diciembre a las 18:00", "2026-12-05T18:00"),
        ("esta noche a las 8", "2026-11-27T20:00"),
        ("lunes al mediodía", "2026-11-30T12:00"),
        ("5 dic 18h", "2026-12-05T18:00"),
        ("19 horas", "2026-11-27T19:00"),
        ("ce soir 19 h", "2026-11-27T19:00"),
        ("ce soir à 7 h", "2026-11-27T19:00"),
        ("demain 10 h", "2026-11-28T10:00"),
        ("demain matin à 9 h 30", "2026-11-28T09:30"),
        ("vendredi 18 h 30", "2026-11-27T18:30"),
        ("aujourd’hui à 16h", "2026-11-27T16:00"),
        ("cet après-midi 4 h", "2026-11-27T16:00"),
        ("après-demain midi", "2026-11-29T12:00"),
        ("le samedi 5 décembre à 18 h", "2026-12-05T18:00"),
        ("mar. 1er déc. 2026, 6 h 30", "2026-12-01T06:30"),
        ("mar. 3 mars 2026 18:00", "2026-03-03T18:00"),
        ("1er août 2027 vers 20 heures", "2027-08-01T20:00"),
        ("lundi à 8 h du soir", "2026-11-30T20:00"),
        ("dim 14 h", "2026-11-29T14:00"),
        ("mar. 18 h 30", "2026-12-01T18:30"),
        ("12 am sat", "2026-11-28T00:00"),
        ("mar, 1 de dic, 6:00 p.m.", "2026-12-01T18:00"),
        ("mar 3 mar 2026 18:00", "2026-03-03T18:00"),
        ("12pm", "2026-11-28T12:00"),
        ("2026-11-28 19:00", "2026-11-28T19:00"),
        ("2026-11-28T19:00:30", "2026-11-28T19:00"),
        ("2026-11-28 7pm", "2026-11-28T19:00"),
        ("day after tomorrow 4 pm", "2026-11-29T16:00"),
        ("tmw around 7pm", "2026-11-28T19:00"),
        ("730pm", "2026-11-27T19:30"),
        ("sat 1130 a.m.", "2026-11-28T11:30"),
        ("7.30 pm", "2026-11-27T19:30"),
        ("half past 7pm", "2026-11-27T19:30"),
        ("quarter past 7 pm sat", "2026-11-28T19:15"),
        ("sat quarter to 1 pm", "2026-11-28T12:45"),
        ("sábado a las 7 y media de la tarde", "2026-11-28T19:30"),
        ("hoy a las 8 menos cuarto de la noche", "2026-11-27T19:45"),
        ("samedi 18 h et demie", "2026-11-28T18:30"),
        ("mediodía del sábado", "2026-11-28T12:00"),
        ("hoy, a las 7 de la noche del 27 de noviembre", "2026-11-27T19:00"),
        ("this coming saturday 10am", "2026-11-28T10:00"),
        ("in 2 hours", "2026-11-27T17:00"),
        ("In half an hour", "2026-11-27T15:30"),
        ("en 45 minutos", "2026-11-27T15:45"),
        ("dentro de una hora", "2026-11-27T16:00"),
        ("dans une demi-heure", "2026-11-27T15:30"),
        ("dans 3 h", "2026-11-27T18:00"),
        ("in two hours", "2026-11-27T17:00"),
        ("an hour and a half from now", "2026-11-27T16:30"),
        ("in 1.5 hours", "2026-11-27T16:30"),
        ("dentro de dos horas y media", "2026-11-27T17:30"),
        ("in 3 days at noon", "2026-11-30T12:00"),
        ("dans 10 jours 18 h", "2026-12-07T18:00"),
        ("six pm", "2026-11-27T18:00"),
        ("seven thirty pm tomorrow", "2026-11-28T19:30"),
        ("mañana a las seis de la tarde", "2026-11-28T18:00"),
        ("sábado a la una pm", "2026-11-28T13:00"),
        ("samedi à onze heures", "2026-11-28T11:00"),
        ("sept 5 6 pm", "2027-09-05T18:00"),
        ("tonite 7pm", "2026-11-27T19:00"),
        ("12 noon sat", "2026-11-28T12:00"),
        ("first saturday of the month 10am", "2026-12-05T10:00"),
        ("the last Friday of the month, 6 pm", "2026-11-27T18:00"),
        ("last fri of this month 2 pm", "2026-12-25T14:00"),
        ("el último domingo del mes a las 17:00", "2026-11-29T17:00"),
        ("le troisième mardi du mois à 18 h", "2026-12-15T18:00"),
        ("samedi à 02 h", "2026-11-28T02:00"),
        ("samedi 9 h 30", "2026-11-28T09:30"),
        ("samedi à douze heures", "2026-11-28T12:00"),
        ("demain à 2 h du matin", "2026-11-28T02:00"),
        ("demain à deux heures de l'après-midi", "2026-11-28T14:00"),
        ("sam. 28 nov. 2026, 2 h 05", "2026-11-28T02:05"),
        ("Saturday the 5th at 6 pm", "2026-12-05T18:00"),
        ("Sat 5 at 6 pm", "2026-12-05T18:00"),
        ("the 15th at 6pm", "2026-12-15T18:00"),
        ("6pm on the 31st", "2026-12-31T18:00"),
        ("the 27th at 2 pm", "2026-11-27T14:00"),
        ("sábado 5 a las 18:00", "2026-12-05T18:00"),
        ("sábado 5 al mediodía", "2026-12-05T12:00"),
        ("el 15 a las 6 pm", "2026-12-15T18:00"),
        ("a las 6 pm del 15", "2026-12-15T18:00"),
        ("samedi 5 à 18 h", "2026-12-05T18:00"),
        ("samedi 5 à 18:30", "2026-12-05T18:30"),
        ("mardi 1er à midi", "2026-12-01T12:00"),
        ("le 15 à 18 h", "2026-12-15T18:00"),
        ("tomorrow, Saturday, 10 am", "2026-11-28T10:00"),
        ("mañana sábado a las 10 de la mañana", "2026-11-28T10:00"),
        ("demain samedi à 10 h", "2026-11-28T10:00"),
        ("today 11/27 5 pm", "2026-11-27T17:00"),
        ("tomorrow the 28th 5 pm", "2026-11-28T17:00"),
        ("sábado a las 18:00 horas", "2026-11-28T18:00"),
        ("18:00 hrs Sat", "2026-11-28T18:00"),
        ("Sat 1800", "2026-11-28T18:00"),
        ("Sat 0730", "2026-11-28T07:30"),
        ("1400 hours Saturday", "2026-11-28T14:00"),
        ("Dec 5 1830", "2026-12-05T18:30"),
        ("Dec 5 2027 1830", "2027-12-05T18:30"),
        ("Dec 5 2030 hours", "2026-12-05T20:30"),
        ("12/5 2030 hours", "2026-12-05T20:30"),
        ("12:00 noon 12/5", "2026-12-05T12:00"),
        ("Saturday 12:00 noon", "2026-11-28T12:00"),
        ("sábado a las 12 del día", "2026-11-28T12:00"),
        ("sábado a las 12 del mediodía", "2026-11-28T12:00"),
        ("sábado a las 12:30 del mediodía", "2026-11-28T12:30"),
        ("demain midi et demi", "2026-11-28T12:30"),
        ("demain à midi moins le quart", "2026-11-28T11:45"),
        ("13/12/2026 à 18:30", "2026-12-13T18:30"),
        ("Th 5pm", "2026-12-03T17:00"),
        ("in 1 hour 30 minutes", "2026-11-27T16:30"),
        ("in 2h 15m", "2026-11-27T17:15"),
        ("en una hora y 30 minutos", "2026-11-27T16:30"),
        ("dans 1h30", "2026-11-27T16:30"),
        ("in a week at 5pm", "2026-12-04T17:00"),
        ("in two weeks at 5 pm", "2026-12-11T17:00"),
        ("en una semana a las 17:00", "2026-12-04T17:00"),
        ("dans deux semaines à 18 h", "2026-12-11T18:00"),
        ("now", "2026-11-27T15:00"),
        ("ahora", "2026-11-27T15:00"),
        ("maintenant", "2026-11-27T15:00"),
        ("Sat - 10 am", "2026-11-28T10:00"),
        ("12/5 - 6:30pm", "2026-12-05T18:30"),
        ("dimanche 18 h 13/12", "2026-12-13T18:00"),
        ("half past 5pm", "2026-11-27T17:30"),
        ("Dec 5 - 6:30 pm", "2026-12-05T18:30"),
        ("5 déc. – 18 h", "2026-12-05T18:00"),
        ("Saturday: 10 am", "2026-11-28T10:00"),
        ("Sat (12/5) 10 am", "2026-12-05T10:00"),
        ("12-5-2026 6pm", "2026-12-05T18:00"),
        ("ten to seven pm Saturday", "2026-11-28T18:50"),
        ("twenty past six pm", "2026-11-27T18:20"),
        ("ten minutes to eleven am Sat", "2026-11-28T10:50"),
    ],
)
def test_what_people_type_is_understood(text: str, expected: str) -> None:
    if not expected:
        with pytest.raises(UnreadableTimeError):
            read_time(text)
        return
    assert read_time(text).on(FRIDAY) == datetime.fromisoformat(expected)


def test_in_two_hours_counts_hours_that_pass() -> None:
    night = datetime(2027, 3, 14, 1, 30, 20, tzinfo=ZoneInfo("America/New_York"))
    assert read_time("in 2 hours").on(night) == datetime(2027, 3, 14, 4, 30)
    assert read_time("in 2 hours").on(night.replace(tzinfo=None)) == datetime(2027, 3, 14, 3, 30)


def test_mar_is_march_to_readers_of_english_only() -> None:
    assert read_time("mar 5 18:00").on(FRIDAY) == datetime(2027, 3, 5, 18, 0)
    for text, language in (("mar 5 18:00", "fr"), ("mar 5 a las 18:00", "en")):
        with pytest.raises(UnreadableTimeError, match="in full"):
            read_time(text, language)


@given(times)
def test_a_time_in_iso_form_is_that_time(at: datetime) -> None:
    assert read_time(at.isoformat()).on(FRIDAY) == at
    assert read_time(f"{at:%Y-%m-%dT%H:%M}").on(FRIDAY) == at


@given(times)
def test_a_date_with_its_year_and_am_or_pm_is_that_time_in_each_way_of_writing(at: datetime) -> None:
    clock = f"{at:%I:%M %p}"
    ways = [
        f"{at:%b} {at.day} {at.year} {clock}",
        f"{clock} {at.month}/{at.day}/{at.year}",
        f"{at.day} {at:%B} {at.year}, {at:%H:%M}",
        f"{at:%A}, {at:%B} {at.day}, {at.year} at {clock}",
    ]
    assert {read_time(way).on(FRIDAY) for way in ways} == {at}


@given(times, st.integers(0, 6), st.integers(0, 23), st.integers(0, 59))
def test_a_weekday_means_its_next_time_within_seven_days(now: datetime, weekday: int, hour: int, minute: int) -> None:
    name = ("mon", "tue", "miércoles", "jueves", "fri", "sáb", "sunday")[weekday]
    time = read_time(f"{name} {hour:02}:{minute:02}").on(now)
    assert now < time <= now + timedelta(days=7)
    assert (time.weekday(), time.hour, time.minute) == (weekday, hour, minute)


@given(times, st.integers(1, 12), st.integers(1, 28))
def test_a_date_without_its_year_is_the_next_one_or_one_of_the_last_weeks(now: datetime, month: int, day: int) -> None:
    time = read_time(f"{month}/{day} 6 pm").on(now)
    assert (time.month, time.day, time.hour) == (month, day, 18)
    assert timedelta(days=-31) <= time.date() - now.date() <= timedelta(days=366 - 31)


@given(times, st.integers(1, 31))
def test_a_day_without_its_month_is_the_next_one_of_this_number(now: datetime, number: int) -> None:
    time = read_time(f"the {number}th at 6 pm").on(now)
    between = (now.date() + timedelta(days=ahead) for ahead in range((time.date() - now.date()).days))
    assert (time.day, time.hour) == (number, 18)
    assert time.date() >= now.date()
    assert number not in {day.day for day in between}


def test_a_date_half_a_year_ahead_is_not_the_last_one() -> None:
    assert read_time("12/20 7pm").on(datetime(2026, 5, 1)) == datetime(2026, 12, 20, 19)
    assert read_time("feb 29 10 am").on(datetime(2026, 5, 1)) == datetime(2028, 2, 29, 10)


@pytest.mark.parametrize("text", ["#9 10 am", "~2 5"])
def test_signs_that_stand_for_phrases_cannot_be_typed(text: str) -> None:
    with pytest.raises(UnreadableTimeError):
        read_time(text)


@given(st.text(max_size=LONGEST + 5))
def test_any_text_is_a_time_or_a_refusal(text: str) -> None:
    try:
        read_time(text).on(FRIDAY)
    except UnreadableTimeError as error:
        for reading in error.readings:
            read_time(reading).on(FRIDAY)


def test_an_hour_that_the_clock_leaves_out_does_not_exist() -> None:
    assert not exists_at(datetime(2027, 3, 14, 2, 30), "America/New_York")
    assert exists_at(datetime(2027, 3, 14, 2, 30), "America/Phoenix")
    assert exists_at(datetime(2027, 11, 7, 1, 30), "America/New_York")
