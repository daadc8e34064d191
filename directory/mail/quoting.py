"""Whose words are whose in a mail: sentences of ours, and other people's text inside them, short, quoted, no link.

The types are what keeps them apart: a message takes these and no plain `str`, a subject takes `OwnText` alone.
"""

import re
import unicodedata

MOST_CHARACTERS = 80
MARKS = "“%(words)s”"
"""Quotation marks as English has them, and what catalogues translate into those of other languages."""


class Prose(str):
    """Sentences of ours; what others wrote stands in them quoted."""


class OwnText(Prose):
    """A sentence of ours that holds nobody else's text: what a subject may be."""


class Quoted(Prose):
    """Somebody else's text in quotation marks, made by `quoted`."""


def quoted(text: str, most: int = MOST_CHARACTERS, marks: str = MARKS) -> Quoted:
    """`text` on one line in `marks`, cut to `most` characters, without anything that a mail program makes a link of.

    Control, direction and other invisible characters and quotation marks are left out. Web addresses stay readable: a
    space follows each dot inside a word and each colon before a slash.
    """
    if isinstance(text, Quoted):
        return text
    visible = "".join(" " if char.isspace() else char for char in text if char.isspace() or _is_visible(char))
    line = " ".join(_without_links(visible).split())
    return Quoted(marks % {"words": line if len(line) <= most else line[: most - 1].rstrip() + "…"})


def quoted_address(email: str, marks: str = MARKS) -> Quoted:
    """A person's mail address as it is; one with other characters than letters, digits and ._+- is quoted as text."""
    return Quoted(email) if re.fullmatch(r"[a-z0-9._+-]{1,64}@[a-z0-9.-]{1,190}", email) else quoted(email, marks=marks)


def _is_visible(char: str) -> bool:
    """Whether it is neither a control, a format nor an unassigned character, nor a quotation mark."""
    return unicodedata.category(char)[0] != "C" and char not in QUOTATION_MARKS


QUOTATION_MARKS = '"“”„‟«»❝❞〝〞＂'
DOT = r"[.。．｡․]"
"""Every character that a browser takes for the dot of a domain name."""


def _without_links(text: str) -> str:
    """`text` in which no word has a dot inside it, but for numbers, and no slash follows a colon."""
    spaced = re.sub(rf"(?<=\w){DOT}(?=\w)(?!(?<=\d.)\d)", ". ", text)
    return re.sub(r":(?=[/\\])", ": ", spaced)
