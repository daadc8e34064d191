"""Mailboxes, sessions, passkeys, kinds of agencies, barred senders, what a submission waits for, mail budgets."""

from collections import defaultdict
from typing import Any

import sqlalchemy as sa
from alembic import op

from directory.mail_address import mailbox_of

revision: str = "0005"
down_revision: str | None = "0004"

MOST_WORDS = 4
"""A town's name has no more words; what has may be an address."""
TIME = sa.DateTime(timezone=True)


def _text(name: str) -> sa.Column[str]:
    return sa.Column(name, sa.String(), nullable=False, server_default="")


def _number(name: str) -> sa.Column[int]:
    return sa.Column(name, sa.Integer(), nullable=False, server_default="0")


def _list(name: str) -> sa.Column[Any]:
    return sa.Column(name, sa.JSON(), nullable=False, server_default="[]")


def upgrade() -> None:
    """Forwards only: for an earlier release there is the copy that is made before, or a backup."""
    _add_columns()
    _add_tables()
    _fill_mailboxes()
    # A moderator or a colleague let these people in; who came in by a domain alone waits once.
    op.execute("UPDATE membership SET accepted_at = since, accepted_by = added_by WHERE added_by <> 'directory'")
    _fill_proofs()
    _forget_answers()
    # Earlier releases filed the registry's rows under the city of the mailing address: they are to be taken in again.
    op.execute("UPDATE official_domain SET dropped_at = CURRENT_TIMESTAMP WHERE source LIKE '%.csv'")


def _add_columns() -> None:
    columns: dict[str, list[sa.Column[Any]]] = {
        "person": [
            _text("mailbox"), _number("code_failures"), sa.Column("code_wait_until", TIME, nullable=True),
        ],
        "membership": [sa.Column("accepted_at", TIME, nullable=True), _text("accepted_by")],
        "proof": [_text("domain")],
        "official_domain": [
            _text("kind"), _text("unit"), sa.Column("listed_at", TIME, nullable=True),
            sa.Column("dropped_at", TIME, nullable=True),
        ],
        "department": [_text("kind")],
        "submission": [_list("waits_for"), _text("objection"), _number("size")],
        "outbox_mail": [_text("mailbox"), _text("kind")],
        "problemreport": [sa.Column("mailed_at", TIME, nullable=True)],
        "geocode_answer": [_text("sealed")],
    }  # fmt: skip
    for table, added in columns.items():
        for column in added:
            op.add_column(table, column)
    op.drop_column("person", "session_epoch")  # sessions are rows now: all that were open end


def _add_tables() -> None:
    op.create_table(
        "login_session",
        sa.Column("digest", sa.String(), primary_key=True),
        sa.Column("person_id", sa.Integer(), sa.ForeignKey("person.id"), nullable=False, index=True),
        sa.Column("created_at", TIME, nullable=False),
        sa.Column("expires_at", TIME, nullable=False),
        sa.Column("second_factor_at", TIME, nullable=True),
    )
    op.create_table(
        "passkey",
        sa.Column("credential_id", sa.String(), primary_key=True),
        sa.Column("person_id", sa.Integer(), sa.ForeignKey("person.id"), nullable=False, index=True),
        sa.Column("public_key", sa.LargeBinary(), nullable=False),
        sa.Column("sign_count", sa.Integer(), nullable=False),
        sa.Column("name", sa.String(), nullable=False),
        sa.Column("added_at", TIME, nullable=False),
        sa.Column("used_at", TIME, nullable=True),
    )
    op.create_table(
        "barred_sender",
        sa.Column("value", sa.String(), primary_key=True),
        sa.Column("kind", sa.String(), nullable=False),
        sa.Column("at", TIME, nullable=False),
        sa.Column("by", sa.String(), nullable=False),
        sa.Column("reason", sa.String(), nullable=False),
    )
    op.create_table(
        "department_town",
        sa.Column("department", sa.String(), primary_key=True),
        sa.Column("town", sa.String(), primary_key=True),
        sa.Column("evidence", sa.String(), nullable=False),
        sa.Column("at", TIME, nullable=False),
        sa.Column("noted_by", sa.String(), nullable=False),
    )
    op.create_table(
        "town_kit_change",
        sa.Column("id", sa.Integer(), primary_key=True),
        sa.Column("town", sa.String(), nullable=False, index=True),
        sa.Column("values", sa.JSON(), nullable=False),
        sa.Column("base", sa.JSON(), nullable=False),
        sa.Column("status", sa.String(), nullable=False, index=True),
        sa.Column("person_id", sa.Integer(), sa.ForeignKey("person.id"), nullable=False),
        sa.Column("sent_at", TIME, nullable=False),
        sa.Column("decided_at", TIME, nullable=True),
        sa.Column("decided_by", sa.String(), nullable=False),
        sa.Column("reason", sa.String(), nullable=False),
    )
    op.create_table(
        "heartbeat",
        sa.Column("name", sa.String(), primary_key=True),
        sa.Column("at", TIME, nullable=False),
    )


def _forget_answers() -> None:
    """Geocoders' answers lay open, with the addresses that were searched for."""
    op.execute("DELETE FROM geocode_answer")
    op.drop_column("geocode_answer", "candidates")
    # What Nominatim called a place was counted under all it said of it, which may be a house and its street.
    unknown = "FROM town_figure WHERE town NOT IN (SELECT slug FROM town)"
    connection = op.get_bind()
    for (slug,) in connection.execute(sa.text(f"SELECT DISTINCT town {unknown}")).all():
        name = slug.partition("/")[2]
        if any(letter.isdigit() for letter in name) or name.count("-") >= MOST_WORDS:
            connection.execute(sa.text("DELETE FROM town_figure WHERE town = :slug"), {"slug": slug})


def _fill_mailboxes() -> None:
    """File people and mails under their mailbox; two people of one mailbox become the one who came first."""
    connection = op.get_bind()
    person = sa.table("person", sa.column("id"), sa.column("email"), sa.column("mailbox"))
    people: dict[str, list[int]] = defaultdict(list)
    for number, email in connection.execute(sa.select(person.c.id, person.c.email).order_by(person.c.id)):
        people[mailbox_of(email)].append(number)
    for mailbox, (first, *others) in people.items():
        for other in others:
            _merge(connection, first, other)
        connection.execute(person.update().where(person.c.id == first).values(mailbox=mailbox))
    mail = sa.table("outbox_mail", sa.column("recipient"), sa.column("mailbox"), sa.column("kind"), sa.column("typed"))
    for (recipient,) in connection.execute(sa.select(mail.c.recipient).distinct()).all():
        connection.execute(mail.update().where(mail.c.recipient == recipient).values(mailbox=mailbox_of(recipient)))
    connection.execute(mail.update().values(kind=sa.case((mail.c.typed, "requested"), else_="notice")))
    op.create_index("ix_person_mailbox", "person", ["mailbox"], unique=True)
    op.create_index("ix_outbox_mail_mailbox", "outbox_mail", ["mailbox"], unique=False)
    op.create_index("ix_outbox_mail_sent_at", "outbox_mail", ["sent_at"], unique=False)
    op.drop_column("outbox_mail", "typed")  # `kind` says it, and more


def _merge(connection: sa.Connection, kept: int, other: int) -> None:
    """Let one person take over what the other has; who was removed from a department stays removed.

    An account of staff keeps its role and its second factor, if the other one is none.
    """
    _keep_staff(connection, kept, other)
    numbers = {"kept": kept, "other": other}
    for statement in (
        "UPDATE submission SET person_id = :kept WHERE person_id = :other",
        "UPDATE proof SET person_id = :kept WHERE person_id = :other",
        "UPDATE membership SET role = 'removed' WHERE person_id = :kept AND department IN "
        "(SELECT department FROM membership WHERE person_id = :other AND role = 'removed')",
        "DELETE FROM membership WHERE person_id = :other AND department IN "
        "(SELECT department FROM membership WHERE person_id = :kept)",
        "UPDATE membership SET person_id = :kept WHERE person_id = :other",
        "DELETE FROM person WHERE id = :other",
    ):
        connection.execute(sa.text(statement), numbers)


def _keep_staff(connection: sa.Connection, kept: int, other: int) -> None:
    names = ("staff", "totp_secret", "totp_step")
    person = sa.table("person", sa.column("id"), *map(sa.column, names))
    found = sa.select(*(person.c[name] for name in names))
    first, second = (
        connection.execute(found.where(person.c.id == number)).mappings().one() for number in (kept, other)
    )
    if second["staff"] and not first["staff"]:
        connection.execute(person.update().where(person.c.id == kept).values(**second))


def _fill_proofs() -> None:
    """Note the domain on which a proof rests; it stood in the proof's words only."""
    connection = op.get_bind()
    proof = sa.table("proof", sa.column("id"), sa.column("method"), sa.column("detail"), sa.column("domain"))
    marks = {"official_domain": " is registered for ", "moderator": ", confirmed by a moderator"}
    for number, method, detail in connection.execute(sa.select(proof.c.id, proof.c.method, proof.c.detail)).all():
        domain = detail.partition(marks[method])[0] if method in marks else ""
        if method in ("dns", "well_known"):
            domain = detail.removeprefix("code on ")
        connection.execute(proof.update().where(proof.c.id == number).values(domain=domain))
