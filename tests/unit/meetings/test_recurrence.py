"""When a series returns: by its own count, by a calendar's reading of its rule, and how long it may last."""

from datetime import datetime
from itertools import islice

import pytest
from dateutil.rrule import rrulestr
from hypothesis import given
from hypothesis import strategies as st
from icalendar import vRecur

from directory.meetings.recurrence import LONGEST_SERIES, Recurrence

starts = st.datetimes(datetime(2001, 1, 1), datetime(2150, 1, 1)).map(lambda at: at.replace(second=0, microsecond=0))


@given(st.sampled_from(Recurrence), starts)
def test_a_calendar_reads_the_rule_of_a_series_as_the_same_dates(recurrence: Recurrence, first: datetime) -> None:
    if not recurrence.can_begin(first):
        return
    most = recurrence.most_meetings
    rule = vRecur({**recurrence.rule(first), "count": most}).to_ical().decode()  # type: ignore[no-untyped-call]
    times = list(islice(recurrence.times(first), most))
    assert list(rrulestr(rule, dtstart=first)) == times
    assert times[-1] - times[0] <= LONGEST_SERIES


@pytest.mark.parametrize(
    ("recurrence", "first", "dates"),
    [
        (Recurrence.EVERY_OTHER_WEEK, "2026-12-04", ["12-04", "12-18", "01-01", "01-15"]),
        (Recurrence.MONTHLY, "2026-12-05", ["12-05", "01-02", "02-06", "03-06"]),
        (Recurrence.LAST_OF_MONTH, "2026-11-29", ["11-29", "12-27", "01-31", "02-28"]),
        (Recurrence.ODD_OF_MONTH, "2026-12-18", ["12-18", "01-01", "01-15", "01-29"]),
        (Recurrence.LAST_OF_MONTH, "2026-12-04", []),
        (Recurrence.ODD_OF_MONTH, "2026-12-11", []),
        (Recurrence.MONTHLY, "2026-01-31", []),  # of a fifth Saturday not every month has one
    ],
)
def test_a_series_has_the_dates_that_its_words_say(recurrence: Recurrence, first: str, dates: list[str]) -> None:
    begins = datetime.fromisoformat(first)
    assert recurrence.can_begin(begins) == bool(dates)
    assert [f"{at:%m-%d}" for at in islice(recurrence.times(begins), len(dates))] == dates
