"""Problem reports: what a visitor found wrong, kept for the moderators."""

from flask import Blueprint, render_template
from flask.typing import ResponseReturnValue
from wtforms import SelectChoice
from wtforms.validators import Optional

from directory.moderation.problem_reports import report_problem
from directory.store.privacy.retention import REPORT_KEPT
from directory.web.http.container import container
from directory.web.http.error_handling.rows_or_404 import zone_or_404
from directory.web.http.forms import AreaField, ChoiceField, MailAddressField, PageForm, TrapField
from directory.web.http.limits.rate_limits import limiter
from directory.web.i18n.translate import lazy_gettext as _l
from directory.zones.report_kinds import REPORT_KIND_NAMES, ReportKind

blueprint = Blueprint("reports", __name__)


class ReportForm(PageForm):
    """What is wrong, in the visitor's words."""

    kind = ChoiceField(
        _l("What is wrong?"),
        choices=[SelectChoice(str(kind), _l(name)) for kind, name in REPORT_KIND_NAMES.items()],
        fix=_l("Choose what is wrong."),
    )
    text = AreaField(
        _l("What did you see?"), [Optional()], longest=2000,
        description=_l("Please leave out names and numbers of people."),
    )  # fmt: skip
    contact = MailAddressField(
        _l("Your e-mail, if we may ask back"),
        [Optional()],
        description=_l(
            "We use it for this report only. It is deleted, as is what you wrote, %(days)s days after the report was "
            "closed.",
            days=REPORT_KEPT.days,
        ),
    )
    website = TrapField()


@blueprint.get("/zones/<zone_id>/report")
def report(zone_id: str) -> str:
    """The form."""
    return render_template("public/report.html", zone=zone_or_404(zone_id), fields=ReportForm())


@blueprint.post("/zones/<zone_id>/report")
@limiter.limit(lambda: f"{container().settings.reports_per_hour} per hour")
def send_report(zone_id: str) -> ResponseReturnValue:
    """Keep a report, and say so."""
    zone = zone_or_404(zone_id)
    fields = ReportForm()
    if not fields.validate():
        return render_template("public/report.html", zone=zone, fields=fields), 400
    is_kept = report_problem(container().context, zone_id, **fields.answers | {"kind": ReportKind(fields.kind.data)})
    return render_template("public/report_done.html", zone=zone, kept=is_kept)
