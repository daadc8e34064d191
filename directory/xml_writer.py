"""Write well-formed XML 1.0, for every feed and file of the site."""

import re
from collections.abc import Mapping

_REFERENCES = {"&": "&amp;", "<": "&lt;", ">": "&gt;", '"': "&quot;", "\t": "&#9;", "\n": "&#10;", "\r": "&#13;"}
"""References for special characters, and for those that a parser turns into spaces in an attribute."""
_SPECIAL = re.compile(f"[{''.join(_REFERENCES)}]")
_INVALID_CHARACTERS = re.compile(r"[^\t\n\r\x20-\ud7ff\ue000-\ufffd\U00010000-\U0010ffff]")


class Xml(str):
    """Text that is already markup."""


DECLARATION = Xml('<?xml version="1.0" encoding="UTF-8"?>\n')


def element(name: str, attributes: Mapping[str, object], *content: str) -> Xml:
    """An element; its content is escaped unless it is `Xml`.

    Characters that XML 1.0 does not allow (controls, lone surrogates, U+FFFE, U+FFFF) are left out.
    """
    inner = "".join([part if isinstance(part, Xml) else _escape(part) for part in content])
    tag = start_tag(name, attributes)
    return Xml(f"{tag}{inner}</{name}>" if inner else f"{tag[:-1]}/>")


def start_tag(name: str, attributes: Mapping[str, object]) -> Xml:
    """The start tag of an element."""
    pairs = [f' {key}="{_escape(str(value))}"' for key, value in attributes.items()]
    return Xml(f"<{name}{''.join(pairs)}>")


def end_tag(name: str) -> Xml:
    """The end tag of an element."""
    return Xml(f"</{name}>")


def lines(*parts: Xml) -> Xml:
    """Elements, each followed by a line break."""
    return Xml("".join(f"{part}\n" for part in parts))


def _escape(text: str) -> str:
    """Escape text for an element or an attribute."""
    if not text.isprintable():  # printable text has no invalid characters; the check is fast
        text = _INVALID_CHARACTERS.sub("", text)
    return _SPECIAL.sub(lambda match: _REFERENCES[match[0]], text)
