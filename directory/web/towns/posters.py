"""Posters of a zone: chosen on one page, made as a page, PDF or SVG in one or two languages."""

from dataclasses import dataclass
from enum import StrEnum

import segno
from flask import Blueprint, Response, abort, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue

from directory.clock import today
from directory.languages import SOURCE_LANGUAGE
from directory.posters.layout import QUIET_MODULES, Logo, Wording
from directory.posters.render import MEDIA_TYPES
from directory.posters.render import poster as made
from directory.posters.sheet import PAPERS
from directory.search.zone_status import IN_USE, closed_without_end, status_on, today_of
from directory.store.photos import read_photo
from directory.store.repository import StoredZone
from directory.web.http.container import container, snapshot
from directory.web.http.error_handling.rows_or_404 import town_or_404, zone_or_404
from directory.web.http.languages import available, language_code, names, with_habits
from directory.web.http.limits.rate_limits import limiter
from directory.web.http.urls import public_address
from directory.web.i18n.translate import _, force_locale
from directory.web.presenters.dates import partial_date
from directory.web.presenters.fragments import macro
from directory.web.presenters.labels import short_tips
from directory.web.presenters.zone_facts import closures
from directory.web.presenters.zone_facts.attribution import says
from directory.web.presenters.zone_facts.hours import hours_in_words
from directory.web.presenters.zone_facts.zones import address_lines, as_sentence, where_exactly
from directory.zones.keys import slug_parts
from directory.zones.schemas import SPOT_NAMES, Status, TriState

blueprint = Blueprint("posters", __name__)
MOST_RULES, MOST_CLOSURES = 8, 4
"""How many rules and closures there is room for."""


@dataclass(frozen=True, slots=True)
class PosterChoice:
    """Paper and languages as an address has them: paper=letter&languages=en,es."""

    paper: str
    languages: tuple[str, ...]


def read_choice(usual: str = SOURCE_LANGUAGE) -> PosterChoice:
    """What was chosen, two languages at most; what cannot be used falls back to letter paper and the usual language."""
    paper = request.args.get("paper", "letter")
    codes = ",".join(request.args.getlist("languages")).split(",")
    languages = tuple(dict.fromkeys(code for code in codes if code in available()))[:2]
    return PosterChoice(paper if paper in PAPERS else "letter", languages or (usual,))


@blueprint.get("/towns/<state>/<town>/poster")
def choose(state: str, town: str) -> ResponseReturnValue:
    """Choose zone, paper and languages; look at the poster; open or print it."""
    stored_town = town_or_404(state, town)
    zones = snapshot().by_town.get(stored_town.slug) or abort(404)
    usual = next((zone for zone in zones if obstacle(zone) is None), zones[0])
    zone = next((zone for zone in zones if zone.zone_id == request.args.get("zone")), usual)
    return render_template(
        "towns/poster.html",
        town=stored_town,
        zones=zones,
        poster_zone=zone,
        hit=container().search_service.describe(zone),
        obstacle=obstacle(zone),
        choice=read_choice(language_code()),
        papers=list(PAPERS),
        pairs=_pairs(),
    )


def _pairs() -> list[tuple[str, str]]:
    """Every language alone, and every other one beside English, either of them first: (codes, words)."""
    names_by_code = dict(names())
    others = [code for code in names_by_code if code != SOURCE_LANGUAGE]
    both = [pair for code in others for pair in ((SOURCE_LANGUAGE, code), (code, SOURCE_LANGUAGE))]
    return [
        *names_by_code.items(),
        *((",".join(pair), " + ".join(names_by_code[code] for code in pair)) for pair in both),
    ]


@blueprint.get("/zones/<zone_id>/poster.<form>")
@limiter.limit("60 per minute")
def poster(zone_id: str, form: str) -> ResponseReturnValue:
    """The poster of a zone.

    There is none where it would send people in vain, nor of an unstated spot: the page of posters says what is missing.
    """
    zone = snapshot().by_id.get(zone_id)
    if zone is None or form not in MEDIA_TYPES or zone.status is Status.WITHDRAWN:
        abort(404)
    if obstacle(zone):
        return _to_choice(zone)
    choice = read_choice()
    content = made(form, choice.paper, _wordings(choice, zone), zone.department_and_town, _scanned(zone), _logo(zone))
    response = Response(content, mimetype=MEDIA_TYPES[form])
    response.headers["Content-Disposition"] = f'inline; filename="{zone_id}-poster.{form}"'
    response.add_etag()
    response.make_conditional(request)
    return response


@blueprint.get("/zones/<zone_id>/poster")
def page(zone_id: str) -> ResponseReturnValue:
    """The poster as a page that every reader can read, and that a browser prints: the form to publish."""
    zone = zone_or_404(zone_id)
    if obstacle(zone):
        return _to_choice(zone)
    choice = read_choice()
    with force_locale(with_habits(choice.languages[0])):
        return render_template(
            "towns/poster_page.html", zone=zone, wordings=_wordings(choice, zone), owner=zone.department_and_town,
            columns=[_column(code, zone) for code in choice.languages],
            address=_scanned(zone), code=segno.make_qr(_scanned(zone), error="q").svg_data_uri(border=QUIET_MODULES),
            profile=snapshot().profiles.get(zone.town_slug),
        )  # fmt: skip


def _to_choice(zone: StoredZone) -> ResponseReturnValue:
    """The page of posters, which says what is missing."""
    state, town = slug_parts(zone.town_slug)
    return redirect(url_for("posters.choose", state=state, town=town, zone=zone.zone_id))


def _scanned(zone: StoredZone) -> str:
    """Where the poster's code leads."""
    return public_address() + url_for("places.scanned", zone_id=zone.zone_id)


class PosterObstacle(StrEnum):
    """Why no poster is made of a zone."""

    STATUS = "status"
    SPOT = "spot"


def obstacle(zone: StoredZone) -> PosterObstacle | None:
    """What has to be said or corrected before there is a poster. A closure that ends is announced on the poster."""
    day = today_of(zone)
    if status_on(zone, day) not in IN_USE or closed_without_end(zone, day):
        return PosterObstacle.STATUS
    return PosterObstacle.SPOT if zone.setting not in SPOT_NAMES and not zone.spot_note else None


def _column(code: str, zone: StoredZone) -> str:
    """What the page says in one language of the place and of meeting there, with the words of sources marked: HTML."""
    column = macro("towns/_poster_column.html", "column")
    with force_locale(with_habits(code)):
        closed = closures.lines(zone, MOST_CLOSURES)
        return column(zone, _wording(code, zone), _stated_hours(zone), closed, _statement(zone), _rules(zone))


def _wordings(choice: PosterChoice, zone: StoredZone) -> tuple[Wording, ...]:
    wordings = []
    for code in choice.languages:
        with force_locale(with_habits(code)):
            wordings.append(_wording(code, zone))
    return tuple(wordings)


def _wording(code: str, zone: StoredZone) -> Wording:
    """What the poster says: only what was stated, and of the hours by whom.

    The words of a spot and its rules stay in the language of their source.
    """
    return Wording(
        language=code,
        title=_("Safe Exchange Zone"),
        place=(where_exactly(zone), *address_lines(zone)),
        hours=(*_stated_hours(zone), *map(str, closures.lines(zone, MOST_CLOSURES))),
        statement=" ".join([_statement(zone), *_rules(zone)]),
        tips_title=_("Before you meet"),
        tips=short_tips(),
        emergency=_("Emergency: 911"),
        scan=_("Scan for hours, closures and directions as they are known today."),
        printed=_("Made on %(date)s by the Safe Zone Directory.", date=partial_date(today())),
    )


def _stated_hours(zone: StoredZone) -> list[str]:
    if not zone.opening_hours:
        return []
    availability = _("Open at all hours") if zone.opening_hours == "24/7" else hours_in_words(zone.opening_hours)
    return [_("%(availability)s, %(says)s", availability=availability, says=says(zone))]


def _statement(zone: StoredZone) -> str:
    parts = [_("Meet here to finish a trade with somebody you met online.")]
    if zone.cameras_recorded is TriState.YES:
        parts.append(_("The area is recorded on video."))
    if zone.cameras_watched is TriState.NO:
        parts.append(_("Nobody watches it all the time."))
    return " ".join(parts)


def _rules(zone: StoredZone) -> list[str]:
    return [as_sentence(rule.rstrip(".")) for rule in zone.rules[:MOST_RULES]]


def _logo(zone: StoredZone) -> Logo | None:
    profile = snapshot().profiles.get(zone.town_slug)
    photo = read_photo(container().engine, profile.logo) if profile and profile.logo else None
    return Logo(photo.content, photo.width, photo.height) if photo else None
