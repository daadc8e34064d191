"""Old beside new, for whoever decides or confirms."""

from directory.submissions.items import as_text
from directory.submissions.sending import Proposed


def comparison(entry: Proposed) -> list[tuple[str, str, str, bool]]:
    """Old beside new: (field, now, proposed, whether it was changed meanwhile)."""
    record, current, item = entry.outcome.record, entry.current, entry.item
    rows = []
    for name, typed in item.values.items():
        if name == "location_source":
            continue
        before = as_text(current, name) if current is not None else ""
        after = as_text(record, name) if record is not None else typed
        stale = current is not None and item.base.get(name, before) != before
        rows.append((name, before, after, stale))
    return rows
