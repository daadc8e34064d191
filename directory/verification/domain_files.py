"""Reads lists of official domains: our own form, or the .gov registry's."""

import csv
import gzip
import re
import zlib
from collections.abc import Iterator
from pathlib import Path
from typing import IO

from directory.clock import now
from directory.db.tables.domains import OfficialDomain
from directory.formats.source import BadFileError
from directory.regions import REGIONS
from directory.text import translatable
from directory.verification.mail_domains import DOMAIN

_STATE_US = re.compile(r"\.[a-z]{2}\.us$")
REGISTRY = "current-full.csv"
"""The source of rows that come from the .gov registry's whole list, whatever the file is called."""


def is_official(domain: str) -> bool:
    """Whether the table may hold the name: .gov, a state's .us, or a Canadian one, which its list vouches for."""
    return domain.endswith((".gov", ".ca")) or bool(_STATE_US.search(domain))


def read_domains(path: Path) -> Iterator[OfficialDomain]:
    """Rows of a list of official domains: our own form (domain, place, state, source) or the .gov registry's.

    What counts is the organization's own name: its mailing city may be another town. Raises BadFileError, naming the
    first row that cannot be used.
    """
    try:
        with _opened(path) as file:
            yield from _rows(file, path.name.removesuffix(".gz"))
    except (UnicodeDecodeError, csv.Error, gzip.BadGzipFile, zlib.error, EOFError) as error:
        raise BadFileError(
            f"{path.name} is no CSV file in UTF-8, or it is damaged.",
            translatable("Use our own form, or the registry's current-full.csv."),
        ) from error


def _opened(path: Path) -> IO[str]:
    """The text of a file, unpacked where it is packed with gzip, whatever it is called."""
    with path.open("rb") as file:
        packed = file.read(2) == b"\x1f\x8b"
    if packed:
        return gzip.open(path, "rt", encoding="utf-8-sig", newline="")
    return path.open(encoding="utf-8-sig", newline="")


def _rows(file: IO[str], name: str) -> Iterator[OfficialDomain]:
    rows = csv.DictReader(file)
    names = {re.sub(r"[^a-z]", "", (name or "").lower()): name for name in rows.fieldnames or []}
    columns = [names.get("domain") or names.get("domainname"), names.get("place") or names.get("organizationname"),
               names.get("state")]  # fmt: skip
    if not all(columns):
        raise BadFileError(
            translatable("%(name)s has no columns domain, place and state.", name=name),
            translatable("Use our own form, or the registry's current-full.csv."),
        )
    registry = REGISTRY if "domainname" in names else name
    for number, row in enumerate(rows, start=2):
        domain, place, state = ((row[str(column)] or "").strip() for column in columns)
        domain = domain.lower()
        kind = _cell(row, names.get("domaintype") or names.get("kind")).lower()
        if "federal" in kind or state.upper() not in REGIONS:
            continue
        if not DOMAIN.fullmatch(domain) or not is_official(domain) or not place:
            raise BadFileError(
                translatable(
                    "Row %(number)s of %(name)s: “%(domain)s” for “%(place)s” is no official domain.",
                    number=number,
                    name=name,
                    domain=domain,
                    place=place,
                ),
                translatable("Give a .gov, state .us or Canadian government domain and its town or agency."),
            )
        yield OfficialDomain(
            domain=domain, place=place, state=state.upper(), source=_cell(row, names.get("source")) or registry,
            kind=kind, unit=_cell(row, names.get("suborganizationname") or names.get("unit")), listed_at=now(),
        )  # fmt: skip


def _cell(row: dict[str, str], column: str | None) -> str:
    return (row[column] or "").strip() if column else ""
