"""A person proves a department's own domain with a code in DNS or on its web server."""

from dataclasses import dataclass

from directory.db.queries.accounts import confirmed_domains, proofs
from directory.db.tables.accounts import Person, Proof
from directory.use_case_context import UseCaseContext
from directory.verification.department_domains import code, find_code, provable_domain
from directory.verification.domain_probe import Fetcher, Resolver
from directory.verification.levels import VerificationLevel, grant
from directory.zones.evidence.sources import host_of


@dataclass(frozen=True, slots=True)
class DomainProof:
    """What a person can prove for a department: the domain and the codes good there, both empty where none is.

    The first code is the one to place; the others were told before the site's key was rotated. `domains` are those
    known to be the department's; `proofs` what the person has proven already, oldest first.
    """

    domain: str
    codes: tuple[str, ...]
    domains: list[str]
    proofs: list[Proof]


def domain_proof(context: UseCaseContext, person_id: int, department: str, web_page: str) -> DomainProof:
    """What a person can prove for a department (its slug) with this web page, or none. Raises DatabaseError."""
    with context.reading() as session:
        person = session.get_one(Person, person_id)
        domain = provable_domain(session, person, department, web_page)
        keys = context.links.signing_keys.newest_first
        domains = {host_of(web_page), *(row.domain for row in confirmed_domains(session, department))}
        return DomainProof(
            domain,
            tuple(code(key, person, department, domain) for key in keys) if domain else (),
            sorted(domains - {""}),
            proofs(session, department, person_id),
        )


def prove_domain(
    context: UseCaseContext, person_id: int, department: str, proof: DomainProof, resolver: Resolver, fetcher: Fetcher
) -> list[str]:
    """Look for the code, and note the proof when it is there; returns what went wrong, nothing when it is proven.

    No transaction is open while the network is asked. Raises DatabaseError.
    """
    method, problems = find_code(proof.codes, proof.domain, resolver, fetcher)
    if method is None:
        return problems
    with context.writing() as session:
        person = session.get_one(Person, person_id)
        grant(session, person, department, VerificationLevel.OWN_DOMAIN, method, f"code on {proof.domain}",
              "directory", domain=proof.domain)  # fmt: skip
    return []
