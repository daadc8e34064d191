"""Whether a new zone is one that the directory has: the questions, and what their answers make of a draft's items."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, replace
from typing import Any

from directory.store.repository import StoredZone
from directory.submissions.items.item import Action, Item, ProposedChange, differences
from directory.zones.derivations import PLAIN_NAME
from directory.zones.duplicates.matches import ProbableMatch, ZoneIndex
from directory.zones.duplicates.streets import street_key
from directory.zones.keys import spot_key
from directory.zones.schemas import ZoneRecord

ANOTHER = "another"
"""The answer that a new zone is none of those it looks like."""
_POINT = ("latitude", "longitude", "location_source")


@dataclass(frozen=True, slots=True)
class MatchQuestion:
    """A new zone of a draft, and the zones of the directory that it probably is."""

    item: Item
    record: ZoneRecord
    matches: tuple[ProbableMatch[StoredZone], ...]


def open_questions(entries: Iterable[ProposedChange], zones: ZoneIndex[StoredZone]) -> list[MatchQuestion]:
    """What is still to be asked about new zones. At the very spot of a stored zone nothing is: it is that one."""
    questions = []
    for entry in entries:
        record = entry.outcome.record
        if entry.item.action is not Action.ADD or entry.current is not None or record is None:
            continue
        matches = zones.probable_matches(record)
        key = spot_key(record)
        unanswered = tuple(match for match in matches if match.zone.zone_id not in entry.item.distinct_from)
        if unanswered and not any(spot_key(match.zone) == key for match in matches):
            questions.append(MatchQuestion(entry.item, record, unanswered))
    return questions


def answered(questions: Iterable[MatchQuestion], answers: Mapping[str, str]) -> list[Item]:
    """The items as the answers make them, which are ids of zones or `ANOTHER` by the items' keys; others stay asked."""
    items = []
    for question in questions:
        answer = answers.get(question.item.key, "")
        zone = next((match.zone for match in question.matches if match.zone.zone_id == answer), None)
        if zone is not None:
            items.append(change_of(question.item, zone))
        elif answer == ANOTHER:
            ids = [match.zone.zone_id for match in question.matches]
            items.append(replace(question.item, distinct_from=[*question.item.distinct_from, *ids]))
    return items


def change_of(item: Item, zone: Any) -> Item:
    """A new zone's answers as a change of a stored zone; what says the same in other words stays as it stands.

    `zone` is a ZoneRecord or a StoredZone. Without any news the change is a confirmation.
    """
    answers = {name: text for name, text in item.values.items() if name != "town"}
    if answers.get("name") == PLAIN_NAME:
        del answers["name"]
    if street_key(answers.get("street_address", "")) == street_key(zone.street_address):
        answers.pop("street_address", None)
    if item.values.get("location_source") == "geocoded" and not zone.approximate:
        for name in _POINT:
            answers.pop(name, None)
    values, base = differences(zone, answers)
    if "latitude" in values or "longitude" in values:
        values |= {name: answers[name] for name in _POINT if name in answers}
    action = Action.CORRECT if values else Action.CONFIRM
    return replace(item, action=action, zone_id=zone.zone_id, name=zone.name, values=values, base=base)
