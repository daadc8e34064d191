"""While the disk is nearly full, what strangers would keep is refused, so that departments and moderators go on."""

import structlog
from flask import Flask, Request

from directory.errors import UnavailableError
from directory.settings import MEGABYTE
from directory.web.accounts.permissions import person
from directory.web.http.container import container
from directory.web.http.error_handling.errors import error_page

log = structlog.get_logger()
KEPT_FOR_STRANGERS = frozenset({
    "submissions.begin", "submissions.save_department", "submissions.mail_link", "submissions.send", "claims.propose",
    "zone_editing.save_zone", "spreadsheet_upload.upload", "reports.send_report", "submissions.prove",
    "sign_in.mail_link", "matches.answer", "visits.send", "umbrella.upload", "umbrella.send",
    "upload_corrections.save", "upload_corrections.save_columns",
})  # fmt: skip
"""The views by which a stranger, signed in or not, makes the database grow."""


class DiskNearlyFullError(UnavailableError):
    """Less disk is free than SAFEZONES_MIN_FREE_MB; nothing was kept of what was sent."""


def init_app(app: Flask) -> None:
    """Register the page that says so."""
    app.register_error_handler(DiskNearlyFullError, lambda _error: error_page("disk_full", 503))


def refuse_when_full(request: Request) -> None:
    """Refuse a stranger's form while less disk is free than SAFEZONES_MIN_FREE_MB. Raises DiskNearlyFullError."""
    if request.method != "POST" or request.endpoint not in KEPT_FOR_STRANGERS:
        return
    who = person()
    if who is not None and (who.staff or who.accepted):
        return
    settings = container().settings
    free = settings.free_bytes()
    if free is not None and settings.is_short_of_disk(free):
        log.error("disk nearly full", free_mb=free // MEGABYTE, min_free_mb=settings.min_free_mb)
        raise DiskNearlyFullError
