"""Domains that prove a department: imported, added, removed and renewed by hand; who relies on lost ones."""

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path

from sqlalchemy import Engine

from directory.clock import now
from directory.db.log import Author, log
from directory.db.queries.accounts import (
    add_official_domains,
    all_confirmed_domains,
    has_official_domains,
    official_domains,
    proofs_by_domain,
)
from directory.db.tables.accounts import Method, Person, Proof
from directory.db.tables.domains import ConfirmedDomain, OfficialDomain
from directory.db.tables.log import LogKind
from directory.db.transaction import Session, transaction
from directory.errors import BadInputError
from directory.regions import REGIONS
from directory.store.repository import department_by_slug
from directory.text import translatable
from directory.verification.department_domains import confirm_domain
from directory.verification.domain_files import REGISTRY, is_official, read_domains
from directory.verification.domain_ownership import UMBRELLA, why_own
from directory.verification.mail_domains import DOMAIN, PUBLIC_PROVIDERS, is_dropped
from directory.zones.departments.agencies import kind_of_agency
from directory.zones.departments.schemas import DepartmentRecord

MOST_DROPPED = 0.2
"""The share of the registry's domains that one list may drop before it is taken for a truncated one."""
BY_HAND = "by hand: "
"""How the source of a row begins that somebody added or removed: a list does not change it."""


class BadDomainError(BadInputError):
    """A domain that cannot be added, removed or renewed; the message says why, and what to do."""


class TooManyDroppedError(BadInputError):
    """A list that would drop so many domains that it is probably not whole."""


@dataclass(frozen=True, slots=True)
class ImportedList:
    """What a list did: domains taken in, and domains that the registry no longer lists."""

    listed: int
    dropped: int


@dataclass(frozen=True, slots=True)
class Accepted:
    """A domain that proves somebody for a department, and why."""

    row: OfficialDomain
    department: str
    why: str


def accepted(rows: Iterable[OfficialDomain], departments: Mapping[str, DepartmentRecord]) -> Iterator[Accepted]:
    """Every pair of a domain and a department (by slug) for which an address at the domain proves somebody."""
    by_state: dict[str, list[tuple[str, DepartmentRecord]]] = {}
    for slug, department in departments.items():
        by_state.setdefault(department.state, []).append((slug, department))
    for row in rows:
        for slug, department in by_state.get(row.state, []):
            kind = kind_of_agency(department.name, department.kind)
            why = why_own(row, department.name, department.state, kind)
            if why:
                yield Accepted(row, slug, why)


def import_list(engine: Engine, path: Path, *, drop_many: bool = False) -> ImportedList:
    """Take in a list; what the registry's list no longer holds is marked as dropped.

    Rows added or removed by hand stay as they are, and the registry changes only rows of its own. Raises BadFileError,
    TooManyDroppedError or DatabaseError; nothing is changed then.
    """
    rows = {row.domain: row for row in read_domains(path)}
    whole = any(row.source == REGISTRY for row in rows.values())
    with transaction(engine) as session:
        stored = {row.domain: row for row in official_domains(session)}
        registry_rows = [row for row in stored.values() if row.source == REGISTRY and row.dropped_at is None]
        lost = [row for row in registry_rows if row.domain not in rows] if whole else []
        if len(lost) > MOST_DROPPED * len(registry_rows) and not drop_many:
            raise TooManyDroppedError(
                translatable(
                    "%(name)s lacks %(lost)s of the %(held)s domains that our list holds from the registry: is it "
                    "whole? With --yes they are marked as dropped.",
                    name=path.name,
                    lost=len(lost),
                    held=len(registry_rows),
                )
            )
        replacing = (row for row in rows.values() if _may_replace(row, stored.get(row.domain)))
        count = add_official_domains(session, replacing)
        for row in lost:
            row.dropped_at = now()
            session.add(row)
        log(session, Author("operator", path.name), LogKind.DOMAIN, path.name, "list taken in",
            {"listed": count, "dropped": [row.domain for row in lost]})  # fmt: skip
    return ImportedList(count, len(lost))


def import_first_list(engine: Engine, path: Path) -> None:
    """Take in a list where none was ever taken in. Raises BadFileError or DatabaseError."""
    with transaction(engine) as session:
        if not has_official_domains(session):
            add_official_domains(session, read_domains(path))


def official_and_confirmed(engine: Engine) -> tuple[list[OfficialDomain], list[ConfirmedDomain]]:
    """Every domain that proves somebody, by domain. Raises DatabaseError."""
    with transaction(engine, writes=False) as session:
        return official_domains(session), all_confirmed_domains(session)


def _may_replace(row: OfficialDomain, stored: OfficialDomain | None) -> bool:
    if stored is None:
        return True
    if stored.source.startswith(BY_HAND):
        return False
    # A list's own evidence outranks the registry's name.
    return row.source != REGISTRY or stored.source.endswith(".csv")


def add_official(engine: Engine, domain: str, place: str, state: str, by: Author) -> None:
    """Note by hand to which town or agency a domain belongs. Raises BadDomainError."""
    domain, place, state = domain.strip().lower(), place.strip(), state.strip().upper()
    if not DOMAIN.fullmatch(domain) or not is_official(domain):
        raise BadDomainError(
            translatable(
                "“%(domain)s” is no official domain. Give a .gov, state .us or Canadian government "
                "domain, or confirm it for one department.",
                domain=domain,
            )
        )
    if not place or state not in REGIONS:
        raise BadDomainError(
            translatable("Give the town or agency to which %(domain)s belongs, and its state.", domain=domain)
        )
    row = OfficialDomain(domain=domain, place=place, state=state, source=f"{BY_HAND}{by.reason}", listed_at=now())
    with transaction(engine) as session:
        add_official_domains(session, [row])
        log(session, by, LogKind.DOMAIN, domain, "added", {"place": place, "state": state})


def add_umbrella(engine: Engine, domain: str, name: str, state: str, county: str, by: Author) -> None:
    """Accept the domain of an association that sends for the departments of a county, or of its whole state.

    It may be any domain that not everybody gets an address at. Raises BadDomainError.
    """
    domain, name, state, county = domain.strip().lower(), name.strip(), state.strip().upper(), county.strip()
    if not DOMAIN.fullmatch(domain) or domain in PUBLIC_PROVIDERS:
        raise BadDomainError(translatable("“%(domain)s” is no domain of an association.", domain=domain))
    if not name or state not in REGIONS:
        raise BadDomainError(translatable("Give the association’s name and its state."))
    with transaction(engine) as session:
        stored_row = session.get(OfficialDomain, domain)
        if stored_row is not None and stored_row.kind != UMBRELLA:
            raise BadDomainError(
                translatable("%(domain)s is the domain of %(place)s already.", domain=domain, place=stored_row.place)
            )
        row = OfficialDomain(domain=domain, place=name, state=state, kind=UMBRELLA, unit=county, listed_at=now(),
                             source=f"{BY_HAND}{by.reason}")  # fmt: skip
        add_official_domains(session, [row])
        log(session, by, LogKind.DOMAIN, domain, "added", {"umbrella": name, "state": state, "county": county})


def add_confirmed(engine: Engine, domain: str, department: str, by: Author) -> None:
    """Confirm a domain for a department, or confirm it again today. Raises BadDomainError."""
    domain = domain.strip().lower()
    if not DOMAIN.fullmatch(domain):
        raise BadDomainError(
            translatable("“%(domain)s” is no domain. Give one such as newcanaanpolice.org.", domain=domain)
        )
    if domain in PUBLIC_PROVIDERS:
        raise BadDomainError(translatable("Anybody gets an address at %(domain)s: it proves nothing.", domain=domain))
    with transaction(engine) as session:
        if department_by_slug(session, department) is None:
            raise BadDomainError(
                translatable(
                    "There is no department “%(department)s”. Give it as in its address, such as "
                    "ct/darien-police-department.",
                    department=department,
                )
            )
        confirm_domain(session, domain, department, by.reason, by.actor)


def remove(engine: Engine, domain: str, department: str, by: Author) -> None:
    """Let an official domain prove nothing new, whatever the registry lists; with a department, its confirmation ends.

    Raises BadDomainError or DatabaseError.
    """
    with transaction(engine) as session:
        if department:
            session.delete(_confirmed(session, domain, department))
            log(session, by, LogKind.DOMAIN, domain, "removed", {"department": department})
            return
        row = _official(session, domain)
        row.source, row.dropped_at = f"{BY_HAND}{by.reason}", now()
        session.add(row)
        log(session, by, LogKind.DOMAIN, row.domain, "removed", {"place": row.place, "state": row.state})


def renew(engine: Engine, domain: str, department: str, by: Author) -> None:
    """Note that somebody looked today: an official domain, or one confirmed for a department. Raises BadDomainError."""
    with transaction(engine) as session:
        if department:
            confirm_domain(session, _confirmed(session, domain, department).domain, department, by.reason, by.actor)
            return
        row = _official(session, domain)
        if row.dropped_at is not None:
            row.source = f"{BY_HAND}{by.reason}"  # the next list must not drop it again
        row.listed_at, row.dropped_at = now(), None
        session.add(row)
        log(session, by, LogKind.DOMAIN, row.domain, "renewed", {"place": row.place, "state": row.state})


@dataclass(frozen=True, slots=True)
class FoundDomains:
    """Domains that were searched for, and the proofs that rest on a domain which proves nothing any more, with whose
    they are. `more`: there are further official domains."""

    official: list[OfficialDomain]
    more: bool
    confirmed: list[ConfirmedDomain]
    lost: list[tuple[Proof, Person]]


def search_domains(engine: Engine, search: str, state: str, limit: int, *, dropped: bool) -> FoundDomains:
    """Domains of a state or of all, with `search` in their name, place or department; at most `limit` official ones.

    `dropped`: only those that prove nothing any more. Raises DatabaseError.
    """
    with transaction(engine, writes=False) as session:
        official = official_domains(session, search, state, dropped=dropped, limit=limit + 1)
        confirmed = [
            row for row in all_confirmed_domains(session)
            if not dropped and search.lower() in f"{row.domain} {row.department}"
            and row.department.startswith(state.lower())
        ]  # fmt: skip
        return FoundDomains(official[:limit], len(official) > limit, confirmed, _lost_proofs(session))


def _lost_proofs(session: Session) -> list[tuple[Proof, Person]]:
    """The proofs whose domain proves nothing any more, and whose they are."""
    official = {row.domain for row in official_domains(session)}

    def is_lost(proof: Proof) -> bool:
        confirmed = session.get(ConfirmedDomain, (proof.domain, proof.department))
        if is_dropped(session, proof.domain, confirmed.at if confirmed else None):
            return True
        if proof.method == Method.OFFICIAL_DOMAIN:
            return confirmed is None and proof.domain not in official
        return proof.method == Method.MODERATOR and confirmed is None

    return [(proof, person) for proof, person in proofs_by_domain(session) if is_lost(proof)]


def _official(session: Session, domain: str) -> OfficialDomain:
    row = session.get(OfficialDomain, domain.strip().lower())
    if row is None:
        raise BadDomainError(translatable("%(domain)s is not among the official domains.", domain=domain))
    return row


def _confirmed(session: Session, domain: str, department: str) -> ConfirmedDomain:
    row = session.get(ConfirmedDomain, (domain.strip().lower(), department))
    if row is None:
        raise BadDomainError(
            translatable("%(domain)s is not confirmed for “%(department)s”.", domain=domain, department=department)
        )
    return row
