"""French shortens "de" before a vowel, which no catalogue can know: "près de Gatineau", but "près d’Ottawa"."""

import re
from collections.abc import Mapping

from directory.text import without_accents

_OF = re.compile(r"\b([Dd])e %\((\w+)\)s")
_MARKS = re.compile(r"<[^>]*>")


def elided(template: str, values: Mapping[str, object]) -> str:
    """A French template for `%`, in which "de" is "d’" where the value after it begins with a vowel.

    Marks around the value are passed over. An h or a y never shortens: names in North America mostly sound it.
    """

    def of(match: re.Match[str]) -> str:
        following = _MARKS.sub("", str(values.get(match[2], ""))).strip()
        begins_with_vowel = without_accents(following)[:1].lower() in tuple("aeiouœæ")
        return f"{match[1]}’%({match[2]})s" if begins_with_vowel else match[0]

    return _OF.sub(of, template)
