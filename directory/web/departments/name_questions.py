"""“Do you mean New Canaan Police Department?”: a department or town that is known, written otherwise."""

from collections.abc import Collection
from dataclasses import dataclass

from flask import request

from directory.text import one_letter_off, plain
from directory.web.departments.department_form import DepartmentForm
from directory.web.http.container import container, snapshot
from directory.zones.duplicates.towns import town_key

AS_TYPED = "as-typed"
"""The answer that the name is that of another one."""
MOST_NAMES = 4
"""Towns spelt nearly so of which one may be chosen."""


@dataclass(frozen=True, slots=True)
class NameQuestion:
    """What was typed into a field, and the known names that it probably means."""

    field: str
    entered_name: str
    names: tuple[str, ...]


def ask_names(fields: DepartmentForm) -> list[NameQuestion]:
    """Put the names that were chosen into the form, and return what is still to be asked."""
    department, town, state = fields.department.data, fields.town.data, fields.region.data
    known_departments = tuple(row.name for row in snapshot().departments_like(department, state, town))
    open_questions = []
    for question in (
        NameQuestion("department", department, known_departments),
        NameQuestion("town", town, _towns(town, state)),
    ):
        answer = _answer(question)
        if answer:
            fields[question.field].data = answer
        else:
            open_questions.append(question)
    return open_questions


def ask_town(answers: dict[str, str], state: str, known_towns: Collection[str]) -> NameQuestion | None:
    """Put the town that was chosen into a zone's answers, and return what is still to be asked.

    About the names in `known_towns` nothing is asked that the form does not ask already.
    """
    town = answers["town"]
    if town in known_towns and request.form.get("town_asked") != town:
        return None
    question = NameQuestion("town", town, _towns(town, state))
    answers["town"] = _answer(question) or town
    return None if _answer(question) else question


def _answer(question: NameQuestion) -> str:
    """The name that counts, where nothing is to be asked or the form has the answer to this question; else empty."""
    if not question.names:
        return question.entered_name
    answer = request.form.get(f"{question.field}_meant", "")
    if request.form.get(f"{question.field}_asked") != question.entered_name or answer not in (
        *question.names,
        AS_TYPED,
    ):
        return ""
    return question.entered_name if answer == AS_TYPED else answer


def _towns(name: str, state: str) -> tuple[str, ...]:
    """The towns that a name probably means: one that is known, written otherwise, else those spelt nearly so."""
    known_names = _known_towns(name, state)
    return town_names(name, state) if known_names else _towns_spelt_like(name, state)


def _towns_spelt_like(name: str, state: str) -> tuple[str, ...]:
    keys = set(one_letter_off(town_key(name, state)))
    own = [row.name for row in snapshot().towns.values() if row.state == state and town_key(row.name, state) in keys]
    places = container().gazetteer.places_spelt_like(name, state)
    return tuple(dict.fromkeys([*own, *(place.label.rpartition(", ")[0] for place in places)]))[:MOST_NAMES]


def _known_towns(name: str, state: str) -> list[str]:
    """How the directory writes a town, then how the gazetteer writes the places of its name."""
    key = town_key(name, state)
    own = [row.name for row in snapshot().towns.values() if row.state == state and town_key(row.name, state) == key]
    return [*own, *(place.label.rpartition(", ")[0] for place in container().gazetteer.places(name, state))]


def town_names(name: str, state: str) -> tuple[str, ...]:
    """How the directory writes the town, else the gazetteer; nothing where one of them writes it so."""
    known_names, key = _known_towns(name, state), town_key(name, state)
    if plain(name) in map(plain, known_names):
        return ()
    own = tuple(row for row in known_names if town_key(row, state) == key)
    return own[:1]
