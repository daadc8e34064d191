"""A site of a test's own, and the people who use it: clerks, moderators, visitors, each with a browser's cookies."""

import json
import re
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import replace
from datetime import timedelta
from email import message_from_string
from email.message import EmailMessage
from email.policy import SMTP
from html import unescape
from typing import Any, cast

import pyotp
from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy import Engine, text
from werkzeug.test import TestResponse

from directory import clock
from directory.accounts.sessions import begin_session
from directory.accounts.staff import appoint
from directory.app import create_app
from directory.db.queries.accounts import (
    add_official_domains,
    membership,
    note_second_factor,
    person_by_email,
    person_named,
)
from directory.db.tables.accounts import Staff
from directory.db.tables.domains import OfficialDomain
from directory.db.transaction import transaction
from directory.mail.links import token_digest
from directory.search.snapshots.snapshot import Snapshot
from directory.search.snapshots.snapshot_cache import EarlierSnapshot
from directory.settings import Settings
from directory.store.repository import Directory
from directory.verification.levels import raise_level
from directory.verification.mail_domains import domain_of
from directory.web.http.container import KEY, Container
from directory.web.http.security.session_cookie import ENDS_AT
from directory.zones.departments.owner import Owner
from directory.zones.keys import department_slug
from tests.support.applications import end

SITE = "http://localhost"
DARIEN = "ct/darien-police-department"
ZONE = {
    "setting": "lobby", "street_address": "56 Norfield Road", "town": "Weston", "postal_code": "06883",
    "latitude": "41.2009", "longitude": "-73.3807", "hours_mode": "words", "hours_words": "Mon-Fri 8am-4pm",
    "cameras": "yes", "cameras_recorded": "yes",
}  # fmt: skip
WESTON = {"department": "Weston Police Department", "region": "CT", "town": "Weston", "email": "clerk@westonct.gov"}


class Site:
    """The site, its mailboxes, and a client for everybody."""

    def __init__(self, settings: Settings, earlier: Directory | None = None) -> None:
        self.settings = settings
        self.app: Flask = create_app(settings, EarlierSnapshot(Snapshot(earlier)) if earlier else None)
        self.app.config.update(WTF_CSRF_ENABLED=False, PROPAGATE_EXCEPTIONS=False)
        from directory.web.http.limits.rate_limits import limiter

        limiter.enabled = False
        self.services = cast(Container, self.app.extensions[KEY])
        self.engine: Engine = self.services.engine
        self.context = replace(self.services.context, site=lambda: SITE)

    def close(self) -> None:
        from directory.web.http.limits.rate_limits import limiter

        limiter.enabled = True
        end(self.app)
        clock.run_ahead(timedelta(0))

    def visitor(self) -> FlaskClient:
        return self.app.test_client()

    def mails(self, recipient: str = "") -> list[EmailMessage]:
        """Every queued mail, oldest first."""
        rows = self.rows("SELECT recipient, message FROM outbox_mail ORDER BY id")
        return [message_from_string(row[1], policy=SMTP) for row in rows if recipient in ("", row[0])]

    def link(self, recipient: str, part: str) -> str:
        """The newest link to `part` of the site in the mails to somebody, as a path."""
        for mail in reversed(self.mails(recipient)):
            found = re.findall(rf"{SITE}({part}\S*)", body(mail))
            if found:
                return str(found[-1])
        raise AssertionError(f"no link to {part} was mailed to {recipient}")

    def rows(self, sql: str, **values: Any) -> list[Any]:
        """What a query finds; JSON columns as text, as SQLite has them."""
        with self.engine.connect() as connection:
            found = connection.execute(text(sql), values)
            return [tuple(json.dumps(v) if isinstance(v, list | dict) else v for v in row) for row in found]

    @property
    def environment(self) -> dict[str, str]:
        """What a command needs to work on this site."""
        database = self.settings.database_url
        return {"SAFEZONES_DATA_DIR": str(self.settings.data_dir), "SAFEZONES_DATABASE_URL": database}

    def domain(self, domain: str, place: str, state: str = "CT") -> None:
        with transaction(self.engine) as session:
            add_official_domains(session, [OfficialDomain(domain=domain, place=place, state=state, source="test")])

    def submit(self, clerk: FlaskClient, zone: dict[str, str] | None = None, **department: str) -> str:
        """Send one zone of a department, which is another one than any it is asked about; returns the draft's path."""
        response = clerk.post("/submit", data={**WESTON, **department})
        assert response.status_code == 302, errors(response)
        response = clerk.post(response.headers["Location"], data={**ZONE, **(zone or {})})
        assert response.status_code == 302, errors(response)
        draft, asked, _ = response.headers["Location"].partition("/matches")
        if asked:
            control = re.findall(r'name="(zone:[^"]+)"', clerk.get(response.headers["Location"]).text)[0]
            clerk.post(f"{draft}/matches", data={control: "another"})
        response = clerk.post(f"{draft}/send")
        assert response.status_code in (200, 302), errors(response)
        return draft

    def confirm(self, clerk: FlaskClient, email: str) -> TestResponse:
        return clerk.post(self.link(email, "/submit/confirm/"))

    def signed_in(self, email: str) -> FlaskClient:
        """A browser of somebody who has signed in, without the mailed link."""
        return self._session_of(email)[0]

    def signed_in_by_mail(self, email: str) -> FlaskClient:
        """The same through the mailed link."""
        client = self.visitor()
        client.post("/sign-in", data={"email": email})
        assert client.post(self.link(email, "/sign-in/")).status_code == 302
        return client

    def _session_of(self, email: str) -> tuple[FlaskClient, str]:
        """The same, and the session's token."""
        with transaction(self.engine) as session:
            person = person_by_email(session, email)
            assert person is not None and person.id is not None, f"{email} is nobody here"
            number = person.id
        begun = begin_session(self.context, number)
        client = self.visitor()
        with client.session_transaction() as cookie:  # as Flask-Login's own test client does it
            cookie.permanent = True
            cookie.update({ENDS_AT: int(begun.expires_at.timestamp()), "_user_id": begun.token, "_fresh": True})
        self.services.snapshot_cache.invalidate()  # as after the form of whoever signs in
        return client, begun.token

    def signed_in_as_clerk(self, email: str = WESTON["email"]) -> FlaskClient:
        """A clerk of Weston who proved the address, signed in."""
        self.domain("westonct.gov", "Weston")
        clerk = self.visitor()
        self.submit(clerk, email=email)
        self.confirm(clerk, email)
        return clerk

    def accepted_clerk(
        self, email: str = "sergeant@darienct.gov", department: str = "Darien Police Department", town: str = "Darien"
    ) -> FlaskClient:
        """Somebody whom the town's domain proves and of whom a moderator has approved something, signed in."""
        self.domain(domain_of(email), f"Town of {town}")
        with transaction(self.engine) as session:
            person = person_named(session, email, "en")
            raise_level(session, person, Owner(department, town, "CT"))
            place = membership(session, person.id, department_slug(department, "CT"))
            assert place is not None, "the domain proves the department"
            place.accepted_at, place.accepted_by = clock.now(), "moderator@example.org"
        return self.signed_in(email)

    def chief_of_darien(self) -> FlaskClient:
        """Whoever sent something for the police of Darien from the town's domain, and was accepted as its manager."""
        self.domain("darienct.gov", "Darien")
        chief = self.visitor()
        draft = chief.post("/zones/ct-darien-parking-lot/ours", data={"action": "confirm"}).headers["Location"]
        chief.post(f"{draft}/send", data={"email": "chief@darienct.gov"})
        self.confirm(chief, "chief@darienct.gov")
        self.accept("chief@darienct.gov")
        return chief

    def staff(self, email: str = "moderator@example.org", role: Staff = Staff.MODERATOR) -> FlaskClient:
        """A browser of a moderator or administrator, with both factors."""
        appoint(self.context, email, role, "operator")
        client, token = self._session_of(email)
        with transaction(self.engine) as session:
            note_second_factor(session, token_digest(token))
            person = person_by_email(session, email)
            assert person is not None
            person.totp_secret = pyotp.random_base32()
            session.add(person)
        return client

    def accept(self, email: str) -> None:
        """Somebody of staff or a manager has accepted what this person does."""
        with self.engine.begin() as connection:
            values = "accepted_at = since, accepted_by = 'moderator@example.org'"
            who = "(SELECT id FROM person WHERE email = :email)"
            connection.execute(text(f"UPDATE membership SET {values} WHERE person_id = {who}"), {"email": email})

    def number(self) -> int:
        """The newest submission."""
        return int(self.rows("SELECT max(id) FROM submission")[0][0])

    def state(self, number: int = 0) -> str:
        return str(self.rows("SELECT state FROM submission WHERE id = :n", n=number or self.number())[0][0])

    def decide(self, moderator: FlaskClient, step: str, reason: str = "Thank you.", number: int = 0) -> TestResponse:
        number = number or self.number()
        version = self.rows("SELECT version FROM submission WHERE id = :n", n=number)[0][0]
        form = {"step": step, "reason": reason, "version": version}
        return moderator.post(f"/review/{number}/decide", data=form)


def body(mail: EmailMessage) -> str:
    part = mail.get_body(("plain",))
    return "" if part is None else str(part.get_content())


def errors(response: TestResponse) -> list[str]:
    return [unescape(words) for words in re.findall(r'class="field-error"[^>]*>([^<]+)', response.text)]


def html_of(response: TestResponse) -> str:
    """A page's HTML with each run of white space as one space: how its template is wrapped is no matter."""
    return " ".join(response.text.split())


def words(html: str) -> str:
    """A page's text without its markup."""
    text = re.sub(r"<(script|style).*?</\1>|<[^>]*>", " ", html, flags=re.DOTALL)
    return " ".join(unescape(text).split())


def words_of(response: TestResponse) -> str:
    return words(response.text)


def listed_zones(html: str) -> list[str]:
    """The ids of the zones that a page lists, from the top down."""
    return re.findall(r'data-zone="([^"]+)"', html)


@contextmanager
def site_on(settings: Settings, earlier: Directory | None = None) -> Iterator[Site]:
    """A site on these settings' own database; `earlier` is a directory that it was copied from, already read."""
    site = Site(settings, earlier)
    try:
        yield site
    finally:
        site.close()
