"""A submission's life, as one table."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from directory.submissions.workflow import (
    EDITABLE,
    NEEDS_REASON,
    TRANSITIONS,
    Step,
    SubmissionStatus,
    TransitionNotAllowedError,
    after,
)
from directory.zones.hours import weekly_editor


@given(st.lists(st.sampled_from(Step), max_size=12))
def test_no_walk_through_the_table_publishes_what_was_never_sent_and_proven(steps: list[Step]) -> None:
    state, walked = SubmissionStatus.DRAFT, list[Step]()
    for step in steps:
        try:
            state = after(state, step)
        except TransitionNotAllowedError:
            continue
        walked.append(step)
    if state is SubmissionStatus.APPROVED:
        assert walked[-1] in (Step.APPROVE, Step.PUBLISH_AT_ONCE)
        if walked[-1] is Step.APPROVE:
            assert {Step.PROVE_EMAIL, Step.SEND_PROVEN} & set(walked)


def test_what_is_over_stays_over() -> None:
    for state in (SubmissionStatus.APPROVED, SubmissionStatus.DECLINED):
        for step in Step:
            with pytest.raises(TransitionNotAllowedError):
                after(state, step)


def test_every_state_but_the_last_ones_has_a_way_on_and_every_state_can_be_reached() -> None:
    assert {state for state, _ in TRANSITIONS} | {SubmissionStatus.APPROVED, SubmissionStatus.DECLINED} == set(
        SubmissionStatus
    )
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
