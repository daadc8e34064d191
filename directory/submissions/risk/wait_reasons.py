"""What a submission waits for: from the facts of a change to the reasons why it is not published at once."""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from enum import StrEnum

from directory.errors import DirectoryError
from directory.submissions.risk.redirections import contacts, is_another_address, phone_key, places_named
from directory.text import TranslatableText, fold, translatable
from directory.zones.schemas import Status, ZoneRecord

PIN_MOVED_M = 150
"""A pin that moves farther than this many metres waits."""

HIGH_RISK = 4
"""From this weight on a submission is approved on a page of its own, not together with others."""

MIDDLE_RISK = 2
"""From this weight on the desk calls a risk middle."""


class WaitReason(StrEnum):
    """Why a submission is not published at once, the gravest first."""

    OBJECTION = "objection"
    LOOKALIKE_DOMAIN = "lookalike_domain"
    FOREIGN_ZONE = "foreign_zone"
    REFUSED = "refused"
    REMOVAL = "removal"
    PIN_MOVED = "pin_moved"
    ADDRESS_CHANGED = "address_changed"
    CONTACT_CHANGED = "contact_changed"
    OTHER_TOWN = "other_town"
    PROBABLY_KNOWN = "probably_known"
    UNPROVEN = "unproven"
    UMBRELLA = "umbrella"
    NOT_ACCEPTED = "not_accepted"
    FIRST_ZONES = "first_zones"


class ChangeWaitsError(DirectoryError):
    """Nothing was written: these reasons ask that somebody else looks at it."""

    def __init__(self, reasons: Iterable[WaitReason]) -> None:
        self.reasons = tuple(reason for reason in WaitReason if reason in set(reasons))
        super().__init__(", ".join(self.reasons))


WEIGHTS = {
    WaitReason.OBJECTION: 7, WaitReason.LOOKALIKE_DOMAIN: 6, WaitReason.FOREIGN_ZONE: 5, WaitReason.REFUSED: 5,
    WaitReason.REMOVAL: 4, WaitReason.PIN_MOVED: 4, WaitReason.ADDRESS_CHANGED: 4, WaitReason.CONTACT_CHANGED: 4,
    WaitReason.OTHER_TOWN: 4, WaitReason.PROBABLY_KNOWN: 2,
    WaitReason.UNPROVEN: 2, WaitReason.UMBRELLA: 2, WaitReason.NOT_ACCEPTED: 2, WaitReason.FIRST_ZONES: 1,
}  # fmt: skip
"""How grave a reason is, on the scale of `examining.RISK`."""

MODERATORS_ONLY = frozenset(
    {WaitReason.OBJECTION, WaitReason.LOOKALIKE_DOMAIN, WaitReason.FOREIGN_ZONE, WaitReason.UNPROVEN}
)
"""Reasons for which no manager of the department can approve: who sent it is in doubt."""

SENTENCES: dict[WaitReason, TranslatableText] = {
    WaitReason.OBJECTION: translatable("A manager of the department asked a moderator to look at it."),
    WaitReason.LOOKALIKE_DOMAIN: translatable(
        "The address’s domain looks like a domain of the department, but is another one."
    ),
    WaitReason.FOREIGN_ZONE: translatable("It changes a zone that belongs to another department."),
    WaitReason.REFUSED: translatable("One of the zones breaks a rule, as the directory stands now."),
    WaitReason.REMOVAL: translatable("It takes a zone out of use, or says that it moved or is only planned."),
    WaitReason.PIN_MOVED: translatable("It moves a pin over 150 meters."),
    WaitReason.ADDRESS_CHANGED: translatable("It gives a zone another street address."),
    WaitReason.CONTACT_CHANGED: translatable("It changes a telephone number, a mail address or a web page."),
    WaitReason.OTHER_TOWN: translatable(
        "It puts a zone in a town of which we do not know that the department polices it."
    ),
    WaitReason.PROBABLY_KNOWN: translatable("It adds a zone that the directory probably has already."),
    WaitReason.UNPROVEN: translatable("The address does not prove that its owner belongs to the department."),
    WaitReason.UMBRELLA: translatable("Its county or state sent it, not the department itself."),
    WaitReason.NOT_ACCEPTED: translatable("Nobody has approved a change by this sender yet."),
    WaitReason.FIRST_ZONES: translatable("The department has no zones in the directory yet."),
}
"""Each reason in a sentence for the sender and for whoever decides."""

IN_USE = frozenset({Status.ACTIVE, Status.TEMPORARILY_CLOSED})


@dataclass(frozen=True, slots=True)
class SenderFacts:
    """What is known of the sender in this department; `umbrella`: its county or state sends for it."""

    proven: bool
    accepted: bool
    umbrella: bool = False
    lookalike: bool = False
    objected_to: bool = False


@dataclass(frozen=True, slots=True)
class DepartmentFacts:
    """The department as it stands, and the telephone and page that the submission gives it (empty: unchanged)."""

    has_zones: bool
    phone: str = ""
    web_page: str = ""
    new_phone: str = ""
    new_web_page: str = ""


@dataclass(frozen=True, slots=True)
class ChangeFacts:
    """One zone before and after (None: a new zone; a zone that the rules refuse).

    `own`: it is the department's zone. `policed`: the department polices the town in which it is then, and the pin is
    near that town. `moved_m`: metres from where the pin was last seen by somebody else than its department.
    """

    before: ZoneRecord | None
    after: ZoneRecord | None
    own: bool = True
    policed: bool = True
    moved_m: float = 0.0


def reasons(sender: SenderFacts, department: DepartmentFacts, changes: Iterable[ChangeFacts]) -> list[WaitReason]:
    """Why it waits, the gravest first; an empty list publishes at once."""
    conditions = {
        WaitReason.OBJECTION: sender.objected_to,
        WaitReason.LOOKALIKE_DOMAIN: sender.lookalike,
        WaitReason.UNPROVEN: not sender.proven,
        WaitReason.UMBRELLA: sender.umbrella,
        WaitReason.NOT_ACCEPTED: sender.proven and not sender.accepted,
        WaitReason.FIRST_ZONES: not department.has_zones,
        WaitReason.CONTACT_CHANGED: department.has_zones and _department_contact_changes(department),
    }
    holding = {reason for reason, holds in conditions.items() if holds}
    for change in changes:
        holding.update(change_reasons(change, department))
    return [reason for reason in WaitReason if reason in holding]


def change_reasons(change: ChangeFacts, department: DepartmentFacts) -> Iterator[WaitReason]:
    """Why the change of one zone waits."""
    before, after = change.before, change.after
    if after is None:
        yield WaitReason.REFUSED
        return
    if not change.own:
        yield WaitReason.FOREIGN_ZONE
    arrives = before is None or before.status is Status.WITHDRAWN or fold(before.town) != fold(after.town)
    if arrives and not change.policed:
        yield WaitReason.OTHER_TOWN
    if before is not None and after.status not in IN_USE and after.status != before.status:
        yield WaitReason.REMOVAL
    if change.moved_m > PIN_MOVED_M:
        yield WaitReason.PIN_MOVED
    if _leads_elsewhere(before, after):
        yield WaitReason.ADDRESS_CHANGED
    if department.has_zones and _contact_changes(before, after, department.phone):
        yield WaitReason.CONTACT_CHANGED


def weight(codes: Iterable[str]) -> int:
    """The weight of the gravest reason; 0 without any."""
    return max((WEIGHTS[WaitReason(code)] for code in codes), default=0)


def _department_contact_changes(department: DepartmentFacts) -> bool:
    page, phone = department.new_web_page.rstrip("/"), phone_key(department.new_phone)
    current = phone_key(department.phone), department.web_page.rstrip("/")
    return bool(phone and phone != current[0]) or bool(page and page != current[1])


def _contact_changes(before: ZoneRecord | None, after: ZoneRecord, known_phone: str) -> bool:
    """Whether a zone shows a number, address or page that neither it nor the department showed before."""
    department_phone = phone_key(known_phone)
    old_phone, new_phone = phone_key(before.phone) if before else "", phone_key(after.phone)
    if new_phone not in (old_phone, department_phone) or (old_phone and not new_phone):
        return True
    new_contacts = contacts(after) - (contacts(before) if before else set())
    return bool(new_contacts - {department_phone, old_phone, department_phone[-7:], old_phone[-7:]})


def _leads_elsewhere(before: ZoneRecord | None, after: ZoneRecord) -> bool:
    """Whether a known zone gets another address, or a text of it names a place by number."""
    if places_named(after) - (places_named(before) if before else set()):
        return True
    if before is None:
        return False
    moved = fold(before.mailing_town) != fold(after.mailing_town) or before.postal_code != after.postal_code
    return moved or is_another_address(before.street_address, after.street_address)
