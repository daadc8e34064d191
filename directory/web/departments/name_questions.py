"""“Do you mean New Canaan Police Department?”: a department or town that is known, written otherwise."""

from dataclasses import dataclass

from flask import request

from directory.text import plain
from directory.web.departments.department_form import DepartmentForm
from directory.web.http.container import container, snapshot
from directory.zones.duplicates.towns import town_key

AS_TYPED = "as-typed"
"""The answer that the name is that of another one."""


@dataclass(frozen=True, slots=True)
class NameQuestion:
    """What was typed into a field, and the known names that it probably means."""

    field: str
    typed: str
    names: tuple[str, ...]


def ask_names(fields: DepartmentForm) -> list[NameQuestion]:
    """Put the names that were chosen into the form, and return what is still to be asked."""
    department, town, state = fields.department.data, fields.town.data, fields.region.data
    known = tuple(row.name for row in snapshot().departments_like(department, state, town))
    questions = NameQuestion("department", department, known), NameQuestion("town", town, town_names(town, state))
    return [question for question in questions if question.names and not _is_settled(fields, question)]


def _is_settled(fields: DepartmentForm, question: NameQuestion) -> bool:
    """Whether the form answers the question about what it says now; a chosen name goes into its field."""
    if request.form.get(f"{question.field}_asked") != question.typed:
        return False
    chosen = request.form.get(f"{question.field}_meant", "")
    if chosen in question.names:
        fields[question.field].data = chosen
    return chosen in (*question.names, AS_TYPED)


def town_names(name: str, state: str) -> tuple[str, ...]:
    """How the directory writes the town, else the gazetteer; nothing where one of them writes it so."""
    key = town_key(name, state)
    own = [row.name for row in snapshot().towns.values() if row.state == state and town_key(row.name, state) == key]
    places = [place.label.rpartition(", ")[0] for place in container().gazetteer.places(name, state)]
    if plain(name) in map(plain, [*own, *places]):
        return ()
    return tuple(own or [place for place in places if town_key(place, state) == key][:1])
