"""A week's hours in everyday words mean that week, in whatever order days, times and closed days are written."""

from itertools import chain, groupby

from hypothesis import assume, given, settings
from hypothesis import strategies as st

from directory.zones.hours import parse_hours, regular_week
from directory.zones.hours.lexicon import WEEKDAYS

NAMES = ("Mon", "Tue", "Wed", "Thu", "Fri", "Sat", "Sun")
DAY = 24 * 60
Spans = tuple[tuple[int, int], ...]
"""Minutes from midnight; an end past midnight is more than a day."""
SPANS: list[Spans] = [
    ((480, 1020),), ((510, 990),), ((540, 720),), ((0, 300),), ((720, 1080),), ((480, 720), (780, 1020)),
    ((390, 570), (600, 690), (1140, 1320)), ((1200, 1560),), ((1320, 1800),), ((660, DAY),), ((0, DAY),),
]  # fmt: skip
NOTHING: Spans = ()


def clock(minutes: int, style: str) -> str:
    hour, minute = divmod(minutes % DAY if style == "am and pm" else minutes, 60)
    if style != "am and pm":
        return f"{hour % 24 if minutes > DAY else hour:02}:{minute:02}"
    return f"{hour % 12 or 12}{f':{minute:02}' if minute else ''}{'am' if hour < 12 else 'pm'}"


def times(spans: Spans, style: str) -> str:
    if spans == ((0, DAY),):
        return "24 hours"
    return ", ".join(f"{clock(start, style)}-{clock(end, style)}" for start, end in spans)


def days(numbers: list[int]) -> str:
    runs = [[number for _, number in run] for _, run in groupby(enumerate(numbers), lambda pair: pair[1] - pair[0])]
    names = [[f"{NAMES[run[0]]}-{NAMES[run[-1]]}"] if len(run) > 2 else [NAMES[day] for day in run] for run in runs]
    return " & ".join(chain.from_iterable(names))


def in_words(week: list[Spans], style: str, order: str, separator: str, closed: str) -> str:
    groups: dict[Spans, list[int]] = {}
    for number, spans in enumerate(week):
        groups.setdefault(spans, []).append(number)
    off = groups.pop(NOTHING, [])
    pairs = [(days(numbers), times(spans, style)) for spans, numbers in groups.items()]
    rules = [" ".join(pair if order == "days first" else reversed(pair)) for pair in pairs]
    closed_rules = [f"closed {days(off)}" if order == "times first" else f"{days(off)} closed"] if off else []
    return separator.join(
        [*closed_rules, *rules] if closed == "first" else [*rules, *closed_rules] if closed == "last" else rules
    )


@settings(max_examples=200)
@given(
    week=st.lists(st.sampled_from([NOTHING, *SPANS]), min_size=2, max_size=3)
    .flatmap(lambda some: st.lists(st.sampled_from(some), min_size=7, max_size=7))
    .filter(any),
    style=st.sampled_from(["am and pm", "24 hours"]),
    order=st.sampled_from(["days first", "times first"]),
    separator=st.sampled_from(["; ", ", "]),
    closed=st.sampled_from(["first", "last", "not said"]),
)
def test_hours_in_words_are_the_hours_of_the_week(
    week: list[Spans], style: str, order: str, separator: str, closed: str
) -> None:
    # "closed Mon-Fri & Sun, 8-5 Sat" begins as "closed Sunday, Mon-Sat 8-5" does: it is refused.
    assume((order, separator, closed) != ("times first", ", ", "first"))
    read = regular_week(parse_hours(in_words(week, style, order, separator, closed)).osm)
    matches = [[(one.hour * 60 + one.minute, end.hour * 60 + end.minute) for one, end in day.spans] for day in read]
    assert matches == [[(start, end % DAY) for start, end in spans] for spans in week]


def test_days_are_named_as_openstreetmap_names_them() -> None:
    assert [name[:2] for name in NAMES] == [*WEEKDAYS]
