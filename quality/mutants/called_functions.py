"""Which functions each test calls: a mutant is tried with the tests that call its function, the quickest first."""

import sys
import threading
import time
from collections import defaultdict
from collections.abc import Generator, Iterable
from dataclasses import dataclass
from types import CodeType, FrameType

import pytest

Function = tuple[str, str, int, tuple[str, ...]]
"""Absolute path of the file, qualified name, first line, and the variables (of two lambdas in one line)."""


def function_of(code: CodeType) -> Function:
    """What the code is known by, also to a mutant of it: no fault adds a line."""
    return code.co_filename, code.co_qualname, code.co_firstlineno, code.co_varnames


@dataclass(frozen=True, slots=True)
class Called:
    """What one test calls in the files of a group, and the CPU seconds that it takes."""

    seconds: float
    functions: frozenset[Function]


class CallRecorder:
    """A plugin of pytest that records what each test calls in `files` (absolute paths).

    A fixture of several tests runs once: what it calls counts for each of them.
    """

    def __init__(self, files: Iterable[str]) -> None:
        self._files = frozenset(files)
        self._current: set[Function] = set()
        self._of_fixtures: defaultdict[str, set[Function]] = defaultdict(set)
        self._tests: list[tuple[pytest.Item, float, set[Function]]] = []

    def start(self) -> None:
        """Record from now on, in this thread and in those that it starts."""
        threading.settrace(self._trace)
        sys.settrace(self._trace)

    def _trace(self, frame: FrameType, _event: str, _argument: object) -> None:
        if frame.f_code.co_filename in self._files:
            self._current.add(function_of(frame.f_code))

    @pytest.hookimpl(wrapper=True, tryfirst=True)
    def pytest_runtest_protocol(self, item: pytest.Item) -> Generator[None, object, object]:
        """Begin a new record with each test."""
        self._current, start = set(), time.process_time()
        try:
            return (yield)
        finally:
            self._tests.append((item, time.process_time() - start, self._current))

    @pytest.hookimpl(wrapper=True)
    def pytest_fixture_setup(self, fixturedef: pytest.FixtureDef[object]) -> Generator[None, object, object]:
        """Keep apart what a fixture calls that later tests share."""
        test = self._current
        if fixturedef.scope != "function":
            self._current = self._of_fixtures[fixturedef.argname]
        try:
            return (yield)
        finally:
            self._current = test

    def calls(self) -> dict[str, Called]:
        """What was recorded, by the test's identifier."""
        return {
            item.nodeid: Called(seconds, frozenset(own.union(*map(self._of_fixtures.__getitem__, _fixtures(item)))))
            for item, seconds, own in self._tests
        }


def _fixtures(item: pytest.Item) -> list[str]:
    return list(getattr(item, "fixturenames", ()))
