"""Hours that were said in words are read back as what they were, in each language that clerks type."""

import pytest
from flask import Flask
from hypothesis import HealthCheck, assume, given, settings
from hypothesis import strategies as st

from directory.web.http.languages import available
from directory.web.presenters.zone_facts.hours import hours_in_words
from directory.zones.hours import parse_hours
from directory.zones.hours.parsing.parser import MAX_LENGTH
from directory.zones.hours.weekly_hours import plain_week

DAYS = ("Mo", "Tu", "We", "Th", "Fr", "Sa", "Su")
spans = st.sampled_from(["08:00-12:00", "08:30-16:30", "09:00-12:00,13:15-17:00", "06:00-22:00", "17:00-01:00"])
weeks = st.dictionaries(st.sampled_from(DAYS), spans, min_size=1).map(
    lambda week: "; ".join(f"{day} {week[day]}" for day in DAYS if day in week)
)


@pytest.mark.parametrize("language", available())
@settings(suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(weeks, st.sampled_from(["", "; PH off"]))
def test_a_week_in_words_means_the_same_week(app: Flask, language: str, week: str, holidays: str) -> None:
    with app.test_request_context(f"/?lang={language}"):
        words = hours_in_words(week + holidays)
    assume(len(words) <= MAX_LENGTH)  # a longer one is refused
    assert plain_week(parse_hours(words).osm) == plain_week(week + holidays), words
