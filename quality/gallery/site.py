"""The site of the gallery: our own templates with sample zones, at a time that stands still."""

from datetime import UTC, datetime, timedelta
from pathlib import Path

from flask import Blueprint, Flask, current_app, render_template
from jinja2 import ChoiceLoader, FileSystemLoader

from directory import clock
from directory.app import create_app
from directory.db.engine import open_database
from directory.db.schema import migrate
from directory.geocoding.gazetteer import Gazetteer
from directory.search.results import SearchHit
from directory.settings import Settings
from directory.store.importing.import_options import ImportOptions
from directory.store.importing.importer import import_file
from directory.web.accounts.permissions import ACCESS, Access
from directory.web.http.container import container, snapshot
from directory.web.http.languages import language_code, names
from directory.web.presenters.results.alike_rows import alike_rows
from directory.web.presenters.results.place_rows import place_rows
from directory.web.presenters.results.place_summary import daylight_badge
from directory.web.presenters.results.town_rows import Show, Town, town_rows
from directory.web.public.reports import ReportForm
from directory.web.query.pagination import Page

HERE = Path(__file__).resolve().parent
TEMPLATES = HERE / "templates"
PIECES = sorted(path.stem for path in (TEMPLATES / "gallery/pieces").glob("*.html"))
"""What the gallery shows, each in a template of its own that calls the pages' macros."""
AT = datetime(2026, 11, 27, 15, 0, tzinfo=UTC)
"""When it always is in the gallery: a Friday morning in the Eastern time of its zones."""

ALIKE = "Stamford"
"""The town whose zones differ in nothing but their name: one piece shows them."""

blueprint = Blueprint("gallery", __name__)


def gallery_app(folder: Path) -> Flask:
    """The application with the gallery at "/gallery"; its database, of the sample zones alone, is made in `folder`.

    This process is then the gallery's alone: its clock stands still, and the table of pages has one more. No other
    application has this page: the package of the site does not hold it. Raises ValueError where a sample breaks a rule.
    """
    settings = Settings(data_dir=folder, geocoders=(), database_url=f"sqlite:///{folder / 'gallery.sqlite'}")
    engine = open_database(settings.database)
    migrate(engine)
    stand_still()
    report = import_file(engine, HERE / "zones.geojson", Gazetteer.open_packaged(folder), ImportOptions())
    engine.dispose()
    if report.findings:
        raise ValueError(f"the sample zones break a rule: {report.findings}")
    app = create_app(settings)
    app.jinja_env.loader = ChoiceLoader([app.jinja_env.loader, FileSystemLoader(TEMPLATES)])
    app.register_blueprint(blueprint)
    app.before_request_funcs.setdefault(None, []).insert(0, stand_still)
    ACCESS["gallery.sheet"] = Access.PUBLIC
    return app


def stand_still() -> None:
    """Set the clock to the gallery's time again."""
    clock.run_ahead(AT - datetime.now(UTC))


@blueprint.get("/gallery")
def sheet() -> str:
    """Every piece in its states, in the language that `lang` asks for."""
    hits = sample_hits()
    return render_template(
        "gallery/sheet.html",
        pieces=PIECES,
        languages=names(),
        hits={zone_id: hit for zone_id, hit in hits.items() if hit.zone.town != ALIKE},
        at=AT + timedelta(hours=9),
        daylight_badge=daylight_badge,
        place_rows=place_rows,
        alike=alike_rows(place_rows(hit for hit in hits.values() if hit.zone.town == ALIKE), 2),
        rows=town_rows(sample_towns(), snapshot().minute_view(AT), Show.ALL).rows,
        refused=refused_report(),
        page=Page("page", (), 2, 3, 150, "#", "#"),
    )


def sample_hits() -> dict[str, SearchHit]:
    """The sample zones as a search at the one in Darien finds them, by their identifier."""
    zones, describe = snapshot().by_id, container().search_service.describe
    return {zone_id: describe(zone, zones["ct-darien-parking-lot"].coordinates) for zone_id, zone in zones.items()}


def sample_towns() -> list[Town]:
    """The towns of the sample zones, by name."""
    now = snapshot()
    return [(now.towns[slug], zones) for slug, zones in sorted(now.by_town.items()) if now.towns[slug].name != ALIKE]


def refused_report() -> ReportForm:
    """A form that somebody sent without an answer and with half an address."""
    sent = {"text": "The sign is gone.", "contact": "somebody@"}
    with current_app.test_request_context(f"/?lang={language_code()}", method="POST", data=sent):
        form = ReportForm(meta={"csrf": False})
        form.validate()
        return form
