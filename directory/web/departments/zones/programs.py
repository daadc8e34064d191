"""A department's programs of many sites at its desk: begun, changed and confirmed."""

from collections.abc import Sequence
from dataclasses import replace
from typing import Any

from flask import Blueprint, abort, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from wtforms import HiddenField

from directory.store.repository import StoredZone
from directory.submissions.programs import ProgramChangedError, confirm_program, programs_of, save_program, version
from directory.submissions.risk.wait_reasons import ChangeWaitsError, WaitReason
from directory.web.accounts.permissions import verified_for
from directory.web.departments.zones.zone_form import control_of
from directory.web.http.container import container, snapshot
from directory.web.http.forms import FormError, PageForm, TextField, filled_in
from directory.web.http.limits.rate_limits import bounded
from directory.web.i18n.translate import _
from directory.web.i18n.translate import lazy_gettext as _l
from directory.zones.evidence.zone_evidence import unstated
from directory.zones.findings import FieldError
from directory.zones.parsing.parsers import PARSERS
from directory.zones.parsing.text_forms import lines_of
from directory.zones.programs import FIELDS_OF_A_PROGRAM, Program, said_otherwise
from directory.zones.schemas import FIELDS

blueprint = bounded(Blueprint("programs", __name__))
PATH = "/desk/<department:slug>/programs"
NEW = "new"
ASKED = [FIELDS[name] for name in FIELDS_OF_A_PROGRAM if FIELDS[name].form and name not in ("name", "hours_note")]
"""The fields that the form has beside the name."""


class ProgramForm(PageForm):
    """What a program says for all of its sites."""

    seen = HiddenField()
    name = TextField(
        _l("Name of the program"), [filled_in()], longest=FIELDS["name"].limit,
        description=_l("What the announcement or your signs call it, such as “Safe Trade Stations”."),
    )  # fmt: skip

    def read(self) -> dict[str, Any]:
        """The values of all fields; what does not read is noted at its field."""
        values: dict[str, Any] = {"name": self.name.data}
        for entry in ASKED:
            text = (self[entry.name].data or "").strip()
            try:
                values[entry.name] = PARSERS[entry.name](text).value if text else unstated(entry.name)
            except FieldError as error:
                self.refuse(FormError.of(entry.name, error))
        return values


for _entry in ASKED:
    # Questions are about one zone.
    setattr(ProgramForm, _entry.name, control_of(replace(_entry, question=""), words_only=True))


def _form_values(program: Program) -> dict[str, str]:
    """What a program says, as its form shows it."""
    values = {name: program.values.get(name, "") for name in ("name", *(entry.name for entry in ASKED))}
    return {
        name: "\n".join(lines_of(value)) if isinstance(value, list) else str(value) for name, value in values.items()
    }


@blueprint.get(PATH)
def listing(slug: str) -> str:
    """The department's programs, and how to begin one."""
    zones = snapshot().by_department.get(slug) or abort(404)
    programs = [_with_sites(one) for one in programs_of(container().context, slug)]
    return render_template(
        "departments/zones/programs.html", slug=slug, programs=programs, zones=zones,
        done=request.args.get("done", ""),
    )  # fmt: skip


def _with_sites(program: Program) -> tuple[Program, list[StoredZone], list[tuple[StoredZone, list[str]]]]:
    """A program, its sites, and those that say something else of some facts."""
    sites = snapshot().by_program.get(program.program_id, [])
    return program, sites, [(site, facts) for site in sites if (facts := said_otherwise(site, program))]


@blueprint.get(f"{PATH}/<program_id>")
def program(slug: str, program_id: str) -> str:
    """One program's form, or the form of a new one."""
    stored = _stored(slug, program_id)
    values = _form_values(stored) if stored else {}
    return _page(slug, program_id, ProgramForm(data={**values, "seen": version(stored)}))


def _stored(slug: str, program_id: str) -> Program | None:
    """The program of the department; None for a new one."""
    if program_id == NEW:
        return None
    programs = {one.program_id: one for one in programs_of(container().context, slug)}
    return programs.get(program_id) or abort(404)


def _page(slug: str, program_id: str, fields: ProgramForm, waits: Sequence[WaitReason] = ()) -> str:
    zones = snapshot().by_department.get(slug) or abort(404)
    if request.method == "POST":
        sites = set(request.form.getlist("site"))
    else:
        sites = {zone.zone_id for zone in zones if program_id in (NEW, zone.program)}
    return render_template(
        "departments/zones/program.html", slug=slug, program_id=program_id, fields=fields,
        entries=ASKED, zones=zones, sites=sites, is_new=program_id == NEW, waits=waits,
    )  # fmt: skip


@blueprint.post(f"{PATH}/<program_id>")
def save(slug: str, program_id: str) -> ResponseReturnValue:
    """Save what a program says and which zones are its sites."""
    who, fields = verified_for(slug), ProgramForm()
    _stored(slug, program_id)
    valid = fields.validate()
    values = fields.read()
    if not valid or fields.problems:
        return _page(slug, program_id, fields), 400
    existing_id = "" if program_id == NEW else program_id
    sites = request.form.getlist("site")
    try:
        save_program(container().context, slug, existing_id, values, sites, who, fields.seen.data or "")
    except FieldError as error:
        fields.refuse(FormError.of("name", error))
        return _page(slug, program_id, fields), 400
    except ProgramChangedError:
        fields.refuse(FormError("seen", _("The program has changed meanwhile"), _("Open its form anew, and compare.")))
        return _page(slug, program_id, fields), 409
    except ChangeWaitsError as waiting:
        return _page(slug, program_id, fields, waiting.reasons), 403
    return redirect(url_for("programs.listing", slug=slug, done="saved"))


@blueprint.post(f"{PATH}/<program_id>/confirm")
def confirm(slug: str, program_id: str) -> ResponseReturnValue:
    """“Still correct”: the program and all of its sites are confirmed today."""
    if not confirm_program(container().context, slug, program_id, verified_for(slug)):
        abort(404)
    return redirect(url_for("programs.listing", slug=slug, done="confirmed"))
