"""A little of `make scan`'s fuzzing with every run: no parser and no form crashes or hangs on what it is fed."""

import pytest

from scans.fuzz import ROUNDS, fuzz
from tests.support.site import Site

pytestmark = pytest.mark.slow


@pytest.mark.parametrize("target", ROUNDS)
def test_nothing_crashes_or_hangs_on_nasty_input(site: Site, target: str) -> None:
    found = fuzz(target, max(40, ROUNDS[target] // 200), site)
    assert found.tried >= 40
    assert found.crashes == [] and found.hangs == []
