"""Puts a fault into functions that are loaded already, so that a mutant needs no imports of its own."""

import gc
from collections.abc import Iterator
from itertools import zip_longest
from types import CodeType, FunctionType

Swap = list[tuple[CodeType, CodeType]]
"""The code of functions before and after."""
_IS_FUNCTION = 0x1  # inspect.CO_OPTIMIZED


def changed_functions(source: str, mutated: str) -> Swap | None:
    """The code of each function before and after; None where the fault is outside of functions."""
    before, after = (compile(text, "mutant", "exec", dont_inherit=True) for text in (source, mutated))
    pairs = list(zip_longest(_codes(before), _codes(after)))
    if any(old is None or new is None or old.co_qualname != new.co_qualname for old, new in pairs):
        return None
    changed = [(old, new) for old, new in pairs if _content(old) != _content(new)]
    if any(not old.co_flags & _IS_FUNCTION and _own(old) != _own(new) for old, new in changed):
        return None
    return [(old, new) for old, new in changed if old.co_flags & _IS_FUNCTION]


def swap(path: str, functions: Swap) -> None:
    """Give the loaded functions of the file their mutated code."""
    mutated = {_key(old): new for old, new in functions}
    loaded = [
        item
        for item in gc.get_objects()
        if type(item) is FunctionType and item.__code__.co_filename == path and _key(item.__code__) in mutated
    ]
    for function in loaded:
        function.__code__ = mutated[_key(function.__code__)]


def _key(code: CodeType) -> tuple[str, int, tuple[str, ...]]:
    return code.co_qualname, code.co_firstlineno, code.co_varnames


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
