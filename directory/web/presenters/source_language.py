"""The language in which a source wrote, told by its words: no file and no form states it."""

import re
from functools import lru_cache

from directory.languages import SOURCE_LANGUAGE
from directory.text import without_accents
from directory.zones.derivations import PLAIN_NAME

_SIGNS = {
    SOURCE_LANGUAGE: (
        "the of and in at by near to with on is are no for from behind",
        "parking lot lobby station department entrance building front",
    ),
    "fr": (
        "le la les de et en un une sur dans avec pour par pres",
        "du des au aux stationnement poste ville mairie hotel surete entree echange echanges securitaire rencontre "
        "municipalite arriere devant derriere heures",
    ),
    "es": (
        "el la los las de y en un una con para por",
        "del al estacionamiento comisaria cuartel policia ayuntamiento entrada intercambio segura seguro encuentro "
        "municipio detras frente horas",
    ),
}
"""Words of each language: those that names of places in English have too, and those that count double."""
_WEIGHTS = {
    language: {word: weight for weight, words in enumerate(groups, 1) for word in words.split()}
    for language, groups in _SIGNS.items()
}
_ELISION = re.compile(r"\b[dl]'(?=\w)")
_ENOUGH = 2
"""One small word is none: "Las Cruces" and "La Mesa" stand in English sentences."""


def is_plain_name(name: str) -> bool:
    """Whether a zone's name is ours, since no source gave it one: it is said in the reader's language."""
    return name == PLAIN_NAME


@lru_cache(maxsize=8192)
def language_of(source_text: str) -> str:
    """The language of a source's words ("fr"); that of most sources where the words do not tell."""
    text = without_accents(source_text.lower().replace("’", "'"))
    elided = _ELISION.sub("", text)
    tokens = re.findall(r"[a-z]+", elided)
    scores = {language: sum(map(weights.get, tokens, [0] * len(tokens))) for language, weights in _WEIGHTS.items()}
    scores["fr"] += _ENOUGH * (text != elided)
    best, second = sorted(scores, key=scores.__getitem__, reverse=True)[:2]
    return best if scores[best] >= _ENOUGH and scores[best] > scores[second] else SOURCE_LANGUAGE
