"""Rows about a mail address or a domain: people, links, mails, submissions, and entries of the log."""

from collections.abc import Iterable, Iterator, Sequence

from sqlalchemy import delete
from sqlmodel import Session, col, or_, select

from directory.clock import now
from directory.db.queries.accounts import barred_forms
from directory.db.queries.submissions import WITHOUT_ITEMS
from directory.db.tables.accounts import BarredSender, Link, Membership, Person
from directory.db.tables.contributions.submissions import Submission
from directory.db.tables.log import SOURCE_ACTIONS, LogEntry
from directory.db.tables.outbox import OutboxMessage
from directory.db.tables.published.zones import Town

SUBJECTS_AT_ONCE = 500


def barred_senders(session: Session) -> list[BarredSender]:
    """Every barred mailbox and domain, newest first."""
    return list(session.exec(select(BarredSender).order_by(col(BarredSender.at).desc(), col(BarredSender.value))))


def people_under(session: Session, value: str) -> list[Person]:
    """Everybody of a mailbox, or of a domain and those below it."""
    mailbox = col(Person.mailbox)
    if "@" in value:
        query = select(Person).where(mailbox == value)
    else:
        ends = (mailbox.endswith(f"@{value}", autoescape=True), mailbox.endswith(f".{value}", autoescape=True))
        query = select(Person).where(or_(*ends))
    return list(session.exec(query.order_by(col(Person.id))))


def good_links_under(session: Session, value: str) -> list[Link]:
    """The mailed links to a mailbox or domain that are neither spent nor expired."""
    query = select(Link).where(col(Link.spent_at).is_(None), col(Link.expires_at) > now())
    return [link for link in session.exec(query) if value in barred_forms(link.email)]


def open_submissions_under(session: Session, value: str, states: Sequence[str]) -> list[Submission]:
    """Submissions in one of these states from a mailbox or domain, oldest first; items are read when asked for."""
    query = select(Submission).where(col(Submission.state).in_(states), col(Submission.email) != "")
    rows = session.exec(query.order_by(col(Submission.id)).options(*WITHOUT_ITEMS))
    return [row for row in rows if value in barred_forms(row.email)]


def drop_mails_under(session: Session, value: str) -> None:
    """Take the mails to a mailbox or domain out of the outbox that did not go out yet."""
    query = select(OutboxMessage.id, OutboxMessage.recipient).where(col(OutboxMessage.next_at).is_not(None))
    numbers = [number for number, recipient in session.exec(query) if value in barred_forms(recipient)]
    session.execute(delete(OutboxMessage).where(col(OutboxMessage.id).in_(numbers)))


def names_in_log(session: Session, person: Person) -> list[str]:
    """Every form of the address under which a person may stand in the log."""
    query = select(Submission.email).where(col(Submission.person_id) == person.id).distinct()
    return sorted({person.email, *session.exec(query)} - {""})


def changes_by(session: Session, names: Iterable[str]) -> list[LogEntry]:
    """All that somebody wrote, also what a moderator approved of it; oldest first."""
    actor = col(LogEntry.actor)
    written = [actor.startswith(f"{name}, ", autoescape=True) for name in names]
    query = select(LogEntry).where(or_(actor.in_(list(names)), *written))
    return list(session.exec(query.order_by(col(LogEntry.id))))


def changes_since(session: Session, first: int, kind: str, subjects: Iterable[str]) -> Iterator[LogEntry]:
    """What anybody changed of these subjects from one entry of the log on; for each of them oldest first."""
    sorted_subjects = sorted(subjects)
    for start in range(0, len(sorted_subjects), SUBJECTS_AT_ONCE):
        batch = sorted_subjects[start : start + SUBJECTS_AT_ONCE]
        query = select(LogEntry).where(
            col(LogEntry.kind) == kind, col(LogEntry.subject).in_(batch), col(LogEntry.id) >= first,
            col(LogEntry.action).not_in(SOURCE_ACTIONS),
        )  # fmt: skip
        yield from session.exec(query.order_by(col(LogEntry.id)))


def places_of(session: Session, person_id: int) -> list[Membership]:
    """Every department of a person, lost ones too."""
    query = select(Membership).where(col(Membership.person_id) == person_id)
    return list(session.exec(query.order_by(col(Membership.department))))


def let_in_by(session: Session, names: Iterable[str]) -> list[tuple[Membership, Person]]:
    """Whom somebody gave access to a department, longest first."""
    query = select(Membership, Person).join(Person, col(Person.id) == col(Membership.person_id))
    query = query.where(col(Membership.added_by).in_(list(names))).order_by(col(Membership.id))
    return [(place, person) for place, person in session.exec(query)]


def town_by_slug(session: Session, slug: str) -> Town | None:
    """A town of the directory, or None."""
    return session.exec(select(Town).where(col(Town.slug) == slug)).first()
