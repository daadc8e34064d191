"""What a file says of departments, towns and programs: judged like rows, so that no page has to doubt them."""

from collections.abc import Iterable, Iterator
from typing import Any

from directory.text import translatable
from directory.zones.departments.schemas import DEPARTMENT_FIELDS, TOWN_FIELDS, DepartmentRecord, TownRecord
from directory.zones.fields import Kind
from directory.zones.findings import FieldError, Finding, Severity
from directory.zones.parsed import Reader, text
from directory.zones.parsing.date_parser import partial_date
from directory.zones.parsing.parsers import PARSERS, parser_of, url
from directory.zones.parsing.text_forms import lines_of
from directory.zones.programs import FIELDS_OF_A_PROGRAM, IDENTITY, Program
from directory.zones.validation.row_validation import tidy

Shape = dict[str, Reader]
EMPTY: dict[str, Any] = {"sources": [], "evidence": {}}

_NAMED: Shape = {name: parser_of(TOWN_FIELDS[name]) for name in ("name", "state", "country")}
_LISTS = (Kind.CHANNELS, Kind.HISTORY)
_DEPARTMENT: Shape = {name: parser_of(field) for name, field in DEPARTMENT_FIELDS.items() if field.kind not in _LISTS}
_PROGRAM: Shape = {
    **{name: PARSERS["zone_id" if name == "program_id" else name] for name in IDENTITY},
    **{name: PARSERS[name] for name in FIELDS_OF_A_PROGRAM},
}
_CHANNEL: Shape = {"label": text(80), "value": text(200)}
_EVENT: Shape = {"from": partial_date, "until": partial_date, "text": text(500), "source_url": url}


def judge_department(number: int, entry: Any) -> tuple[DepartmentRecord | None, list[Finding]]:
    """A department's details, or the findings that refuse them; `number` counts the file's departments from 1."""
    where, findings = f"departments[{number}]", list[Finding]()
    values: dict[str, Any] = _read(where, entry, _DEPARTMENT, findings)
    for name, shape in (("channels", _CHANNEL), ("history", _EVENT)):
        values[name] = [_read(f"{where}.{name}", item, shape, findings) for item in _list(where, entry, name, findings)]
    findings += _missing(where, values)
    return (None if findings else DepartmentRecord.model_validate(values)), findings


def judge_town(number: int, entry: Any) -> tuple[TownRecord | None, list[Finding]]:
    """A town's other names, or the findings that refuse them."""
    where, findings = f"towns[{number}]", list[Finding]()
    values: dict[str, Any] = _read(where, entry, _NAMED, findings)
    values["other_names"] = [tidy(name)[:80] for name in _list(where, entry, "other_names", findings)]
    findings += _missing(where, values)
    return (None if findings else TownRecord.model_validate(values)), findings


def judge_program(number: int, entry: Any) -> tuple[Program | None, list[Finding]]:
    """A program of many sites, or the findings that refuse it."""
    where, findings = f"programs[{number}]", list[Finding]()
    values = _read(where, entry, _PROGRAM, findings)
    findings += _missing(where, values, (*IDENTITY, "name"))
    non_empty = {name: value for name, value in values.items() if value not in ("", [], {})}
    return (None if findings else Program.of(non_empty)), findings


def _read(where: str, entry: Any, shape: Shape, findings: list[Finding]) -> dict[str, Any]:
    """Every field of `shape`, empty where nothing is given."""
    if not isinstance(entry, dict):
        findings.append(_finding(where, entry, translatable("is not an object"), translatable("Correct it.")))
        return {}
    values = {}
    for name, reader in shape.items():
        value = entry.get(name)
        text = "\n".join(lines_of(value)) if isinstance(value, list | dict) else tidy(value)
        try:
            values[name] = reader(text).value if text else EMPTY.get(name, "")
        except FieldError as problem:
            findings.append(_finding(f"{where}.{name}", text, problem.reason, problem.fix))
    return values


def _list(where: str, entry: Any, name: str, findings: list[Finding]) -> list[Any]:
    items = entry.get(name) or [] if isinstance(entry, dict) else []
    if isinstance(items, list):
        return items
    findings.append(_finding(f"{where}.{name}", items, translatable("is not a list"), translatable("Correct it.")))
    return []


def _missing(where: str, values: dict[str, Any], names: Iterable[str] = tuple(_NAMED)) -> Iterator[Finding]:
    for name in names:
        if values.get(name) == "":
            yield _finding(f"{where}.{name}", "", translatable("is missing"), translatable("Fill it in."))


def _finding(where: str, value: Any, reason: str, fix: str) -> Finding:
    return Finding("details_read", Severity.ERROR, 0, where, str(value), reason, fix)
