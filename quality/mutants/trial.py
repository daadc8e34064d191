"""Runs tests against a mutant, each time in a process forked for it; no file of the repository changes."""

import gc
import importlib.machinery
import math
import os
import pickle
import resource
import signal
import sys
import tempfile
from collections.abc import Callable, Sequence
from pathlib import Path
from types import CodeType, ModuleType
from typing import TypeVar

import hypothesis
import pytest

from quality.mutants.called_functions import Called, CallRecorder, function_of
from quality.mutants.code_swap import Swap, loaded_functions, swap
from quality.mutants.groups import ROOT

LEAST_CPU_SECONDS, LEAST_WALL_SECONDS, PATIENCE = 10, 900, 5
"""A mutant that runs for ever, or waits for ever, is killed: after so long, and so many times what its tests take.

Few wait; by the clock a busy machine makes the others slow, too.
"""
_OPTIONS = (
    "-W", "ignore::pytest.PytestAssertRewriteWarning", "-x", "-q", "-p", "no:cacheprovider",
    "--hypothesis-profile=mutants", "-m", "not slow and not postgres and not browser",
)  # fmt: skip

Answer = TypeVar("Answer")

_PHASES = (hypothesis.Phase.explicit, hypothesis.Phase.generate)
hypothesis.settings.register_profile(
    "mutants",
    deadline=None,
    derandomize=True,
    database=None,
    phases=_PHASES,
    suppress_health_check=[hypothesis.HealthCheck.too_slow],  # by the clock: a busy machine would notice every fault
)


class _TextLoader(importlib.machinery.SourceFileLoader):
    """Loads a module from other text than its file holds."""

    def __init__(self, name: str, path: str, text: str) -> None:
        super().__init__(name, path)
        self._text = text

    def get_code(self, _name: str) -> CodeType:
        return compile(self._text, self.path, "exec", dont_inherit=True)


class MutatedModule:
    """Gives one file's module the mutated text, when it is imported next."""

    def __init__(self, path: Path, text: str) -> None:
        self._path, self._text = str(ROOT / path), text

    def find_spec(
        self, name: str, path: Sequence[str] | None, _target: ModuleType | None = None, /
    ) -> importlib.machinery.ModuleSpec | None:
        """The module's place, if it is the mutated file."""
        spec = importlib.machinery.PathFinder.find_spec(name, path)
        if spec is None or spec.origin != self._path:
            return None
        spec.loader = _TextLoader(name, self._path, self._text)
        return spec


def load_libraries() -> None:
    """Import what the tests import, except the project itself: processes that are forked start faster."""
    with tempfile.NamedTemporaryFile("r") as names:
        before = set(sys.modules)
        if not os.fork():
            import tests.conftest  # noqa: F401

            ours = ("directory", "tests", "quality")
            loaded = [name for name in sys.modules if name not in before and name.split(".")[0] not in ours]
            Path(names.name).write_text("\n".join(loaded))
            os._exit(0)
        os.wait()
        for name in names.read().split():
            try:
                importlib.import_module(name)
            except ImportError:  # made by an extension, not importable by name
                continue


def recorded_calls(tests: Sequence[str], files: Sequence[Path]) -> dict[str, Called] | None:
    """What each test calls in the files, by the test's identifier; None when a test fails."""

    def record() -> dict[str, Called] | None:
        recorder = CallRecorder(str(ROOT / path) for path in files)
        _be_quiet()
        recorder.start()
        return None if pytest.main([*_OPTIONS, *tests], plugins=[recorder]) else recorder.calls()

    return _in_process_of_its_own(record)


class _TrialOfSwaps:
    """A plugin of pytest that tries each swap in a process of its own, with the tests that call what it changes."""

    def __init__(
        self,
        path_and_swaps: Sequence[tuple[Path, Swap]],
        calls: dict[str, Called],
        progress: Callable[[int], None],
    ) -> None:
        self._path_and_swaps, self._calls, self._progress = path_and_swaps, calls, progress
        self.survivors: list[int] = []
        self.in_trial = False

    @pytest.hookimpl(tryfirst=True)
    def pytest_runtestloop(self, session: pytest.Session) -> bool | None:
        """None in the process of a trial: there pytest goes on and runs the tests."""
        loaded = loaded_functions({str(ROOT / path) for path, _ in self._path_and_swaps})
        gc.freeze()  # what is loaded stays shared with the processes forked from here
        for index, (path, functions) in enumerate(self._path_and_swaps):
            self._progress(index)
            file = str(ROOT / path)
            changed = {(file, *function_of(old)[1:]) for old, _ in functions}
            calls = {name: called for name, called in self._calls.items() if changed & called.functions}
            if not (child := os.fork()):
                self.in_trial = True
                _begin_trial(calls)
                swap(loaded, file, functions)
                session.items = sorted((item for item in session.items if item.nodeid in calls), key=_quickest(calls))
                return None
            if _passed(child):
                self.survivors.append(index)
        return True


def survivors_of_swaps(
    tests: Sequence[str],
    path_and_swaps: Sequence[tuple[Path, Swap]],
    calls: dict[str, Called],
    progress: Callable[[int], None],
) -> list[int]:
    """Which of the swaps no test notices, by index. The project is imported once, in a process of its own.

    What was computed with the functions before the swap, or by a test of other functions, is as it was: a survivor
    has to be tried with `survives` too.
    """

    def try_all() -> list[int]:
        trial = _TrialOfSwaps(path_and_swaps, calls, progress)
        _be_quiet()
        status = pytest.main([*_OPTIONS, *tests], plugins=[trial])
        if trial.in_trial:
            os._exit(int(status != 0))
        return trial.survivors

    survivors = _in_process_of_its_own(try_all)
    if survivors is None:
        raise RuntimeError("the process that tries the mutants ended early")
    return survivors


class _FirstTests:
    """A plugin of pytest that runs first, the quickest first, the tests that call something of the file."""

    def __init__(self, file: str, calls: dict[str, Called]) -> None:
        first = {name: one for name, one in calls.items() if any(called[0] == file for called in one.functions)}
        self._key = _quickest(first)

    @pytest.hookimpl(trylast=True)
    def pytest_collection_modifyitems(self, items: list[pytest.Item]) -> None:
        """Bring the tests into their order."""
        items.sort(key=self._key)


def survives(tests: Sequence[str], path: Path, source: str, calls: dict[str, Called]) -> bool:
    """Whether all tests pass with the mutated text in place of the file, everything imported anew."""

    def run() -> bool | None:
        _begin_trial(calls)
        sys.meta_path.insert(0, MutatedModule(path, source))
        return pytest.main([*_OPTIONS, *tests], plugins=[_FirstTests(str(ROOT / path), calls)]) == 0 or None

    return _in_process_of_its_own(run) is not None


def _quickest(calls: dict[str, Called]) -> Callable[[pytest.Item], float]:
    """A key that sorts tests by their seconds, those not in `calls` last."""
    return lambda item: calls[item.nodeid].seconds if item.nodeid in calls else math.inf


def _in_process_of_its_own(work: Callable[[], Answer | None]) -> Answer | None:
    """What the work returns in a process forked for it; None when it fails there."""
    with tempfile.TemporaryFile() as file:
        if not (child := os.fork()):
            status = 1
            try:
                pickle.dump(work(), file)
                file.flush()
                status = 0
            finally:
                os._exit(status)
        if not _passed(child):
            return None
        file.seek(0)
        answer: Answer | None = pickle.load(file)
        return answer


def _begin_trial(calls: dict[str, Called]) -> None:
    seconds = math.ceil(PATIENCE * sum(called.seconds for called in calls.values()))
    resource.setrlimit(resource.RLIMIT_CPU, (LEAST_CPU_SECONDS + seconds,) * 2)
    signal.alarm(LEAST_WALL_SECONDS + PATIENCE * seconds)
    _be_quiet()


def _passed(child: int) -> bool:
    return os.waitpid(child, 0)[1] == 0


def _be_quiet() -> None:
    nowhere = os.open(os.devnull, os.O_WRONLY)
    os.dup2(nowhere, 1)
    os.dup2(nowhere, 2)
