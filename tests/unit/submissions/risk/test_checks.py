"""What a moderator should look at, and how grave it is."""

import pytest

from directory.moderation.queued_case import Risk
from directory.submissions.risk.checks import Check, Observation, risk

GRAVITY = {
    Risk.HIGH: [Check.REFUSED, Check.FOREIGN, Check.OUTSIDE_TOWN, Check.CHANGED_TOWN],
    Risk.MIDDLE: [
        Check.DUPLICATE, Check.SAID_TO_DIFFER, Check.PIN_OFF, Check.CHANGED_MEANWHILE, Check.WITHDRAWS,
    ],
    Risk.LOW: [Check.APPROXIMATE, Check.RULE, Check.ADDRESS_UNCHECKED],
}  # fmt: skip
"""As moderators read it in docs/moderators.md."""


def test_each_finding_is_as_grave_as_moderators_are_told() -> None:
    assert sorted(check for checks in GRAVITY.values() for check in checks) == sorted(Check)
    for gravity, checks in GRAVITY.items():
        assert {check: Risk.of(risk([Observation(check)])) for check in checks} == dict.fromkeys(checks, gravity)


@pytest.mark.parametrize("grave", GRAVITY[Risk.HIGH])
def test_the_gravest_finding_decides_and_many_small_ones_make_no_grave_one(grave: Check) -> None:
    small = [Observation(check) for check in GRAVITY[Risk.LOW]] * 5
    assert Risk.of(risk(small)) is Risk.LOW and risk([]) == 0
    assert Risk.of(risk([*small, Observation(grave)])) is Risk.HIGH
