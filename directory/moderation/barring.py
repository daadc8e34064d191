"""Barring a mailbox or a domain: who is barred neither signs in, nor proves, sends or receives anything."""

from directory.clock import now
from directory.db.log import Author, log
from directory.db.queries.accounts import barred_forms, delete_sessions, is_barred, staff
from directory.db.queries.submissions import replace_submission
from directory.db.queries.town_profiles import settle_profile_change, waiting_profile_changes
from directory.db.tables.accounts import BarredKind, BarredSender, Person
from directory.db.tables.contributions.submissions import SubmissionStatus
from directory.db.tables.log import LogKind
from directory.db.tables.published.town_profiles import ProfileChangeStatus
from directory.db.transaction import Session
from directory.errors import BadInputError, StaleVersionError
from directory.mail_address import mailbox_of
from directory.store.privacy.sender_records import (
    barred_senders,
    drop_mails_under,
    good_links_under,
    open_submissions_under,
    people_under,
)
from directory.submissions.workflow import Step, after
from directory.use_case_context import UseCaseContext
from directory.verification.mail_domains import DOMAIN, PUBLIC_PROVIDERS, clean_email

CLOSED_BY = {
    SubmissionStatus.DRAFT: Step.WITHDRAW,
    SubmissionStatus.WAITING_FOR_EMAIL: Step.WITHDRAW,
    SubmissionStatus.CHANGES_REQUESTED: Step.WITHDRAW,
    SubmissionStatus.WAITING_FOR_REVIEW: Step.DECLINE,
}
"""How a submission ends whose sender is barred."""
_LOG_KINDS = {BarredKind.MAILBOX: LogKind.PERSON, BarredKind.DOMAIN: LogKind.DOMAIN}


class NotBarrableError(BadInputError):
    """That is not barred: `why` is address (neither an address nor a domain), provider, staff or known."""

    def __init__(self, why: str) -> None:
        super().__init__(why)
        self.why = why


def target_of(text: str) -> str:
    """The mailbox or domain that somebody typed. Raises NotBarrableError."""
    target = text.strip().lower().removeprefix("@")
    email = clean_email(target)
    if email is not None:
        return mailbox_of(email)
    if not DOMAIN.fullmatch(target):
        raise NotBarrableError("address")
    return target


def barred(context: UseCaseContext) -> list[BarredSender]:
    """Every barred mailbox and domain, newest first. Raises DatabaseError."""
    with context.reading() as session:
        return barred_senders(session)


def is_barred_address(context: UseCaseContext, email: str) -> bool:
    """Whether an address may not act here. Raises DatabaseError."""
    with context.reading() as session:
        return is_barred(session, email)


def people_of(context: UseCaseContext, target: str) -> list[Person]:
    """Whom barring a mailbox or domain would hit. Raises DatabaseError."""
    with context.reading() as session:
        return people_under(session, target)


def bar_by_hand(context: UseCaseContext, target: str, reason: str, by: str) -> None:
    """Bar a mailbox or domain that a moderator named. Raises what `bar` raises, or DatabaseError."""
    with context.writing() as session:
        bar(session, target, reason, by)


def bar(session: Session, target: str, reason: str, by: str) -> None:
    """Bar a mailbox or a domain with all below it; what its people have open ends at once.

    Raises NotBarrableError or StaleVersionError.
    """
    if target in PUBLIC_PROVIDERS:
        raise NotBarrableError("provider")
    if any(target in barred_forms(member.email) for member in staff(session)):
        raise NotBarrableError("staff")
    if session.get(BarredSender, target) is not None:
        raise NotBarrableError("known")
    kind = BarredKind.MAILBOX if "@" in target else BarredKind.DOMAIN
    session.add(BarredSender(value=target, kind=kind, at=now(), by=by, reason=reason))
    log(session, Author(by, reason), _LOG_KINDS[kind], target, "barred")
    for person in people_under(session, target):
        delete_sessions(session, person.id)
        _decline_profile_changes(session, person.id, reason, by)
    for row in open_submissions_under(session, target, list(CLOSED_BY)):
        step = CLOSED_BY[row.state]
        # The reason stands in the log; who is barred reads none.
        values = {"state": after(row.state, step), "decided_at": now(), "decided_by": by, "reason": ""}
        replace_submission(session, row, values)
        log(session, Author(by, reason), LogKind.SUBMISSION, str(row.id), step.value)
    for link in good_links_under(session, target):
        link.spent_at = now()
        session.add(link)
    drop_mails_under(session, target)
    session.flush()


def _decline_profile_changes(session: Session, person_id: int, reason: str, by: str) -> None:
    for change in waiting_profile_changes(session, person_id):
        if settle_profile_change(session, change.id, ProfileChangeStatus.DECLINED, by, reason):
            log(session, Author(by, reason), LogKind.TOWN, change.town, "kit change declined", {"change": change.id})


def unbar(context: UseCaseContext, target: str, reason: str, by: str) -> None:
    """Let a mailbox or domain in again; what was taken away is not given back.

    Raises StaleVersionError when it is not barred, or DatabaseError.
    """
    with context.writing() as session:
        row = session.get(BarredSender, target)
        if row is None:
            raise StaleVersionError
        session.delete(row)
        log(session, Author(by, reason), _LOG_KINDS[row.kind], target, "no longer barred")
