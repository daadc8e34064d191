"""Compare and name texts: plain words, keys of place names, slugs, spelling variants."""

import re
import unicodedata
from collections.abc import Callable, Collection, Iterator
from difflib import get_close_matches
from functools import lru_cache, wraps
from typing import TypeVar

_Read = TypeVar("_Read")
MOST_KEPT = 200
"""Characters of a text of which a result is kept: names are shorter, and thousands of long cells would fill memory."""

_WORD = re.compile(r"[a-z0-9]+")
_ABBREVIATIONS = {
    "st": "saint", "ste": "sainte", "ft": "fort", "mt": "mount", "mtn": "mountain", "pt": "point",
    "n": "north", "s": "south", "e": "east", "w": "west",
    "no": "north", "so": "south",
    "ne": "northeast", "nw": "northwest", "se": "southeast", "sw": "southwest",
    "hts": "heights", "hgts": "heights", "spgs": "springs", "spg": "spring", "vlg": "village", "vly": "valley",
    "twp": "township", "ctr": "center", "centre": "center", "jct": "junction", "bch": "beach", "hbr": "harbor",
    "harbour": "harbor", "lk": "lake", "lks": "lakes", "is": "island", "isl": "island", "cty": "county",
    "cnty": "county", "co": "county", "pk": "park", "gr": "grove", "rpds": "rapids", "fls": "falls",
    "and": "", "the": "",
}  # fmt: skip


class TranslatableText(str):
    """A formatted sentence with its template and values, so that a page can translate it."""

    template: str
    values: dict[str, object]


def translatable(template: str, **values: object) -> TranslatableText:
    """A sentence in English with its values filled in; `template` is what translators translate."""
    return _filled_in(template, values) if values else _as_it_stands(template)


def _filled_in(template: str, values: dict[str, object]) -> TranslatableText:
    sentence = TranslatableText(template % values if values else template)
    sentence.template, sentence.values = template, values
    return sentence


@lru_cache(maxsize=1024)
def _as_it_stands(template: str) -> TranslatableText:
    """Thousands of findings of a file share a sentence."""
    return _filled_in(template, {})


def without_accents(text: str) -> str:
    """`text` without accents."""
    if text.isascii():
        return text
    return "".join(char for char in unicodedata.normalize("NFKD", text) if not unicodedata.combining(char))


def kept_of_short(maxsize: int) -> Callable[[Callable[[str], _Read]], Callable[[str], _Read]]:
    """Keeps what a function gave of the last texts, as `lru_cache` does, but for those longer than `MOST_KEPT`."""

    def keeping(read: Callable[[str], _Read]) -> Callable[[str], _Read]:
        cached = lru_cache(maxsize)(read)

        @wraps(read)
        def read_or_kept(text: str) -> _Read:
            return cached(text) if len(text) <= MOST_KEPT else read(text)

        return read_or_kept

    return keeping


@kept_of_short(8192)
def plain(text: str) -> str:
    """Lower-case ASCII words of `text`: accents dropped, punctuation turned into single spaces."""
    letters = without_accents(text.replace("’", "'").replace("ʻ", "'").replace("ß", "ss")).lower()
    return " ".join(_WORD.findall(letters.replace("'", "")))


@kept_of_short(8192)
def fold(name: str) -> str:
    """The key under which a place name is compared: "Ft. St. John" and "Fort Saint John" share one.

    Spaces are removed, so that "La Belle" equals "LaBelle".
    """
    return "".join(_ABBREVIATIONS.get(word, word) for word in plain(name).split())


def slug(text: str) -> str:
    """A part of a URL: "St. Albert RCMP" becomes "st-albert-rcmp"."""
    return plain(text).replace(" ", "-")


def instead(word: str, these: str, valid: Collection[str]) -> str:
    """How a refusal of an unknown word goes on: "; queryables are id, town", after the word that was probably meant.

    `these` is what the valid words are called, in small letters.
    """
    in_small_letters = {word.lower(): word for word in valid}
    matches = get_close_matches(word.lower(), in_small_letters, n=1, cutoff=0.75)
    listed = f"{these} are {', '.join(valid)}"
    return (
        f". Did you mean {in_small_letters[matches[0]]}? {listed[0].upper()}{listed[1:]}" if matches else f"; {listed}"
    )


def one_letter_off(key: str) -> Iterator[str]:
    """Every string one missing, extra, wrong or swapped letter away from `key` (first letters included)."""
    alphabet = "abcdefghijklmnopqrstuvwxyz"
    for i in range(len(key)):
        yield key[:i] + key[i + 1 :]
        yield from (key[:i] + letter + key[i + 1 :] for letter in alphabet if letter != key[i])
        if i + 1 < len(key) and key[i] != key[i + 1]:
            yield key[:i] + key[i + 1] + key[i] + key[i + 2 :]
    for i in range(len(key) + 1):
        yield from (key[:i] + letter + key[i:] for letter in alphabet)
