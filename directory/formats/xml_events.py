"""XML read element by element, in pieces: entities, endless tags and more elements than allowed are refused.

A few bytes of XML can say very much: a million empty cells, an attribute of fifty megabytes. So everything is counted
while it is read, and the whole of it is never in memory at once.
"""

import zipfile
import zlib
from collections.abc import Iterator
from typing import IO
from xml.parsers import expat

from directory.formats.source import BadFileError, Limits, too_much_text
from directory.text import translatable

CHUNK = 16_384
LONGEST_TOKEN = 1_000_000
"""Bytes of one tag with its attributes."""
BROKEN = (
    zipfile.BadZipFile, zlib.error, expat.ExpatError, EOFError, OSError, RuntimeError, KeyError, ValueError,
    OverflowError,
)  # fmt: skip
"""What a damaged file raises in the standard library."""

Event = tuple[str, dict[str, str] | None, str]
"""An element that begins (tag, attributes, text), or ends (tag, None, text): the text since the tag before."""


def damaged() -> BadFileError:
    """A file that cannot be understood."""
    return BadFileError(
        translatable("The file is damaged."), translatable("Open it in the program it comes from and save it again.")
    )


class XmlReader:
    """Reads the parts of one file, and counts their elements together."""

    def __init__(self, limits: Limits) -> None:
        self._limits = limits
        self._elements = 0

    def events(self, stream: IO[bytes]) -> Iterator[Event]:
        """Elements as they begin and end, by their names without namespace. Raises BadFileError or one of BROKEN."""
        queue: list[Event] = []
        parser = _parser(queue, self._limits)
        fed = 0
        while chunk := stream.read(CHUNK):
            fed += len(chunk)
            parser.Parse(chunk, False)
            if fed - parser.CurrentByteIndex > LONGEST_TOKEN:
                raise damaged()
            self._count(len(queue))
            yield from queue
            queue.clear()
        parser.Parse(b"", True)
        yield from queue

    def _count(self, events: int) -> None:
        self._elements += events
        if self._elements > 2 * self._limits.elements:
            raise BadFileError(
                translatable(
                    "The file has more than %(most)s cells, empty ones included.", most=f"{self._limits.elements:,}"
                ),
                translatable("Delete the empty rows and columns below and beside the table, or send it as CSV."),
            )


def _parser(queue: list[Event], limits: Limits) -> expat.XMLParserType:
    parser = expat.ParserCreate(namespace_separator=" ")
    pieces: list[str] = []
    length = 0

    def begin(name: str, attributes: dict[str, str]) -> None:
        nonlocal length
        text = "".join(pieces)
        pieces.clear()
        length = 0
        queue.append((_local(name), {_local(key): value for key, value in attributes.items()}, text))

    def end(name: str) -> None:
        queue.append((_local(name), None, "".join(pieces)))
        pieces.clear()

    def take(text: str) -> None:
        nonlocal length
        length += len(text)
        if length > limits.text:
            raise too_much_text(limits)
        pieces.append(text)

    def refuse(*_declaration: object) -> None:
        raise damaged()  # entities, which no program writes for a table, could unpack to anything

    parser.StartElementHandler, parser.EndElementHandler, parser.CharacterDataHandler = begin, end, take
    parser.StartDoctypeDeclHandler = refuse
    return parser


def _local(name: str) -> str:
    return name.rpartition(" ")[2]
