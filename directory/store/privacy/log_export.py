"""The log as a table, for those who ask for records: entry by entry, whatever its length."""

import csv
import json
import re
from datetime import datetime
from functools import partial
from typing import IO, Any

from sqlalchemy import Engine
from sqlmodel import col, select

from directory.db.tables.log import LogEntry
from directory.db.transaction import transaction
from directory.formats.table_source import defused
from directory.mail_address import mailbox_of
from directory.store.privacy.personal_data import with_texts

COLUMNS = ("id", "at", "actor", "kind", "subject", "action", "before", "after", "reason")
AT_ONCE = 500
ADDRESS = re.compile(r"[\w.!#$%&'*+/=?^`{|}~-]+@[\w-]+(?:\.[\w-]+)*")


def export_log(engine: Engine, file: IO[str], since: datetime, until: datetime, *, redact: bool = False) -> int:
    """Write the entries from `since` up to before `until`, oldest first, as CSV; returns how many.

    `before` and `after` are JSON texts. With `redact` a mail address is person-1, person-2, … throughout: one number
    for each mailbox, in the order in which they occur. Raises DatabaseError.
    """
    people: dict[str, str] = {}

    def pseudonym(address: re.Match[str]) -> str:
        return people.setdefault(mailbox_of(address[0]), f"person-{len(people) + 1}")

    writer = csv.writer(file, lineterminator="\r\n")
    writer.writerow(COLUMNS)
    count = 0
    with transaction(engine, writes=False) as session:
        query = select(LogEntry).where(col(LogEntry.at) >= since, col(LogEntry.at) < until).order_by(col(LogEntry.id))
        for change in session.exec(query.execution_options(yield_per=AT_ONCE)):
            values = [getattr(change, name) for name in COLUMNS]
            if redact:
                values = with_texts(values, partial(ADDRESS.sub, pseudonym))
            writer.writerow([defused(_cell(value)) for value in values])
            count += 1
    return count


def _cell(value: Any) -> Any:
    if isinstance(value, dict | list):
        return json.dumps(value, ensure_ascii=False)
    if isinstance(value, datetime):
        return value.isoformat()
    return "" if value is None else value
