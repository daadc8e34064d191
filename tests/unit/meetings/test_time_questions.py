"""Texts that say no one time: asked about with their readings, or refused with a reason."""

import re
from datetime import datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from directory.meetings.time_reader import LONGEST, read_time
from directory.meetings.time_wordings import without_repetition
from directory.meetings.times import UnreadableTimeError

FRIDAY = datetime(2026, 11, 27, 15, 0)
CONTRADICTION = "names two days|not on that day of the week"


@pytest.mark.parametrize(
    ("text", "readings"),
    [
        ("sat 7", ("sat 7 am", "sat 7 pm")),
        ("tomorrow 7:30", ("tomorrow 7:30 am", "tomorrow 7:30 pm")),
        ("7", ("7 am", "7 pm")),
        ("12/7 7", ("12/7 7 am", "12/7 7 pm")),
        ("7 sat", ("7 am sat", "7 pm sat")),
        ("el 12/5 a las 18:00", ("12 de mayo", "5 de diciembre")),
        ("tomorrow 12", ("tomorrow 12 am", "tomorrow 12 pm")),
        ("le 5/12 à 18 h", ("5 décembre", "12 mai")),
        ("demain 7:30", ("demain 7 h 30", "demain 19 h 30")),
        ("mañana a las 7 y media", ("7:30 am", "7:30 pm")),
        ("sat 7-8pm", ("sat 7 am", "sat 7 pm")),
        ("sat from 11 to 1 pm", ("sat 11 am", "sat 11 pm")),
        ("sábado de 7 a 8 pm", ("sábado 7 am", "sábado 7 pm")),
        ("sat 10 to 11", ("sat 10 am", "sat 10 pm")),
        ("demain à deux heures", ("demain à 02 h", "demain à 14 h")),
        ("samedi à quatre heures et demie", ("samedi à 04 h 30", "samedi à 16 h 30")),
        ("samedi à sept heures", ("samedi à 7 h", "samedi à 19 h")),
        ("samedi à 2 h", ("samedi à 02 h", "samedi à 14 h")),
        ("2h30 samedi", ("02 h 30 samedi", "14 h 30 samedi")),
        ("aujourd'hui à 4 h", ("aujourd'hui à 04 h", "aujourd'hui à 16 h")),
        ("sábado a las 2 horas", ("sábado a las 2 am", "sábado a las 2 pm")),
        ("sat 7 o'clock", ("sat 7 am", "sat 7 pm")),
        ("7 on the 7th", ("7 am on the 7th", "7 pm on the 7th")),
        ("sábado 5 a las 6", ("sábado 5 a las 6 am", "sábado 5 a las 6 pm")),
        ("sat 5 - 7 pm", ("sat 5 am", "sat 5 pm")),
        ("five to six pm sat", ("5 am sat", "5 pm sat")),
        ("12-5-2026 a las 18:00", ("12 de mayo 2026", "5 de diciembre 2026")),
        ("12/5 - a las 18:00", ("12 de mayo, a las 18:00", "5 de diciembre, a las 18:00")),
        ("tomorow at six", ("tomorrow at 6 am", "tomorrow at 6 pm")),
    ],
)
def test_a_text_with_two_readings_is_asked_about_and_each_of_them_can_be_read(
    text: str, readings: tuple[str, ...]
) -> None:
    with pytest.raises(UnreadableTimeError) as refused:
        read_time(text)
    offered = refused.value.readings
    assert len(offered) == 2
    times = {read_time(one).on(FRIDAY) for one in offered}
    assert len(times) == 2
    for reading in readings:
        assert any(reading in one for one in offered), offered


@pytest.mark.parametrize(
    "text",
    [
        "",
        " ",
        "lunch",
        "pizza 7pm",
        "Sat",
        "tomorrow",
        "12/5",
        "Feb 30 6pm",
        "13/13 6pm",
        "25:00",
        "7:75 pm",
        "13 pm",
        "next week",
        "next week friday 5pm",
        "in 2 days",
        "in 1.5 minutes",
        "last friday 6pm",
        "every first saturday",
        "in 0 hours",
        "quarter to 0",
        "7.5 pm",
        "demain à minuit",
        "mar 5 pm",
        "midnight",
        "sat 7pm 8pm",
        "sat sun 7pm",
        "today tomorrow 7pm",
        "tonight 3 pm",
        "this morning 6 pm",
        "0/5 6pm",
        "2026-02-30T10:00",
        "1999-01-01T10:00",
        "2201-01-01T10:00",
        "7pm;",
        "-7 pm",
        "sat 7 pm or 8 pm",
        "12/5/1999 6pm",
        "x" * (LONGEST + 1),
        "12 5 7pm",
        "12/5 2026",
        "2030 12/5",
        "next sat 2030",
        "sat 2400",
        "the 32nd 5pm",
        "2nd Saturday 5 pm",
        "half past 15th",
        "18:00 5 th",
        "every 15th at 6 pm",
        "tous les 1er 18 h",
        "the 5th Dec 6 6pm",
        "sábado a las 7 10 pm",
        "sábado de 6 a 7 a 8 pm",
        "Sat - Sun 10 am",
        "hoy 5/12 a las 18:00",
        "demain six 12/5",
        "tomorrow first saturday of the month 5pm",
        "7pm 2027",
        "2026-11-28T25:00",
    ],
)
def test_what_says_no_one_time_is_refused_with_a_reason(text: str) -> None:
    with pytest.raises(UnreadableTimeError) as refused:
        read_time(text)
    assert refused.value.reason.endswith((".", "?"))


@pytest.mark.parametrize(
    ("text", "reason", "first"),
    [
        ("28 Nov 6:30pm - 8 pm", "when you meet", "28 Nov 6:30pm"),
        ("Dec 5 - 6:30pm - 8 pm", "when you meet", "Dec 5 - 6:30pm"),
        ("sat 7pm - 8pm", "when you meet", "sat 7pm"),
        ("samedi de 18 h à 19 h", "when you meet", "samedi 18 h"),
        ("friday 6 pm EST", "by its own clock", "friday 6 pm"),
        ("19:00 Eastern Time on Friday", "by its own clock", "19:00 on Friday"),
    ],
)
def test_what_says_more_than_one_time_is_offered_without_the_rest(text: str, reason: str, first: str) -> None:
    with pytest.raises(UnreadableTimeError, match=reason) as refused:
        read_time(text)
    assert refused.value.readings == (first,)


@pytest.mark.parametrize(
    ("text", "readings"),
    [
        ("next fri noon", ("December 4, noon", "December 11, noon")),
        ("next Mon 5pm", ("November 30, 5pm", "December 7, 5pm")),
        ("el próximo viernes a las 17:00", ("4 de diciembre, a las 17:00", "11 de diciembre, a las 17:00")),
        ("el lunes que viene 5 pm", ("30 de noviembre, 5 pm", "7 de diciembre, 5 pm")),
        ("this next friday 5pm", ("December 4, 5pm", "December 11, 5pm")),
        ("the next friday - 5pm", ("December 4, 5pm", "December 11, 5pm")),
        ("este viernes que viene 5pm", ("4 de diciembre, 5pm", "11 de diciembre, 5pm")),
        ("vendredi prochain 17 h", ("4 décembre, 17 h", "11 décembre, 17 h")),
    ],
)
def test_next_is_asked_about_with_both_dates(text: str, readings: tuple[str, str]) -> None:
    with pytest.raises(UnreadableTimeError) as refused:
        read_time(text).on(FRIDAY)
    assert refused.value.readings == readings
    first, second = (read_time(one).on(FRIDAY) for one in readings)
    assert second - first == timedelta(days=7)


def test_a_date_beside_next_says_which_day_is_meant() -> None:
    assert read_time("next Friday, Dec 4, 5 pm").on(FRIDAY) == datetime(2026, 12, 4, 17)


@pytest.mark.parametrize(
    "example", ["tonight 7 pm", "Sat 10 am", "ce soir 19 h", "this afternoon 2 pm", "demain 10 h", "esta tarde 2 pm"]
)
def test_who_leaves_out_the_time_of_day_is_told_with_one_that_fits(example: str) -> None:
    with pytest.raises(UnreadableTimeError, match=f"“{example}”"):
        read_time(re.sub(r" \d+ (?:am|pm|h)$", "", example))
    read_time(example)


def test_a_word_that_is_spelled_nearly_right_is_asked_about() -> None:
    with pytest.raises(UnreadableTimeError, match="We do not understand “satuday”") as refused:
        read_time("Satuday 10 am")
    assert refused.value.readings == ("saturday 10 am",)


def test_a_date_in_numbers_is_asked_about_where_the_reader_may_say_the_day_first() -> None:
    assert read_time("5/12 18:30").on(FRIDAY) == datetime(2027, 5, 12, 18, 30)
    with pytest.raises(UnreadableTimeError) as refused:
        read_time("5/12 18:30", "fr")
    assert refused.value.readings == ("12 mai, 18:30", "5 décembre, 18:30")
    assert read_time("13/5 18:30", "fr").on(FRIDAY) == datetime(2027, 5, 13, 18, 30)


@pytest.mark.parametrize(
    ("text", "recurrence", "first"),
    [
        ("every other Friday 6 pm", "2", "Friday 6 pm"), ("biweekly on Fri 6 pm", "2", "Fri 6 pm"),
        ("every 2 weeks on Friday 6 pm", "2", "Friday 6 pm"), ("weekly Sat 10 am", "1", "Sat 10 am"),
        ("every second Friday 6 pm", "2", "Friday 6 pm"),
        ("cada viernes 18:00", "1", "viernes 18:00"), ("cada dos semanas, el viernes 18:00", "2", "viernes 18:00"),
        ("todos los sábados 18:00", "1", "sábado 18:00"),
        ("tous les vendredis 18 h", "1", "vendredi 18 h"), ("un vendredi sur deux 18 h", "2", "vendredi 18 h"),
        ("every first Saturday 10 am", "m", "first Saturday of the month 10 am"),
        ("every second Friday of the month 6 pm", "m", "second Friday of the month 6 pm"),
        ("the last Sunday of each month 5 pm", "l", "last Sunday of the month 5 pm"),
        ("monthly on the 3rd Fri 6 pm", "m", "3rd Fri of the month 6 pm"),
        ("el primer sábado de cada mes 10:00", "m", "primer sábado del mes 10:00"),
        ("le deuxième mardi de chaque mois 18 h", "m", "deuxième mardi du mois 18 h"),
        ("tous les premiers samedis 10 h", "m", "premier samedi du mois 10 h"),
    ],
)  # fmt: skip
def test_who_types_times_that_return_is_offered_the_first_and_told_where_a_series_is_planned(
    text: str, recurrence: str, first: str
) -> None:
    assert without_repetition(text) == (recurrence, first)
    with pytest.raises(UnreadableTimeError, match="first of the times") as refused:
        read_time(text)
    assert refused.value.readings == (first,)


@pytest.mark.parametrize(
    "text",
    [
        "Sun Nov 28 7pm",
        "Saturday the 6th at 6 pm",
        "sábado 6 a las 18:00",
        "tomorrow, Friday, 10 am",
        "today 11/28 5 pm",
        "demain le 27 à 18 h",
        "tonight 11/27/2027 7 pm",
    ],
)
def test_names_of_a_day_that_contradict_each_other_are_refused(text: str) -> None:
    with pytest.raises(UnreadableTimeError, match=CONTRADICTION):
        read_time(text).on(FRIDAY)


WORDS = [
    "sat",
    "7",
    "7:30",
    "10:00",
    "pm",
    "am",
    "tomorrow",
    "mañana",
    "12/5",
    "de",
    "la",
    "tarde",
    "5",
    "dic",
    "dec",
    "noon",
    "tonight",
    "2027",
    "at",
    "a",
    "las",
    "el",
    "this",
    "morning",
    "noche",
    "next",
    "fri",
    "to",
    "-",
    "y media",
    "half past",
    "EST",
    "last",
    "of the month",
    "every",
    "six",
    "saturdy",
    "the",
    "15th",
    "1830",
    "deux heures",
    "2 h",
    "in a week",
]


@given(st.lists(st.sampled_from(WORDS), min_size=1, max_size=6).map(" ".join))
def test_every_reading_that_is_offered_can_be_read(text: str) -> None:
    try:
        read_time(text).on(FRIDAY)
    except UnreadableTimeError as error:
        for reading in error.readings:
            try:
                read_time(reading).on(FRIDAY)
            except UnreadableTimeError as again:
                # "Tomorrow Fri 7" is asked about before it is known which day tomorrow is.
                assert again.readings or re.search(CONTRADICTION, again.reason), (text, reading)
