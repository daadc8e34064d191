"""What French does to a sentence when a name comes into it, which no catalogue can know.

"De" is shortened before a vowel: "près de Gatineau", but "près d’Ottawa". "De" and "à" join with the article of a name:
"près des Escoumins", "aux Escoumins".
"""

import re
from collections.abc import Mapping

from directory.text import without_accents

_BEFORE_A_VALUE = re.compile(r"\b(?P<word>[Dd]e|[Àà]) %\((?P<name>\w+)\)s")
_ARTICLE = re.compile(r"\bLes (?=[^\W\d_])")
_WITH_ARTICLE = {"de": "des", "De": "Des", "à": "aux", "À": "Aux"}
_TAGS = re.compile(r"<[^>]*>")
_QUOTATION_MARKS = "«»“”\"'‘’ \xa0"


def fitted(language: str, template: str, values: Mapping[str, object]) -> tuple[str, Mapping[str, object]]:
    """A translated template for `%` and its values, as the language writes them together.

    Tags around a value are passed over, and before a vowel quotation marks too; what is quoted keeps its article. An h
    or a y never shortens: names in North America mostly sound it.
    """
    if language != "fr":
        return template, values
    changed = dict(values)

    def written(match: re.Match[str]) -> str:
        word, name = match["word"], match["name"]
        value = values.get(name, "")
        plain_value = _TAGS.sub("", str(value))
        if isinstance(value, str) and _ARTICLE.match(plain_value):
            changed[f"{name} without article"] = type(value)(_ARTICLE.sub("", value, count=1))
            return f"{_WITH_ARTICLE[word]} %({name} without article)s"
        begins_with_vowel = without_accents(plain_value.lstrip(_QUOTATION_MARKS))[:1].lower() in tuple("aeiouœæ")
        return f"{word[0]}’%({name})s" if word in ("de", "De") and begins_with_vowel else match[0]

    return _BEFORE_A_VALUE.sub(written, template), changed
