"""Links that hold places: what they give away, and to whom."""

from collections.abc import Callable, Iterator
from datetime import timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from directory import clock
from directory.geo import Coordinates, distance_m
from directory.geocoding.results import Geocode, Precision
from directory.meetings.invitations import BadInvitationError, ExpiredInvitationError, InvitationSealer
from directory.signing_keys import SigningKeys

SEALER = InvitationSealer(SigningKeys.of("a key of the tests"))
HOME = Geocode("176 South Avenue", Coordinates(41.14123, -73.49071), "test", Precision.ADDRESS, country="US")
places = st.builds(
    Geocode, st.text(), st.builds(Coordinates, st.floats(-90, 90), st.floats(-180, 180)), st.just("test"),
    st.sampled_from(Precision), country=st.sampled_from(["US", "CA", ""]),
)  # fmt: skip


@pytest.fixture
def ahead() -> Iterator[Callable[[timedelta], None]]:
    """Sets the clock ahead until the test ends."""
    yield clock.run_ahead
    clock.run_ahead(timedelta(0))


@given(st.lists(places, max_size=5))
def test_a_link_holds_its_places_to_about_a_kilometre_and_none_of_their_words(some: list[Geocode]) -> None:
    opened = SEALER.open(SEALER.seal(some)).places
    assert len(opened) == len(some)
    for place, rough in zip(some, opened, strict=True):
        assert distance_m(place.coordinates, rough.coordinates) <= 800
        assert (rough.label, rough.country) == ("", place.country)


def test_a_token_shows_nothing_of_a_place_and_is_another_one_each_time() -> None:
    first, second = SEALER.seal([HOME]), SEALER.seal([HOME])
    assert first != second
    assert "41.14" not in first and "South" not in first


def test_a_link_is_good_for_a_day(ahead: Callable[[timedelta], None]) -> None:
    token = SEALER.seal([HOME])
    ahead(timedelta(hours=23, minutes=59))
    assert SEALER.open(token).places[0].coordinates == Coordinates(41.14, -73.49)
    ahead(timedelta(hours=24, minutes=1))
    with pytest.raises(ExpiredInvitationError):
        SEALER.open(token)


def test_places_that_come_by_a_link_live_no_longer_than_the_link(ahead: Callable[[timedelta], None]) -> None:
    first = SEALER.open(SEALER.seal([HOME]))
    ahead(timedelta(hours=23))
    both = SEALER.seal([*first.places, HOME], first.sealed_at)
    ahead(timedelta(hours=24, minutes=1))
    with pytest.raises(ExpiredInvitationError):
        SEALER.open(both)


@pytest.mark.parametrize("token", ["", "x", "ünïcode", "A" * 200, "gAAAAAB", "a/b", "="])
def test_a_token_that_is_not_ours_opens_nothing(token: str) -> None:
    with pytest.raises(BadInvitationError):
        SEALER.open(token)


def test_a_token_that_was_changed_or_sealed_by_another_site_opens_nothing() -> None:
    token = SEALER.seal([HOME])
    changed = token[:-5] + ("AAAAA" if token[-5:] != "AAAAA" else "BBBBB")
    for bad in (changed, InvitationSealer(SigningKeys.of("another key")).seal([HOME])):
        with pytest.raises(BadInvitationError):
            SEALER.open(bad)
