"""The page where a web master chooses and copies: it works without script, and shows the result at once with it."""

from dataclasses import dataclass

from flask import Blueprint, Response, make_response, render_template, request
from flask.typing import ResponseReturnValue

from directory.web.embed import snippets
from directory.web.embed.options import LEAST_HEIGHT, MOST_HEIGHT, EmbedOptions, read_options
from directory.web.embed.snippets import Subject
from directory.web.embed.theme import DEFAULT, accessible_color, parse_color
from directory.web.http.container import container, snapshot
from directory.web.http.rows_or_404 import town_or_404
from directory.web.http.security_headers import content_security_policy
from directory.web.http.urls import public_address
from directory.web.i18n.translate import _

blueprint = Blueprint("builder", __name__)


@dataclass(frozen=True, slots=True)
class EmbedOption:
    """One way to embed: its name, what it is good for, and the code."""

    name: str
    words: str
    code: str


@blueprint.get("/towns/<state>/<town>/embed")
def build(state: str, town: str) -> ResponseReturnValue:
    """Choose language, colour, light or dark, search box and height; copy one of four codes."""
    known, now = town_or_404(state, town), snapshot()
    # Not `lang`: that is the language of this page.
    options = read_options({**request.args.to_dict(), "lang": request.args.get("language", "")})
    subject = town_subject(known.slug, known.name, known.state)
    page = render_template(
        "embed/builder.html", town=known, options=options, ways=embed_options(subject, options),
        preview=snippets.frame_address("", subject, options), problems=_problems(options), given=request.args,
        heights=(LEAST_HEIGHT, MOST_HEIGHT), colour=options.color or DEFAULT, subject=subject,
        site=public_address(),
        sites=now.sites_that_may_show([known.slug]),
    )  # fmt: skip
    response: Response = make_response(page)
    response.headers["Content-Security-Policy"] = content_security_policy(container().settings, frames="'self'")
    return response


def town_subject(slug: str, name: str, state: str) -> Subject:
    """A town as what is embedded."""
    title = _("Safe zones in %(town)s, %(state)s", town=name, state=state)
    return Subject("town", slug, title, f"{public_address()}/towns/{slug}")


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
            snippets.address(subject, options),
        ),
    ]


def _problems(options: EmbedOptions) -> dict[str, str]:
    """What was typed and could not be used, or is used a little differently, each with the reason."""
    found: dict[str, str] = {}
    typed = request.args.get("color", "").strip()
    if typed and parse_color(typed) is None:
        found["color"] = _("Write a color as six digits such as #0b5c63. Ours is used until then.")
    elif options.color and accessible_color(options.color).colour != options.color:
        found["color"] = _(
            "#%(given)s is too pale to read on white; #%(used)s is used there.",
            given=options.color, used=accessible_color(options.color).colour,
        )  # fmt: skip
    height = request.args.get("height", "").strip()
    if height and height != str(options.height):
        found["height"] = _(
            "Write a whole number from %(least)s to %(most)s. %(used)s is used until then.",
            least=LEAST_HEIGHT, most=MOST_HEIGHT, used=options.height,
        )  # fmt: skip
    return found
