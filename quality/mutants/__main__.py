"""`make mutants`: try the mutants of a group, or of all, and hold the survivors against quality/mutants.md."""

import argparse
import os
import sys
from collections.abc import Callable, Sequence
from dataclasses import dataclass

from quality.mutants.called_functions import Called
from quality.mutants.code_swap import changed_functions
from quality.mutants.groups import GROUPS, ROOT
from quality.mutants.mutations import Mutant, mutants_of
from quality.mutants.trial import load_libraries, recorded_calls, survives, survivors_of_swaps

SURVIVORS = ROOT / "quality" / "mutants.md"
SAMPLE = 50
"""Mutants of a group that are tried unless `--all` is given."""
MOST_SURVIVORS = 0.05
"""The share of those that were tried, over all groups."""


@dataclass(frozen=True, slots=True)
class Result:
    """What became of mutants: how many there are, how many were tried, and the names of the survivors."""

    mutants: int
    tried: int
    survivors: list[str]

    def row(self, name: str) -> str:
        """A line of the table."""
        count = len(self.survivors)
        return f"| {name} | {self.mutants} | {self.tried} | {self.tried - count} | {count} ({count / self.tried:.1%}) |"


def main() -> int:
    """Print a line for each group and every survivor that is not listed. 1 when there is one, or too many are."""
    parser = argparse.ArgumentParser(prog="make mutants")
    parser.add_argument("group", nargs="?", choices=GROUPS)
    parser.add_argument("--all", action="store_true", help="every mutant in place of a sample")
    options = parser.parse_args()
    names = [options.group] if options.group else list(GROUPS)
    load_libraries()
    listed = SURVIVORS.read_text(encoding="utf-8")
    print("| group | mutants | tried | killed | survived |\n| --- | --- | --- | --- | --- |", flush=True)
    results = []
    for name in names:
        results.append(_try(name, None if options.all else SAMPLE, listed))
        print(results[-1].row(name), flush=True)
    survivors = [survivor for result in results for survivor in result.survivors]
    total = Result(sum(one.mutants for one in results), sum(one.tried for one in results), survivors)
    print(total.row("all") if len(names) > 1 else "")
    unlisted = [survivor for survivor in survivors if survivor not in listed]
    print(*(f"- {survivor}: no reason is listed" for survivor in unlisted), sep="\n")
    too_many = len(names) == len(GROUPS) and len(survivors) >= MOST_SURVIVORS * total.tried
    return bool(unlisted) or too_many


def _try(name: str, sample: int | None, listed: str) -> Result:
    """Try mutants of a group; those that are listed are survivors without another trial."""
    group, show = GROUPS[name], _progress(name)
    mutants = mutants_of(group.paths())
    tried = [(mutant, source) for mutant in mutants[:sample] if (source := mutant.mutated()) is not None]
    survivors = [known for mutant, source in tried if (known := mutant.name(source)) in listed]
    unlisted = [(mutant, source) for mutant, source in tried if mutant.name(source) not in listed]
    show("tests without a mutant")
    calls = recorded_calls(group.tests, group.paths())
    if calls is None:
        raise SystemExit(f"the tests fail without a mutant: {' '.join(group.tests)}")
    left = _left_by_swaps(group.tests, unlisted, calls, lambda number: show(f"{number} of {len(unlisted)}"))
    for number, (mutant, source) in enumerate(left):
        show(f"{number} of {len(left)} a second time")
        if survives(group.tests, mutant.path, source, calls):
            survivors.append(mutant.name(source))
    show("")
    return Result(len(mutants), len(tried), survivors)


def _left_by_swaps(
    tests: Sequence[str], tried: list[tuple[Mutant, str]], calls: dict[str, Called], progress: Callable[[int], None]
) -> list[tuple[Mutant, str]]:
    """The mutants that no test notices in functions loaded already, and those outside of functions."""
    swaps = [changed_functions(mutant.path.read_text(encoding="utf-8"), source) for mutant, source in tried]
    numbers = [number for number, swap in enumerate(swaps) if swap is not None]
    path_and_swaps = [(tried[number][0].path, swaps[number] or []) for number in numbers]
    unnoticed = survivors_of_swaps(tests, path_and_swaps, calls, progress)
    killed = set(numbers) - {numbers[index] for index in unnoticed}
    return [one for number, one in enumerate(tried) if number not in killed]


def _progress(name: str) -> Callable[[str], None]:
    """Shows how far a group is, in one line of a terminal that the next text replaces."""
    if not sys.stderr.isatty():
        return lambda _text: None
    terminal = os.fdopen(os.dup(sys.stderr.fileno()), "w")
    return lambda text: print(f"\r{name}: {text}\033[K" if text else "\r\033[K", end="", file=terminal, flush=True)


if __name__ == "__main__":
    sys.exit(main())
