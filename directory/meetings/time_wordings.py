"""Other ways to say a time, turned into those that `times` reads: "half past 7", "730pm", "in 2 hours", "7 to 8 pm"."""

import re
from collections.abc import Callable

from directory.meetings.time_lexicon import EVERY_OTHER, REPETITIONS, WEEKDAYS_OF_MANY

_H = r" ?h(?:eures?)?"
_QUARTERS: tuple[tuple[str, str | Callable[[re.Match[str]], str]], ...] = (
    (r"\bhalf past (\d{1,2})(?!\d)", r"\1:30"),
    (r"\bquarter past (\d{1,2})(?!\d)", r"\1:15"),
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
    r" ?(?:[-–—]|\b(?:to|till|until|hasta)\b(?: las?)?|(?P<only_between>\b(?:and|a|à|y|et)\b(?: las?)?))"
    rf" ?(?P<last>{_CLOCK}{_HALF}?)(?![\d/:-])",
    re.IGNORECASE,
)
_TIME_ZONE = re.compile(
    r"(?<=[\dhm.]) (?:[ECMP][SD]?T|AK[SD]T|A[SD]T|HS?T|UTC|GMT|(?:eastern|central|mountain|pacific|atlantic)"
    r"(?: standard| daylight)?(?: time)?)\b",
    re.IGNORECASE,
)
_AHEAD = re.compile(
    r"(?:in|en|dentro de|dans) (?:(?P<half>half an hour|media hora|une demi[ -]heure)"
    r"|(?P<number>an?|una?|une|\d{1,3}) ?(?:(?P<hours>h|hrs?|hours?|horas?|heures?)|m|mins?|minutes?|minutos?))",
    re.IGNORECASE,
)


def plainly(text: str) -> str:
    """The text with its halves and quarters of hours, and times like "730pm" and "7.30", written as on a clock."""
    for pattern, plain in _QUARTERS:
        text = re.sub(pattern, plain, text, flags=re.IGNORECASE)
    return text


def minutes_ahead(text: str) -> int | None:
    """How many minutes from now "in 2 hours" is; None for a text that does not count from now."""
    match = _AHEAD.fullmatch(" ".join(text.split()))
    if match is None:
        return None
    if match["half"]:
        return 30
    number = int(match["number"]) if match["number"].isdecimal() else 1
    return number * (60 if match["hours"] else 1) or None


def without_repetition(text: str) -> tuple[int, str]:
    """Every how many weeks a text says that a meeting returns, and the rest of it: (2, "Friday 6 pm"); 0 for none."""
    rest = EVERY_OTHER.sub(r"\1", text)
    if rest != text:
        return 2, rest
    for weeks, words in REPETITIONS:
        rest = re.sub(words, " ", text, count=1, flags=re.IGNORECASE)
        if rest != text:
            return weeks, WEEKDAYS_OF_MANY.sub(r"\1", " ".join(rest.split()))
    return 0, text


def without_end(text: str) -> str | None:
    """A text that says from when to when, with its beginning alone: "sat 7" for "sat 7-8 pm"; None for any other."""
    match = _RANGE.search(text)
    if match is None or not (match["between"] or re.search(r"[:hmHM]", match["first"] + match["last"])):
        return None  # "12-5" is a date rather
    if match["only_between"] and not match["between"]:
        return None  # "el sábado 5 a las 18:00"
    return f"{text[: match.start()]}{match['first']}{text[match.end() :]}".strip()


def without_time_zone(text: str) -> str | None:
    """A text that names a time zone without it: "7 pm" for "7 pm EST"; None for any other."""
    return _TIME_ZONE.sub("", text) if _TIME_ZONE.search(text) else None


def _hour_before(match: re.Match[str]) -> int:
    """The hour before the one that a pattern found; hours of a clock of twelve stay such."""
    hour = int(next(filter(None, match.groups())))
    return 12 if hour == 1 else hour - 1
