"""Write the tables of fields in docs/data-format.md from the entries in directory/zones/*schemas.py."""

from collections.abc import Mapping
from pathlib import Path

from directory.zones.departments.schemas import DEPARTMENT_FIELDS, TOWN_FIELDS, AgencyKind
from directory.zones.fields import Field, Kind
from directory.zones.programs import FIELDS_OF_A_PROGRAM
from directory.zones.schemas import FIELDS

DOCUMENT = Path(__file__).resolve().parent.parent / "docs" / "data-format.md"
PROGRAMS = {name: FIELDS[name] for name in ("department", "state", "country", *FIELDS_OF_A_PROGRAM) if name in FIELDS}
TABLES = {"zones": FIELDS, "departments": DEPARTMENT_FIELDS, "towns": TOWN_FIELDS, "programs": PROGRAMS}
LISTS = (Kind.TEXTS, Kind.SOURCES, Kind.CLOSURES, Kind.CHANNELS, Kind.HISTORY)


def described(field: Field) -> str:
    """What a field holds: its values, where there are few, and its description."""
    if field.kind is Kind.TRI_STATE:
        return f"yes, no: {field.description}"
    values = {Kind.CHOICE: field.type, Kind.AGENCY_KIND: AgencyKind, Kind.COUNTRY: ("US", "CA")}.get(field.kind)
    if values:
        return f"{', '.join(f'`{value}`' for value in values)}: {field.description}"
    form = "a list: " if field.kind in LISTS else "an object: " if field.kind is Kind.EVIDENCE else ""
    return form + field.description


def table(fields: Mapping[str, Field]) -> str:
    """The properties as a Markdown table."""
    rows = [f"| `{name}` | {described(field)} |" for name, field in fields.items() if field.is_property]
    return "\n".join(["| property | holds |", "| --- | --- |", *rows])


def documented(text: str) -> str:
    """The document with the tables as they ought to be."""
    for name, fields in TABLES.items():
        before, begin, rest = text.partition(f"<!-- fields of {name} -->\n")
        text = before + begin + table(fields) + "\n" + "".join(rest.partition("<!-- end -->")[1:])
    return text


if __name__ == "__main__":
    DOCUMENT.write_text(documented(DOCUMENT.read_text(encoding="utf-8")), encoding="utf-8")
