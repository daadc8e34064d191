"""A town's figures by month, as a page and as CSV: how often, never who."""

import csv
import io

from flask import Blueprint, Response, render_template
from flask.typing import ResponseReturnValue

from directory.db.tables.statistics import Statistic
from directory.regions import REGIONS
from directory.search.results import FAR_M
from directory.statistics.monthly import Months, read_months
from directory.text import translatable
from directory.web.http.container import container
from directory.web.http.error_handling.rows_or_404 import any_town_or_404
from directory.web.i18n.translate import _, translated
from directory.web.presenters.distances import reach_words, units_for

blueprint = Blueprint("town_statistics", __name__)


@blueprint.get("/towns/<state>/<town>/figures")
def page(state: str, town: str) -> ResponseReturnValue:
    """The figures, and what each counts."""
    town_row = any_town_or_404(state, town)
    figures = [(figure, name_of(figure), words_of(figure, town_row.state)) for figure in Statistic]
    return render_template("towns/statistics.html", town=town_row, months=_months(town_row.slug), figures=figures)


@blueprint.get("/towns/<state>/<town>/figures.csv")
def table(state: str, town: str) -> Response:
    """The same for a spreadsheet."""
    town_row = any_town_or_404(state, town)
    written = io.StringIO()
    rows = csv.writer(written, lineterminator="\r\n")
    rows.writerow(["month", *(figure.value for figure in Statistic)])
    for month, counts in _months(town_row.slug).items():
        rows.writerow([month, *(counts.get(figure, 0) for figure in Statistic)])
    response = Response(written.getvalue(), mimetype="text/csv")
    response.headers["Content-Disposition"] = f'attachment; filename="figures-{town_row.slug.replace("/", "-")}.csv"'
    return response


def _months(slug: str) -> Months:
    container().statistics_buffer.write()  # what this worker has counted until now
    return read_months(container().engine, slug)


name_of = translated({
    Statistic.SEARCHES: translatable("Searches nearby"), Statistic.MISSES: translatable("Misses"),
    Statistic.SHOWN: translatable("Shown"), Statistic.DIRECTIONS: translatable("Directions opened"),
    Statistic.SCANS: translatable("Poster scans"), Statistic.REPORTS: translatable("Reports"),
})  # fmt: skip
"""What is counted, as the head of a column."""


def words_of(figure: Statistic, state: str) -> str:
    """What exactly is counted for a town in this state or province."""
    reach = reach_words(FAR_M, units_for("", REGIONS[state].country))
    return {
        Statistic.SEARCHES: _(
            "searches from a place to which a zone of this town is the nearest, within %(distance)s; for a town "
            "without zones, searches for its name or postal code",
            distance=reach,
        ),
        Statistic.MISSES: _(
            "those of them that found no zone to go to within %(distance)s, or none that fits the filters",
            distance=reach,
        ),
        Statistic.SHOWN: _(
            "results, pages of the town and of its zones, and embeds of them, in which a zone of this town stood"
        ),
        Statistic.DIRECTIONS: _("times a route planner was opened for a zone; only browsers that run our script tell"),
        Statistic.SCANS: _("times the QR code of a poster was opened"),
        Statistic.REPORTS: _("problem reports about zones of this town"),
    }[figure]
