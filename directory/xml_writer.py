"""Writing XML 1.0: every feed and file of the site gets its elements here, so that a parser can always read them."""

import re
from collections.abc import Mapping

_REFERENCES = {"&": "&amp;", "<": "&lt;", ">": "&gt;", '"': "&quot;", "\t": "&#9;", "\n": "&#10;", "\r": "&#13;"}
"""What stands for characters that mean something to a parser, or that it would turn into spaces in an attribute."""
_SPECIAL = re.compile(f"[{''.join(_REFERENCES)}]")
_NOT_ALLOWED = re.compile(r"[^\t\n\r\x20-\ud7ff\ue000-\ufffd\U00010000-\U0010ffff]")


class Xml(str):
    """Text that is markup already."""


DECLARATION = Xml('<?xml version="1.0" encoding="UTF-8"?>\n')


def element(name: str, attributes: Mapping[str, object], *content: str) -> Xml:
    """An element: `Xml` among its content stays as it is, every other text is escaped.

    Characters that XML 1.0 does not allow (controls, lone surrogates, U+FFFE, U+FFFF) are left out.
    """
    inner = "".join([part if isinstance(part, Xml) else _text(part) for part in content])
    opened = start_tag(name, attributes)
    return Xml(f"{opened}{inner}</{name}>" if inner else f"{opened[:-1]}/>")


def start_tag(name: str, attributes: Mapping[str, object]) -> Xml:
    """The start of an element whose content is written piece by piece."""
    pairs = [f' {key}="{_text(str(value))}"' for key, value in attributes.items()]
    return Xml(f"<{name}{''.join(pairs)}>")


def end_tag(name: str) -> Xml:
    """The end of such an element."""
    return Xml(f"</{name}>")


def lines(*parts: Xml) -> Xml:
    """Elements with a line break after each."""
    return Xml("".join(f"{part}\n" for part in parts))


def _text(text: str) -> str:
    """Text for an element or an attribute."""
    if not text.isprintable():  # what is printable is allowed, which is quickly seen
        text = _NOT_ALLOWED.sub("", text)
    return _SPECIAL.sub(_reference, text)


def _reference(found: re.Match[str]) -> str:
    return _REFERENCES[found[0]]
