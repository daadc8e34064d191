"""The page where a web master chooses and copies: it works without script, and shows the result at once with it."""

from collections.abc import Mapping
from dataclasses import dataclass, replace

from flask import Blueprint, Response, make_response, render_template, request
from flask.typing import ResponseReturnValue

from directory.search.snapshots.snapshot import Snapshot
from directory.store.repository import StoredTown
from directory.web.embed import snippets
from directory.web.embed.options import LEAST_HEIGHT, MOST_HEIGHT, EmbedOptions, read_options
from directory.web.embed.selection import (
    MOST_TOWNS,
    county_of,
    county_selection,
    label_of,
    selection_of,
    state_subject,
    towns_named,
    towns_selection,
)
from directory.web.embed.snippets import Subject
from directory.web.embed.theme import DEFAULT, accessible_color, parse_color
from directory.web.http.container import container, snapshot
from directory.web.http.error_handling.rows_or_404 import town_or_404
from directory.web.http.languages import language_code, with_habits
from directory.web.http.security.security_headers import content_security_policy
from directory.web.http.urls import public_address
from directory.web.i18n.translate import _, force_locale, list_words
from directory.web.presenters.place_titles import place_title
from directory.web.presenters.regions import state_name
from directory.web.presenters.zone_facts.zones import town_url
from directory.web.query.terms import READERS
from directory.zones.keys import slug_parts

blueprint = Blueprint("builder", __name__)


@dataclass(frozen=True, slots=True)
class EmbedOption:
    """One way to embed: its name, what it is good for, and the code."""

    name: str
    description: str
    code: str


@blueprint.get("/towns/<state>/<town>/embed")
def build(state: str, town: str) -> ResponseReturnValue:
    """Choose what is shown, in which shape and look; copy one of four codes."""
    stored_town, now = town_or_404(state, town), snapshot()
    # Not `lang`: that is the language of this page.
    options = read_options({**request.args.to_dict(), "lang": request.args.get("language", "")})
    language = options.lang or language_code()
    # The codes speak as the frame does; automatic ones as this page, which is the best guess of theirs.
    with force_locale(with_habits(language)):
        subject = _subject(now, stored_town)
    frame_options = replace(options, lang=language)
    page = render_template(
        "embed/builder.html", town=stored_town, options=options, ways=embed_options(subject, options),
        preview=snippets.frame_address("", subject, frame_options),
        problems=_problems(options) | _not_shown(now, stored_town, subject),
        form_values=request.args, heights=(LEAST_HEIGHT, MOST_HEIGHT), colour=options.color or DEFAULT, subject=subject,
        site=public_address(), choices=_choices(now, stored_town), what=request.args.get("what", "town"),
        sites=now.sites_that_may_show([stored_town.slug]),
    )  # fmt: skip
    response: Response = make_response(page)
    response.headers["Content-Security-Policy"] = content_security_policy(container().settings, frames="'self'")
    return response


def chosen_in_builder(town: str, args: Mapping[str, str]) -> dict[str, str]:
    """What somebody chose to show, as the frame's address names it; `town` is the key of the builder's town."""
    what, _colon, key = args.get("what", "town").partition(":")
    match what:
        case "towns":
            return {"towns": ",".join(_together(snapshot(), town, args.get("towns", ""))[0])}
        case "zone" | "department" | "county":
            return {what: key}
        case "state":
            return {what: slug_parts(town)[0]}
    return {"town": town}


def _subject(now: Snapshot, town: StoredTown) -> Subject:
    """What the codes show: what was chosen, or the town itself where that has no zone."""
    choice = chosen_in_builder(town.slug, request.args)
    if "state" in choice:
        return state_subject(town.state)
    towns = choice.get("towns")
    selected = towns_selection(now, towns.split(",")) if towns else selection_of(now, choice)
    return selected.subject if selected else town_subject(town)


def _not_shown(now: Snapshot, town: StoredTown, subject: Subject) -> dict[str, str]:
    """What of the choice the codes do not show, with the reason."""
    choice = chosen_in_builder(town.slug, request.args)
    if "towns" in choice:
        problem = _together(now, town.slug, request.args.get("towns", ""))[1]
        return {"towns": problem} if problem else {}
    if "town" in choice:
        message = _("No zone is known in %(town)s yet: the nearest ones are shown.", town=town.name)
        return {} if now.by_town.get(town.slug) else {"what": message}
    if subject.attribute in choice:
        return {}
    return {"what": _("No zone of that is known any more: those of the town are shown.")}


def _together(now: Snapshot, town: str, names_text: str) -> tuple[list[str], str]:
    """The keys of the town and of the towns named beside it, and what was wrong with the names."""
    keys, unknown = [town], []
    names = READERS["town"](names_text) if names_text.strip(" ,") else ()
    for name in names[:-1] or names:  # the last is the whole text, for names with a comma
        matches = towns_named(now, name)
        near = [key for key in matches if key.startswith(f"{slug_parts(town)[0]}/")]
        keys += (near or matches)[:1]
        unknown += [] if matches else [name]
    keys = list(dict.fromkeys(keys))
    if unknown:
        return keys, _("We know of no zone in %(towns)s. The others are shown.", towns=list_words(unknown))
    if len(keys) > MOST_TOWNS:
        return keys[:MOST_TOWNS], _("At most %(most)s towns are shown together.", most=MOST_TOWNS)
    return keys, "" if len(keys) > 1 else _("Name at least one more town that has a zone.")


def _choices(now: Snapshot, town: StoredTown) -> list[tuple[str, str]]:
    """What can be shown from a town's page: (value, words)."""
    zones = now.by_town.get(town.slug, [])
    departments = {zone.department_slug: zone.department for zone in zones}
    county = county_selection(now, county_of(now, town.slug))
    return [
        ("town", _("All zones of %(place)s", place=town.name)),
        *((f"zone:{zone.zone_id}", _("Only %(zone)s", zone=place_title(zone))) for zone in zones),
        *((f"department:{key}", name) for key, name in departments.items()),
        ("towns", _("Several towns, named below")),
        *([(f"county:{county.subject.value}", county.name)] if county else []),
        ("state", _("The towns of %(state)s", state=state_name(town.state))),
    ]


def town_subject(town: StoredTown) -> Subject:
    """A town as what is embedded, with zones or without."""
    return Subject(
        "town",
        town.slug,
        _("Safe zones in %(place)s", place=label_of(town)),
        f"{public_address()}{town_url(town.slug)}",
    )


def embed_options(subject: Subject, options: EmbedOptions) -> list[EmbedOption]:
    """The four ways, the simplest first."""
    site = public_address()
    return [
        EmbedOption(
            _("A frame"),
            _("Works nearly everywhere, without script. Its height is fixed."),
            snippets.iframe(site, subject, options),
        ),
        EmbedOption(
            _("A script"),
            _(
                "As high as its content, in the language and on the light or dark ground of your page. "
                "Until it answers, and where it is not let in, the link is shown."
            ),
            snippets.loader(site, subject, options),
        ),
        EmbedOption(
            _("A web component"),
            _("The same as an element, for pages built of components."),
            snippets.component(site, subject, options),
        ),
        EmbedOption(
            _("The address alone"),
            _("For systems that make an embed of an address by themselves (oEmbed)."),
            snippets.address(site, subject, options),
        ),
    ]


def _problems(options: EmbedOptions) -> dict[str, str]:
    """What was typed and could not be used, or is used a little differently, each with the reason."""
    problems: dict[str, str] = {}
    color = request.args.get("color", "").strip()
    if color and parse_color(color) is None:
        problems["color"] = _("Write a color as six digits such as #0b5c63. Ours is used until then.")
    elif options.color and accessible_color(options.color).colour != options.color:
        problems["color"] = _(
            "#%(given)s is too pale to read on white; #%(used)s is used there.",
            given=options.color, used=accessible_color(options.color).colour,
        )  # fmt: skip
    height = request.args.get("height", "").strip()
    if height and height != str(options.height):
        problems["height"] = _(
            "Write a whole number from %(least)s to %(most)s. %(used)s is used until then.",
            least=LEAST_HEIGHT, most=MOST_HEIGHT, used=options.height,
        )  # fmt: skip
    return problems
