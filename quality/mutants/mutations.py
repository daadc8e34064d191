"""The mutants of a file: one small fault each, made by cosmic-ray."""

import ast
import hashlib
from collections import Counter
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from pathlib import Path

from cosmic_ray.ast import ast_nodes, get_ast
from cosmic_ray.mutating import mutate_code
from cosmic_ray.operators.operator import Operator
from cosmic_ray.plugins import get_operator
from parso.tree import NodeOrLeaf

_COMPARISONS = (
    "Eq_NotEq", "NotEq_Eq", "Lt_LtE", "Lt_GtE", "LtE_Lt", "LtE_Gt", "Gt_GtE", "Gt_LtE", "GtE_Gt", "GtE_Lt", "Is_IsNot",
    "IsNot_Is",
)  # fmt: skip
_ARITHMETIC = ("Add_Sub", "Sub_Add", "Mul_Div", "Div_Mul", "FloorDiv_Mul", "Mod_Mul", "BitAnd_BitXor")
OPERATORS = (
    "NumberReplacer", "AddNot", "ReplaceAndWithOr", "ReplaceOrWithAnd", "ReplaceTrueWithFalse", "ReplaceFalseWithTrue",
    "ReplaceBreakWithContinue", "ReplaceContinueWithBreak", "ZeroIterationForLoop", "ExceptionReplacer",
    "ReplaceUnaryOperator_Delete_Not", "ReplaceUnaryOperator_Delete_USub",
    *(f"ReplaceComparisonOperator_{name}" for name in _COMPARISONS),
    *(f"ReplaceBinaryOperator_{name}" for name in _ARITHMETIC),
)  # fmt: skip
"""Of cosmic-ray's operators, for each comparison its edge and its opposite: the others fail at first sight, or change
nothing (`is` for `==`). Without `|`, which mostly joins types."""


@dataclass(frozen=True, slots=True)
class Mutant:
    """A place in a file where an operator puts one fault."""

    path: Path
    function: str
    before: str
    """The line as it stands, without indentation."""
    operator: str
    occurrence: int
    number: int
    """Counts mutants of the same line and operator."""

    def mutated(self) -> str | None:
        """The text of the file with the fault; None where cosmic-ray makes no Python (`except module.Error`, `**`)."""
        try:
            text = mutate_code(self.path.read_text(encoding="utf-8"), _operator(self.operator), self.occurrence)
            ast.parse(text)
        except (AttributeError, SyntaxError):
            return None
        return str(text)

    def name(self, mutated: str) -> str:
        """File, function and line before and after: what identifies the mutant in the list of survivors."""
        lines = zip(self.path.read_text(encoding="utf-8").splitlines(), mutated.splitlines(), strict=False)
        before, after = next((" ".join(old.split()), " ".join(new.split())) for old, new in lines if old != new)
        return f"`{self.path}`, `{self.function}`: `{before}` → `{after}`"


def mutants_of(paths: Iterable[Path]) -> list[Mutant]:
    """All mutants of the files, in an arbitrary order that a change elsewhere in a file leaves as it is."""
    mutants = [mutant for path in paths for mutant in _mutants(path)]
    return sorted(mutants, key=_digest)


def _digest(mutant: Mutant) -> bytes:
    identity = (mutant.path.as_posix(), mutant.function, mutant.before, mutant.operator, mutant.number)
    return hashlib.sha256(repr(identity).encode()).digest()


def _operator(name: str) -> Operator:
    operator: Operator = get_operator(f"core/{name}")()
    return operator


def _mutants(path: Path) -> Iterator[Mutant]:
    source = path.read_text(encoding="utf-8")
    lines, nodes = source.splitlines(), list(ast_nodes(get_ast(source)))
    ignored = list(_ignored(ast.parse(source)))
    for name in OPERATORS:
        operator = _operator(name)
        places = [(node, start) for node in nodes for start, _end in operator.mutation_positions(node)]
        numbers: Counter[tuple[str, str]] = Counter()
        for occurrence, (node, place) in enumerate(places):
            function, line = _function(node), " ".join(lines[place[0] - 1].split())
            numbers[function, line] += 1
            in_signature = node.parent is not None and node.parent.type == "parameters"  # the bare `*`
            if not in_signature and not any(start <= place < end for start, end in ignored):
                yield Mutant(path, function, line, name, occurrence, numbers[function, line])


def _function(node: NodeOrLeaf) -> str:
    """The function or class that the node stands in."""
    scope = node.search_ancestor("funcdef", "classdef")
    return str(scope.name.value) if scope else "module"


def _ignored(tree: ast.AST) -> Iterator[tuple[tuple[int, int], tuple[int, int]]]:
    """Where a fault changes nothing that tests should hold: annotations, decorators, log entries, `strict` of `zip`.

    Of the arguments of classes only type checkers read those that there are (`total` of a `TypedDict`).
    """
    for node in ast.walk(tree):
        parts = [
            getattr(node, "annotation", None),
            getattr(node, "returns", None),
            *getattr(node, "decorator_list", []),
            *(node.keywords if isinstance(node, ast.ClassDef) else []),
        ]
        if isinstance(node, ast.Call) and ast.unparse(node.func).startswith("log."):
            parts.append(node)
        if isinstance(node, ast.keyword) and node.arg == "strict":  # says that lengths are equal, and they are
            parts.append(node.value)
        for part in filter(None, parts):
            yield (part.lineno, part.col_offset), (part.end_lineno, part.end_col_offset)
