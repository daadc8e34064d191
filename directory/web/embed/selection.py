"""What an embed is asked to show, in the words that the API takes: codes, names in any case, or ids."""

from directory.search.snapshot import Snapshot
from directory.web.query.terms import READERS


def state_named(text: str) -> str:
    """A state's code, by its code or name; what is neither comes back as it is."""
    try:
        codes = READERS["state"](text)
    except ValueError:
        return text.upper()
    return codes[0] if len(codes) == 1 else text.upper()


def towns_named(now: Snapshot, text: str) -> list[str]:
    """The ids of the towns with zones that are meant: several where one name stands in several states."""
    return _ids(now, "town", "town_slug", text)


def department_named(now: Snapshot, text: str) -> str:
    """A department's id, by its id or name; what names none or several comes back as it is."""
    slugs = _ids(now, "department", "department_slug", text)
    return slugs[0] if len(slugs) == 1 else text.lower()


def _ids(now: Snapshot, name: str, column: str, text: str) -> list[str]:
    numbers = now.collection.select(properties={name: READERS[name](text)}).tolist() if text.strip(" ,") else []
    return sorted({getattr(now.listed[number], column) for number in numbers})
