"""From two clock times as people write them to minutes of the day.

People leave out "am" and "pm" where the order tells them. Where it does not, a span has two readings: the likelier one
and the other.
"""

import re
from dataclasses import dataclass

from directory.text import translatable
from directory.zones.hours.errors import BadHoursError
from directory.zones.hours.lexicon import TIME

DAY = 24 * 60
HALF = 12 * 60
FIRST_OPENING = 5 * 60
"""Nobody opens earlier in the morning without saying so."""
LONGEST = 16 * 60
"""What a day's span may last before a shorter reading is the only likely one; past midnight it is less than that."""
Span = tuple[int, int]
"""Minutes from midnight of the day on which it begins; the end may lie on the next day, at most at 48:00."""


@dataclass(frozen=True, slots=True)
class Clock:
    """A time as it is written: minutes from midnight, "a" or "p" where said, and whether it is on the 24-hour clock."""

    minutes: int
    half: str = ""
    exact: bool = False

    @property
    def fixed(self) -> bool:
        """Whether only one time of the day can be meant."""
        return bool(self.half) or self.exact

    def options(self) -> tuple[int, ...]:
        """The times of the day that can be meant, the earlier first; midnight and noon have one."""
        if self.fixed:
            return (self.minutes,)
        return (self.minutes, self.minutes + HALF) if self.minutes < HALF else (self.minutes,)


MIDNIGHT = Clock(0, "a")
NOON = Clock(HALF, "p")
MIDNIGHT_AT_THE_END = Clock(DAY, exact=True)


def read_clock(text: str) -> Clock:
    """A time such as "8", "8:30pm", "0800", "16 h 30" or "noon". Raises BadHoursError."""
    match = TIME.fullmatch(text)
    if not match:
        raise BadHoursError(translatable("“%(text)s” is not a time", text=text))
    if match["noon"]:
        return NOON
    if match["midnight"]:
        return MIDNIGHT
    digits = match["compact"].zfill(4) if match["compact"] else ""
    hour = int(digits[:2] or match["hour"])
    minute = int(digits[2:] or match["minute"] or 0)
    if hour > 24 or minute > 59 or (hour == 24 and minute):
        raise BadHoursError(translatable("“%(value)s” is not a time of day", value=text.strip()))
    half = "a" if match["am"] else "p" if match["pm"] else ""
    if match["night"]:
        half = "a" if hour == 12 or hour * 60 < FIRST_OPENING else "p"
    if half and hour <= 12:
        hour = hour % 12 + (12 if half == "p" else 0)
        return Clock(hour * 60 + minute, half)
    written = match["compact"] or match["hour"]
    padded = written.startswith("0") and (len(written) == 4 or match["minute"] is not None)
    french = bool(match["clock24"]) or "h" in (match["separator"] or "")
    return Clock(hour * 60 + minute, exact=hour > 12 or hour == 0 or padded or french)


def readings(opens: Clock, closes: Clock, before: Span | None = None) -> tuple[Span, ...]:
    """The spans that can be meant, the likeliest first. `before`: the span before it, on the same day.

    Raises BadHoursError where the two overlap.
    """
    if closes.minutes % DAY == DAY - 1:
        # 23:59 is how forms without 24:00 say midnight.
        closes = MIDNIGHT if closes.half else MIDNIGHT_AT_THE_END
    if opens.fixed and closes.fixed:
        return _both_fixed(opens, closes) if before is None else _both_fixed_following(opens, closes, before)
    if opens.fixed:
        return _end_free(opens, closes)
    if closes.fixed:
        return _start_free(opens, closes, before[1] if before else 0)
    if before is not None:
        return _following(opens, closes, before)
    return _both_free(opens, closes)


def _both_fixed(opens: Clock, closes: Clock) -> tuple[Span, ...]:
    start, end = opens.minutes, closes.minutes
    if end > start:
        return ((start, end),)
    night = (start, end + DAY)
    if opens.half == closes.half != "" and LONGEST < night[1] - start < DAY:
        # "9pm-5pm": one of the two is more likely a slip.
        return ((start - HALF, end) if opens.half == "p" else (start, end + HALF), night)
    if opens.half or closes.half or not end or start > HALF + 59:
        return (night,)
    # "08:00-05:00": on the 24-hour clock 21 hours a day; more likely somebody left out the afternoon.
    return ((start, end + HALF), night) if end + HALF > start else (night,)


def _both_fixed_following(opens: Clock, closes: Clock, before: Span) -> tuple[Span, ...]:
    """ "09:00-12:00, 01:00-05:00" goes on in the afternoon."""
    start, end = opens.minutes, closes.minutes
    if opens.exact and closes.exact and start < FIRST_OPENING and before[1] <= start + HALF < end + HALF <= DAY:
        return ((start + HALF, end + HALF),)
    return _both_fixed(opens, closes)


def _end_free(opens: Clock, closes: Clock) -> tuple[Span, ...]:
    start = opens.minutes
    if opens.half == "p" and start >= HALF and closes == Clock(HALF):
        closes = MIDNIGHT_AT_THE_END  # "1pm-12"
    later = [end + turn for turn in (0, DAY) for end in closes.options() if end + turn > start]
    if opens.half == "a" and later[1] <= DAY and later[1] - start <= LONGEST:
        return ((start, later[0]), (start, later[1]))  # "8am-10" may end in the evening
    if opens.half or start < HALF + 60:
        return ((start, later[0]),)
    # The opening is on the 24-hour clock, so the closing is too: "20:00-2:00" ends at night.
    night = (start, closes.minutes if closes.minutes > start else closes.minutes + DAY)
    return (night,) if later[0] == night[1] else (night, (start, later[0]))


def _start_free(opens: Clock, closes: Clock, after: int) -> tuple[Span, ...]:
    end = closes.minutes
    if closes.exact and end:
        if opens.minutes >= end and end + HALF > opens.minutes and end <= HALF:
            return ((opens.minutes, end + HALF), (opens.minutes, end + DAY))
        as_written = (opens.minutes, end if end > opens.minutes else end + DAY)
        afternoon = (opens.minutes + HALF, end)
        if opens.minutes >= max(FIRST_OPENING, after) or afternoon[0] >= end:
            return (as_written,)
        return (afternoon,) if opens.minutes < after else (afternoon, as_written)  # "8-12, 1-17:00"; "1-17:00"
    if closes.half == "a" and end and opens.minutes // 60 == 12:
        return ((opens.minutes - HALF, end), (opens.minutes, end + DAY))  # "12-5 am": from midnight or from noon
    # "1-5pm" is an afternoon, "9-5pm" is not: the latest opening before the closing.
    end = end or DAY
    earlier = [start - turn for turn in (0, DAY) for start in opens.options() if start - turn < end]
    start = max(earlier)
    latest = (start, end) if start >= 0 else (start + DAY, end + DAY)
    longer = (latest[0] - HALF, latest[1])
    return (latest, longer) if _may_be_meant(longer, after) else (latest,)


def _may_be_meant(span: Span, after: int) -> bool:
    """ "8-10pm" may begin in the morning, unless that were too early, too long, or before the last span's end."""
    start, end = span
    longest = LONGEST if end <= DAY else LONGEST - 1
    return start >= max(FIRST_OPENING, after) and end - start <= longest


def _following(opens: Clock, closes: Clock, before: Span) -> tuple[Span, ...]:
    """ "8-12, 1-5": what comes later on a day begins after what came before.

    "7-5, 7-9" goes on in the evening; "9-11, 10-12" may be meant as it stands, and overlaps. Raises BadHoursError.
    """
    starts = [start for start in opens.options() if start >= before[1]]
    if not starts or any(_juts_out(start, closes, before) for start in opens.options()):
        raise BadHoursError(translatable("two times of one day do not follow each other"))
    return _end_free(Clock(starts[0], "p"), closes)


def _juts_out(start: int, closes: Clock, before: Span) -> bool:
    """Whether a span that begins at `start` begins within the span before it and ends after it."""
    end = min(end + turn for turn in (0, DAY) for end in closes.options() if end + turn > start)
    return before[0] <= start < before[1] < end


def _both_free(opens: Clock, closes: Clock) -> tuple[Span, ...]:
    start, end = opens.minutes, closes.minutes
    afternoon = (start + HALF, end + HALF)
    if end <= start:
        if FIRST_OPENING <= start < 6 * 60:
            return ((start, end + HALF), (start + HALF, end + DAY))
        return ((start, end + HALF),)
    if start < FIRST_OPENING:
        return (afternoon,) if end < HALF else ((start + HALF, DAY), (start, end))
    if start < 8 * 60 and end < HALF:
        return ((start, end), afternoon)  # "6-9" may be a morning or an evening
    return ((start, end),)


def written(span: Span) -> str:
    """A span in OSM syntax; past midnight as 17:00-01:00, or as 08:00-29:00 where that could be misread."""
    start, end = span
    past = end - DAY
    if past > 0 and not (past >= start or start < HALF + 60):
        end = past
    return f"{hhmm(start)}-{hhmm(end)}"


def hhmm(minutes: int) -> str:
    """Minutes of the day as OSM syntax writes them."""
    return f"{minutes // 60:02}:{minutes % 60:02}"


_OSM_SPAN = re.compile(r"(?<![\d:])([01]?\d|2[0-4]):(\d\d)-([01]?\d|2[0-4]):(\d\d)(?![\d:])")


def _osm_clock(hour: str, minute: str) -> Clock:
    return Clock(int(hour) * 60 + int(minute), exact=len(hour) == 2)


def doubtful_in(osm: str) -> tuple[str, ...]:
    """What an OSM text may mean that has a span which people write otherwise than the book reads it; else nothing.

    08:00-05:00 is 21 hours by the book, 1:00-5:00 at night, and so is 01:00-05:00 after 08:00-12:00.
    """
    before: tuple[int, Span] | None = None
    for match in _OSM_SPAN.finditer(osm):
        opens, closes = _osm_clock(match[1], match[2]), _osm_clock(match[3], match[4])
        by_the_book = (opens.minutes, closes.minutes + (DAY if closes.minutes <= opens.minutes else 0))
        follows = before is not None and osm[before[0] : match.start()].strip() == ","
        try:
            spans = readings(opens, closes, before[1] if before and follows else None)
        except BadHoursError:  # they overlap, as the book allows
            spans = (by_the_book,)
        if spans != (by_the_book,):
            if not follows and by_the_book not in spans:
                spans = (*spans, by_the_book)
            return tuple(osm[: match.start()] + written(span) + osm[match.end() :] for span in spans)
        before = match.end(), by_the_book
    return ()
