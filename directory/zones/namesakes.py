"""Governments below the county whose name another one in the state bears as well (`scripts/build_namesakes.py`)."""

import csv
import lzma
from collections import defaultdict
from functools import lru_cache

from directory.regions import NAMES
from directory.text import fold

NAMESAKES = NAMES / "namesakes.csv.xz"


@lru_cache(maxsize=1)
def namesakes() -> dict[tuple[str, str], tuple[tuple[str, str], ...]]:
    """By state and folded name, such as "NJ" and "washington": the form and the folded county of each government."""
    by_name: defaultdict[tuple[str, str], tuple[tuple[str, str], ...]] = defaultdict(tuple)
    with lzma.open(NAMESAKES, "rt", encoding="utf-8", newline="") as file:
        for state, name, form, county in csv.reader(file):
            by_name[state, fold(name)] += ((form, fold(county)),)
    return dict(by_name)
