"""The page of a program: what it says for all of its sites, and the list of them."""

from flask import Blueprint, abort, render_template

from directory.web.http.container import container, snapshot
from directory.web.presenters.desk.fact_summary import evidence_words
from directory.web.presenters.desk.programs import shared_answers
from directory.web.presenters.results.alike_rows import alike_rows
from directory.web.presenters.results.place_rows import place_rows
from directory.web.presenters.zone_facts.zones import sorted_for_page

blueprint = Blueprint("public_programs", __name__)


@blueprint.get("/programs/<program_id>")
def program(program_id: str) -> str:
    """One announcement, all of its sites; a program without sites is none."""
    now = snapshot()
    sites = now.by_program.get(program_id) or abort(404)
    record = now.programs[program_id]
    return render_template(
        "public/program.html",
        program=record,
        zone=record.facts,
        sites=alike_rows(place_rows(sorted_for_page(map(container().search_service.describe, sites))), 1),
        places=sites,
        number=len(sites),
        answers=shared_answers(record),
        department=now.departments[record.department_slug],
        evidence=evidence_words(sites),
    )
