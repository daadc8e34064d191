"""The token of a meeting card: zone and times, signed, short, and nothing else."""

from datetime import datetime

import pytest
from hypothesis import given
from hypothesis import strategies as st

from directory.meetings.card_links import CardLinks
from directory.meetings.meeting import Meeting
from directory.meetings.recurrence import Recurrence
from directory.signing_keys import SigningKeys

LINKS = CardLinks(SigningKeys.of("a key of thirty-two characters...."))
zone_ids = st.from_regex(r"[a-z]{2}(-[a-z0-9]{1,12}){1,5}", fullmatch=True)
starts = st.datetimes(datetime(2001, 1, 1), datetime(2199, 1, 1)).map(lambda at: at.replace(second=0, microsecond=0))
meetings = st.builds(Meeting, zone_ids, starts) | st.builds(
    Meeting, zone_ids, starts, st.sampled_from(Recurrence), st.integers(2, 24)
)


@given(meetings)
def test_a_token_opens_its_meeting(meeting: Meeting) -> None:
    token = LINKS.token(meeting)
    assert LINKS.read(token) == meeting
    assert LINKS.token(meeting) == token


@given(meetings, st.integers(0, 200), st.sampled_from("abcxyz019.-AZ_"))
def test_an_edited_token_opens_nothing(meeting: Meeting, place: int, char: str) -> None:
    token = LINKS.token(meeting)
    place %= len(token)
    edited = token[:place] + char + token[place + 1 :]
    if edited != token:
        assert LINKS.read(edited) is None


@pytest.mark.parametrize("behind", ["====", "!!!!", "\n", "%22", "."])
def test_nothing_may_stand_behind_a_token(behind: str) -> None:
    assert LINKS.read(LINKS.token(Meeting("ct-darien-parking-lot", datetime(2026, 11, 28, 19))) + behind) is None


@given(st.text(max_size=300))
def test_any_other_text_opens_nothing(text: str) -> None:
    assert LINKS.read(text) is None


def test_a_token_of_another_site_or_of_a_draft_opens_nothing() -> None:
    meeting = Meeting("ct-darien-parking-lot", datetime(2026, 11, 28, 19))
    assert LINKS.read(CardLinks(SigningKeys.of("another key")).token(meeting)) is None


@pytest.mark.parametrize(
    ("meeting", "longest"),
    [
        (Meeting("ct-darien-parking-lot", datetime(2026, 11, 28, 19)), 40),
        (Meeting("ct-darien-parking-lot", datetime(2026, 11, 28, 19), Recurrence.EVERY_OTHER_WEEK, 12), 45),
    ],
)
def test_a_token_is_short(meeting: Meeting, longest: int) -> None:
    assert len(LINKS.token(meeting)) <= longest
