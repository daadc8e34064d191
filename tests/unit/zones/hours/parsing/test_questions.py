"""Texts of hours that are not read: some come back as a question with their readings, others are refused."""

import pytest

from directory.zones.hours import AmbiguousHoursError, BadHoursError, parse_hours

ASKED = [
    ("6-9 daily", "can be read in two ways", ["Mo-Su 06:00-09:00", "Mo-Su 18:00-21:00"]),
    ("7-9 daily", "can be read in two ways", ["Mo-Su 07:00-09:00", "Mo-Su 19:00-21:00"]),
    ("7:30-9:30 M-F", "can be read in two ways", ["Mo-Fr 07:30-09:30", "Mo-Fr 19:30-21:30"]),
    ("4-12 Mon-Fri", "can be read in two ways", ["Mo-Fr 16:00-24:00", "Mo-Fr 04:00-12:00"]),
    ("5-5 daily", "can be read in two ways", ["Mo-Su 05:00-17:00", "Mo-Su 17:00-05:00"]),
    ("5:30-5 M-F", "can be read in two ways", ["Mo-Fr 05:30-17:00", "Mo-Fr 17:30-05:00"]),
    ("1-17:00 M-F", "can be read in two ways", ["Mo-Fr 13:00-17:00", "Mo-Fr 01:00-17:00"]),
    ("4:59-17:00 M-F", "can be read in two ways", ["Mo-Fr 16:59-17:00", "Mo-Fr 04:59-17:00"]),
    ("9-05:00 M-F", "can be read in two ways", ["Mo-Fr 09:00-17:00", "Mo-Fr 09:00-29:00"]),
    ("8-08:00 daily", "can be read in two ways", ["Mo-Su 08:00-20:00", "24/7"]),
    ("9-00:30 daily", "can be read in two ways", ["Mo-Su 09:00-12:30", "Mo-Su 09:00-24:30"]),
    ("7:59-11 M-F", "can be read in two ways", ["Mo-Fr 07:59-11:00", "Mo-Fr 19:59-23:00"]),
    ("12/31", "is a date, which a spreadsheet made of “12-31”", []),
    (
        "M-F 8-12, 1-5; Wed 5-8pm",
        "says more hours for a day that has hours already",
        [
            "Mo-Fr 08:00-12:00,13:00-17:00; We 08:00-12:00,13:00-20:00",
            "Mo-Fr 08:00-12:00,13:00-17:00; We 17:00-20:00",
        ],
    ),
    ("6am-10 M-F", "can be read in two ways", ["Mo-Fr 06:00-10:00", "Mo-Fr 06:00-22:00"]),
    ("8am-9 M-F", "can be read in two ways", ["Mo-Fr 08:00-09:00", "Mo-Fr 08:00-21:00"]),
    ("5am-9 M-F", "can be read in two ways", ["Mo-Fr 05:00-09:00", "Mo-Fr 05:00-21:00"]),
    ("13:00-5 M-F", "can be read in two ways", ["Mo-Fr 13:00-05:00", "Mo-Fr 13:00-17:00"]),
    ("5-9pm M-F", "can be read in two ways", ["Mo-Fr 17:00-21:00", "Mo-Fr 05:00-21:00"]),
    ("11-2am Fri", "can be read in two ways", ["Fr 23:00-02:00", "Fr 11:00-26:00"]),
    ("12-5am Sat", "can be read in two ways", ["Sa 00:00-05:00", "Sa 12:00-29:00"]),
    ("8-midnight M-F", "can be read in two ways", ["Mo-Fr 20:00-24:00", "Mo-Fr 08:00-24:00"]),
    ("Mo-Fr 08:00-05:00", "can be read in two ways", ["Mo-Fr 08:00-17:00", "Mo-Fr 08:00-29:00"]),
    ("by appointment only", "by appointment only", []),
    ("by appointment", "no times are stated", []),
    ("weekends by appointment", "no times are stated", []),
    ("M-F 8-12; M-F 8-5", "says two different hours for the same days", ["Mo-Fr 08:00-12:00", "Mo-Fr 08:00-17:00"]),
    (
        "M-F 8-5, Wed 5-8pm",
        "says more hours for a day that has hours already",
        ["Mo-Fr 08:00-17:00; We 08:00-20:00", "Mo-Fr 08:00-17:00; We 17:00-20:00"],
    ),
    (
        "Mon-Fri 9am-5pm, 3pm-6pm, Fri 7pm-9pm",
        "says more hours for a day that has hours already",
        [
            "Mo-Fr 09:00-17:00,15:00-18:00; Fr 09:00-18:00,19:00-21:00",
            "Mo-Fr 09:00-17:00,15:00-18:00; Fr 19:00-21:00",
        ],
    ),
    (
        "Mon-Fri 9am-5pm, 10am-11am, Fri 7pm-9pm",
        "says more hours for a day that has hours already",
        [
            "Mo-Fr 09:00-17:00,10:00-11:00; Fr 09:00-17:00,19:00-21:00",
            "Mo-Fr 09:00-17:00,10:00-11:00; Fr 19:00-21:00",
        ],
    ),
    (
        "M-F 8-5 Lobby; Lot 24/7",
        "names several spots with hours of their own; each spot is a zone of its own",
        ["Mo-Fr 08:00-17:00", "24/7"],
    ),
    ("8/5", "is a date, which a spreadsheet made of “8-5”", ["Mo-Fr 08:00-17:00", "Mo-Su 08:00-17:00"]),
    ("3/4/2026", "is a date, which a spreadsheet made of “3-4”", ["Mo-Fr 15:00-16:00", "Mo-Su 15:00-16:00"]),
    ("Aug-05", "is a date, which a spreadsheet made of “8-5”", ["Mo-Fr 08:00-17:00", "Mo-Su 08:00-17:00"]),
    ("45000", "is a date, which a spreadsheet made of “3-15”", ["Mo-Fr 03:00-15:00", "Mo-Su 03:00-15:00"]),
    ("2026-08-05", "is a date, which a spreadsheet made of “8-5”", ["Mo-Fr 08:00-17:00", "Mo-Su 08:00-17:00"]),
    (
        "8-May",
        "is a date, which a spreadsheet made of “5-8”",
        ["Mo-Fr 05:00-08:00", "Mo-Su 05:00-08:00", "Mo-Fr 17:00-20:00", "Mo-Su 17:00-20:00"],
    ),
    ("1/2", "is a date, which a spreadsheet made of “1-2”", ["Mo-Fr 13:00-14:00", "Mo-Su 13:00-14:00"]),
    ("Apr-Oct Mo-Fr 08:00-20:00, Sa 08:00-12:00", "can be read in two ways", []),
    ("08:00-17:00", "does not name the days", ["Mo-Fr 08:00-17:00", "Mo-Su 08:00-17:00"]),
    (
        "business hours",
        "does not say which hours these are",
        ["Mo-Fr 08:00-17:00", "Mo-Fr 09:00-17:00", "Mo-Fr 08:00-16:30"],
    ),
    ("6am-9:59 M-F", "can be read in two ways", ["Mo-Fr 06:00-09:59", "Mo-Fr 06:00-21:59"]),
    ("4am-8 M-F", "can be read in two ways", ["Mo-Fr 04:00-08:00", "Mo-Fr 04:00-20:00"]),
    ("5:00-11:59 M-F", "can be read in two ways", ["Mo-Fr 05:00-11:59", "Mo-Fr 17:00-23:59"]),
    ("Mo-Fr 08:00-12:00; 13:00-17:00", "can be read in two ways", ["Mo-Fr 08:00-12:00,13:00-17:00"]),
    ("Anytime between 8am and 5pm M-F", "can be read in two ways", ["Mo-Fr 08:00-17:00", "Mo-Fr 00:00-24:00"]),
    ("24 hours, lobby 8am-8pm daily", "can be read in two ways", ["Mo-Su 08:00-20:00", "24/7"]),
    ("24/7, 8-5 M-F", "can be read in two ways", ["Mo-Fr 08:00-17:00", "Mo-Fr 00:00-24:00"]),
    ("24 hours, holidays", "can be read in two ways", []),
    ("24/7, weekends and holidays", "can be read in two ways", []),
    (
        "Apr-Oct 1:00-5:00",
        "can be read in two ways",
        ["Apr-Oct 13:00-17:00", "Apr-Oct 01:00-05:00"],
    ),
    (
        "Mo-Fr 8:00-12:00,1:00-5:00; Dec 25 off",
        "can be read in two ways",
        ["Mo-Fr 8:00-12:00,13:00-17:00; Dec 25 off"],
    ),
    ("à l'accueil de 8 h à 16 h", "does not name the days", ["Mo-Fr 08:00-16:00", "Mo-Su 08:00-16:00"]),
    ("L/M/V 8-5", "can be read in two ways", []),
    ("M, J 10h-18h", "can be read in two ways", []),
    ("T & T 9-12", "can be read in two ways", []),
    ("8:00 am - 5:00 pm MT", "does not name the days", ["Mo-Fr 08:00-17:00", "Mo-Su 08:00-17:00"]),
    ("Mon-Fri 9pm-5pm", "can be read in two ways", ["Mo-Fr 09:00-17:00", "Mo-Fr 21:00-17:00"]),
    ("Mon-Fri 8:30 AM - 4:30 AM", "can be read in two ways", ["Mo-Fr 08:30-16:30", "Mo-Fr 08:30-28:30"]),
    (
        "Anytime during business hours",
        "does not say which hours these are",
        ["Mo-Fr 08:00-17:00", "Mo-Fr 09:00-17:00", "Mo-Fr 08:00-16:30"],
    ),
    (
        "Any time lobby is open",
        "does not say which hours these are",
        ["Mo-Fr 08:00-17:00", "Mo-Fr 09:00-17:00", "Mo-Fr 08:00-16:30"],
    ),
    (
        "24/7 outside; inside during business hours",
        "does not say which hours these are",
        ["Mo-Fr 08:00-17:00", "Mo-Fr 09:00-17:00", "Mo-Fr 08:00-16:30"],
    ),
]
"""The text, why only its author knows, and the readings, the likeliest first."""

REFUSED = [
    ("9-11, 10-12 M-F", "two times of one day do not follow each other"),
    ("8-12, 10-2 M-F", "two times of one day do not follow each other"),
    ("8-10, 3-5, 4-6 M-F", "two times of one day do not follow each other"),
    ("8-5 Mon 9-12", "the days are not named"),
    ("8-5; 9-12", "the days are not named"),
    ("M-F 8am-5pm Sat", "the days are not named"),
    ("8:60-17:00 daily", "“8:60” is not a time of day"),
    ("Sat-TTh 9-5", "“Sa-Tu,Th” is not a range of days"),
    ("MWF-Sun 9-5", "“Mo,We,Fr-Su” is not a range of days"),
    ("24:30-5 daily", "“24:30” is not a time of day"),
    ("25-5 daily", "“25” is not a time of day"),
    ("8:75-5 daily", "“8:75” is not a time of day"),
    ("M-F 8-5, closed 12-1 Fridays", "it is not said what is closed"),
    ("M-F 9-5, closed 5-9", "it is not said what is closed"),
    ("24/7 except 3-4 am", "it is not said what is closed"),
    ("8 to sunset M-F", "“8”: morning or evening?"),
    ("closed", "it is not said what is closed"),
    ("closed holidays", "it is only said what is closed"),
    ("Mon-Fri", "no times found"),
    ("Mon-Fri 8", "“8” says no end"),
    ("M-F 8-5 police", "“police” is not understood"),
    ("Mo-Fr", "no times found"),
    ("Mo-Fr open", "no times found"),
    ("N/A", "states no hours"),
    ("tbd", "states no hours"),
    ("-", "states no hours"),
    ("unknown", "states no hours"),
    ("call first", "no times found"),
    ("Mo-Fr 12345", "no times found"),
    ("hours vary 8-5", "“vary” is not understood"),
    ("Jan 01 off", "it is only said what is closed"),
    ("M-F 8-5, closed Thanksgiving weekend", "“thanksgiving” is not understood"),
    ("daily 8-5 except holiday weekends", "“holiday” is not understood"),
    ("M-F 8-5, closed Monday holidays", "“holidays” is not understood"),
    ("M-F 8-5 closed Labor Day Monday", "“labor day” is not understood"),
    ("8am-8pm daily Memorial Day through Labor Day", "“memorial day” is not understood"),
    ("M-F 8am-5pm 555-1234", "“555-1234” is not understood"),
    ("24/7 452-1000", "“452-1000” is not understood"),
]


@pytest.mark.parametrize(("text", "reason", "readings"), ASKED)
def test_a_text_with_several_meanings_comes_back_as_a_question(text: str, reason: str, readings: list[str]) -> None:
    with pytest.raises(AmbiguousHoursError) as doubt:
        parse_hours(text)
    assert (doubt.value.args[0], list(doubt.value.readings)) == (reason, readings)


@pytest.mark.parametrize(("text", "reason"), REFUSED)
def test_a_text_that_states_no_hours_is_refused_and_told_why(text: str, reason: str) -> None:
    with pytest.raises(BadHoursError) as refusal:
        parse_hours(text)
    assert not isinstance(refusal.value, AmbiguousHoursError)
    assert refusal.value.args[0] == reason


def test_a_text_has_at_most_300_characters() -> None:
    note = "x" * 300
    longest = f'Mo-Fr 09:00-17:00 "{note[: 300 - 20]}"'
    assert len(longest) == 300 and parse_hours(longest).osm == longest
    with pytest.raises(BadHoursError, match="longer than 300 characters"):
        parse_hours(longest.replace("x", "xx", 1))
