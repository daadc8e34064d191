"""Other ways to say a time, turned into those that `times` reads: "half past 7", "730pm", "in 2 hours", "7 to 8 pm"."""

import re
from collections.abc import Callable

from directory.meetings.recurrence import Recurrence
from directory.meetings.time_lexicon import EVERY_OTHER, MONTH, OF_EVERY_MONTH, ORDINALS, REPETITIONS, WEEKDAYS_OF_MANY
from directory.text import without_accents
from directory.zones.hours.lexicon import TIME_ZONE

_ENGLISH = "one two three four five six seven eight nine ten eleven twelve"
_SPANISH = "una dos tres cuatro cinco seis siete ocho nueve diez once doce"
_FRENCH = "une deux trois quatre cinq six sept huit neuf dix onze douze"
_NUMBERS = {
    word: number for words in (_ENGLISH, _SPANISH, _FRENCH) for number, word in enumerate(words.split(), start=1)
}
_NUMBER_WORDS = re.compile(
    r"\b(?:{0}|(?<=\bla )una|(?<=\blas )(?:{1})|(?:{1})(?= (?:horas?|minutos?|d[ií]as?|semanas?)\b)"
    r"|(?:{2})(?= (?:h|heures?|minutes?|jours?|semaines?)\b))\b".format(
        *(words.replace(" ", "|") for words in (_ENGLISH, _SPANISH, _FRENCH))
    ),
    re.IGNORECASE,
)
"""Hours in words; those of other languages only beside what makes them hours: "sept" is a month, too."""
_HOURS_IN_WORDS = re.compile(
    rf"\b(?:{'|'.join((*_SPANISH.split(), *_FRENCH.split()))}) (?:h|heures?|horas?)\b", re.IGNORECASE
)
_H = r" ?h(?:eures?)?"
_QUARTERS: tuple[tuple[str, str | Callable[[re.Match[str]], str]], ...] = (
    (r" ?[()] ?", " "),
    (r"(?<![\d-])(\d{1,2})-(\d{1,2})-(\d{4})\b", r"\1/\2/\3"),
    (r"\bmidi(?= (?:et (?:demie?|quart)|moins (?:le |un )?quart)\b)", "12 h"),
    (r"\b(\d{1,2}) thirty\b", r"\1:30"),
    (r"\b(\d{1,2}) fifteen\b", r"\1:15"),
    (r"\b(\d{1,2}) forty[ -]?five\b", r"\1:45"),
    (r"\bhalf past (\d{1,2})(?![\dsnrt])", r"\1:30"),
    (r"\bquarter past (\d{1,2})(?![\dsnrt])", r"\1:15"),
    (r"\b(\d{1,2}) y media\b", r"\1:30"),
    (r"\b(\d{1,2}) y cuarto\b", r"\1:15"),
    (rf"\b(\d{{1,2}}){_H} et demie?\b", r"\1 h 30"),
    (rf"\b(\d{{1,2}}){_H} et quart\b", r"\1 h 15"),
    (r"\bquarter to (\d{1,2})(?!\d)|\b(\d{1,2}) menos cuarto\b", lambda match: f"{_hour_before(match)}:45"),
    (rf"\b(\d{{1,2}}){_H} moins (?:le |un )?quart\b", lambda match: f"{_hour_before(match)} h 45"),
    (r"(?<![\d.:/])(\d{1,2})(\d\d) ?(?=[ap]\.?m\b)", r"\1:\2 "),
    (r"(?<![\d.:/])(\d{1,2})\.(\d\d)(?![\d.])", r"\1:\2"),
)
_CLOCK = r"\d{1,2}(?::\d\d| ?h ?\d\d| ?h)?"
_HALF = r"(?: ?[ap]\.? ?m\b\.?)"
_RANGE = re.compile(
    rf"(?<![\d/:-])(?P<between>(?:between|from|entre|de)(?: las?)? )?(?P<first>{_CLOCK}{_HALF}?)"
    r" ?(?:[-–—]|(?P<word>\b(?:to|till|until|hasta)\b(?: las?)?)|(?P<only_between>\b(?:and|a|à|y|et)\b(?: las?)?))"
    rf" ?(?P<last>{_CLOCK}{_HALF}?)(?![\d/:-]|(?:st|nd|rd|th)\b)",
    re.IGNORECASE,
)
_MONTH_AT_END = re.compile(rf"(?P<day>\d(?:st|nd|rd|th|er)? (?:de |of )?)?\b(?:{MONTH})\.? $", re.IGNORECASE)
_TIME_ZONE = re.compile(rf"(?<=[\dhm.]) (?:{TIME_ZONE}|mt)\b", re.IGNORECASE)
_NOW = ("now", "right now", "ahora", "ahora mismo", "maintenant")
_MINUTES = {"five": 5, "ten": 10, "twenty": 20, "twenty five": 25, "twenty-five": 25}
_MINUTES_BESIDE = re.compile(
    rf"(?<!\bfrom )\b(?P<minutes>{'|'.join(reversed(_MINUTES))})(?P<surely> minutes)? (?P<side>to|past|after)"
    rf" (?P<hour>{_ENGLISH.replace(' ', '|')}|\d\d?)\b(?!:)",
    re.IGNORECASE,
)
_LONG_VISIT = 3
"""Hours from the beginning of a visit to its end, of those who say both."""
_AHEAD = re.compile(
    r"(?P<in>(?:in|en|dentro de|dans) )?(?:(?P<half>half an hour|media hora|une demi[ -]heure)"
    r"|(?P<number>an?|una?|une|\d{1,3}(?P<point>\.5)?) ?"
    r"(?:(?P<hours>h|hrs?|hours?|horas?|heures?)"
    r"(?:(?P<more> and a half| y media| et demie)"
    r"|(?: and| y| et|,)? ?(?P<minutes>[0-5]?\d)(?: ?(?:m|mins?|minut[eo]s?))?)?"
    r"|m|mins?|minutes?|minutos?))(?P<from_now> from now)?",
    re.IGNORECASE,
)


def plainly(text: str) -> str:
    """The text with hours in words, halves and quarters, and times like "730pm" and "7.30", written as on a clock."""
    text = _in_digits(_MINUTES_BESIDE.sub(_minutes_beside, text))
    for pattern, plain in _QUARTERS:
        text = re.sub(pattern, plain, text, flags=re.IGNORECASE)
    return text


def hours_in_words(text: str) -> bool:
    """Whether a text says "deux heures": a speaker's hour, which may be by a clock of twelve hours."""
    return bool(_HOURS_IN_WORDS.search(text))


def minutes_ahead(text: str) -> int | None:
    """How many minutes from now "in 2 hours" is, and "now"; None for a text that does not count from now."""
    plain = _in_digits(" ".join(text.split()))
    if plain.lower() in _NOW:
        return 0
    match = _AHEAD.fullmatch(plain)
    if match is None or not (match["in"] or match["from_now"]):
        return None
    if match["half"]:
        return 30
    number = float(match["number"]) if match["number"][0].isdecimal() else 1
    if not match["hours"]:
        return None if match["point"] else int(number) or None
    return int((number + (0.5 if match["more"] else 0)) * 60) + int(match["minutes"] or 0) or None


def without_repetition(text: str) -> tuple[Recurrence | None, str]:
    """How often a text says that a meeting returns, and its first time: (EVERY_OTHER_WEEK, "Friday 6 pm")."""
    if match := OF_EVERY_MONTH.search(text):
        number, day = match["nth"] or match["nth_2"], match["day"] or match["day_2"]
        which, month = ORDINALS[without_accents(number).lower()]
        # "Every second Friday" is every other week, but for the one "of the month".
        if which != 2 or match["month"] or match["nth_2"]:
            first = f"{text[: match.start()]}{number} {day} {month}{text[match.end() :]}"
            return Recurrence.LAST_OF_MONTH if which < 0 else Recurrence.MONTHLY, first
    remaining = EVERY_OTHER.sub(r"\1", text)
    if remaining != text:
        return Recurrence.EVERY_OTHER_WEEK, remaining
    for recurrence, pattern in REPETITIONS:
        remaining = re.sub(pattern, " ", text, count=1, flags=re.IGNORECASE)
        if remaining != text:
            return recurrence, WEEKDAYS_OF_MANY.sub(r"\1", " ".join(remaining.split()))
    return None, text


def without_end(text: str) -> str | None:
    """A text that says from when to when, with its beginning alone: "sat 7" for "sat 7-8 pm"; None for any other."""
    match = _range(text)
    if match is None or not (
        match["between"] or match["word"] or re.search(r"[:hmHM]", match["first"] + match["last"])
    ):
        return None  # "12-5" is a date rather
    if match["only_between"] and not match["between"]:
        return None  # "el sábado 5 a las 18:00"
    return f"{text[: match.start()]}{match['first']}{text[match.end() :]}".strip()


def _range(text: str) -> re.Match[str] | None:
    """From when to when, as a text says it; "Dec 5 - 6:30 pm" begins with a day rather than an hour."""
    match = _RANGE.search(text)
    if match is None or match["word"]:
        return match
    month = _MONTH_AT_END.search(without_accents(text[: match.start()]))
    return _RANGE.search(text, match.start("last")) if month and not month["day"] else match


def without_time_zone(text: str) -> str | None:
    """A text that names a time zone without it: "7 pm" for "7 pm EST"; None for any other."""
    return _TIME_ZONE.sub("", text) if _TIME_ZONE.search(text) else None


def _in_digits(text: str) -> str:
    return _NUMBER_WORDS.sub(lambda match: str(_NUMBERS[match[0].lower()]), text)


def _minutes_beside(match: re.Match[str]) -> str:
    """ "Ten to seven" as "6:50"; "five to six" as it is, for it may say from when to when."""
    minutes, hour = _MINUTES[match["minutes"].lower()], int(_in_digits(match["hour"]))
    if match["side"].lower() != "to":
        return f"{hour}:{minutes:02}"
    if minutes <= 12 and 1 <= (hour - minutes) % 12 <= _LONG_VISIT and not match["surely"]:
        return match[0]
    return f"{12 if hour == 1 else hour - 1}:{60 - minutes}"


def _hour_before(match: re.Match[str]) -> int:
    """The hour before the one that a pattern found; hours of a clock of twelve stay such."""
    hour = int(next(filter(None, match.groups())))
    return 12 if hour == 1 else hour - 1
