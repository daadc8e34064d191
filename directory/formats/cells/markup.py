"""Marks of web pages and spreadsheet programs within texts: `&amp;`, `<br>`, links, an apostrophe before a text."""

import html
import re

from directory.zones.fields import Kind
from directory.zones.schemas import FIELDS
from directory.zones.validation.row_validation import RawRow

_LINK = re.compile(r"<a\s[^>]*?\bhref\s*=\s*[\"']?([^\"'\s>]+)[^>]*>(.*?)</a\s*>", re.I | re.S)
_LINE_END = re.compile(r"\s*<(?:br|/p|/div|/li)\s*/?\s*>\s*", re.I)
_TAG = re.compile(r"</?(?:p|div|span|b|i|u|em|strong|font|small|li|ul|ol|a)(?:\s+[\w-]+\s*=[^<>]*)?\s*/?>", re.I)
_ENTITY = re.compile(r"&(?:#\d{1,6}|#x[0-9a-f]{1,5}|[a-z]{2,8}\d?);", re.I)
_TEXT_MARK = re.compile(r"'(?:0\d|\d{3}|\d+ [A-Z]|[=+-])")
"""An apostrophe by which a spreadsheet program keeps a number or a sign as text; names and years have their own."""
_LONGEST = 2_000
"""Characters: longer texts are no cells of a table of places, and take long to look through."""


def without_markup(row: RawRow) -> RawRow:
    """The row with its texts as a reader of the page or the sheet sees them; our own files have none to take away."""
    if not row.has_our_id:
        for field, value in row.values.items():
            if isinstance(value, str) and ("&" in value or "<" in value or value[:1] == "'"):
                row.values[field] = _plain(field, value)
    return row


def _plain(field: str, text: str) -> str:
    if len(text) > _LONGEST:
        return text
    is_address = field in FIELDS and FIELDS[field].kind is Kind.URL
    text = _LINK.sub(r"\1" if is_address else r"\2", text)
    text = _TAG.sub("", _LINE_END.sub(" ", text))
    text = _ENTITY.sub(lambda entity: html.unescape(entity[0]), text).replace("\xa0", " ")
    return text[1:] if _TEXT_MARK.match(text) else text
