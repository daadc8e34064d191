"""The codes that a web master pastes. Each carries a plain link, for where frames or scripts are not let in."""

from dataclasses import dataclass
from urllib.parse import urlencode

from markupsafe import escape

from directory.web.embed.options import USUAL_HEIGHT, EmbedOptions

SANDBOX = "allow-scripts allow-same-origin allow-forms allow-popups allow-popups-to-escape-sandbox"


@dataclass(frozen=True, slots=True)
class Subject:
    """What is embedded: `attribute` and `value` name it in a code (town, ct/new-canaan), a link leads to `page`."""

    attribute: str
    value: str
    title: str
    page: str


def frame_address(site: str, subject: Subject, options: EmbedOptions) -> str:
    """The address of the frame."""
    query = dict(options.query)
    if subject.attribute == "town":
        path = f"{site}/embed/{subject.value}"
    else:
        path, query = f"{site}/embed", {subject.attribute: subject.value, **query}
    return path + (f"?{urlencode(query)}" if query else "")


def _link(subject: Subject, options: EmbedOptions) -> str:
    return f'<a href="{escape(_with(subject.page, {"lang": options.lang}))}">{escape(subject.title)}</a>'


def _with(address: str, query: dict[str, str]) -> str:
    """An address with the parameters that are not empty."""
    params = urlencode({name: value for name, value in query.items() if value})
    return address + (("&" if "?" in address else "?") + params if params else "")


def address(subject: Subject, options: EmbedOptions) -> str:
    """The page's address with the options, for systems that ask for its code by themselves."""
    height = "" if options.height == USUAL_HEIGHT else str(options.height)
    return _with(subject.page, {**options.query, "height": height})


def iframe(site: str, subject: Subject, options: EmbedOptions) -> str:
    """A frame as wide as its place and as tall as the options say, and a link below it."""
    return framed(site, subject, options, "100%", options.height)


def framed(site: str, subject: Subject, options: EmbedOptions, width: str, height: int) -> str:
    """A frame of this size, and a link below it."""
    return f"{frame(site, subject, options, width, height)}\n<p>{_link(subject, options)}</p>"


def frame(site: str, subject: Subject, options: EmbedOptions, width: str, height: int) -> str:
    """The frame alone."""
    return (
        f'<iframe src="{escape(frame_address(site, subject, options))}" title="{escape(subject.title)}" '
        f'width="{width}" height="{height}" style="border:0;max-width:100%" loading="lazy" allow="geolocation" '
        f'referrerpolicy="strict-origin-when-cross-origin" sandbox="{SANDBOX}"></iframe>'
    )


def _chosen(options: EmbedOptions, prefix: str) -> str:
    """The options as attributes; not the height, which the script finds by itself."""
    return "".join(f' {prefix}{name}="{escape(value)}"' for name, value in options.query.items())


def loader(site: str, subject: Subject, options: EmbedOptions) -> str:
    """A place that the script fills: as high as its content, in the language and on the ground of the page."""
    data = "" if subject.attribute == "town" else f' data-{subject.attribute}="{escape(subject.value)}"'
    town = subject.value if subject.attribute == "town" else ""
    return (
        f'<div data-safe-zones="{escape(town)}"{data}{_chosen(options, "data-")}>{_link(subject, options)}</div>\n'
        f'<script src="{escape(site)}/embed.js" async></script>'
    )


def component(site: str, subject: Subject, options: EmbedOptions) -> str:
    """The same as an element of its own."""
    return (
        f'<script src="{escape(site)}/embed.js" async></script>\n'
        f'<safe-zones {subject.attribute}="{escape(subject.value)}"{_chosen(options, "")}>'
        f"{_link(subject, options)}</safe-zones>"
    )
