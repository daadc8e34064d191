"""Parts of an address that routes read: `<int:…>` and `<department:…>`."""

from typing import Any

from werkzeug.routing import BaseConverter, IntegerConverter, Map

from directory.web.query.integers import DIGITS, LARGEST


class StorableInteger(IntegerConverter):
    """`<int:…>`: a number above LARGEST leads nowhere."""

    regex = DIGITS

    def __init__(self, url_map: Map, **limits: Any) -> None:
        super().__init__(url_map, **{"max": LARGEST, **limits})


class DepartmentConverter(BaseConverter):
    """`<department:…>`: the key of a department, such as ct/darien-police-department, in whatever case it was typed."""

    regex = "[^/]+/[^/]+"
    part_isolating = False

    def to_python(self, value: str) -> str:
        """The key as the directory writes it."""
        return value.lower()
