"""Which domain belongs to which town or agency: exact names only, never parts of names."""

import csv
import re
from collections.abc import Iterator, Sequence
from pathlib import Path
from urllib.parse import urlsplit

from directory.records.accounts import OfficialDomain, official_domain
from directory.records.database import Session
from directory.records.sources import BadFile
from directory.regions import REGIONS
from directory.submissions.items import Owner
from directory.text import fold, plain, said

_ATOM = r"[A-Za-z0-9!#$%&'*+/=?^_`{|}~-]+"
EMAIL = re.compile(
    rf"(?=[^@]{{1,64}}@){_ATOM}(?:\.{_ATOM})*@([A-Za-z0-9](?:[A-Za-z0-9-]{{0,61}}[A-Za-z0-9])?\.)+[A-Za-z]{{2,63}}"
)
_DOMAIN = re.compile(r"([a-z0-9]([a-z0-9-]{0,61}[a-z0-9])?\.)+[a-z]{2,63}")
_FORMS = re.compile(r"^(?:the )?(?:city|town|township|village|borough|municipality) of ", re.I)
_OFFICES = re.compile(
    r"(?: (?:police|sheriff'?s?|public safety|law enforcement))?"
    r"(?: (?:department|dept\.?|division|bureau|service|services|office|detachment|rcmp|opp))*$",
    re.I,
)
_STATE_US = re.compile(r"\.[a-z]{2}\.us$")


def clean_email(given: str) -> str | None:
    """An address in lower case, or None when it is none."""
    text = given.strip()
    return text.lower() if len(text) <= 200 and EMAIL.fullmatch(text) else None


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


def registered_for(session: Session, domain: str, owner: Owner, towns: Sequence[str]) -> OfficialDomain | None:
    """The table's row when exactly this domain is registered for the owner's agency, or for one of its towns."""
    row = official_domain(session, domain)
    if row is None or row.state != owner.state:
        return None
    return row if _is_agency(row.place, owner) or _is_town(row.place, owner, towns) else None


def _is_agency(place: str, owner: Owner) -> bool:
    """Whether the domain's holder is the agency itself: its whole name, or what it is the police of."""
    names = (owner.department, _OFFICES.sub("", owner.department))
    return bool(_bare(place)) and _bare(place) in map(_bare, names)


def _is_town(place: str, owner: Owner, towns: Sequence[str]) -> bool:
    """Whether the domain's holder is the town whose name the department bears.

    A town's clerk does not speak for the state police that have a zone in the town.
    """
    name = plain(_FORMS.sub("", place))
    return _bare(place) in map(_bare, towns) and f" {name} " in f" {plain(owner.department)} "


def _bare(name: str) -> str:
    return fold(_FORMS.sub("", name))


def read_domains(path: Path) -> Iterator[OfficialDomain]:
    """Rows of a list of official domains: our own form (domain, place, state, source) or the .gov registry's.

    Raises BadFile, naming the first row that cannot be used.
    """
    with path.open(encoding="utf-8-sig", newline="") as file:
        rows = csv.DictReader(file)
        names = {re.sub(r"[^a-z]", "", (name or "").lower()): name for name in rows.fieldnames or []}
        columns = [names.get("domain") or names.get("domainname"), names.get("place") or names.get("organizationname"),
                   names.get("state")]  # fmt: skip
        if not all(columns):
            raise BadFile(
                said("%(name)s has no columns domain, place and state.", name=path.name),
                said("Use our own form, or the registry's current-full.csv."),
            )
        source, city = names.get("source"), names.get("city")
        for number, row in enumerate(rows, start=2):
            domain, place, state = ((row[str(column)] or "").strip() for column in columns)
            domain = domain.lower()
            kind = (row.get(names.get("domaintype", ""), "") or "").lower()
            if "federal" in kind or state.upper() not in REGIONS:
                continue
            if not _DOMAIN.fullmatch(domain) or not is_official(domain) or not place:
                raise BadFile(
                    said(
                        "Row %(number)s of %(name)s: “%(domain)s” for “%(place)s” is no official domain.",
                        number=number,
                        name=path.name,
                        domain=domain,
                        place=place,
                    ),
                    said("Give a .gov, state .us or Canadian government domain and its town or agency."),
                )
            if kind in ("city", "local") and city and row[city]:
                place = row[city].strip()
            yield OfficialDomain(
                domain=domain, place=place, state=state.upper(), source=(row.get(source or "") or path.name).strip()
            )
