"""Readers of what says in which part of a country something is: state or province, country, postal code."""

import re

from directory.regions import COVERED, FSA, REGIONS, read_country, read_region
from directory.text import translatable
from directory.zones.findings import FieldError
from directory.zones.parsed import Parsed

_BETWEEN_PARTS = re.compile(r"[,()]|\s-\s|(?<=^USA)-")
_LONGEST_STATE = 100
"""Characters."""
_COUNTY_BEHIND = re.compile(r"\s*\([\w .'-]{2,40} (?:co|county|cnty|parish)\.?\)$", re.I)
_ISO_REGION = re.compile(r"(US|CA)-([A-Z]{2})")
POSTAL_CODE_BEHIND = re.compile(r"(?<=\S) +(?:\d{5}(?:-\d{4})?|[A-Z]\d[A-Z] ?\d[A-Z]\d)$")
_STATE_BEFORE = re.compile(r"([A-Za-z.]{2,})[ ,]+(?=\S*\d)")
_STATE_BEHIND = re.compile(r"(?<=\d)[ ,]+([A-Za-z.]{2,})$")
_LABEL_OF_CODE = re.compile(r"^(?:zip|postal)(?: ?code)?[ :#]+(?=\w)", re.I)
_WITH_THOUSANDS = re.compile(r"^(\d{1,2}),(\d{3})$")
_LOWEST_ZIP = 501


def state(value: str) -> Parsed:
    """A state's or province's code, from the code or the full name; also "CT 06810", "US-CT", "Connecticut, USA"."""
    if (
        code := read_region(value)
        or _region_among(value)
        or read_region(_COUNTY_BEHIND.sub("", value[:_LONGEST_STATE]))
    ):
        return Parsed(code, "" if value.upper().replace(".", "") == code else code)
    raise FieldError(
        translatable("not a US state or territory or a Canadian province"),
        translatable("Use the two-letter code, such as CT or ON."),
    )


def _region_among(value: str) -> str:
    """The one region that the parts of a text name, beside a country and a postal code; else an empty string."""
    iso = _ISO_REGION.fullmatch(value.upper())
    if iso and iso[2] in REGIONS and REGIONS[iso[2]].country == iso[1]:
        return iso[2]
    parts = [part for part in _BETWEEN_PARTS.split(POSTAL_CODE_BEHIND.sub("", value)) if part.strip()]
    codes = {read_region(part) for part in parts if not read_country(part) or read_region(part)}
    return codes.pop() if len(codes) == 1 else ""


def country(value: str) -> Parsed:
    """US or CA, from the code or the name."""
    if value.upper() in COVERED:
        return Parsed(value.upper())
    entry = read_country(value)
    if entry and entry.covered:
        return Parsed(entry.code)
    raise FieldError(translatable("not a country of this directory"), translatable("Use US or CA."))


def postal_code(value: str) -> Parsed:
    """A ZIP (a leading zero lost by a spreadsheet is put back), ZIP+4, FSA or Canadian code, without a state before."""
    text = _LABEL_OF_CODE.sub("", value).removeprefix("'")
    before, behind = _STATE_BEFORE.match(text), _STATE_BEHIND.search(text)
    code = text[before.end() :] if before and read_region(before[1]) else text
    code = code[: behind.start()] if behind and read_region(behind[1]) else code
    digits = _WITH_THOUSANDS.sub(r"\1\2", code.removesuffix(".0"))
    if match := re.fullmatch(r"(\d{3,5})(?:(?:(?<=\d{5})[- ]?|(?<=\d{4})-)(\d{4}))?", digits):
        canonical = match[1].zfill(5) + (f"-{match[2]}" if match[2] else "")
        if int(match[1]) >= _LOWEST_ZIP and (len(match[1]) == 5 or match[1][0] != "0"):
            return Parsed(canonical, "" if len(match[1]) == 5 and code == value else canonical)
    compact = code.upper().replace(" ", "").replace("-", "")
    if FSA.fullmatch(compact[:3]) and re.fullmatch(r"(\d[A-Z]\d)?", compact[3:]):
        canonical = f"{compact[:3]} {compact[3:]}".strip()
        return Parsed(canonical, "" if canonical == value else canonical)
    raise FieldError(
        translatable("not a ZIP code or Canadian postal code"),
        translatable("Use a form such as 06840, 06840-1234 or K1A 0B1."),
    )
