"""Words in a cell that state nothing: placeholders, and those that point to the row above."""

import re

from directory.text import plain

_TO_COME = frozenset({
    "tba", "tbc", "tbd", "to be announced", "to be confirmed", "to be determined", "pending", "a determiner",
    "a confirmer", "a venir", "por determinar", "por confirmar",
})  # fmt: skip
_NOT_KNOWN = frozenset({
    "not known", "unknown", "not sure", "unsure", "inconnu", "inconnue", "desconocido", "desconocida",
})  # fmt: skip
_NOTHING = _TO_COME | _NOT_KNOWN | frozenset({
    "n a", "na", "none", "nil", "null", "not applicable", "not available", "not stated",
    "no data", "no info", "no information", "not given", "not listed", "not provided", "not specified",
    "unspecified", "varies", "various", "see website", "see web site", "see web page", "see notes",
    "s o", "n d", "sans objet", "aucun", "aucune",
    "non disponible", "non precise", "ninguno", "ninguna",
    "no disponible", "no aplica", "sin datos",
})  # fmt: skip
_BROKEN_FORMULAS = frozenset({"#n/a", "#null!", "#div/0!", "#value!", "#ref!", "#name?", "#num!", "#spill!", "#calc!"})
"""What spreadsheets write into a cell whose formula failed."""
_FORMULA = re.compile(
    r"=\s*(?:[(+-]?\$?[A-Z]{1,3}\$?\d|\[\d|[\w' ]{1,40}!|[\w.]{2,20}\(|\w{1,40}\[)|@[A-Z]{2,20}\([A-Z]{1,3}\d", re.I
)
_AS_ABOVE = frozenset(
    {
        "same as above",
        "as above",
        "see above",
        "same",
        "ditto",
        "idem",
        "voir ci dessus",
        "meme que ci dessus",
        "igual que arriba",
        "lo mismo",
    }
)
_STROKES = "-\u2013\u2014_.?*/ "
"""Signs of which a cell may consist that says nothing."""
_LONGEST = max(map(len, _NOTHING | _AS_ABOVE)) + 4
"""Characters, with the signs that may stand around the words: whatever is longer is told at once to be neither."""
_DITTO_MARKS = frozenset({'"', "''", "〃", "″"})


def is_placeholder(text: str) -> bool:
    """Whether it stands for "nobody filled this in" ("N/A", "TBD", "-", "?")."""
    return may_be_words_for_nothing(text) and (
        plain(text) in _NOTHING or is_broken_formula(text) or not text.strip(_STROKES)
    )


def is_broken_formula(text: str) -> bool:
    """Whether it is what a spreadsheet writes where a formula failed."""
    return text.lower() in _BROKEN_FORMULAS


def is_formula(text: str) -> bool:
    """Whether it is a formula that nobody computed: "=B2", "=UPPER(B2)"."""
    return text[:1] in ("=", "@") and _FORMULA.match(text) is not None


def is_open_question(text: str) -> bool:
    """Whether it says that something is not decided or not known ("TBD"): of a status that is no gap."""
    return plain(text) in _TO_COME | _NOT_KNOWN or not text.strip("? ")


def means_row_above(text: str) -> bool:
    """Whether it repeats the cell above ("same as above", a ditto mark)."""
    return may_be_words_for_nothing(text) and (text in _DITTO_MARKS or plain(text) in _AS_ABOVE)


def may_be_words_for_nothing(text: str) -> bool:
    """A quick look before the two: none of their words is longer, or begins or ends with a digit."""
    return len(text) <= _LONGEST and not text[:1].isdigit() and not text[-1:].isdigit()
