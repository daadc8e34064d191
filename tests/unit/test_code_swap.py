"""`make mutants` puts a fault into loaded functions, and only there."""

from pathlib import Path

import pytest

from quality.mutants import code_swap
from quality.mutants.code_swap import changed_functions

SAMPLE = """
LIMIT = 3

class Box:
    size = 4

    def fits(self, n, most=5):
        return all(one < n + 6 for one in range(7))
"""


@pytest.mark.parametrize("number", ["6", "7"])
def test_a_fault_inside_a_function_changes_its_code(number: str) -> None:
    functions = changed_functions(SAMPLE, SAMPLE.replace(number, "9"))
    assert functions is not None
    assert {old.co_qualname for old, _ in functions} >= {"Box.fits"}


@pytest.mark.parametrize("number", ["3", "4", "5"])
def test_a_fault_in_a_constant_a_class_or_a_default_is_outside_of_functions(number: str) -> None:
    assert changed_functions(SAMPLE, SAMPLE.replace(number, "9")) is None


def test_a_loaded_function_does_what_its_mutated_code_says(tmp_path: Path) -> None:
    text = "def double(n):\n    return 2 * n\n"
    path = str(tmp_path / "module.py")
    names: dict[str, object] = {}
    exec(compile(text, path, "exec"), names)
    double = names["double"]
    functions = changed_functions(text, text.replace("2", "3"))
    assert functions is not None and callable(double) and double(5) == 10
    code_swap.swap(code_swap.loaded_functions([path]), path, functions)
    assert double(5) == 15
