"""Domains of a department: confirmed by a moderator, or whose owner somebody proves to be by a code."""

import hmac
from collections.abc import Collection
from hashlib import sha256

from directory.clock import now
from directory.db.log import Author, log
from directory.db.queries.accounts import confirmed_domains
from directory.db.tables.accounts import Method, Person
from directory.db.tables.domains import ConfirmedDomain
from directory.db.tables.log import LogKind
from directory.db.transaction import Session
from directory.text import translatable
from directory.verification.domain_probe import Fetcher, ProbeFailedError, Resolver
from directory.verification.mail_domains import domain_of, is_dropped
from directory.zones.evidence.sources import host_of


def confirm_domain(session: Session, domain: str, department: str, evidence: str, by: str) -> None:
    """A moderator saw the domain on the town's own page: addresses at it belong to the department."""
    session.merge(ConfirmedDomain(domain=domain, department=department, evidence=evidence, at=now(), confirmed_by=by))
    log(session, Author(by, evidence), LogKind.DOMAIN, domain, "confirmed", {"department": department})
    session.flush()


def provable_domain(session: Session, person: Person, department: str, web_page: str) -> str:
    """The domain whose owner this person may prove to be by a code: the address's own, if it is the department's.

    Empty when the address is elsewhere: a code on a domain that nobody connects with the department proves nothing.
    """
    domain = domain_of(person.email)
    own_domains = {host_of(web_page), *(row.domain for row in confirmed_domains(session, department))}
    return domain if domain in own_domains and not is_dropped(session, domain) else ""


def code(signing_key: str, person: Person, department: str, domain: str) -> str:
    """The code to place on the domain: the same each time it is asked for."""
    claim = f"{person.id}|{department}|{domain}".encode()
    return "safe-zone-directory=" + hmac.new(signing_key.encode(), claim, sha256).hexdigest()[:40]


def find_code(
    codes: Collection[str], domain: str, resolver: Resolver, fetcher: Fetcher
) -> tuple[Method | None, list[str]]:
    """Look for one of the codes: (where it was found, what went wrong on the way)."""
    troubles: list[str] = []
    try:
        if any(text.strip() in codes for text in resolver.texts(domain)):
            return Method.DNS, []
        troubles.append(translatable("DNS: the code is in no TXT record yet"))
    except ProbeFailedError as error:
        troubles.append(error.why)
    try:
        if any(line.strip() in codes for line in fetcher.fetch(domain).splitlines()):
            return Method.WELL_KNOWN, []
        troubles.append(translatable("the file on the web server does not hold the code"))
    except ProbeFailedError as error:
        troubles.append(error.why)
    return None, troubles
