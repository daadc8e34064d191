"""A submission's life, as one table."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from directory.db.tables.contributions.submissions import SubmissionStatus
from directory.submissions.workflow import EDITABLE, NEEDS_REASON, TRANSITIONS, Step, TransitionNotAllowedError, after
from directory.zones.hours import weekly_editor


def test_no_walk_through_the_table_publishes_what_was_not_proven_since_it_was_last_edited() -> None:
    """Every walk there is. Some steps are taken by proven senders only; every edit undoes a proof."""
    to_go, gone = [(SubmissionStatus.DRAFT, False)], set[tuple[SubmissionStatus, bool]]()
    while to_go:
        place = to_go.pop()
        gone.add(place)
        for status, step in TRANSITIONS:
            if status is not place[0]:
                continue
            reached = after(status, step)
            proven = place[1] or step in (Step.PROVE_EMAIL, Step.SEND_PROVEN, Step.PUBLISH_AT_ONCE)
            if reached in (SubmissionStatus.WAITING_FOR_REVIEW, SubmissionStatus.APPROVED):
                assert proven, (status, step)
            following = (reached, proven and reached not in EDITABLE)
            if following not in gone:
                to_go.append(following)
    assert {status for status, _proven in gone} == set(SubmissionStatus)


def test_only_a_moderators_approval_after_a_review_or_a_right_to_publish_leads_onto_the_map() -> None:
    published = {(status, step) for (status, step), to in TRANSITIONS.items() if to is SubmissionStatus.APPROVED}
    assert {pair for pair in published if pair[1] is not Step.PUBLISH_AT_ONCE} == {
        (SubmissionStatus.WAITING_FOR_REVIEW, Step.APPROVE)
    }


def test_what_is_over_stays_over_but_for_a_moderator_who_takes_up_what_was_declined() -> None:
    for state in (SubmissionStatus.APPROVED, SubmissionStatus.DECLINED):
        for step in set(Step) - ({Step.TAKE_UP} if state is SubmissionStatus.DECLINED else set()):
            with pytest.raises(TransitionNotAllowedError):
                after(state, step)


def test_every_state_but_the_last_ones_has_a_way_on_and_every_state_can_be_reached() -> None:
    assert {state for state, _ in TRANSITIONS} | {SubmissionStatus.APPROVED} == set(SubmissionStatus)
    assert set(TRANSITIONS.values()) | {SubmissionStatus.DRAFT} == set(SubmissionStatus)
    assert {step for _, step in TRANSITIONS} == set(Step)
    assert {SubmissionStatus.DRAFT, SubmissionStatus.CHANGES_REQUESTED} == EDITABLE
    assert {Step.APPROVE, Step.DECLINE, Step.REQUEST_CHANGES} == NEEDS_REASON


TIMES = st.integers(0, 47).map(lambda half: f"{half // 2:02}:{half % 2 * 30:02}")


@given(st.lists(st.one_of(st.just(("", "")), st.tuples(TIMES, TIMES)), min_size=7, max_size=7))
def test_what_the_weekly_editor_shows_again_is_what_was_typed(rows: list[tuple[str, str]]) -> None:
    from directory.zones.hours import BadHoursError, parse_hours

    osm = weekly_editor.compose(rows)
    try:
        parse_hours(osm)
    except BadHoursError:
        return
    again = weekly_editor.rows_of(osm)
    assert again is None or weekly_editor.compose(again) == osm
    simple = all(begins < ends for begins, ends in rows if begins)
    assert not simple or not osm or again == rows or any(ends == "00:00" for _, ends in rows)
