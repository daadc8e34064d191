"""What a source is called, for a reader."""

from directory.store.writer import BY_IMPORT
from directory.submissions.publishing import BY_MAIL
from directory.text import translatable
from directory.web.i18n.translate import _, translate
from directory.web.presenters.dates import month_words
from directory.zones.evidence.sources import Source, host_of
from directory.zones.schemas import SourceKind

_KINDS = {
    SourceKind.DEPARTMENT: translatable("the department"), SourceKind.MODERATOR: translatable("a moderator"),
    SourceKind.OFFICIAL: translatable("official page"), SourceKind.NEWS: translatable("news report"),
    SourceKind.LIST: translatable("public list"), SourceKind.SOCIAL: translatable("social media"),
    SourceKind.VISITOR: translatable("a visitor"),
}  # fmt: skip
_OURS = {
    BY_MAIL: translatable("somebody who wrote to us, checked by a moderator"),
    BY_IMPORT: translatable("a list that was taken in"),
}
"""Names that are no names."""
BY_NAME = (SourceKind.DEPARTMENT, SourceKind.MODERATOR, SourceKind.VISITOR)
"""Kinds of sources that are called by what they are: their name says no more."""


def name_or_host(name: str, url: str) -> str:
    """The source's name, in words where it is one of ours, or the host it was read from."""
    if name in _OURS:
        return translate(_OURS[name])
    return name or host_of(url)


def source_words(source: Source) -> str:
    """A source and its date: "the department, June 2026", "Darien Times, 2016"."""
    if source.kind in BY_NAME and source.name != BY_MAIL:
        name = translate(_KINDS[source.kind])
    else:
        name = name_or_host(source.name, source.url) or _("an unnamed source")
    return _("%(source)s, %(date)s", source=name, date=month_words(source.date)) if source.date else name


def source_with_kind(source: Source) -> str:
    """The same, with what kind of source it is where its name does not say so."""
    text = source_words(source)
    if source.kind in BY_NAME or source.kind is SourceKind.UNKNOWN:
        return text
    return _("%(source)s (%(kind)s)", source=text, kind=translate(_KINDS[source.kind]))
