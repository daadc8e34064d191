"""Cases of the data in a moderator's words."""

from dataclasses import dataclass

from directory.db.tables.contributions.data_cases import DataCase, DataCaseKind
from directory.moderation.data_quality.visits import VISITORS
from directory.store.repository import StoredDepartment, StoredZone
from directory.submissions.items.item import as_text
from directory.text import translatable
from directory.web.i18n.translate import _, ngettext, translated
from directory.web.presenters.dates import partial_date
from directory.web.presenters.evidence import fact_name
from directory.web.presenters.labels import value
from directory.web.presenters.zone_facts.sources import source_words
from directory.zones.departments.schemas import DepartmentRecord
from directory.zones.evidence import department_evidence
from directory.zones.evidence.sources import Source
from directory.zones.evidence.zone_evidence import evidence_of
from directory.zones.schemas import ZoneRecord

kind_name = translated({
    DataCaseKind.DISAGREEMENT: translatable("Two sources disagree"),
    DataCaseKind.DUPLICATE: translatable("Probably the same spot twice"),
    DataCaseKind.REPORTED_GONE: translatable("Visitors say it is gone"),
    DataCaseKind.SIGN_DIFFERS: translatable("Visitors say the sign differs"),
    DataCaseKind.SOURCE_GONE: translatable("The source’s page is gone"),
    DataCaseKind.SOURCE_CHANGED: translatable("The source’s page has changed"),
    DataCaseKind.STATION_MOVED: translatable("The station may have moved"),
})  # fmt: skip
"""What a case is about."""


@dataclass(frozen=True, slots=True)
class SidesLine:
    """One field of a disagreement: its name, and what each side says; of the sources, where they stand."""

    label: str
    current: str
    incoming: str
    current_url: str = ""
    incoming_url: str = ""


def sides(case: DataCase, stored: StoredZone | StoredDepartment | ZoneRecord | None) -> list[SidesLine]:
    """What stands beside what was not taken, field by field, and the two sources last."""
    if stored is None:
        return []
    if isinstance(stored, StoredZone | ZoneRecord):
        model: type[ZoneRecord | DepartmentRecord] = ZoneRecord
        current = evidence_of(stored).get(case.fact, Source())
    else:
        model, current = DepartmentRecord, department_evidence.department_evidence_of(stored).get(case.fact, Source())
    values = case.details["values"]
    other = model.model_validate({**{name: getattr(stored, name) for name in model.model_fields}, **values})
    texts = [(name, as_text(stored, name), as_text(other, name)) for name in values if name != "area"]
    lines = [
        SidesLine(fact_name(name), value(name, before), value(name, after))
        for name, before, after in texts
        if before != after
    ]
    incoming = Source.from_json(case.details["source"])
    sources = SidesLine(_("Source"), source_words(current), source_words(incoming), current.url, incoming.url)
    return [*lines, sources]


def case_text(case: DataCase) -> str:
    """What visitors or an operator's list of stations say."""
    if case.origin == VISITORS:
        days = ", ".join(map(partial_date, case.details["days"]))
        return ngettext("%(num)d visitor: %(days)s", "%(num)d visitors: %(days)s", case.details["count"], days=days)
    # A station that may have moved: where a list has a department's building, and where the zone is shown.
    details = case.details
    standing, listed = ("{:.5f}, {:.5f}".format(*details[side]) for side in ("standing", "listed"))
    return _(
        "%(source)s: %(station)s is at %(address)s (%(listed)s). The zone is shown %(meters)s m away, at %(standing)s.",
        source=source_words(Source.from_json(details["source"])), station=case.subject, listed=listed,
        address=details["address"] or _("an address not stated"), meters=details["distance_m"], standing=standing,
    )  # fmt: skip
