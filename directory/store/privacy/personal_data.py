"""What is stored about a person, and erasing it: everything about one mailbox, in every table."""

import re
import secrets
from collections.abc import Callable, Iterable, Iterator
from email import message_from_string
from email.policy import SMTP
from functools import partial
from typing import Any

from sqlalchemy import JSON, ColumnElement, Connection, Engine, String, Table, cast, delete, func, or_, select, update
from sqlmodel import AutoString, Session, SQLModel, col

from directory.db.compaction import compact
from directory.db.log import Author, log
from directory.db.queries.accounts import members, person_by_email, staff
from directory.db.tables.accounts import BarredSender, Link, LoginSession, Membership, Passkey, Proof, Role
from directory.db.tables.contributions.reports import ProblemReport
from directory.db.tables.contributions.submissions import Submission, SubmissionStatus
from directory.db.tables.contributions.zone_lists import DepartmentToken, ZoneListAddress
from directory.db.tables.log import LogEntry, LogKind
from directory.db.tables.outbox import OutboxMessage
from directory.db.tables.published.town_profiles import TownProfile, TownProfileChange
from directory.db.transaction import transaction
from directory.db.triggers import without_triggers
from directory.mail_address import DOTLESS_PROVIDERS, mailbox_of
from directory.store.privacy.sender_records import places_of

Rows = list[dict[str, Any]]
SECRET = {"totp_secret", "digest", "public_key", "message"}
"""Columns that nobody is shown: who has them could sign in as that person."""
DECIDED = (SubmissionStatus.APPROVED, SubmissionStatus.DECLINED, SubmissionStatus.WITHDRAWN)
OF_A_PERSON = (Membership, Proof, LoginSession, Passkey, TownProfileChange, DepartmentToken, ZoneListAddress)
"""Tables whose rows belong to an account, and go with it."""
ADDRESSED: dict[type[SQLModel], str] = {
    Submission: "email", Link: "email", OutboxMessage: "recipient", ProblemReport: "contact",
}  # fmt: skip
"""Tables whose rows carry an address, and in which column."""


def held(engine: Engine, email: str) -> dict[str, Rows]:
    """Everything that is held of a person, by kind, without secrets. The address may be given in any form.

    Raises DatabaseError.
    """
    with transaction(engine, writes=False) as session:
        return _held(session, email)


def _held(session: Session, email: str) -> dict[str, Rows]:
    mailbox, person = mailbox_of(email), person_by_email(session, email)
    records: dict[str, Rows] = {"account": _without_secrets([person] if person else [])}
    for model in OF_A_PERSON:
        of_account = select(model).where(col(model.person_id) == person.id) if person else None
        records[_name(model)] = _without_secrets(session.scalars(of_account) if of_account is not None else [])
    for addressed, column in ADDRESSED.items():
        records[_name(addressed)] = _without_secrets(_addressed(session, addressed, column, mailbox))
    barred = session.scalars(select(BarredSender).where(col(BarredSender.value) == mailbox))
    records[_name(BarredSender)] = _without_secrets(barred)
    records["acted"] = _acted(session, mailbox)
    mentions = _mentions(mailbox)
    near = or_(*(_at_domain(column, mailbox) for column in _texts(_table(LogEntry))))
    changes = session.scalars(select(LogEntry).where(near).order_by(col(LogEntry.id)))
    records["log"] = _without_secrets(
        row for row in changes if with_texts(row.model_dump(), partial(mentions.sub, "")) != row.model_dump()
    )
    return records


def _acted(session: Session, mailbox: str) -> Rows:
    """Rows that name the person as who did something to them: table, key and those columns, nothing of others."""
    mentions, rows = _mentions(mailbox), []
    for table in SQLModel.metadata.sorted_tables:
        columns = [column for column in _texts(table) if column.name == "by" or column.name.endswith("_by")]
        if not columns:
            continue
        keys = list(table.primary_key.columns)
        near = or_(*(_at_domain(column, mailbox) for column in columns))
        for row in session.execute(select(*keys, *columns).where(near)).mappings():
            mentioning = {
                column.name: row[column.name] for column in columns if mentions.search(row[column.name] or "")
            }
            if mentioning:
                rows.append({"table": table.name, **{key.name: row[key.name] for key in keys}, **mentioning})
    return rows


def _addressed(session: Session, model: type[Any], column: str, mailbox: str) -> list[Any]:
    """The rows of a table whose address is a form of this mailbox's."""
    rows = session.scalars(select(model).where(_at_domain(getattr(model, column), mailbox)))
    return [row for row in rows if mailbox_of(getattr(row, column)) == mailbox]


def obstacles(engine: Engine, email: str) -> list[str]:
    """What would be lost with a person that others rely on, in words. Raises DatabaseError."""
    with transaction(engine, writes=False) as session:
        return _obstacles(session, email)


def _obstacles(session: Session, email: str) -> list[str]:
    person = person_by_email(session, email)
    reasons = []
    if session.get(BarredSender, mailbox_of(email)):
        reasons.append("the address is barred, and would not be any more")
    if person is None:
        return reasons
    if person.staff:
        last = len(staff(session)) == 1
        reasons.append(f"they are {person.staff}{', the last one of the staff' if last else ''}")
    for place in places_of(session, person.id):
        if place.role == Role.REMOVED:
            reasons.append(f"they were removed from {place.department}, and the address could join it again")
        managers = [other for other, _ in members(session, place.department) if other.role == Role.MANAGER]
        if place.role == Role.MANAGER and len(managers) == 1:
            reasons.append(f"they are the last manager of {place.department}")
    return reasons


def forget(engine: Engine, email: str, by: str) -> str:
    """Erase a person in one transaction; returns the pseudonym that stands for the address from now on.

    What is theirs alone is deleted: account, links, mails, what they sent and nobody decided on. What others rely on
    stays, without the address: the log with all its entries in their order, decided submissions without note. The
    database refuses changes of the log; for this transaction alone that is switched off. The log tells that it
    happened. Raises DatabaseError.
    """
    mailbox, pseudonym = mailbox_of(email), f"person-{secrets.token_hex(4)}"
    with transaction(engine) as session:
        _delete_own(session, mailbox)
        connection = session.connection()
        with without_triggers(connection, ["change"]):  # those of the log refuse it
            _replace_everywhere(connection, mailbox, pseudonym)
        log(session, Author(by, "data protection"), LogKind.PERSON, pseudonym, "forgot a person")
    compact(engine)
    return pseudonym


def _delete_own(session: Session, mailbox: str) -> None:
    """Delete what belongs to a mailbox alone."""
    person = person_by_email(session, mailbox)
    sent = _addressed(session, Submission, "email", mailbox)
    if person is not None:
        for model in OF_A_PERSON:
            session.execute(delete(model).where(col(model.person_id) == person.id))
        sent += session.scalars(select(Submission).where(col(Submission.person_id) == person.id))
    for row in {row.id: row for row in sent}.values():
        if row.state in DECIDED:
            row.email, row.person_id, row.note, row.upload = "", None, "", {}
        else:
            session.delete(row)
    for report in _addressed(session, ProblemReport, "contact", mailbox):
        report.contact = report.text = ""
    for profile in _addressed(session, TownProfile, "email", mailbox):
        profile.email = ""  # a pseudonym is no address that a page could show
    mentions = _mentions(mailbox)
    unsent = session.scalars(select(OutboxMessage).where(col(OutboxMessage.message) != ""))
    about_them = [mail for mail in unsent if mentions.search(_readable(mail.message))]
    own = [*_addressed(session, Link, "email", mailbox), *_addressed(session, OutboxMessage, "recipient", mailbox)]
    barred = session.scalars(select(BarredSender).where(col(BarredSender.value) == mailbox))
    session.flush()  # nothing points to the account any more
    for row in (*own, *about_them, *barred, *([person] if person else [])):
        session.delete(row)
    session.flush()


def _replace_everywhere(connection: Connection, mailbox: str, pseudonym: str) -> None:
    """Put the pseudonym in the place of the address, in whatever form, in every text of every table."""
    mentions = _mentions(mailbox)
    for table in SQLModel.metadata.sorted_tables:
        columns = list(_texts(table))
        keys = list(table.primary_key.columns)
        selected = {column.name: column for column in (*keys, *columns)}.values()
        if not columns:
            continue
        near = or_(*(_at_domain(column, mailbox) for column in columns))
        for row in connection.execute(select(*selected).where(near)).mappings().all():
            values = {column.name: with_texts(row[column.name], partial(mentions.sub, pseudonym)) for column in columns}
            changed = {name: value for name, value in values.items() if value != row[name]}
            if changed:
                this = [key == row[key.name] for key in keys]
                connection.execute(update(table).where(*this).values(changed))


def _mentions(mailbox: str) -> re.Pattern[str]:
    """Finds every form of a mailbox's address in a text: any case, any plus tag, dots where they mean nothing."""
    name, _, domain = mailbox.rpartition("@")
    domains, letters = [domain], re.escape(name)
    if domain in DOTLESS_PROVIDERS.values():
        domains = [form for form, canonical in DOTLESS_PROVIDERS.items() if canonical == domain]
        letters = r"\.*".join(re.escape(letter) for letter in name)
    ends = "|".join(re.escape(one) for one in domains)
    return re.compile(
        rf"(?<![\w.+-])(?<!\w'){letters}(?:\+[^\s@<>\"(),:;]*)?@(?:{ends})(?![\w-])(?!\.\w)", re.IGNORECASE
    )


def _at_domain(column: ColumnElement[Any], mailbox: str) -> ColumnElement[bool]:
    """Whether a column may hold the address: at least something at its domain, which a database finds by itself."""
    domain = mailbox.rpartition("@")[2]
    forms = [form for form, canonical in DOTLESS_PROVIDERS.items() if canonical == domain] or [domain]
    readable = func.lower(cast(column, String))
    return or_(*(readable.contains(f"@{form}" if form.isascii() else "@", autoescape=True) for form in forms))


def _texts(table: Table) -> Iterator[ColumnElement[Any]]:
    """The columns that may hold an address: texts and JSON values."""
    return (column for column in table.columns if isinstance(column.type, AutoString | String | JSON))


def with_texts(value: Any, change: Callable[[str], str]) -> Any:
    """A JSON value with every text in it as `change` has it, also in the names of an object."""
    if isinstance(value, str):
        return change(value)
    if isinstance(value, list):
        return [with_texts(one, change) for one in value]
    if isinstance(value, dict):
        return {with_texts(name, change): with_texts(one, change) for name, one in value.items()}
    return value


def _readable(message: str) -> str:
    """A mail's headers and texts, decoded."""
    mail = message_from_string(message, policy=SMTP)
    texts = [part.get_content() for part in mail.walk() if part.get_content_maintype() == "text"]
    return "\n".join([*(str(value) for value in mail.values()), *texts])


def _without_secrets(rows: Iterable[SQLModel]) -> Rows:
    return [{name: value for name, value in row.model_dump().items() if name not in SECRET} for row in rows]


def _name(model: type[SQLModel]) -> str:
    return str(model.__tablename__)


def _table(model: type[SQLModel]) -> Table:
    return SQLModel.metadata.tables[str(model.__tablename__)]
