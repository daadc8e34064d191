"""The codes that a web master pastes. Each carries a plain link, for where frames or scripts are not let in."""

from dataclasses import dataclass
from urllib.parse import urlencode

from markupsafe import escape

from directory.web.embed.options import EmbedOptions

SANDBOX = "allow-scripts allow-same-origin allow-forms allow-popups allow-popups-to-escape-sandbox"


@dataclass(frozen=True, slots=True)
class Subject:
    """What is embedded: `attribute` and `value` name it in a code (town, ct/new-canaan), a link leads to `page`.

    Several towns and a county have no page of their own: `page` is the first town's, or the state's.
    """

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
    return path + (f"?{urlencode(query, safe=',/')}" if query else "")


def _link(subject: Subject, options: EmbedOptions) -> str:
    return f'<a href="{escape(_with(subject.page, {"lang": options.lang}))}">{escape(subject.title)}</a>'


def _with(address: str, query: dict[str, str]) -> str:
    """An address with the parameters that are not empty."""
    params = urlencode({name: value for name, value in query.items() if value})
    return address + (("&" if "?" in address else "?") + params if params else "")


HAVE_PAGES = ("town", "zone", "state", "near")
"""What has a page of its own; the rest is named by the address of its frame."""


def address(site: str, subject: Subject, options: EmbedOptions) -> str:
    """The address with the options, for systems that ask for its code by themselves."""
    page = subject.page if subject.attribute in HAVE_PAGES else frame_address(site, subject, EmbedOptions())
    height = "" if options.height == options.usual_height else str(options.height)
    return _with(page, {**options.query, "height": height})


def iframe(site: str, subject: Subject, options: EmbedOptions) -> str:
    """A frame as tall as the options say, and a link below it."""
    return f"{frame(site, subject, options, options.height)}\n<p>{_link(subject, options)}</p>"


def quoted(site: str, subject: Subject, options: EmbedOptions, height: int) -> str:
    """A link in a quotation, and a frame after it: what WordPress keeps of the code of a site that it does not know.

    It shows the link until the frame has answered (wp_filter_oembed_result in its wp-includes/embed.php).
    """
    return f"<blockquote>{_link(subject, options)}</blockquote>\n{frame(site, subject, options, height)}"


def frame(site: str, subject: Subject, options: EmbedOptions, height: int) -> str:
    """The frame alone, as wide as its place. Attributes only: editors and strict policies drop a style."""
    return (
        f'<iframe src="{escape(frame_address(site, subject, options))}" title="{escape(subject.title)}" '
        f'width="100%" height="{height}" frameborder="0" loading="lazy" allow="fullscreen; geolocation" '
        f'referrerpolicy="strict-origin-when-cross-origin" sandbox="{SANDBOX}"></iframe>'
    )


def _attributes(options: EmbedOptions, prefix: str) -> str:
    """The options as attributes; not the height, which the script finds by itself or knows of the shape."""
    return "".join(f' {prefix}{name}="{escape(value)}"' for name, value in options.query.items())


def loader(site: str, subject: Subject, options: EmbedOptions) -> str:
    """A place that the script fills: as high as its content, in the language and on the ground of the page."""
    data = "" if subject.attribute == "town" else f' data-{subject.attribute}="{escape(subject.value)}"'
    town = subject.value if subject.attribute == "town" else ""
    return (
        f'<div data-safe-zones="{escape(town)}"{data}{_attributes(options, "data-")}>{_link(subject, options)}</div>\n'
        f'<script src="{escape(site)}/embed.js" async></script>'
    )


def component(site: str, subject: Subject, options: EmbedOptions) -> str:
    """The same as an element of its own."""
    return (
        f'<script src="{escape(site)}/embed.js" async></script>\n'
        f'<safe-zones {subject.attribute}="{escape(subject.value)}"{_attributes(options, "")}>'
        f"{_link(subject, options)}</safe-zones>"
    )
