"""Long lists in pages of fifty."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any, Generic, TypeVar

from flask import request, url_for

from directory.web.query.integers import number_in

A_PAGE = 50
Item = TypeVar("Item")


@dataclass(frozen=True, slots=True)
class Page(Generic[Item]):
    """A part of a long list, of `total` items; `number` counts from 1. `before` and `after` lead to its neighbours."""

    name: str
    items: Sequence[Item]
    number: int
    pages: int
    total: int
    before: str
    after: str


def paged(items: Sequence[Item], endpoint: str, name: str, **values: Any) -> Page[Item]:
    """The part of a list that the address of the page asks for by `name`."""
    pages = max(1, -(-len(items) // A_PAGE))
    number = min(max(1, number_in(request.args.get(name, "")) or 1), pages)
    before, after = (url_for(endpoint, **{**values, name: beside}) for beside in (number - 1, number + 1))
    return Page(name, items[(number - 1) * A_PAGE : number * A_PAGE], number, pages, len(items),
                before if number > 1 else "", after if number < pages else "")  # fmt: skip
