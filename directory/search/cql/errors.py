"""Why a filter cannot be used, and where in it."""

import re

from directory.errors import BadInputError


class FilterError(BadInputError, ValueError):
    """A filter that cannot be used. `named` is what it is about, as it stands in the filter, if that is one thing."""

    def __init__(self, message: str, fragment: str = "", position: int = 0) -> None:
        super().__init__(message)
        self.message = message
        self.fragment = fragment
        self.position = position

    def within(self, filter_text: str) -> "FilterError":
        """The same with the character (from 1) at which it stands in the filter."""
        match = re.search(re.escape(self.fragment), filter_text, re.IGNORECASE) if self.fragment else None
        position = self.position or (match.start() + 1 if match else 0)
        return FilterError(
            f"at character {position}: {self.message}" if position else self.message, self.fragment, position
        )
