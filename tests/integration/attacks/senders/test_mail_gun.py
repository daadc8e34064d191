"""The site is no mail gun: no stranger fills a mailbox, writes a subject or mails a link of their own."""

from collections import Counter
from collections.abc import Iterator
from datetime import timedelta
from email import message_from_bytes
from email.message import EmailMessage
from email.policy import SMTP
from typing import Any

import pytest
from click.testing import CliRunner
from sqlalchemy import text

from directory import clock
from directory.cli import main
from directory.db.tables.outbox import MailKind
from directory.db.transaction import transaction
from directory.mail.message import Message
from directory.mail.message_texts import MessageWriter
from directory.mail_address import mailbox_of
from directory.store.report_digests import UnmailedReport
from directory.web.http.languages import available
from directory.zones.report_kinds import ReportKind
from directory.zones.schemas import Setting
from directory.zones.zone_labels import ZoneLabel
from tests.support.site import SITE, WESTON, Site, body

HOSTILE = "Win $1000 at evil.example/x"
LINKS = ("evil.example", "www.evil", "http://", "https://", "href=")
VICTIM = "victim@elsewhere.example"
DARIEN_ZONE = "ct-darien-parking-lot"
SERGEANT = "sergeant@darienct.gov"


def html(mail: EmailMessage) -> str:
    part = mail.get_body(("html",))
    return "" if part is None else str(part.get_content())


def without_our_links(written: str) -> str:
    return written.replace(f'href="{SITE}', "").replace(SITE, "")


def is_clean(mail: EmailMessage) -> None:
    """Nothing of the stranger's in the headers, and no link of theirs in either body."""
    headers = {name: str(value) for name, value in mail.items() if name not in ("Date", "Message-ID")}
    assert "evil" not in str(headers), headers
    del headers["Content-Type"]  # where random digits are the boundary
    assert "1000" not in str(headers), headers
    for written in (body(mail), html(mail)):
        assert not any(link in without_our_links(written) for link in LINKS), written


def sent(site: Site, **settings: str) -> list[EmailMessage]:
    """Every mail that went out so far, once whoever is due has been mailed."""
    done = CliRunner().invoke(main, ["mail"], env={**site.environment, "SAFEZONES_BASE_URL": SITE, **settings})
    assert done.exit_code == 0, done.output
    files = (site.settings.data_dir / "mail").glob("*.eml")
    return [message_from_bytes(path.read_bytes(), policy=SMTP) for path in files]


def to_mailboxes(mails: list[EmailMessage]) -> Counter[str]:
    return Counter(mailbox_of(str(mail["To"])) for mail in mails)


@pytest.fixture
def darien(site: Site) -> Site:
    """Darien's sergeant looks after its zone; what was mailed on the way is sent."""
    site.domain("darienct.gov", "Darien")
    clerk = site.visitor()
    draft = clerk.post(f"/zones/{DARIEN_ZONE}/ours", data={"action": "confirm"}).headers["Location"]
    clerk.post(f"{draft}/send", data={"email": SERGEANT})
    site.confirm(clerk, SERGEANT)
    site.accept(SERGEANT)
    with transaction(site.engine) as session:
        session.connection().execute(text("DELETE FROM outbox_mail"))
    return site


def test_what_a_stranger_typed_is_in_no_subject_and_is_no_link_in_a_third_partys_mail(site: Site) -> None:
    site.submit(site.visitor(), department=HOSTILE, email=VICTIM)
    (mail,) = site.mails(VICTIM)
    assert str(mail["Subject"]) == "Please confirm your submission"
    assert "“Win $1000 at" in body(mail), "the words are shown, as somebody's words"
    is_clean(mail)


@pytest.mark.parametrize(
    "name",
    [
        "https://evil.example/x is your bank",
        "HTTP://EVIL.EXAMPLE/x",
        "www.evil.example",
        "hhttp://ttp://evil.example",
        "http:http:////evil.example/",
        "\u202eevil.example/x\u202c",
        "evil\u200b.\u200bexample/x",
        "evil。example and evil．example",
        "mailto:win@evil.example",
        "x” From your bank: go to evil.example “x",
    ],
)
def test_no_spelling_of_a_link_gets_through(site: Site, name: str) -> None:
    clerk = site.visitor()
    if clerk.post("/submit", data={**WESTON, "department": name, "email": VICTIM}).status_code != 302:
        return  # the form refused it
    site.submit(site.visitor(), department=name, email=VICTIM)
    mails = site.mails(VICTIM)
    assert mails
    for mail in mails:
        assert str(mail["Subject"]) == "Please confirm your submission"
        written = without_our_links(body(mail) + html(mail)).lower()
        assert "evil.example" not in written and "www.evil" not in written and "://" not in written
        assert not {"\u202e", "\u202c", "\u200b", "。", "．"} & set(body(mail)), "nothing invisible or turned around"
        assert body(mail).count("”") == body(mail).count("“") == 1, "the quotation ends where we end it"


@pytest.mark.parametrize(
    "end", ["\r\nBcc: all@example.org", "\nX-Evil: 1", "\0", "\u2028Evil: 1", "\u0085Evil: 1", "\v"]
)
def test_no_line_end_breaks_into_the_headers(site: Site, end: str) -> None:
    clerk = site.visitor()
    draft = clerk.post("/submit", data={**WESTON, "department": f"Weston{end} Police", "email": VICTIM})
    if draft.status_code == 302:
        site.submit(site.visitor(), department=f"Weston{end} Police", email=VICTIM)
    mails = site.mails(VICTIM)
    assert bool(mails) is (draft.status_code == 302)
    for mail in mails:
        assert {"bcc", "x-evil", "evil"}.isdisjoint(name.lower() for name in mail)
        assert str(mail["Subject"]) == "Please confirm your submission"


def test_a_colleague_is_added_without_a_word_of_the_managers_choice(site: Site) -> None:
    site.domain("westonct.gov", "Weston")
    clerk = site.visitor()
    site.submit(clerk, department=HOSTILE, email="clerk@westonct.gov")
    site.confirm(clerk, "clerk@westonct.gov")
    moderator = site.staff()
    number, version = site.number(), site.rows("SELECT version FROM submission")[0][0]
    moderator.post(f"/review/{number}/call-back", data={"called": "203-222-2600", "version": version})
    slug = site.rows("SELECT department FROM membership")[0][0]
    assert clerk.post(f"/desk/{slug}/people", data={"email": VICTIM}).status_code == 302
    (mail,) = site.mails(VICTIM)
    assert "clerk@westonct.gov" in body(mail)
    for mail in site.mails():
        is_clean(mail)


def hostile_zone(name: str) -> ZoneLabel:
    return ZoneLabel(f"{HOSTILE} {name}", Setting.LOBBY)


def strings(names: Any) -> dict[str, Any]:
    """A hostile value for every argument of a message."""
    values: dict[str, Any] = {}
    for name, annotation in names.items():
        if "UnmailedReport" in str(annotation):
            values[name] = [UnmailedReport(hostile_zone(name), ReportKind.OTHER, HOSTILE)]
        elif "tuple" in str(annotation):
            values[name] = [(hostile_zone(name), f"{SITE}/x")]
        elif "ZoneLabel" in str(annotation):
            values[name] = [hostile_zone(name)]
        elif "Sequence" in str(annotation):
            values[name] = [f"{HOSTILE} {name}"]
        elif "Mapping" in str(annotation):
            values[name] = {"phone": f"{HOSTILE} {name}", "embed_sites": [f"{HOSTILE} {name}"]}
        elif annotation is int:
            values[name] = 3
        else:
            values[name] = f"{SITE}/x" if "link" in name or name in ("yes", "change") else f"{HOSTILE} {name}"
    return values


BY_STAFF = ("approved", "declined", "changes_requested")
"""A moderator's reason stands in these as it was written, and may hold a link."""


@pytest.mark.parametrize("language", available())
def test_every_letter_keeps_others_words_out_of_its_subject_and_its_links(language: str) -> None:
    writer = MessageWriter(language, SITE)
    messages = [name for name in vars(MessageWriter) if not name.startswith("_") and callable(getattr(writer, name))]
    assert len(messages) > 10
    for name in messages:
        wanted = {key: value for key, value in getattr(MessageWriter, name).__annotations__.items() if key != "return"}
        values = strings(wanted)
        if name == "staff_added":
            values["role"] = "moderator"
        if name == "arrived":
            values["reasons"] = [
                "It puts a zone in a town of which we do not know that the department polices it."
            ]  # our own sentences, of submissions/risk/wait_reasons.py
        if name == "factors_reset":
            values["contact"] = SITE  # the operator's own setting
        if name in BY_STAFF:
            values["reason"] = "Thank you."
        message = getattr(writer, name)(**values)
        if not isinstance(message, Message):  # a sentence of ours in another language
            continue
        assert "1000" not in message.subject and "evil" not in message.subject, name
        for written in (message.text(), message.html()):
            assert not any(link in without_our_links(written) for link in LINKS), (name, written)


def test_fifteen_plus_addresses_are_one_mailbox(site: Site) -> None:
    codes = []
    for number in range(15):
        clerk = site.visitor()
        form = clerk.post("/submit", data={**WESTON, "email": f"victim+{number}@elsewhere.example"}).headers["Location"]
        codes.append(clerk.post(f"{form.partition('/zones')[0]}/mail-link").status_code)
    assert codes[:12] == [302] * 12 and set(codes[12:]) == {429}
    assert to_mailboxes(sent(site)) == {VICTIM: 12}


def test_thirty_reports_make_one_mail_to_a_department(darien: Site) -> None:
    for number in range(30):
        report = {"kind": "other", "text": f"{number}: {HOSTILE}\nhttps://evil.example/{number}"}
        assert darien.visitor().post(f"/zones/{DARIEN_ZONE}/report", data=report).status_code == 200
        if number in (0, 5, 29):
            mails = sent(darien)
    assert to_mailboxes(mails) == {SERGEANT: 1}
    for mail in mails:
        is_clean(mail)
    clock.run_ahead(timedelta(hours=25))
    for _ in range(2):
        mails = sent(darien, SAFEZONES_CLOCK_AHEAD_DAYS="2")
    assert to_mailboxes(mails) == {SERGEANT: 2}
    (mail,) = [mail for mail in mails if "more" in body(mail)]
    assert body(mail).count("1000") == 10 and "and 9 more" in body(mail), "ten are listed, the rest of twenty counted"
    is_clean(mail)


def withdraw(site: Site, email: str) -> None:
    """Somebody asks for Darien's zone to be withdrawn and confirms the address."""
    client = site.visitor()
    form = {"action": "withdraw", "note": "The lot was built over."}
    draft = client.post(f"/zones/{DARIEN_ZONE}/ours", data=form).headers["Location"]
    client.post(f"{draft}/send", data={"email": email})
    site.confirm(client, email)


def test_strangers_do_not_spend_the_mails_of_a_manager(site: Site) -> None:
    chief = site.accepted_clerk("chief@darienct.gov")

    def told() -> list[bool]:
        """Whether each notice of something that waits went out to the chief, oldest first."""
        query = "SELECT sent_at FROM outbox_mail WHERE recipient = :to AND subject LIKE '%waits for a decision'"
        return [row[0] is not None for row in site.rows(f"{query} ORDER BY id", to="chief@darienct.gov")]

    for number in range(45):
        withdraw(site, f"stranger{number}@elsewhere{number}.example")
    assert site.rows("SELECT count(*) FROM submission WHERE state = 'waiting_for_review'")[0][0] == 45
    sent(site)
    withdraw(site, "newcomer@darienct.gov")
    sent(site)
    assert told() == [True, True], "one of the strangers', and at once that of somebody of the department"
    draft = chief.post("/submit", data={**WESTON, "email": "chief@darienct.gov"}).headers["Location"]
    assert chief.post(f"{draft.partition('/zones')[0]}/mail-link").status_code == 302
    clock.run_ahead(timedelta(hours=1, minutes=1))
    withdraw(site, "later@elsewhere.example")
    assert told() == [True, True, False], "an hour later one more"


def test_notices_do_not_use_up_the_mails_that_may_be_requested(site: Site) -> None:
    notices(site, [VICTIM] * 40)
    clerk = site.visitor()
    form = clerk.post("/submit", data={**WESTON, "email": VICTIM}).headers["Location"]
    assert clerk.post(f"{form.partition('/zones')[0]}/mail-link").status_code == 302


def notices(site: Site, recipients: Iterator[str] | list[str]) -> None:
    with transaction(site.engine) as session:
        for recipient in recipients:
            site.context.queue(
                session, recipient, MessageWriter("en", SITE).staff_added("moderator", f"{SITE}/sign-in")
            )


def test_no_mailbox_gets_more_than_forty_mails_a_day_and_none_is_lost(site: Site) -> None:
    notices(site, [f"victim+{number}@elsewhere.example" for number in range(60)])
    notices(site, ["other@elsewhere.example"])
    for _ in range(3):
        mails = sent(site)
    assert to_mailboxes(mails) == {VICTIM: 40, "other@elsewhere.example": 1}
    for _ in range(3):
        mails = sent(site, SAFEZONES_CLOCK_AHEAD_DAYS="2")
    assert to_mailboxes(mails) == {VICTIM: 60, "other@elsewhere.example": 1}


def test_the_whole_site_has_a_budget_and_signing_in_goes_on(site: Site) -> None:
    notices(site, [f"clerk{number}@elsewhere.example" for number in range(8)])
    for _ in range(2):
        mails = sent(site, SAFEZONES_MAILS_PER_DAY="5")
    assert len(mails) == 5
    with transaction(site.engine) as session:
        message = MessageWriter("en", SITE).sign_in(f"{SITE}/sign-in/x")
        site.context.queue(session, "clerk@elsewhere.example", message, kind=MailKind.SIGN_IN)
    mails = sent(site, SAFEZONES_MAILS_PER_DAY="5")
    assert Counter(str(mail["Subject"]) for mail in mails)["Your link to sign in"] == 1
    assert len(mails) == 6
    assert len(sent(site, SAFEZONES_MAILS_PER_DAY="5", SAFEZONES_CLOCK_AHEAD_DAYS="2")) == 9, "none is lost"
