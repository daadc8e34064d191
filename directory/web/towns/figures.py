"""A town's figures by month, as a page and as CSV: how often, never who."""

import csv
import io

from flask import Blueprint, Response, abort, render_template
from flask.typing import ResponseReturnValue

from directory.records.database import transaction
from directory.records.figures import Figure, figures_of
from directory.records.store import StoredTown
from directory.web.services import services, snapshot

blueprint = Blueprint("figures", __name__)

Months = dict[str, dict[Figure, int]]


@blueprint.get("/towns/<state>/<town>/figures")
def page(state: str, town: str) -> ResponseReturnValue:
    """The figures, and what each counts."""
    known = _town_or_404(state, town)
    return render_template("town_figures.html", town=known, months=_months(known.slug), figures=list(Figure))


@blueprint.get("/towns/<state>/<town>/figures.csv")
def table(state: str, town: str) -> Response:
    """The same for a spreadsheet."""
    known = _town_or_404(state, town)
    written = io.StringIO()
    rows = csv.writer(written, lineterminator="\r\n")
    rows.writerow(["month", *(figure.value for figure in Figure)])
    for month, counts in _months(known.slug).items():
        rows.writerow([month, *(counts.get(figure, 0) for figure in Figure)])
    response = Response(written.getvalue(), mimetype="text/csv")
    response.headers["Content-Disposition"] = f'attachment; filename="figures-{known.slug.replace("/", "-")}.csv"'
    return response


def _town_or_404(state: str, town: str) -> StoredTown:
    known = snapshot().towns.get(f"{state}/{town}")
    if known is None:
        abort(404)
    return known


def _months(slug: str) -> Months:
    services().tally.write()  # what this worker has counted until now
    with transaction(services().engine, writes=False) as session:
        return figures_of(session, slug)
