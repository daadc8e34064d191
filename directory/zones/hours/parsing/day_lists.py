"""Days of the week as lists and ranges: "M-F", "M-W-F", "M, T, W, T, F"."""

from directory.text import translatable
from directory.zones.hours.errors import AmbiguousHoursError, BadHoursError
from directory.zones.hours.lexicon import INITIALS, WEEKDAYS, Token, TokenKind, days_of


def with_initials_joined(tokens: list[Token]) -> list[Token]:
    """ "M, T, W, T, F" as one token: in a list of days by their first letters one letter is two days.

    Raises AmbiguousHoursError for M beside the letters of French or Spanish, which has two days of it.
    """
    result: list[Token] = []
    at = 0
    while at < len(tokens):
        letters, end = _initials_from(tokens, at)
        if letters in INITIALS:
            result.append(Token(TokenKind.DAYS, letters))
            at = end
        elif "m" in letters and set(letters) & set("ljvd"):
            raise AmbiguousHoursError(translatable("can be read in two ways"))
        else:
            result.append(tokens[at])
            at += 1
    return result


def _initials_from(tokens: list[Token], at: int) -> tuple[str, int]:
    """The first letters that are listed from here on, and where the list ends."""
    letters, end = "", at
    while at < len(tokens) and tokens[at].kind is TokenKind.DAYS and len(tokens[at].text) == 1:
        letters, end = letters + tokens[at].text, at + 1
        at += 2 if len(tokens) > at + 1 and tokens[at + 1].kind in (TokenKind.COMMA, TokenKind.DASH) else 1
    return letters, end


def is_dashed(tokens: list[Token], at: int) -> bool:
    """Whether a dash and something more follow this token."""
    return len(tokens) > at + 2 and tokens[at + 1].kind is TokenKind.DASH


def days_from(tokens: list[Token], at: int) -> tuple[list[str], int]:
    """The days that begin here, and of how many tokens: one, a range of two, or several in a row ("M-W-F").

    Raises BadHoursError.
    """
    names = [tokens[at].text]
    while is_dashed(tokens, at + 2 * (len(names) - 1)) and tokens[at + 2 * len(names)].kind is TokenKind.DAYS:
        names.append(tokens[at + 2 * len(names)].text)
    days = [days_of(name) for name in names]
    if len(names) == 2:
        return [_range(list(days[0]), days[1])], 3
    if len(names) > 2 and any(len(day) > 1 or "-" in day[0] for day in days):
        raise BadHoursError(translatable("“%(value)s” is not a range of days", value="-".join(names)))
    return [selector for day in days for selector in day], 2 * len(names) - 1


def _range(first: list[str], last: tuple[str, ...]) -> str:
    ends = [*first, *last]
    if len(ends) > 2 or any("-" in end for end in ends):
        raise BadHoursError(
            translatable("“%(value)s” is not a range of days", value=f"{','.join(first)}-{','.join(last)}")
        )
    begins, closes = map(WEEKDAYS.index, ends)
    return "Mo-Su" if (closes + 1) % 7 == begins else "-".join(ends)
