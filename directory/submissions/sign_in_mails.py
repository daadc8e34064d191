"""Mailed links to sign in."""

from directory.records.accounts import person_by_email
from directory.records.database import transaction
from directory.submissions.links import make_link
from directory.submissions.office import Office


def mail_sign_in_link(office: Office, email: str, language: str, site: str) -> None:
    """Mail a link to a known address; for an unknown one nothing happens, and the page says the same.

    Raises TooManyMails or DatabaseProblem.
    """
    with transaction(office.engine) as session:
        person = person_by_email(session, email)
        if person is None:
            return
        token = make_link(session, "sign_in", person.email, {})
        writer = office.writer(language, site)
        office.queue(session, person.email, writer.sign_in(f"{writer.site}/sign-in/{token}"), typed=True)
