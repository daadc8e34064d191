"""What reading a text gives, and the reader of one of several words."""

from collections.abc import Callable, Mapping
from enum import StrEnum
from types import MappingProxyType
from typing import Any, NamedTuple

from directory.text import plain, translatable
from directory.zones.findings import FieldError


class Parsed(NamedTuple):
    """A value as the directory keeps it, what was converted on the way (empty when nothing was), and what else it says.

    `more` are values of further fields, which count where the row has no words of its own for them.
    """

    value: Any
    converted: str = ""
    more: Mapping[str, Any] = MappingProxyType({})


NOTHING = translatable("nothing")
"""What a placeholder is converted to."""
_VARIANTS = "\ufe0e\ufe0f"
"""What a keyboard puts behind a mark to have it coloured or not."""
Reader = Callable[[str], Parsed]


def choice(words: Mapping[str, StrEnum], kind: type[StrEnum]) -> Reader:
    """A reader of one of an enumeration's values, or of a word that means one."""
    allowed = ", ".join(kind)
    by_words: Mapping[str, StrEnum] = {plain(member): member for member in kind} | dict(words)

    def read(value: str) -> Parsed:
        if value in list(kind):
            return Parsed(kind(value))
        if "?" not in value and (choice_value := by_words.get(plain(value) or value.strip(_VARIANTS))) is not None:
            return Parsed(choice_value, str(choice_value))
        raise FieldError(
            translatable("not one of the known words"), translatable("Use one of: %(allowed)s.", allowed=allowed)
        )

    return read


def text(limit: int) -> Reader:
    """A reader of plain text of at most `limit` characters."""

    def read(value: str) -> Parsed:
        if len(value) > limit:
            raise FieldError(
                translatable("%(value)s characters are too many", value=len(value)),
                translatable("Shorten it to %(limit)s characters.", limit=limit),
            )
        return Parsed(value)

    return read
