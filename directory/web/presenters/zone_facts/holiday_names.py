"""Public holidays by their names in the reader's language."""

from directory.text import translatable
from directory.web.i18n.translate import _, translate

_NAMES = {
    str(name): name
    for name in (
        translatable("New Year's Day"), translatable("Martin Luther King Jr. Day"),
        translatable("Washington's Birthday"),
        translatable("Presidents' Day"), translatable("Lincoln's Birthday"), translatable("Good Friday"),
        translatable("Easter Monday"), translatable("Memorial Day"),
        translatable("Juneteenth National Independence Day"), translatable("Independence Day"),
        translatable("Labor Day"), translatable("Thanksgiving"), translatable("Christmas"),
        translatable("Columbus Day"), translatable("Indigenous Peoples' Day"), translatable("Veterans Day"),
        translatable("Election Day"), translatable("Thanksgiving Day"), translatable("Day After Thanksgiving"),
        translatable("Christmas Eve"), translatable("Christmas Day"), translatable("New Year's Eve"),
        translatable("Canada Day"), translatable("Victoria Day"), translatable("Family Day"),
        translatable("Civic Holiday"), translatable("Remembrance Day"), translatable("Boxing Day"),
        translatable("National Day for Truth and Reconciliation"), translatable("National Patriots' Day"),
        translatable("Saint John the Baptist Day"), translatable("Three Kings Day"),
    )
}  # fmt: skip
"""Those that many states or provinces keep, by the library's name and by that of hours; others have one name only."""
_OBSERVED = " (observed)"


def holiday_name_words(name: str) -> str:
    """The library's name of a day ("Christmas Day (observed); Christmas Eve") as a reader says it."""
    return "; ".join(map(_one, name.split("; ")))


def named_holidays(comment: str) -> str:
    """The days that a rule of hours names ("Thanksgiving, Christmas") as a reader says them."""
    return ", ".join(map(_one, comment.split(", ")))


def _one(name: str) -> str:
    text = translate(_NAMES.get(name.removesuffix(_OBSERVED), name.removesuffix(_OBSERVED)))
    return _("%(holiday)s (observed)", holiday=text) if name.endswith(_OBSERVED) else text
