"""A case of the review desk's queue in words."""

from collections.abc import Mapping

from directory.db.tables.contributions.data_cases import DataCaseKind
from directory.moderation.queue import QueueOrder
from directory.moderation.queued_case import BulkStep, CaseKind, QueuedCase, QueueState, Risk
from directory.store.repository import StoredZone
from directory.text import translatable
from directory.web.http.container import snapshot
from directory.web.i18n.translate import _, ngettext, translated
from directory.web.presenters.desk.data_cases import kind_name
from directory.web.presenters.labels import report_kind
from directory.web.presenters.zone_facts.zones import department_name
from directory.zones.keys import name_in_slug, slug_parts
from directory.zones.report_kinds import ReportKind

kind_words = translated({
    CaseKind.NEW_ZONE: translatable("New zones"), CaseKind.CHANGE: translatable("Changes"),
    CaseKind.CLOSURE: translatable("Closures"), CaseKind.CONFIRMATION: translatable("Confirmations"),
    CaseKind.TOWN_PAGE: translatable("Towns’ pages"), CaseKind.REPORT: translatable("Problem reports"),
    CaseKind.DATA: translatable("Data"),
})  # fmt: skip
"""Cases of a kind, on a button that shows them."""
risk_words = translated({
    Risk.LOW: translatable("low risk"), Risk.MIDDLE: translatable("middle risk"), Risk.HIGH: translatable("high risk"),
})  # fmt: skip
"""How grave a case is."""
order_words = translated({
    QueueOrder.URGENT: translatable("Objections, then the oldest"), QueueOrder.NEWEST: translatable("The newest first"),
    QueueOrder.RISK: translatable("The gravest first"), QueueOrder.NAME: translatable("By name"),
})  # fmt: skip
"""What comes first, as a choice."""
step_words = translated({
    BulkStep.APPROVE: translatable("Approve"), BulkStep.REQUEST_CHANGES: translatable("Ask for a change"),
    BulkStep.DECLINE: translatable("Decline"), BulkStep.CLOSE: translatable("Close as done"),
})  # fmt: skip
"""What is done with cases, on its button."""
way_back = translated({
    BulkStep.APPROVE: translatable("To undo one, open it and bring an earlier version of its zones back."),
    BulkStep.REQUEST_CHANGES: translatable("The senders’ drafts are open again. What they send anew waits here."),
    BulkStep.DECLINE: translatable("Declined by mistake? Open it and take it up again."),
    BulkStep.CLOSE: translatable("Nothing else was changed by this."),
})  # fmt: skip
"""How a decision is undone."""
state_words = translated({
    QueueState.LIVE: translatable("Live already"), QueueState.WAITING: translatable("Waiting for a decision"),
})  # fmt: skip
"""Whether cases wait or are live, as a choice."""


def title(case: QueuedCase, zones: Mapping[str, StoredZone]) -> str:
    """What a case is about: a department, a town, or a zone by its department and town."""
    if case.subject in zones:
        zone = zones[case.subject]
        return zone.department_and_town
    if case.kind is CaseKind.TOWN_PAGE:
        return town_title(case.subject)
    if case.kind is CaseKind.DATA:
        return f"{department_name(case.subject)}, {slug_parts(case.subject)[0].upper()}"
    return case.subject


def town_title(slug: str) -> str:
    """A town and its state by the town's slug: "Darien, CT"."""
    town = snapshot().towns.get(slug)
    name = town.name if town else name_in_slug(slug).title()
    return f"{name}, {slug_parts(slug)[0].upper()}"


def what(case: QueuedCase) -> str:
    """What somebody has to decide on: "Adds 2 zones", "A town’s page", "The hours are wrong"."""
    count = len(case.row.items) if case.row else 0
    if case.kind is CaseKind.NEW_ZONE:
        return ngettext("Adds %(num)d zone", "Adds %(num)d zones", count)
    if case.kind is CaseKind.CHANGE:
        return ngettext("Changes %(num)d zone", "Changes %(num)d zones", count)
    if case.kind is CaseKind.CLOSURE:
        return ngettext("Closes or opens %(num)d zone", "Closes or opens %(num)d zones", count)
    if case.kind is CaseKind.CONFIRMATION:
        return ngettext("Confirms %(num)d zone", "Confirms %(num)d zones", count)
    if case.kind is CaseKind.REPORT:
        return report_kind(ReportKind(case.detail))
    return kind_name(DataCaseKind(case.detail)) if case.kind is CaseKind.DATA else _("A town’s page")


def age_choice(days: int) -> str:
    """What waits longer than so many days, as a choice."""
    return ngettext("for over %(num)d day", "for over %(num)d days", days)


def step_button(step: BulkStep, count: int) -> str:
    """The same, saying with how many cases."""
    if step is BulkStep.APPROVE:
        return ngettext("Approve %(num)d case", "Approve %(num)d cases", count)
    if step is BulkStep.REQUEST_CHANGES:
        return ngettext("Ask for a change in %(num)d case", "Ask for a change in %(num)d cases", count)
    if step is BulkStep.DECLINE:
        return ngettext("Decline %(num)d case", "Decline %(num)d cases", count)
    return ngettext("Close %(num)d case as done", "Close %(num)d cases as done", count)


def step_done(step: BulkStep, count: int) -> str:
    """What became of so many cases."""
    if step is BulkStep.APPROVE:
        return ngettext("%(num)d case approved", "%(num)d cases approved", count)
    if step is BulkStep.REQUEST_CHANGES:
        return ngettext("A change is asked for in %(num)d case", "A change is asked for in %(num)d cases", count)
    if step is BulkStep.DECLINE:
        return ngettext("%(num)d case declined", "%(num)d cases declined", count)
    return ngettext("%(num)d case closed", "%(num)d cases closed", count)
