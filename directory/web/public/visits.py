"""“I was there”: one tap of a visitor on a zone's page."""

from typing import Any

from flask import Blueprint, abort, render_template
from flask.typing import ResponseReturnValue
from wtforms import SelectChoice
from wtforms.validators import Optional

from directory.db.tables.contributions.visits import VisitAnswer
from directory.moderation.data_quality.visits import NOT_VISITED, note_visit
from directory.web.http.container import container
from directory.web.http.error_handling.rows_or_404 import zone_or_404
from directory.web.http.forms import ChoiceField, PageForm, TrapField
from directory.web.http.limits.rate_limits import limiter
from directory.web.http.security.cross_site import refuse_other_sites
from directory.web.http.uploads import PictureField
from directory.web.i18n.translate import lazy_gettext as _l

blueprint = Blueprint("visits", __name__)
ONCE = "1 per day"
"""How often the same answer of one address about a zone counts."""


class VisitForm(PageForm):
    """What a visitor saw. It has no token: that would need a cookie on every zone's page."""

    class Meta:
        csrf = False

    answer = ChoiceField(
        _l("What did you see?"),
        choices=[
            SelectChoice(VisitAnswer.STILL_THERE, _l("It is still there")),
            SelectChoice(VisitAnswer.GONE, _l("It is gone")),
            SelectChoice(VisitAnswer.SIGN_DIFFERS, _l("The sign says something else")),
        ],
        fix=_l("Press one of the buttons."),
    )
    photo = PictureField(
        _l("The photo"), [Optional()], render_kw={"accept": "image/jpeg,image/png,image/webp"},
        description=_l(
            "It goes with “The sign says something else”. Moderators alone see it, without the place and time that the "
            "phone wrote into the file. Please show no people and no license plates."
        ),
    )  # fmt: skip
    website = TrapField()

    def validate(self, *args: Any, **options: Any) -> bool:
        """Check the answer, and the photo where it goes with it."""
        if self.answer.data != VisitAnswer.SIGN_DIFFERS:
            self.photo.data = None
        return bool(super().validate(*args, **options))


@blueprint.post("/zones/<zone_id>/visit")
@limiter.limit(lambda: f"{container().settings.visits_per_day} per day")
def send(zone_id: str) -> ResponseReturnValue:
    """Keep the answer, and say so."""
    refuse_other_sites()
    zone = zone_or_404(zone_id)
    if zone.status in NOT_VISITED:
        abort(404)
    fields = VisitForm()
    if not fields.validate():
        return render_template("public/visit.html", zone=zone, visit=fields), 400
    answer = VisitAnswer(fields.answer.data)
    is_kept = limiter.allows(ONCE, f"visit/{zone_id}/{answer}") and note_visit(
        container().context, zone_id, answer, fields.photo.picture
    )
    return render_template("public/visit_done.html", zone=zone, kept=is_kept)
