"""Runs tests against a mutant, each time in a process forked for it; no file of the repository changes."""

import importlib.machinery
import os
import resource
import signal
import sys
import tempfile
from collections.abc import Callable, Sequence
from pathlib import Path
from types import CodeType, ModuleType

import hypothesis
import pytest

from quality.mutants.code_swap import Swap, swap
from quality.mutants.groups import ROOT

CPU_SECONDS, WALL_SECONDS = 90, 180
"""What a run of a group's tests may take: a mutant that runs for ever, or waits for ever, is killed."""
_OPTIONS = (
    "-W", "ignore::pytest.PytestAssertRewriteWarning", "-x", "-q", "-p", "no:cacheprovider",
    "-m", "not slow and not postgres and not browser",
)  # fmt: skip

_PHASES = (hypothesis.Phase.explicit, hypothesis.Phase.generate)
hypothesis.settings.register_profile("mutants", deadline=None, derandomize=True, database=None, phases=_PHASES)
hypothesis.settings.load_profile("mutants")


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


def passes(tests: Sequence[str], prepare: Callable[[], object]) -> bool:
    """Whether the tests pass in a process that `prepare` changed first."""
    child = os.fork()
    if not child:
        status = 1
        try:
            _begin_trial()
            prepare()
            status = pytest.main([*_OPTIONS, *tests])
        finally:
            os._exit(int(status != 0))
    return _passed(child)


class _TrialOfSwaps:
    """A plugin of pytest that runs the collected tests once for each swap, in a process of its own."""

    def __init__(self, path_and_swaps: Sequence[tuple[Path, Swap]]) -> None:
        self._path_and_swaps = path_and_swaps
        self.survivors: list[int] = []
        self.in_trial = False

    @pytest.hookimpl(tryfirst=True)
    def pytest_runtestloop(self) -> bool | None:
        """None in a process with a swap (`in_trial`): there pytest goes on and runs the tests."""
        for index, (path, functions) in enumerate(self._path_and_swaps):
            child = os.fork()
            if not child:
                self.in_trial = True
                _begin_trial()
                swap(str(ROOT / path), functions)
                return None
            if _passed(child):
                self.survivors.append(index)
        return True


def survivors_of_swaps(tests: Sequence[str], path_and_swaps: Sequence[tuple[Path, Swap]]) -> list[int]:
    """Which of the swaps no test notices, by index. The project is imported once, in a process of its own.

    What importing it computed with the functions is as it was: a survivor has to be tried with `MutatedModule` too.
    """
    unchanged: tuple[Path, Swap] = (Path(), [])
    trial = _TrialOfSwaps([unchanged, *path_and_swaps])
    with tempfile.NamedTemporaryFile("r") as survivors:
        if not (child := os.fork()):
            status = 1
            try:
                _be_quiet()
                status = pytest.main([*_OPTIONS, *tests], plugins=[trial])
                if not trial.in_trial:
                    Path(survivors.name).write_text(" ".join(map(str, trial.survivors)))
            finally:
                os._exit(int(status != 0))
        if not _passed(child):
            raise RuntimeError("the process that tries the mutants ended early")
        indices = [int(word) - 1 for word in survivors.read().split()]
    if indices[:1] != [-1]:
        raise RuntimeError("the tests fail in a process that has not changed anything")
    return indices[1:]


def survives(tests: Sequence[str], path: Path, source: str) -> bool:
    """Whether the tests pass with the mutated text in place of the file, everything imported anew."""
    return passes(tests, lambda: sys.meta_path.insert(0, MutatedModule(path, source)))


def _begin_trial() -> None:
    resource.setrlimit(resource.RLIMIT_CPU, (CPU_SECONDS, CPU_SECONDS))
    signal.alarm(WALL_SECONDS)
    _be_quiet()


def _passed(child: int) -> bool:
    return os.waitpid(child, 0)[1] == 0


def _be_quiet() -> None:
    nowhere = os.open(os.devnull, os.O_WRONLY)
    os.dup2(nowhere, 1)
    os.dup2(nowhere, 2)
