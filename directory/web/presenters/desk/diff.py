"""Old values beside new ones, for pages on which somebody decides or confirms."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import Any

from directory.submissions.items.item import ASKED, Action, Item, ProposedChange, as_text
from directory.web.presenters.labels import field_name, setting, value


def comparison(entry: ProposedChange) -> list[tuple[str, str, str, bool]]:
    """Old beside new: (field, now, proposed, whether it was changed meanwhile)."""
    record, current, item = entry.outcome.record, entry.current, entry.item
    rows = []
    for name, text in item.values.items():
        if name == "location_source":
            continue
        before = as_text(current, name) if current is not None else ""
        after = as_text(record, name) if record is not None else text
        stale = current is not None and item.base.get(name, before) != before
        rows.append((name, before, after, stale))
    return rows


@dataclass(frozen=True, slots=True)
class Listed:
    """An item in a list: its key, its name, and each changed field as (label, before, after) in the reader's words."""

    key: str
    title: str
    changes: tuple[tuple[str, str, str], ...]
    photo: str
    photo_alt: str


def changes_by_name(items: Iterable[Mapping[str, Any]]) -> dict[Action, list[Listed]]:
    """Every stored item of a submission by its name alone, by kind of change: for lists that lead to the whole."""
    groups: dict[Action, list[Listed]] = {action: [] for action in Action}
    for stored in items:
        title = stored["name"] or setting(stored["values"].get("setting", ""))
        groups[Action(stored["action"])].append(Listed(stored["key"], title, (), "", ""))
    return {action: group for action, group in groups.items() if group}


def listed(items: Iterable[Mapping[str, Any]]) -> dict[Action, list[Listed]]:
    """Every stored item of a submission with all that it says, by kind of change in the order of `Action`.

    Nothing is judged or looked up, so that a thousand items take a tenth of a second.
    """
    labels = {name: field_name(name) for name in ASKED}
    texts: dict[tuple[str, str], str] = {}

    def value_text(name: str, text: str) -> str:
        if (name, text) not in texts:
            texts[name, text] = value(name, text)
        return texts[name, text]

    groups: dict[Action, list[Listed]] = {action: [] for action in Action}
    for stored in items:
        item = Item.from_json(stored)
        changes = [
            (labels[name], value_text(name, item.base[name]) if item.base.get(name) else "", value_text(name, text))
            for name, text in item.values.items()
            if name in labels and name != "photo"
        ]
        if item.base.get("photo") and item.values.get("photo") == "":
            changes.append((labels["photo"], "", value_text("photo", "")))  # a new photo is shown as a picture
        title = item.name or setting(item.values.get("setting", ""))
        photo = item.values.get("photo", ""), item.values.get("photo_alt", "")
        groups[item.action].append(Listed(item.key, title, tuple(changes), *photo))
    return {action: group for action, group in groups.items() if group}
