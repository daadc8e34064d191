"""Barring a mailbox or a domain: who is barred neither signs in, nor proves, sends or receives anything."""

import re
from typing import cast

from directory.accounts.authentication import end_sessions
from directory.clock import now
from directory.db.log import By, log
from directory.db.queries.accounts import barred_forms, staff
from directory.db.queries.submissions import replace_submission
from directory.db.queries.town_profiles import settle_kit_change, waiting_kit_changes
from directory.db.tables.accounts import BarredSender, Person
from directory.db.transaction import Session, transaction
from directory.mailbox import mailbox_of
from directory.moderation.town_profiles import KitStatus
from directory.store.sender_records import (
    barred_senders,
    drop_mails_under,
    good_links_under,
    open_submissions_under,
    people_under,
)
from directory.submissions.drafts import Stale
from directory.submissions.workflow import State, Step, after
from directory.usecases.context import Office
from directory.verification.domains import PUBLIC_PROVIDERS, clean_email

_DOMAIN = re.compile(r"([a-z0-9]([a-z0-9-]{0,61}[a-z0-9])?\.)+[a-z]{2,63}")
CLOSED_BY = {
    State.DRAFT: Step.WITHDRAW, State.WAITING_FOR_EMAIL: Step.WITHDRAW, State.CHANGES_REQUESTED: Step.WITHDRAW,
    State.WAITING_FOR_REVIEW: Step.DECLINE,
}  # fmt: skip
"""How a submission ends whose sender is barred."""


class NotBarrable(Exception):
    """That is not barred: `why` is address (neither an address nor a domain), provider, staff or known."""

    def __init__(self, why: str) -> None:
        super().__init__(why)
        self.why = why


def target_of(text: str) -> str:
    """The mailbox or domain that somebody typed. Raises NotBarrable."""
    typed = text.strip().lower().removeprefix("@")
    email = clean_email(typed)
    if email is not None:
        return mailbox_of(email)
    if not _DOMAIN.fullmatch(typed):
        raise NotBarrable("address")
    return typed


def barred(office: Office) -> list[BarredSender]:
    """Every barred mailbox and domain, newest first. Raises DatabaseProblem."""
    with transaction(office.engine, writes=False) as session:
        found = barred_senders(session)
        session.expunge_all()
        return found


def people_of(office: Office, target: str) -> list[Person]:
    """Whom barring a mailbox or domain would hit. Raises DatabaseProblem."""
    with transaction(office.engine, writes=False) as session:
        found = people_under(session, target)
        session.expunge_all()
        return found


def bar_by_hand(office: Office, target: str, reason: str, by: str) -> None:
    """Bar a mailbox or domain that a moderator named. Raises NotBarrable or DatabaseProblem."""
    with transaction(office.engine) as session:
        bar(session, target, reason, by)


def bar(session: Session, target: str, reason: str, by: str) -> None:
    """Bar a mailbox or a domain with all below it; what its people have open ends at once. Raises NotBarrable."""
    if target in PUBLIC_PROVIDERS:
        raise NotBarrable("provider")
    if any(target in barred_forms(member.email) for member in staff(session)):
        raise NotBarrable("staff")
    if session.get(BarredSender, target) is not None:
        raise NotBarrable("known")
    kind = "mailbox" if "@" in target else "domain"
    session.add(BarredSender(value=target, kind=kind, at=now(), by=by, reason=reason))
    log(session, By(by, reason), "person" if kind == "mailbox" else "domain", target, "barred")
    for person in people_under(session, target):
        end_sessions(session, cast(int, person.id))
        _close_kit_changes(session, cast(int, person.id), reason, by)
    for row in open_submissions_under(session, target, list(CLOSED_BY)):
        state = State(row.state)
        # The reason stands in the log; who is barred reads none.
        values = {"state": after(state, CLOSED_BY[state]), "decided_at": now(), "decided_by": by, "reason": ""}
        replace_submission(session, cast(int, row.id), row.version, values)
        log(session, By(by, reason), "submission", str(row.id), CLOSED_BY[state].value)
    for link in good_links_under(session, target):
        link.spent_at = now()
        session.add(link)
    drop_mails_under(session, target)
    session.flush()


def _close_kit_changes(session: Session, person_id: int, reason: str, by: str) -> None:
    for change in waiting_kit_changes(session, person_id):
        if settle_kit_change(session, cast(int, change.id), KitStatus.DECLINED, by, reason):
            log(session, By(by, reason), "town", change.town, "kit change declined", {"change": change.id})


def unbar(office: Office, target: str, reason: str, by: str) -> None:
    """Let a mailbox or domain in again; what was taken away is not given back.

    Raises Stale when it is not barred, or DatabaseProblem.
    """
    with transaction(office.engine) as session:
        row = session.get(BarredSender, target)
        if row is None:
            raise Stale
        session.delete(row)
        log(session, By(by, reason), "person" if row.kind == "mailbox" else "domain", target, "no longer barred")
