"""Run by the clients' Python: compute formulas of Excel over a table, with a library that knows them.

Standard input is {"columns": {letter: values}, "mine": {cell: value}, "steps": [[letter, formula]]}. A step
with a letter makes a column of its formula, which is written for row 2; one without is a cell's: its value is printed.
"""

import json
import sys
from string import digits
from typing import Any

import formulas
import numpy as np

work = json.load(sys.stdin)
columns, mine = work["columns"], work["mine"]


def given(name: str, row: int) -> object:
    """The value of an input of a formula: a cell of the sheet Mine, a whole column, or a cell of this row."""
    if name.startswith("MINE!"):
        return mine[name.removeprefix("MINE!")]
    cell, colon, _ = name.partition(":")
    column = columns[cell.rstrip(digits)]
    return np.array([[value] for value in column], object) if colon else column[row]


def answer(function: Any, row: int) -> object:
    """What a formula gives in a row, from 0."""
    value = np.ravel(np.asarray(function(*[given(name, row) for name in function.inputs]), object))[0]
    return value.item() if hasattr(value, "item") else value


done = []
for letter, formula in work["steps"]:
    function = formulas.Parser().ast(formula)[1].compile()
    if letter:
        columns[letter] = [answer(function, row) for row in range(len(next(iter(columns.values()))))]
    else:
        done.append(answer(function, 0))
json.dump({"done": done, "columns": {letter: columns[letter] for letter, _ in work["steps"] if letter}}, sys.stdout)
