"""The time of a visit in words, which somebody may type again."""

from datetime import datetime, timedelta

import pytest
from flask import Flask
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from directory import clock
from directory.meetings.time_reader import read_time
from directory.web.http.languages import available
from directory.web.presenters.results.visit_times import typed_time

YEAR = clock.now().year


@pytest.mark.parametrize("language", available())
@given(st.datetimes(datetime(YEAR - 1, 1, 1), datetime(YEAR + 2, 12, 31)))
@settings(suppress_health_check=[HealthCheck.function_scoped_fixture])
def test_a_time_in_words_reads_as_the_same_time_in_each_language(app: Flask, language: str, at: datetime) -> None:
    at = at.replace(second=0, microsecond=0)
    with app.test_request_context(f"/?lang={language}"):
        text = typed_time(at)
    # A date of this year is written without it, so it is read by somebody who lives near it.
    assert read_time(text).on(at - timedelta(days=1)) == at, text
