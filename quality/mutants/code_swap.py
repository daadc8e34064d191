"""Puts a fault into functions that are loaded already, so that a mutant needs no imports of its own."""

import gc
from collections.abc import Collection, Iterable, Iterator
from itertools import zip_longest
from types import CodeType, FunctionType

from quality.mutants.called_functions import function_of

Swap = list[tuple[CodeType, CodeType]]
"""The code of functions before and after."""
_IS_FUNCTION = 0x1  # inspect.CO_OPTIMIZED


def changed_functions(source: str, mutated: str) -> Swap | None:
    """The code of each function before and after; None where the fault is outside of functions."""
    before, after = (compile(text, "mutant", "exec", dont_inherit=True) for text in (source, mutated))
    pairs = list(zip_longest(_codes(before), _codes(after)))
    if any(old is None or new is None or old.co_qualname != new.co_qualname for old, new in pairs):
        return None
    if any(old.co_freevars != new.co_freevars for old, new in pairs):  # a loaded function keeps its own variables
        return None
    changed = [(old, new) for old, new in pairs if _content(old) != _content(new)]
    if any(not old.co_flags & _IS_FUNCTION and _own(old) != _own(new) for old, new in changed):
        return None
    return [(old, new) for old, new in changed if old.co_flags & _IS_FUNCTION]


def loaded_functions(files: Collection[str]) -> list[FunctionType]:
    """All functions of the files (absolute paths) that are loaded."""
    return [one for one in gc.get_objects() if type(one) is FunctionType and one.__code__.co_filename in files]


def swap(loaded: Iterable[FunctionType], path: str, functions: Swap) -> None:
    """Give the loaded functions of the file their mutated code."""
    mutated = {(path, *function_of(old)[1:]): new for old, new in functions}
    for function in loaded:
        function.__code__ = mutated.get(function_of(function.__code__), function.__code__)


def _codes(code: CodeType) -> Iterator[CodeType]:
    yield code
    for constant in code.co_consts:
        if isinstance(constant, CodeType):
            yield from _codes(constant)


def _own(code: CodeType) -> str:
    """What the code does itself, without the functions inside it."""
    constants = [constant for constant in code.co_consts if not isinstance(constant, CodeType)]
    return repr((code.co_code, constants, code.co_names, code.co_exceptiontable))


def _content(code: CodeType) -> list[str]:
    return [_own(inner) for inner in _codes(code)]
