"""The small weekly editor: seven rows of times, to and from OSM syntax."""

from collections.abc import Mapping, Sequence
from itertools import groupby

from directory.zones.hours import regular_week
from directory.zones.hours.lexicon import WEEKDAYS

NOT_STATED = "not-stated"
"""The choice of none of the readings: the words are kept and no hours shown."""


def compose(rows: Sequence[tuple[str, str]]) -> str:
    """Seven (from, to) pairs, Monday first, both empty for a closed day, as OSM opening hours.

    A half-filled day becomes a text that the reader of hours refuses, so that it is asked about and not guessed.
    """
    spans = [f"{begins or '?'}-{ends or '?'}" if begins or ends else "" for begins, ends in rows]
    parts = []
    for span, group in groupby(range(len(WEEKDAYS)), key=lambda day: spans[day]):
        days = list(group)
        if span:
            parts.append(f"{WEEKDAYS[days[0]]}{f'-{WEEKDAYS[days[-1]]}' if len(days) > 1 else ''} {_midnight(span)}")
    return "; ".join(parts)


def _midnight(span: str) -> str:
    begins, _, ends = span.partition("-")
    return f"{begins}-24:00" if ends == "00:00" else span


def rows_of(osm: str) -> list[tuple[str, str]] | None:
    """The seven pairs of plain weekly hours; None where the editor could not show them without loss."""
    if not osm or osm == "24/7":
        return None
    rows = []
    for day in regular_week(osm):
        if len(day.spans) > 1:
            return None
        rows.append(tuple(f"{at:%H:%M}" for at in day.spans[0]) if day.spans else ("", ""))
    pairs = [(begins, ends) for begins, ends in rows]
    return pairs if compose(pairs) == osm else None


def from_form(form: Mapping[str, str]) -> str:
    """The hours as the form gives them: hours_mode is always, week, words or empty."""
    mode = form.get("hours_mode", "")
    if mode == "always":
        return "24/7"
    if mode == "week":
        return compose([(form.get(f"from_{day}", ""), form.get(f"to_{day}", "")) for day in WEEKDAYS])
    if mode != "words":
        return ""
    reading = chosen_reading(form)
    return "" if reading == NOT_STATED else reading or form.get("hours_words", "").strip()


def chosen_reading(form: Mapping[str, str]) -> str:
    """The reading of ambiguous words that was chosen; empty where none was, or where the words were changed since."""
    same = form.get("hours_asked", "") == form.get("hours_words", "").strip()
    return form.get("hours_choice", "") if same and form.get("hours_mode") == "words" else ""
