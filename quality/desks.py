"""The pages behind a link or a sign-in, made ready for looking at: a draft, a waiting submission, an administrator."""

import re
import subprocess
import sys
import time
from email import message_from_bytes
from email.policy import SMTP
from pathlib import Path

import pyotp
from playwright.sync_api import Browser

from directory.db.engine import open_database
from directory.db.queries.problem_reports import keep_report
from directory.db.transaction import transaction
from directory.moderation import town_profiles
from directory.settings import Settings
from directory.submissions import drafts, sending
from directory.submissions.items.item import Action, Item
from directory.submissions.uploads import spreadsheet
from directory.use_case_context import UseCaseContext
from directory.web.http.container import build_container
from directory.zones.departments.owner import Owner
from directory.zones.report_kinds import ReportKind
from quality.site import ROOT, site_environment

ADMINISTRATOR = "administrator@example.org"
MESSY = ROOT / "tests/cases/messy-upload.csv"
DEPARTMENT = {"department": "Weston Police Department", "region": "CT", "town": "Weston"}
ZONE = {"setting": "lobby", "street_address": "56 Norfield Road", "postal_code": "06883", "latitude": "41.2009",
        "longitude": "-73.3807", "opening_hours": "Mo-Fr 08:00-16:30", "cameras": "yes", "town": "Weston"}  # fmt: skip


def made_ready(folder: Path, site: str) -> dict[str, str]:
    """Put a draft, a waiting submission and a report into the site's database; gives the pages to look at."""
    settings = Settings(data_dir=folder, geocoders=())
    engine = open_database(settings.database)
    context = build_container(settings.model_copy(update={"base_url": site}), engine).context
    draft = drafts.begin(context, "en", **DEPARTMENT, email="clerk@example.org")
    item = drafts.put_item(context, draft, Item("", Action.ADD, values=ZONE))
    drafts.put_item(context, draft, Item("", Action.ADD, values={**ZONE, "opening_hours": "sometimes"}))
    _upload(context, draft)
    twice = drafts.begin(context, "en", department="Darien Police Department", region="CT", town="Darien")
    lot = {"setting": "parking_lot", "street_address": "25 Hecker Avenue", "town": "Darien"}
    drafts.put_item(context, twice, Item("", Action.ADD, values=lot))
    waiting = drafts.begin(context, "en", **DEPARTMENT, email="second@example.org")
    drafts.put_item(context, waiting, Item("", Action.ADD, values=ZONE))
    darien = Item("", Action.CORRECT, "ct-darien-parking-lot", values={"phone": "203-555-0100", "latitude": "41.3"})
    drafts.put_item(context, waiting, darien)
    sending.send(context, waiting)
    proven = sending.prove(context, mailed(folder, "second@example.org", "/submit/confirm/"))
    assert proven is not None
    kit = {"web_page": "", "email": "police@darienct.gov", "phone": "203-662-5300", "logo": "", "logo_alt": "",
           "embed_sites": ["https://www.darienct.gov", "https://news.example"]}  # fmt: skip
    town_profiles.save(context, "ct/darien", kit, proven[0], replace=False)
    unproven = drafts.begin(context, "en", **DEPARTMENT, phone="203-555-0100", email="third@example.org")
    unproven_item = drafts.put_item(context, unproven, Item("", Action.ADD, values=ZONE))
    sending.send(context, unproven)
    confirm = f"/submit/confirm/{mailed(folder, 'third@example.org', '/submit/confirm/')}"
    with transaction(engine) as session:
        keep_report(session, "ct-darien-parking-lot", ReportKind.HOURS, "They close at noon.", "")
    engine.dispose()
    key = f"/submit/{drafts.key_of(context, draft)}"
    return {
        key: "draft",
        f"{key}/department": "draft's department", f"{key}/zones/new": "new zone",
        f"{key}/zones/{item}": "zone form", f"{key}/zones/{item}/preview": "preview", f"{key}/sheet": "upload",
        f"{key}/sheet/read": "findings of a file", f"{key}/sheet/columns": "columns of a file",
        f"/submit/{drafts.key_of(context, twice)}/matches": "question about a zone",
        confirm: "confirming page", f"{confirm}/{unproven_item}": "item to confirm",
        f"/desk/ct/weston-police-department/submissions/{waiting}": "department's case",
        "/objection/spent": "spent objection", "/submit/confirm/spent": "spent link", "/sign-in/spent": "spent sign-in",
        "/still-right/spent": "spent reminder", "/desk": "desk", "/desk/keys": "codes and passkeys",
        "/desk/ct/darien-police-department": "department's desk",
        "/desk/ct/darien-police-department/closures": "closures",
        "/desk/ct/darien-police-department/people": "people", "/desk/ct/darien-police-department/proof": "proof",
        "/zones/ct-darien-parking-lot/versions": "versions", "/review": "queue", f"/review/{waiting}": "case",
        "/review/reports": "reports", "/review/people": "moderators", "/review/town-pages/1": "town's kit that waits",
        f"/review/people/{proven[0].id}": "person", f"/review/people/{proven[0].id}/impostor": "impostor",
        "/review/departments/ct/darien-police-department": "department", "/review/barred": "barred",
        "/towns/ct/darien/manage": "town's page, managed",
    }  # fmt: skip


def _upload(context: UseCaseContext, draft: int) -> None:
    """Read a file with findings of several kinds into a draft."""
    file = spreadsheet.read_spreadsheet(MESSY)
    owner = Owner(DEPARTMENT["department"], DEPARTMENT["town"], DEPARTMENT["region"])
    sheet = spreadsheet.check_upload(file, owner, spreadsheet.KnownZones(iter(())), context.gazetteer)
    drafts.take_sheet(context, draft, file, sheet, MESSY.name)


def mailed(folder: Path, recipient: str, part: str) -> str:
    """The token of the newest link that was mailed (the site writes its mails into a folder)."""
    for _ in range(600):  # a minute: on a busy machine the mail worker has only begun
        for path in sorted((folder / "mail").glob("*.eml"), key=lambda path: -path.stat().st_mtime):
            mail = message_from_bytes(path.read_bytes(), policy=SMTP)
            text = mail.get_body(("plain",))
            found = re.search(rf"{part}(\S+)", "" if text is None else text.get_content())
            if mail["To"] == recipient and found:
                return found[1]
        time.sleep(0.1)
    raise RuntimeError(f"no link to {part} was mailed to {recipient}")


def administrator(browser: Browser, folder: Path, site: str) -> str:
    """Sign an administrator in with both factors; gives the path of the browser's stored cookies."""
    command = [sys.executable, "-m", "directory", "staff", ADMINISTRATOR, "--role", "administrator", "--site", site]
    subprocess.run(command, env=site_environment(folder), check=True, capture_output=True)
    context = browser.new_context()
    page = context.new_page()
    page.goto(f"{site}/sign-in")
    page.get_by_label("Your e-mail at work").fill(ADMINISTRATOR)
    page.get_by_role("button", name="Mail me a link").click()
    page.goto(f"{site}/sign-in/{mailed(folder, ADMINISTRATOR, '/sign-in/')}")
    page.get_by_role("button", name="Sign in here").click()
    page.get_by_label("Code").fill(pyotp.TOTP(page.locator("main code").inner_text()).now())
    page.get_by_role("button", name="Go on").click()
    page.get_by_role("navigation", name="Review desk").wait_for()
    path = folder / "administrator.json"
    context.storage_state(path=path)
    context.close()
    return str(path)
