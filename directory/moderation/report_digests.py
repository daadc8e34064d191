"""What visitors reported, mailed to those who look after the zones: one digest a department a day."""

from sqlalchemy import Engine

from directory.db.queries.accounts import accepted_members
from directory.db.transaction import transaction
from directory.mail.message_texts import MessageWriter
from directory.mail.queueing import queue_message
from directory.store.report_digests import departments_to_mail, take_unmailed

MOST_LISTED = 10


def queue_digests(engine: Engine, sender: str, site: str) -> int:
    """Queue the digests that are due, and return for how many departments; safe to run as often as one likes.

    Only accepted members are mailed; where there are none the reports wait for one.
    The first report is mailed at once, later ones together when a day is over. One transaction a department: the
    mails and the note that they were sent are kept together, or neither. Raises DatabaseError.
    """
    with transaction(engine, writes=False) as session:
        departments = departments_to_mail(session)
    return sum(_queue_digest(engine, department, sender, site) for department in departments)


def _queue_digest(engine: Engine, department: str, sender: str, site: str) -> bool:
    with transaction(engine) as session:
        people = accepted_members(session, department)
        if not people:
            return False
        name, reports = take_unmailed(session, department)
        for person in people if reports else ():
            writer = MessageWriter(person.language, site)
            listed, more = reports[:MOST_LISTED], len(reports) - len(reports[:MOST_LISTED])
            message = writer.reports(name, listed, more, f"{site}/desk/{department}")
            queue_message(session, sender, person.email, message)
        return bool(reports)
