"""How alike two domains are: a name that differs by a hyphen, an ending or a confusable letter deceives a reader."""

import unicodedata
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from difflib import SequenceMatcher
from enum import StrEnum

ALIKE_PERCENT = 80
"""From this percentage on a domain looks like another one."""

SHORTEST_CONTAINED = 5
"""Letters that a name must have to count as contained in another."""

_CONFUSABLE = (("rn", "m"), ("vv", "w"), ("cl", "d"), ("0", "o"), ("1", "l"), ("i", "l"), ("5", "s"), ("3", "e"))
_HOMOGLYPHS = str.maketrans("аеорсухіјѕԁһո", "aeopcyxijsdhn")
"""Cyrillic and Armenian letters that look like Latin ones."""


class Difference(StrEnum):
    """In what two domains differ."""

    ENDING = "ending"
    HYPHEN = "hyphen"
    CONFUSABLE = "confusable"
    CONTAINED = "contained"
    LETTERS = "letters"


@dataclass(frozen=True, slots=True)
class Lookalike:
    """An official domain beside the one in question.

    `percent` is 0 to 100. `same`: it is this domain or one below it. `changed` are (official part, part in its place),
    either of which may be empty.
    """

    official: str
    percent: int
    same: bool = False
    differences: tuple[Difference, ...] = ()
    changed: tuple[tuple[str, str], ...] = ()

    @property
    def deceptive(self) -> bool:
        """Whether it looks like the official domain and is another one."""
        return not self.same and (self.percent >= ALIKE_PERCENT or Difference.CONTAINED in self.differences)


def likeness(domain: str, official: str) -> Lookalike:
    """How much `domain` looks like `official`; both in lower case, non-Latin letters as `xn--`."""
    if domain == official or domain.endswith("." + official):
        return Lookalike(official, 100, same=True)
    name, official_name = _skeleton(_name(domain)), _skeleton(_name(official))
    letters, official_letters = _skeleton(domain), _skeleton(official)
    pairs = ((domain, official), (letters, official_letters), (name, official_name))
    percent = round(100 * max(SequenceMatcher(None, *pair, autojunk=False).ratio() for pair in pairs))
    return Lookalike(official, percent, False, tuple(_differences(domain, official)), _changed(domain, official))


def deceptive(domain: str, official: Iterable[str]) -> list[Lookalike]:
    """The official domains that `domain` looks like without being one of them; none when it is one."""
    likenesses = [likeness(domain, one) for one in official]
    if any(one.same for one in likenesses):
        return []
    return sorted((one for one in likenesses if one.deceptive), key=lambda one: -one.percent)


def _differences(domain: str, official: str) -> Iterator[Difference]:
    name, official_name = _unicode(_name(domain)), _unicode(_name(official))
    if name.replace("-", "") == official_name.replace("-", "") and _ending(domain) != _ending(official):
        yield Difference.ENDING
    if name.count("-") != official_name.count("-"):
        yield Difference.HYPHEN
    same_look = _skeleton(name) == _skeleton(official_name)
    if same_look and name.replace("-", "") != official_name.replace("-", ""):
        yield Difference.CONFUSABLE
    contained = len(_skeleton(official_name)) >= SHORTEST_CONTAINED and _skeleton(official_name) in _skeleton(domain)
    if contained and not same_look:
        yield Difference.CONTAINED
    if not same_look and not contained:
        yield Difference.LETTERS


def _changed(domain: str, official: str) -> tuple[tuple[str, str], ...]:
    as_unicode = _unicode(domain)
    steps = SequenceMatcher(None, official, as_unicode, autojunk=False).get_opcodes()
    return tuple((official[a:b], as_unicode[c:d]) for kind, a, b, c, d in steps if kind != "equal")


def _ending(domain: str) -> str:
    """The registry's part: "gov", or "ct.us"."""
    return domain.removeprefix(_name(domain)).lstrip(".")


def _name(domain: str) -> str:
    """What stands before the registry's part."""
    labels = domain.split(".")
    cut = 2 if labels[-1] == "us" and len(labels) > 2 and len(labels[-2]) == 2 else 1
    return ".".join(labels[:-cut]) or domain


def _unicode(domain: str) -> str:
    """The domain with the letters that a reader sees."""
    try:
        return domain.encode("ascii").decode("idna")
    except UnicodeError:
        return domain


def _skeleton(domain: str) -> str:
    """The letters as they look at a glance: confusable ones made alike, accents, dots and hyphens dropped."""
    letters = unicodedata.normalize("NFKD", _unicode(domain).lower().translate(_HOMOGLYPHS))
    text = "".join(letter for letter in letters if letter.isascii() and letter.isalnum())
    for glyphs, letter in _CONFUSABLE:
        text = text.replace(glyphs, letter)
    return text
