"""Words of the log and of what an impostor wrote: kinds, what was done, fields and what they go back to."""

import re
from typing import Any

from directory.db.tables.log import LogEntry
from directory.submissions.publishing import APPROVED_BY
from directory.text import translatable
from directory.web.i18n.translate import _, colon, translate
from directory.web.presenters import labels
from directory.web.presenters.desk import town_profile
from directory.zones.departments.schemas import DEPARTMENT_FIELDS, TOWN_FIELDS
from directory.zones.parsing.text_forms import lines_of


def kind(name: str) -> str:
    """What an entry of the log, or of what goes back, is about."""
    return translate(_KINDS.get(name, name))


def action(name: str) -> str:
    """What the log says was done."""
    return translate(ACTIONS.get(name, name))


def actor(stored: str) -> str:
    """Who did it: an address, or what stands for nobody in particular."""
    who, _by, approver = stored.partition(APPROVED_BY)
    if approver:
        return _("%(who)s, approved by %(approver)s", who=who, approver=approver)
    return translate(_ACTORS.get(stored, stored))


def reason(stored: str) -> str:
    """Why, as the log keeps it: what programs write is said in the reader's language, words of people stay."""
    for pattern, template in _REASONS:
        if match := pattern.fullmatch(stored):
            values = match.groupdict()
            by_people = values.pop("by_people", None)
            return colon().join(filter(None, (_(template, **values), by_people)))
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


def changed_fields(entry: LogEntry) -> list[tuple[str, str, str]]:
    """What an entry changed: (field, before, after) as texts."""
    before, after = entry.before or {}, entry.after or {}
    names = [name for name in {**after, **before} if before.get(name) != after.get(name)] if before else []
    return [(name, _text(before.get(name)), _text(after.get(name))) for name in names if name != "area"]


def _text(stored: object) -> str:
    if stored is None or stored == "unknown":
        return ""
    return "; ".join(lines_of(stored)) if isinstance(stored, list | dict) else str(stored)


_REASONS = tuple((re.compile(rf"{pattern}(?:: (?P<by_people>.+))?", re.DOTALL), template) for pattern, template in (
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

_ACTORS = {
    "first start": translatable("the first start"), "operator": translatable("the operator"),
    "visitor": translatable("a visitor"), "directory": translatable("the directory"),
    "sender": translatable("the sender"),
}  # fmt: skip
_KINDS = {
    "zone": translatable("Zone"), "department": translatable("Department"), "town": translatable("Town"),
    "kit": translatable("A town’s page"), "submission": translatable("Submission"),
    "report": translatable("Problem report"), "person": translatable("Person"), "domain": translatable("Domain"),
    "program": translatable("Program of many sites"),
}  # fmt: skip
ACTIONS = {
    "added": translatable("added"), "changed": translatable("changed"), "retired": translatable("withdrawn"),
    "visited": translatable("a visitor was there"), "source_read": translatable("a source’s page was read"),
    "list address set": translatable("address of the zone list set"),
    "list address removed": translatable("address of the zone list removed"), "sent": translatable("sent"),
    "e-mail proven": translatable("address confirmed"), "published at once": translatable("live at once"),
    "approve": translatable("approved"), "decline": translatable("declined"),
    "request_changes": translatable("a change asked for"), "take_up": translatable("taken up again"),
    "withdraw": translatable("taken back"), "edit_again": translatable("draft opened again"),
    "objected": translatable("objected to"), "looked at": translatable("looked at"), "closed": translatable("answered"),
    "kit changed": translatable("page changed"), "kit change sent": translatable("change of the page sent"),
    "kit change approved": translatable("change of the page approved"),
    "kit change declined": translatable("change of the page declined"),
    "kit change withdrawn": translatable("change of the page taken back"), "town noted": translatable("town added"),
    "town removed": translatable("town removed"), "signed in": translatable("signed in"),
    "signed out everywhere": translatable("signed out on every device"), "accepted": translatable("accepted"),
    "left": translatable("access taken away"), "proof taken away": translatable("proof deleted"),
    "reached rung 1": translatable("reached level 1"), "reached rung 2": translatable("reached level 2"),
    "reached rung 3": translatable("reached level 3"), "became editor": translatable("became editor"),
    "became manager": translatable("became manager"), "became moderator": translatable("became moderator"),
    "became administrator": translatable("became administrator"), "is no longer staff": translatable("dismissed"),
    "set up codes": translatable("codes set up"), "removed codes": translatable("codes removed"),
    "wrong code": translatable("wrong code typed"), "told of wrong codes": translatable("told of wrong codes"),
    "second factors reset": translatable("codes and passkeys reset"), "added a passkey": translatable("passkey added"),
    "removed a passkey": translatable("passkey removed"), "confirmed": translatable("confirmed"),
    "no longer confirmed": translatable("confirmation taken back"), "removed": translatable("removed"),
    "renewed": translatable("renewed"), "list taken in": translatable("list taken in"),
    "barred": translatable("barred"), "no longer barred": translatable("let in again"),
    "was an impostor": translatable("was an impostor"), "forgot a person": translatable("a person’s data erased"),
}  # fmt: skip
