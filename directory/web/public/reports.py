"""Problem reports: what a visitor found wrong, kept for the moderators."""

from flask import Blueprint, abort, render_template
from flask.typing import ResponseReturnValue
from flask_wtf import FlaskForm
from wtforms import EmailField, Field, RadioField, SelectChoice, StringField, TextAreaField
from wtforms.validators import InputRequired, Length, Optional, ValidationError

from directory.moderation.problem_reports import report_problem
from directory.store.repository import StoredZone
from directory.store.retention import REPORT_KEPT
from directory.verification.domains import clean_email
from directory.web.http.container import container, snapshot
from directory.web.http.rate_limits import limiter
from directory.web.i18n.translate import lazy_gettext as _l
from directory.zones.report_kinds import REPORT_KIND_NAMES, ReportKind

blueprint = Blueprint("reports", __name__)


def _is_email(_form: FlaskForm, item: Field) -> None:
    if clean_email(item.data) is None:
        raise ValidationError(_l("Write it like name@example.org, or leave it empty."))


class ReportForm(FlaskForm):  # type: ignore[misc]
    """What is wrong, in the visitor's words."""

    kind = RadioField(
        _l("What is wrong?"),
        choices=[SelectChoice(str(kind), _l(name)) for kind, name in REPORT_KIND_NAMES.items()],
        validators=[InputRequired(_l("Choose what is wrong."))],
    )
    text = TextAreaField(
        _l("What did you see?"),
        description=_l("Please leave out names and numbers of people."),
        validators=[Optional(), Length(max=2000, message=_l("Shorten it to 2,000 characters."))],
    )
    contact = EmailField(
        _l("Your e-mail, if we may ask back"),
        description=_l(
            "We use it for this report only. It is deleted, as is what you wrote, %(days)s days after the report was "
            "closed.",
            days=REPORT_KEPT.days,
        ),
        validators=[
            Optional(),
            _is_email,
        ],
    )
    website = StringField(validators=[Length(max=0)])  # a trap for programs: people never see it


def _per_hour() -> str:
    return f"{container().settings.reports_per_hour} per hour"


@blueprint.get("/zones/<zone_id>/report")
def report(zone_id: str) -> str:
    """The form."""
    return render_template("public/report.html", zone=_zone_or_404(zone_id), form=ReportForm())


@blueprint.post("/zones/<zone_id>/report")
@limiter.limit(_per_hour)
def send_report(zone_id: str) -> ResponseReturnValue:
    """Keep a report, and say so."""
    zone = _zone_or_404(zone_id)
    form = ReportForm()
    if not form.validate():
        return render_template("public/report.html", zone=zone, form=form), 400
    text, contact = form.text.data or "", form.contact.data or ""
    is_kept = report_problem(container().context, zone_id, ReportKind(form.kind.data), text, contact)
    return render_template("public/report_done.html", zone=zone, kept=is_kept)


def _zone_or_404(zone_id: str) -> StoredZone:
    zone = snapshot().by_id.get(zone_id)
    if zone is None:
        abort(404)
    return zone
