"""Which domain belongs to which town or agency: exact names only, never parts of names."""

import csv
import gzip
import re
import zlib
from collections.abc import Iterator
from datetime import datetime
from pathlib import Path
from typing import IO
from urllib.parse import urlsplit

from email_validator import EmailNotValidError, validate_email

from directory.clock import now
from directory.db.tables.domains import OfficialDomain
from directory.db.transaction import Session
from directory.formats.source import BadFileError
from directory.regions import REGIONS
from directory.store.repository import department_by_slug
from directory.text import translatable
from directory.verification.domain_ownership import why_own
from directory.zones.agencies import kind_of
from directory.zones.keys import department_slug, name_in_slug
from directory.zones.owners import Owner

LONGEST_EMAIL = 200
DOMAIN = re.compile(r"([a-z0-9]([a-z0-9-]{0,61}[a-z0-9])?\.)+[a-z]{2,63}")
_STATE_US = re.compile(r"\.[a-z]{2}\.us$")

REGISTRY = "current-full.csv"
"""The source of rows that come from the .gov registry's whole list, whatever the file is called."""


def clean_email(typed: str) -> str | None:
    """An address in lower case, or None when it is none."""
    text = typed.strip()
    if len(text) > LONGEST_EMAIL or not text.isascii():
        return None
    try:
        email = validate_email(
            text, check_deliverability=False, allow_smtputf8=False, strict=True, test_environment=True
        )
    except EmailNotValidError:
        return None
    return (email.ascii_email or "").lower()


PUBLIC_PROVIDERS = frozenset({
    "aol.com", "att.net", "bellsouth.net", "charter.net", "comcast.net", "cox.net", "duck.com", "earthlink.net",
    "fastmail.com", "frontier.com", "gmail.com", "gmx.com", "gmx.net", "googlemail.com", "hey.com", "hotmail.ca",
    "hotmail.com", "icloud.com", "live.ca", "live.com", "mac.com", "mail.com", "me.com", "msn.com", "optimum.net",
    "optonline.net", "outlook.com", "pm.me", "proton.me", "protonmail.com", "rogers.com", "sbcglobal.net", "shaw.ca",
    "sympatico.ca", "telus.net", "tutanota.com", "verizon.net", "yahoo.ca", "yahoo.com", "ymail.com", "zoho.com",
})  # fmt: skip
"""Domains at which anybody gets an address: they prove nothing about anybody."""


def domain_of(email: str) -> str:
    """What stands behind the @."""
    return email.rpartition("@")[2].lower()


def host_of(address: str) -> str:
    """The domain of a web page, without www."""
    return (urlsplit(address).hostname or "").lower().removeprefix("www.")


def is_official(domain: str) -> bool:
    """Whether the table may hold the name: .gov, a state's .us, or a Canadian one, which its list vouches for."""
    return domain.endswith((".gov", ".ca")) or bool(_STATE_US.search(domain))


def registered_for(session: Session, domain: str, owner: Owner) -> OfficialDomain | None:
    """The table's row when exactly this domain is registered for the department itself, or for its own government."""
    row = session.get(OfficialDomain, domain)
    if row is None:
        return None
    slug = department_slug(owner.department, owner.state)
    record = department_by_slug(session, slug)
    # What the sender typed may read otherwise and yet be the same department: "Boulder (County Sheriff's Office)".
    name = record.name if record else name_in_slug(slug)
    return row if why_own(row, name, owner.state, kind_of(name, record.kind if record else "")) else None


def is_dropped(session: Session, domain: str, since: datetime | None = None) -> bool:
    """Whether the domain proves nothing new: removed, or no longer in the registry; `since` then, where given."""
    row = session.get(OfficialDomain, domain)
    return row is not None and row.dropped_at is not None and (since is None or row.dropped_at > since)


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
