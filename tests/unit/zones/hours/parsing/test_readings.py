"""How texts of hours are read: each to one text in OSM syntax, to a question with its readings, or to a refusal."""

import pytest

from directory.zones.hours import AmbiguousHoursError, BadHoursError, parse_hours

READ = [
    ("8-9 daily", "Mo-Su 08:00-09:00"),
    ("8-11 Mon-Fri", "Mo-Fr 08:00-11:00"),
    ("4-8 Mon-Fri", "Mo-Fr 16:00-20:00"),
    ("6-6 M-F", "Mo-Fr 06:00-18:00"),
    ("7-7 M-F", "Mo-Fr 07:00-19:00"),
    ("8am-4 M-F", "Mo-Fr 08:00-16:00"),
    ("10pm-6 daily", "Mo-Su 22:00-06:00"),
    ("12:30-5 M-F", "Mo-Fr 12:30-17:00"),
    ("20:00-2:00 daily", "Mo-Su 20:00-02:00"),
    ("1pm-12 Sat", "Sa 13:00-24:00"),
    ("8pm-12 Fri", "Fr 20:00-24:00"),
    ("8am-12 Fri", "Fr 08:00-12:00"),
    ("9-11, 11-12 M-F", "Mo-Fr 09:00-11:00,11:00-12:00"),
    ("7am-5pm, 7-9 M-F", "Mo-Fr 07:00-17:00,19:00-21:00"),
    ("7-5, 8-10 M-F", "Mo-Fr 07:00-17:00,20:00-22:00"),
    ("8-4, 9-11 M-F", "Mo-Fr 08:00-16:00,21:00-23:00"),
    ("6:30-4, 7-9 M-F", "Mo-Fr 06:30-16:00,19:00-21:00"),
    ("20:00-12:00 M-F", "Mo-Fr 20:00-12:00"),
    ("18:00 - 12:00 M-F", "Mo-Fr 18:00-12:00"),
    ("20:00-8:00 Fri", "Fr 20:00-08:00"),
    ("8-17:00 M-F", "Mo-Fr 08:00-17:00"),
    ("8-20:00 M-F", "Mo-Fr 08:00-20:00"),
    ("8-5pm M-F", "Mo-Fr 08:00-17:00"),
    ("9-9pm M-F", "Mo-Fr 09:00-21:00"),
    ("4-9pm M-F", "Mo-Fr 16:00-21:00"),
    ("12-5pm Sat", "Sa 12:00-17:00"),
    ("noon-5 Sat", "Sa 12:00-17:00"),
    ("9-noon Sat", "Sa 09:00-12:00"),
    ("8-12, 1-5 M-F", "Mo-Fr 08:00-12:00,13:00-17:00"),
    ("8-12, 1-17:00 M-F", "Mo-Fr 08:00-12:00,13:00-17:00"),
    ("8:30-12:00, 1-16h30 M-F", "Mo-Fr 08:30-12:00,13:00-16:30"),
    ("8-12, 1-23:59 M-F", "Mo-Fr 08:00-12:00,13:00-24:00"),
    ("5-17:00 M-F", "Mo-Fr 05:00-17:00"),
    ("12:45-00:30 daily", "Mo-Su 12:45-24:30"),
    ("08:00-5am daily", "Mo-Su 08:00-29:00"),
    ("8am-5pm Mon 9am-6pm Tue, Wed 10am-noon", "Mo 08:00-17:00; Tu 09:00-18:00; We 10:00-12:00"),
    (
        "8am-5pm Mon 9am-11am, 1pm-3pm Tue, Wed 10am-noon",
        "Mo 08:00-17:00; Tu 09:00-11:00,13:00-15:00; We 10:00-12:00",
    ),
    ("M-F 8am-10am, 11am-12pm, 1pm-3pm Sat", "Mo-Fr 08:00-10:00,11:00-12:00; Sa 13:00-15:00"),
    ("8am-5pm Mon-Fri, Sunday closed", "Mo-Fr 08:00-17:00; Su off"),
    ("9-5 weekdays, weekends closed", "Mo-Fr 09:00-17:00; Sa-Su off"),
    ("8am-5pm Mon-Fri closed Sunday", "Mo-Fr 08:00-17:00; Su off"),
    (
        "M-F 8-5 except Wed by appointment, Sat 9-1",
        'Mo-Fr 08:00-17:00; Sa 09:00-13:00; We unknown "by appointment"',
    ),
    ("Fri 8pm-2am; Sat sunrise-sunset; closed Monday", "Fr 20:00-02:00; Sa sunrise-sunset; Mo off"),
    ("holidays 10am-2pm", "PH 10:00-14:00"),
    ("0830-1645 M-F", "Mo-Fr 08:30-16:45"),
    ("closed Sunday, 8am-5pm Mon-Fri", "Mo-Fr 08:00-17:00; Su off"),
    ("Sat closed, 9am-5pm Mon-Fri", "Mo-Fr 09:00-17:00; Sa off"),
    (
        "Fri 8pm-2am; Sun by appointment; closed Monday",
        'Fr 20:00-02:00; Su unknown "by appointment"; Mo off',
    ),
    (
        "M-F 8-5, closed Sunday and federal holidays",
        'Mo-Fr 08:00-17:00; Su off; PH off "federal holidays"',
    ),
    ("closed federal holidays, state holidays; M-F 8-5", "Mo-Fr 08:00-17:00; PH off"),
    ("4-16:00 M-F", "Mo-Fr 04:00-16:00"),
    ("8-12, 12:30-4:30 M-F", "Mo-Fr 08:00-12:00,12:30-16:30"),
    ("8am-11:59pm daily", "Mo-Su 08:00-24:00"),
    ("8:00-23:59 daily", "Mo-Su 08:00-24:00"),
    ("0:00-23:59 daily", "24/7"),
    ("Mo-Fr 12:00-11:00", "Mo-Fr 12:00-23:00"),
    ("0800-1700 M-F", "Mo-Fr 08:00-17:00"),
    ("8.30-16.30 M-F", "Mo-Fr 08:30-16:30"),
    ("8h30-16h30 lundi-vendredi", "Mo-Fr 08:30-16:30"),
    ("du lundi au vendredi de 8 h à 16 h", "Mo-Fr 08:00-16:00"),
    ("lunes a viernes de 8 a 17 horas", "Mo-Fr 08:00-17:00"),
    ("8:00-24:00 daily", "Mo-Su 08:00-24:00"),
    ("24 hours M-F", "Mo-Fr 00:00-24:00"),
    ("24 hours; weekends by appointment", 'Mo-Fr 00:00-24:00; Sa-Su unknown "by appointment"'),
    ("24 hours, closed Sundays", "Mo-Sa 00:00-24:00"),
    ("24/7 except holidays", "24/7; PH off"),
    ("24/7; closed Sunday", "Mo-Sa 00:00-24:00"),
    ("24 hours Mon-Fri, 8-5 Sat", "Mo-Fr 00:00-24:00; Sa 08:00-17:00"),
    ("Mon-Fri 8-5, Sat 9-1, closed Sunday and holidays", "Mo-Fr 08:00-17:00; Sa 09:00-13:00; Su off; PH off"),
    ("Mon, Wed, Fri 9-5", "Mo,We,Fr 09:00-17:00"),
    ("MWF 9-5", "Mo,We,Fr 09:00-17:00"),
    ("MTWTF 9-5", "Mo,Tu,We,Th,Fr 09:00-17:00"),
    ("TTh 9-5", "Tu,Th 09:00-17:00"),
    ("Mon-Wed, Fri 9-5", "Mo-We,Fr 09:00-17:00"),
    ("Fri-Mon 9-5", "Fr-Mo 09:00-17:00"),
    ("Sun-Sat 9-5", "Mo-Su 09:00-17:00"),
    ("Mon-Sun 9-5", "Mo-Su 09:00-17:00"),
    ("weekdays and Sat 9-5", "Mo-Fr,Sa 09:00-17:00"),
    ("weekends 10-4", "Sa-Su 10:00-16:00"),
    ("M-F 9-5, weekends closed", "Mo-Fr 09:00-17:00; Sa-Su off"),
    ("M-F 9-5 closed weekends", "Mo-Fr 09:00-17:00; Sa-Su off"),
    ("closed Sundays, Mon-Sat 8-5", "Mo-Sa 08:00-17:00; Su off"),
    ("Sunday closed, Mon-Sat 8-5", "Mo-Sa 08:00-17:00; Su off"),
    ("8-5 M-F, Sat 9-12", "Mo-Fr 08:00-17:00; Sa 09:00-12:00"),
    ("8-5 M-F, 9-12 Sat", "Mo-Fr 08:00-17:00; Sa 09:00-12:00"),
    ("8-5 weekdays, weekends by appointment", 'Mo-Fr 08:00-17:00; Sa-Su unknown "by appointment"'),
    ("M-F 8-5 or by appointment", 'Mo-Fr 08:00-17:00 || "by appointment"'),
    ("M-F 8-5, other times by appointment", 'Mo-Fr 08:00-17:00 || "by appointment"'),
    ("M-F 8-5, including holidays", "Mo-Fr,PH 08:00-17:00"),
    ("M-F 8-5 including Saturday", "Mo-Fr,Sa 08:00-17:00"),
    ("daily 8-5 including holidays", "Mo-Su,PH 08:00-17:00"),
    ("daily 8-5 except Sunday", "Mo-Su 08:00-17:00; Su off"),
    ("daily 8-5 except Sunday and holidays", "Mo-Su 08:00-17:00; Su off; PH off"),
    ("M-F 8-12; M-F 1-5", "Mo-Fr 08:00-12:00,13:00-17:00"),
    ("M-F 8-5; M-F 8-5", "Mo-Fr 08:00-17:00"),
    ("M-F 8-5, Wed 8-8", "Mo-Fr 08:00-17:00; We 08:00-20:00"),
    ("daily 8-5, Wed closed", "Mo-Su 08:00-17:00; We off"),
    ("Sat 9-12, daily 8-5", "Mo-Su 08:00-17:00; Sa 09:00-12:00"),
    ("Fri 5pm-2am; Sat 6pm-3am; closed Monday", "Fr 17:00-02:00, Sa 18:00-03:00"),
    ("daily 6pm-2am", "Mo-Su 18:00-02:00"),
    ("daily 6pm-2am, closed Monday", "Tu-Su 18:00-02:00"),
    ("6am-6am daily", "24/7"),
    ("sunrise to sunset", "sunrise-sunset"),
    ("dawn to dusk daily", "Mo-Su sunrise-sunset"),
    ("8am to sunset M-F", "Mo-Fr 08:00-sunset"),
    ("daylight hours", "sunrise-sunset"),
    ("sunrise-8pm Sat", "Sa sunrise-20:00"),
    ("Lobby 8-5 M-F", "Mo-Fr 08:00-17:00"),
    ("Lobby: M-F 8-5, Sat 9-12", "Mo-Fr 08:00-17:00; Sa 09:00-12:00"),
    ("front desk and lobby M-F 8-5", "Mo-Fr 08:00-17:00"),
    ("Lobby: 24/7; Lot: 24/7", "24/7"),
    ("Monday to Friday from 8:00 a.m. until 4:30 p.m.", "Mo-Fr 08:00-16:30"),
    ("between 8 and 5 M-F", "Mo-Fr 08:00-17:00"),
    ("M-F 8-5 EST", "Mo-Fr 08:00-17:00"),
    ("Mon-Fri 8-5, closed Thanksgiving", 'Mo-Fr 08:00-17:00; PH off "Thanksgiving"'),
    ("Mon-Fri 8-5 except Christmas and New Year's Day", 'Mo-Fr 08:00-17:00; PH off "Christmas, New Year\'s Day"'),
    ("Mon-Fri 8-5, closed national holidays", 'Mo-Fr 08:00-17:00; PH off "federal holidays"'),
    ("Mon-Fri 8-5, closed major holidays", 'Mo-Fr 08:00-17:00; PH off "major holidays"'),
    ("Mon-Fri 8-5, closed state and federal holidays", 'Mo-Fr 08:00-17:00; PH off "state and federal holidays"'),
    ("Mo-Fr 08:00-17:00, 18:00-20:00", "Mo-Fr 08:00-17:00,18:00-20:00"),
    ("Mo-Fr 8:00-17:00", "Mo-Fr 08:00-17:00"),
    ("Mo-Th 17:00-01:00; Fr-Su 17:00-03:00", "Mo-Th 17:00-01:00, Fr-Su 17:00-03:00"),
    ("24/7 open", "24/7"),
    ("Mo-Su 00:00-24:00", "24/7"),
    (
        "M-F 8-5; Sat 8-12; Sun 10-2; holidays 10-12",
        "Mo-Fr 08:00-17:00; Sa 08:00-12:00; Su 10:00-14:00; PH 10:00-12:00",
    ),
    ("M-F 8-5; Sat-Sun 24 hours", "Mo-Fr 08:00-17:00; Sa-Su 00:00-24:00"),
    ("Mon 8-5 Tue 9-6 Wed 10-7", "Mo 08:00-17:00; Tu 09:00-18:00; We 10:00-19:00"),
    ("8-5 Mon, 9-6 Tue", "Mo 08:00-17:00; Tu 09:00-18:00"),
    ("Tue-Thu, Sat 8-5", "Tu-Th,Sa 08:00-17:00"),
    ("M-F 8-5 except New Year’s Day", 'Mo-Fr 08:00-17:00; PH off "New Year\'s Day"'),
    ("M-F 8-5 except New Year‘s Day", 'Mo-Fr 08:00-17:00; PH off "New Year\'s Day"'),
    ("M-F 8-5 • Sat 9-12", "Mo-Fr 08:00-17:00; Sa 09:00-12:00"),
    ("M-F 8-5 · Sat 9-12", "Mo-Fr 08:00-17:00; Sa 09:00-12:00"),
    ("M-F 8→5", "Mo-Fr 08:00-17:00"),
    ("“M-F 8-5”", "Mo-Fr 08:00-17:00"),
    ("Mo-Fr 12:59-11:00", "Mo-Fr 12:59-23:00"),
    ("8am-12 M-F", "Mo-Fr 08:00-12:00"),
    ("9-12 daily", "Mo-Su 09:00-12:00"),
    ("12-1 M-F", "Mo-Fr 12:00-13:00"),
    ("Mon–Fri 8—5", "Mo-Fr 08:00-17:00"),
    ("M-F 8-5 (except holidays)", "Mo-Fr 08:00-17:00; PH off"),
    ("Sat 9 à 12", "Sa 09:00-12:00"),
    ("4:59-6 M-F", "Mo-Fr 16:59-18:00"),
    ("M-F, Sat & Sun 9-5", "Mo-Fr,Sa,Su 09:00-17:00"),
    ("8-5 M-F, Sat & Sun 9-12", "Mo-Fr 08:00-17:00; Sa,Su 09:00-12:00"),
    ("M-F 5am-8pm", "Mo-Fr 05:00-20:00"),
    ("M-F 12am-5am", "Mo-Fr 00:00-05:00"),
    ("M-F 12pm-1am", "Mo-Fr 12:00-25:00"),
    ("M-F 11pm-12am", "Mo-Fr 23:00-24:00"),
    ("M-F 12-12", "Mo-Fr 12:00-24:00"),
    ("0:30-5 M-F", "Mo-Fr 00:30-05:00"),
    ("08-17 M-F", "Mo-Fr 08:00-17:00"),
]

STANDARD = [
    "Mo-Fr 13:00-11:00",
    "Mo-Fr 09:00-21:00",
    "Mo-Fr 13:00-01:00",
    "Mo-Fr 08:00-17:00, Sa 09:00-12:00",
    "Mo-Fr 08:00-17:00; Mo 09:00-12:00",
    "PH 10:00-12:00",
    '24/7 || "by appointment"',
    "24/7; PH off",
    'Mo-Fr 09:00-17:00 || "by appointment"',
    'Mo-Fr 09:00-17:00 "ring the bell"',
    "week 1-10 Mo-Fr 09:00-17:00",
    "Dec 25 off; Mo-Fr 08:00-17:00",
]
"""What is OSM syntax already and stays as it is."""

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
]


@pytest.mark.parametrize(("text", "osm"), READ)
def test_a_text_with_one_meaning_is_read(text: str, osm: str) -> None:
    parsed = parse_hours(text)
    assert (parsed.osm, parsed.converted) == (osm, True)


@pytest.mark.parametrize("osm", STANDARD)
def test_osm_syntax_that_nobody_can_misread_stays_as_it_is(osm: str) -> None:
    parsed = parse_hours(osm)
    assert (parsed.osm, parsed.converted) == (osm, False)


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
