"""The codes that a web master pastes. Each carries a plain link, for where frames or scripts are not let in."""

from dataclasses import dataclass
from urllib.parse import urlencode

from markupsafe import escape

from directory.web.embed.options import USUAL_HEIGHT, Options

SANDBOX = "allow-scripts allow-same-origin allow-forms allow-popups allow-popups-to-escape-sandbox"


@dataclass(frozen=True, slots=True)
class Subject:
    """What is embedded: `attribute` and `value` name it in a code (town, ct/new-canaan), a link leads to `page`."""

    attribute: str
    value: str
    title: str
    page: str


def frame_address(site: str, subject: Subject, options: Options) -> str:
    """The address of the frame."""
    query = dict(options.query)
    if subject.attribute == "town":
        path = f"{site}/embed/{subject.value}"
    else:
        path, query = f"{site}/embed", {subject.attribute: subject.value, **query}
    return path + (f"?{urlencode(query)}" if query else "")


def _link(subject: Subject) -> str:
    return f'<a href="{escape(subject.page)}">{escape(subject.title)}</a>'


def iframe(site: str, subject: Subject, options: Options, width: str = "100%", height: int = 0) -> str:
    """A frame of its own, as tall as the options say, and a link below it."""
    return (
        f'<iframe src="{escape(frame_address(site, subject, options))}" title="{escape(subject.title)}" '
        f'width="{width}" height="{height or options.height}" style="border:0" loading="lazy" allow="geolocation" '
        f'referrerpolicy="strict-origin-when-cross-origin" sandbox="{SANDBOX}"></iframe>\n'
        f"<p>{_link(subject)}</p>"
    )


def _chosen(options: Options, prefix: str) -> str:
    chosen = dict(options.query)
    if options.height != USUAL_HEIGHT:
        chosen["height"] = str(options.height)
    return "".join(f' {prefix}{name}="{escape(value)}"' for name, value in chosen.items())


def loader(site: str, subject: Subject, options: Options) -> str:
    """A place that the script fills: as high as its content, in the language and on the ground of the page."""
    data = "" if subject.attribute == "town" else f' data-{subject.attribute}="{escape(subject.value)}"'
    town = subject.value if subject.attribute == "town" else ""
    return (
        f'<div data-safe-zones="{escape(town)}"{data}{_chosen(options, "data-")}>{_link(subject)}</div>\n'
        f'<script src="{escape(site)}/embed.js" async></script>'
    )


def component(site: str, subject: Subject, options: Options) -> str:
    """The same as an element of its own."""
    return (
        f'<script src="{escape(site)}/embed.js" async></script>\n'
        f'<safe-zones {subject.attribute}="{escape(subject.value)}"{_chosen(options, "")}>{_link(subject)}</safe-zones>'
    )
