"""How somebody is proven to belong to a department, and how a domain is."""

from directory.text import translatable
from directory.verification.domain_files import REGISTRY
from directory.verification.domain_list import BY_HAND
from directory.verification.domain_lookalikes import Difference, Lookalike
from directory.web.i18n.translate import _, percent, translate, translated

level = translated({
    1: translatable("An address at the official domain of the town or agency"),
    2: translatable("An address at the domain that the town’s own page names"),
    3: translatable("A call back to the published number"),
})  # fmt: skip
method = translated({
    "official_domain": translatable("by the e-mail address"), "moderator": translatable("confirmed by a moderator"),
    "dns": translatable("by a code in the domain’s DNS"),
    "well_known": translatable("by a code on the domain’s web server"),
    "call_back": translatable("a moderator called"), "colleague": translatable("vouched for by a colleague"),
})  # fmt: skip
domain_source = translated({
    "official": translatable("official, by its registry"), "confirmed": translatable("confirmed by a moderator"),
    "web_page": translatable("of the department’s web page"), "member": translatable("of an accepted member"),
})  # fmt: skip
_HOLDERS = {
    "city": translatable("a city or town"), "county": translatable("a county"), "state": translatable("a state"),
    "state or territory": translatable("a state or territory"), "tribal": translatable("a tribe"),
    "interstate": translatable("several states"),
    "independent intrastate": translatable("several places of one state"),
    "special district": translatable("a special district"), "school district": translatable("a school district"),
    "election": translatable("an election office"),
    "umbrella": translatable("an association that sends for many departments"),
}  # fmt: skip
_DIFFERENCES = {
    Difference.ENDING: translatable("another ending"), Difference.HYPHEN: translatable("a hyphen"),
    Difference.CONFUSABLE: translatable("letters that look alike"),
    Difference.CONTAINED: translatable("contains the known name"), Difference.LETTERS: translatable("other letters"),
}  # fmt: skip


def holder_kind(kind: str) -> str:
    """The registry's type of whoever holds an official domain; one that is not known stays as it is."""
    return translate(_HOLDERS.get(kind, kind))


def list_source(source: str) -> str:
    """From where an official domain came to the list: the registry, somebody's hand, a file, or a page."""
    if source == REGISTRY:
        return _("from the .gov registry’s list")
    if source.startswith(BY_HAND):
        return _("by hand: %(reason)s", reason=source.removeprefix(BY_HAND))
    return _("from the file %(name)s", name=source) if source.endswith(".csv") else source


def likeness(lookalike: Lookalike) -> str:
    """How alike two domains are, and what differs."""
    if lookalike.same:
        return _("the same domain")
    changed = ", ".join(f"“{before}” → “{after}”" for before, after in lookalike.changed)
    differences = [translate(_DIFFERENCES[difference]) for difference in lookalike.differences]
    parts = [_("%(percent)s alike", percent=percent(lookalike.percent / 100)), *differences]
    return ", ".join(parts) + (f" ({changed})" if lookalike.deceptive else "")
