"""The length of a text message: 160 characters of the alphabet of telephones, or 70 where any other one occurs."""

from dataclasses import dataclass

from directory.text import without_accents

_ALPHABET = frozenset(
    "@£$¥èéùìòÇ\nØø\rÅåΔ_ΦΓΛΩΠΨΣΘΞÆæßÉ !\"#¤%&'()*+,-./0123456789:;<=>?¡ABCDEFGHIJKLMNOPQRSTUVWXYZÄÖÑÜ§¿"
    "abcdefghijklmnopqrstuvwxyzäöñüà"
)
"""GSM 03.38, the default alphabet."""
_EXTENSION = frozenset("\f^{}\\[~]|€")
"""Each of these takes the room of two."""
_TYPOGRAPHY = str.maketrans(
    {"’": "'", "‘": "'", "“": '"', "”": '"', "–": "-", "—": "-", "‑": "-", "·": "-", "\u202f": " ", "\xa0": " ",
     "…": "..."}
)  # fmt: skip


@dataclass(frozen=True, slots=True)
class MessageLength:
    """How long a message is: its `characters` as telephones count them, and how many messages it takes."""

    characters: int
    messages: int


def length_of(text: str) -> MessageLength:
    """The length of a text as one or several messages."""
    if all(char in _ALPHABET or char in _EXTENSION for char in text):
        characters, alone, joined = sum(1 + (char in _EXTENSION) for char in text), 160, 153
    else:
        characters, alone, joined = len(text.encode("utf-16-le")) // 2, 70, 67
    return MessageLength(characters, 1 if characters <= alone else -(-characters // joined))


def for_telephones(text: str) -> str:
    """The text without typographic signs, and without the accents that telephones do not have ("sáb" as "sab").

    One such sign would halve what fits. A text of other signs, such as another script, stays as it is.
    """
    return "".join(char if char in _ALPHABET else without_accents(char) for char in text.translate(_TYPOGRAPHY))


def shortest_that_fits(texts: list[str]) -> str:
    """The first of several texts, longest first, that fits in one message; the last where none does."""
    plain = [for_telephones(text) for text in texts]
    return next((text for text in plain if length_of(text).messages == 1), plain[-1])
