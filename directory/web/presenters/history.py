"""Words of the log and of what an impostor wrote: kinds, what was done, fields and what they go back to."""

import re
from typing import Any

from directory.submissions.publishing import APPROVED_BY
from directory.text import translatable
from directory.web.i18n.translate import _, colon, translate
from directory.web.i18n.translate import lazy_gettext as _l
from directory.web.presenters import labels, town_profile
from directory.zones.schemas import DEPARTMENT_FIELDS, TOWN_FIELDS


def kind(name: str) -> str:
    """What an entry of the log, or of what goes back, is about."""
    return str(_KINDS.get(name, name))


def action(name: str) -> str:
    """What the log says was done."""
    return str(ACTIONS.get(name, name))


def actor(stored: str) -> str:
    """Who did it: an address, or what stands for nobody in particular."""
    who, _by, approver = stored.partition(APPROVED_BY)
    if approver:
        return _("%(who)s, approved by %(approver)s", who=who, approver=approver)
    return str(_ACTORS.get(stored, stored))


def reason(stored: str) -> str:
    """Why, as the log keeps it: what programs write is said in the reader's language, words of people stay."""
    for pattern, words in _REASONS:
        if found := pattern.fullmatch(stored):
            values = found.groupdict()
            by_people = values.pop("by_people", None)
            return colon().join(filter(None, (_(words, **values), by_people)))
    return stored


def field(of: str, name: str) -> str:
    """What a field of a department, town or town's page (kit) is called."""
    if of == "kit":
        return town_profile.question(name)
    fields = {"department": DEPARTMENT_FIELDS, "town": TOWN_FIELDS}.get(of, {})
    return translate(fields[name].label) if name in fields else labels.field_name(name)


def answer(of: str, name: str, stored: Any) -> str:
    """The answer of such a field in words."""
    if of == "kit":
        return town_profile.answer(name, stored)
    if name == "kind" and stored:
        return labels.agency_kind(stored)
    return (stored if isinstance(stored, str) else ", ".join(stored)) or _("Not stated")


_REASONS = tuple((re.compile(rf"{pattern}(?:: (?P<by_people>.+))?", re.DOTALL), words) for pattern, words in (
    (r"import of (?P<file>.+?)", translatable("import of %(file)s")),
    (r"submission (?P<number>\d+)", translatable("submission %(number)s")),
    (r"case (?P<number>\d+)", translatable("case %(number)s")),
    (r"version (?P<number>\d+) restored", translatable("version %(number)s restored")),
    (r"written by an impostor, taken back", translatable("written by an impostor, taken back")),
    (r"mailed link", translatable("link in a mail")),
    (r"still correct", translatable("still correct")),
    (r"list of stations", translatable("list of police stations")),
    (r"closures", translatable("closures")),
    (r"program", translatable("program of many sites")),
    (r"town's page", translatable("the town’s page")),
    (r"was there", translatable("was there")),
    (r"data protection", translatable("data protection")),
    (r"kind of agency corrected", translatable("kind of agency corrected")),
))  # fmt: skip
"""What programs write as the reason of an entry, and behind it, perhaps, what somebody wrote."""

# Lazy: translated when a page asks for it.
_ACTORS = {
    "first start": _l("the first start"), "operator": _l("the operator"), "visitor": _l("a visitor"),
    "directory": _l("the directory"), "sender": _l("the sender"),
}  # fmt: skip
_KINDS = {
    "zone": _l("Zone"), "department": _l("Department"), "town": _l("Town"), "kit": _l("A town’s page"),
    "submission": _l("Submission"), "report": _l("Problem report"), "person": _l("Person"), "domain": _l("Domain"),
    "program": _l("Program of many sites"),
}  # fmt: skip
ACTIONS = {
    "added": _l("added"), "changed": _l("changed"), "retired": _l("withdrawn"),
    "visited": _l("a visitor was there"),
    "source_read": _l("a source’s page was read"),
    "list address set": _l("address of the zone list set"),
    "list address removed": _l("address of the zone list removed"),
    "sent": _l("sent"), "e-mail proven": _l("address confirmed"), "published at once": _l("live at once"),
    "approve": _l("approved"), "decline": _l("declined"), "request_changes": _l("a change asked for"),
    "take_up": _l("taken up again"),
    "withdraw": _l("taken back"), "edit_again": _l("draft opened again"), "objected": _l("objected to"),
    "looked at": _l("looked at"), "closed": _l("answered"),
    "kit changed": _l("page changed"), "kit change sent": _l("change of the page sent"),
    "kit change approved": _l("change of the page approved"), "kit change declined": _l("change of the page declined"),
    "kit change withdrawn": _l("change of the page taken back"),
    "town noted": _l("town added"), "town removed": _l("town removed"),
    "signed in": _l("signed in"), "signed out everywhere": _l("signed out on every device"),
    "accepted": _l("accepted"), "left": _l("access taken away"), "proof taken away": _l("proof deleted"),
    "reached rung 1": _l("reached rung 1"), "reached rung 2": _l("reached rung 2"),
    "reached rung 3": _l("reached rung 3"), "became editor": _l("became editor"),
    "became manager": _l("became manager"), "became moderator": _l("became moderator"),
    "became administrator": _l("became administrator"), "is no longer staff": _l("dismissed"),
    "set up codes": _l("codes set up"), "removed codes": _l("codes removed"), "wrong code": _l("wrong code typed"),
    "told of wrong codes": _l("told of wrong codes"), "second factors reset": _l("codes and passkeys reset"),
    "added a passkey": _l("passkey added"), "removed a passkey": _l("passkey removed"),
    "confirmed": _l("confirmed"), "no longer confirmed": _l("confirmation taken back"), "removed": _l("removed"),
    "renewed": _l("renewed"), "list taken in": _l("list taken in"), "barred": _l("barred"),
    "no longer barred": _l("let in again"), "was an impostor": _l("was an impostor"),
    "forgot a person": _l("a person’s data erased"),
}  # fmt: skip
