"""Sources of a zone: who says what the directory shows, read and written.

A source is an object with the members `url`, `name`, `kind`, `date` (year, month or day) and `seen` (the day on which
somebody last read it); what is empty is left out. As text it is one line: `https://… | Darien Times | news | 2016`.
"""

import re
from collections.abc import Callable, Mapping
from typing import Any, NamedTuple
from urllib.parse import urlsplit

from directory.text import translatable
from directory.zones.findings import FieldError
from directory.zones.parsed import Parsed, Reader
from directory.zones.schemas import SourceKind

MEMBERS = ("url", "name", "kind", "date", "seen")
MOST_SOURCES = 20
_BETWEEN_LINES = r"(?<!\s)\s*[\n;]\s*"
"""A run of spaces is tried from its beginning only: from each of ten thousand it would take a second."""
_BETWEEN = re.compile(rf"{_BETWEEN_LINES}|(?<!\s)\s+(?=https?://)")
"""Between two sources. An address holds no space; `to_text` writes what would end a part or a source otherwise."""


class Source(NamedTuple):
    """Who says something, where, and when."""

    url: str = ""
    name: str = ""
    kind: SourceKind = SourceKind.UNKNOWN
    date: str = ""
    seen: str = ""

    @classmethod
    def from_json(cls, one: Mapping[str, Any]) -> "Source":
        """The source of an object that was read or stored."""
        values = {name: one.get(name, "") for name in MEMBERS}
        return cls(**{**values, "kind": SourceKind(values["kind"] or SourceKind.UNKNOWN)})

    def to_json(self) -> dict[str, str]:
        """The inverse of `from_json`."""
        members = {name: str(value) for name, value in self._asdict().items()}
        return {name: text for name, text in members.items() if text and text != SourceKind.UNKNOWN}

    def __bool__(self) -> bool:
        return self != Source()


def host_of(url: str) -> str:
    """Where a page was read, as people say it: "darientimes.com"; empty for no address."""
    return (urlsplit(url).hostname or "").removeprefix("www.")


def to_text(one: Mapping[str, Any]) -> str:
    """A source as a line; of a file's object too, whose values may be anything."""
    texts = {name: str(one.get(name) or "") for name in MEMBERS}
    texts["url"] = texts["url"].replace(";", "%3B").replace("|", "%7C")
    return " | ".join(re.sub(r"[|;\s]+", " ", text).strip() for text in texts.values()).rstrip(" |")


def reader_of_sources(readers: Mapping[str, Reader]) -> Callable[[str], Parsed]:
    """A reader of sources, one a line, or of web addresses with white space or semicolons between; each once.

    `readers` read the members.
    """

    def source(line: str) -> dict[str, str]:
        parts = line.split("|")
        if len(parts) > len(MEMBERS):
            raise FieldError(
                translatable("has more than %(most)s parts", most=len(MEMBERS)),
                translatable("Write address, name, kind, date and the day it was seen, with “|” between."),
            )
        texts = zip(MEMBERS, (part.strip() for part in parts), strict=False)
        return Source.from_json({name: readers[name](text).value for name, text in texts if text}).to_json()

    def read(text: str) -> Parsed:
        sources: list[dict[str, str]] = []
        for one in map(source, filter(None, _BETWEEN.split(text.strip()))):
            if one and one not in sources:
                sources.append(one)
        if len(sources) > MOST_SOURCES:
            raise FieldError(
                translatable("has more than %(most)s sources", most=MOST_SOURCES),
                translatable("Leave out those that say nothing more."),
            )
        return Parsed(sources)

    return read


def read_evidence(text: str) -> Parsed:
    """Facts that another source than the main one says: lines like `opening_hours: 2`, by the source's number."""
    evidence: dict[str, int] = {}
    for line in filter(None, re.split(_BETWEEN_LINES, text.strip())):
        fact, colon, number = (part.strip() for part in line.partition(":"))
        if not colon or not re.fullmatch(r"[a-z_]{1,40}", fact) or not re.fullmatch(r"\d{1,3}", number):
            raise FieldError(
                translatable("is no evidence that we can read"),
                translatable("Write a fact and the number of its source, such as “opening_hours: 2”."),
            )
        evidence[fact] = int(number)
    return Parsed(evidence)
