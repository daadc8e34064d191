"""Day or dark at a place and a time."""

from datetime import datetime, timedelta
from zoneinfo import ZoneInfo

import pytest
from astral import Observer
from astral.sun import elevation
from hypothesis import example, given, settings
from hypothesis import strategies as st

from directory.geo import Coordinates
from directory.meetings.daylight import HORIZON_DEGREES, daylight_at

DARIEN = Coordinates(41.0789, -73.4690), "America/New_York"
UTQIAGVIK = Coordinates(71.2906, -156.7886), "America/Anchorage"
FAIRBANKS = Coordinates(64.8378, -147.7164), "America/Anchorage"
PLACES = [
    DARIEN,
    UTQIAGVIK,
    FAIRBANKS,
    (Coordinates(21.3069, -157.8583), "Pacific/Honolulu"),
    (Coordinates(51.88, -176.6581), "America/Adak"),
    (Coordinates(47.5615, -52.7126), "America/St_Johns"),
]


@pytest.mark.parametrize(
    ("time", "dark"),
    [("06:30", True), ("07:30", False), ("12:00", False), ("16:00", False), ("16:40", True), ("19:00", True)],
)
def test_a_november_evening_in_connecticut_is_dark_from_half_past_four(time: str, dark: bool) -> None:
    place, zone = DARIEN
    assert daylight_at(place, datetime.fromisoformat(f"2026-11-28T{time}"), zone).dark is dark


def test_the_times_are_those_of_the_almanac_within_two_minutes() -> None:
    place, zone = DARIEN
    noon = daylight_at(place, datetime(2026, 11, 28, 12), zone)
    assert noon.since is not None and noon.until is not None
    # U.S. Naval Observatory, Darien, 28 November: 06:57 and 16:27.
    assert abs(noon.since - datetime(2026, 11, 28, 6, 57, tzinfo=ZoneInfo(zone))) < timedelta(minutes=2)
    assert abs(noon.until - datetime(2026, 11, 28, 16, 27, tzinfo=ZoneInfo(zone))) < timedelta(minutes=2)


def test_in_the_far_north_the_sun_may_stay_down_or_up() -> None:
    place, zone = UTQIAGVIK
    winter, summer = (daylight_at(place, when, zone) for when in (datetime(2026, 12, 15, 13), datetime(2026, 6, 15, 1)))
    assert (winter.dark, winter.since, winter.until) == (True, None, None)
    assert (summer.dark, summer.since, summer.until) == (False, None, None)


def test_a_sun_that_sets_after_midnight_is_still_up_at_eleven() -> None:
    place, zone = FAIRBANKS
    late = daylight_at(place, datetime(2026, 6, 21, 23), zone)
    assert not late.dark
    assert late.until is not None and late.until.date() == datetime(2026, 6, 22).date()


@settings(max_examples=400)
@example(FAIRBANKS, datetime(2026, 7, 15, 0, 13))
@example(UTQIAGVIK, datetime(2025, 8, 1, 4))
@given(st.sampled_from(PLACES), st.datetimes(datetime(2025, 1, 1), datetime(2035, 1, 1)))
def test_it_is_as_it_is_from_one_crossing_of_the_horizon_to_the_next(
    where: tuple[Coordinates, str], when: datetime
) -> None:
    place, zone = where

    def height(at: datetime) -> float:
        return float(elevation(Observer(place.latitude, place.longitude), at, with_refraction=False))

    local = when.replace(tzinfo=ZoneInfo(zone))
    sky = daylight_at(place, when, zone)
    if abs(height(local) - HORIZON_DEGREES) > 0.5:  # else within minutes of a crossing
        assert sky.dark == (height(local) < HORIZON_DEGREES)
    for crossing in filter(None, (sky.since, sky.until)):
        assert abs(height(crossing) - HORIZON_DEGREES) < 0.5
    if sky.since and sky.until:
        assert sky.since <= local < sky.until < sky.since + timedelta(days=1, minutes=15)
        middle = sky.since + (sky.until - sky.since) / 2
        assert (height(middle) < HORIZON_DEGREES) == sky.dark or abs(height(middle) - HORIZON_DEGREES) < 0.5
    if place.latitude < 60:
        assert sky.since and sky.until
