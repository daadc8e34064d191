"""The pages of staff show words: what the log holds, and what an impostor wrote, are named like on the forms."""

import ast
from collections.abc import Iterator

import pytest
from flask import Flask

from directory.accounts.second_factor import TOLD
from directory.db.queries.town_profiles import ANSWERS
from directory.db.tables.published.town_profiles import ProfileChangeStatus
from directory.settings import PACKAGE
from directory.submissions.workflow import Step
from directory.web.presenters.desk import history

FILLED = {
    "reached rung {int(proof.rung)}": ["reached rung 1", "reached rung 2", "reached rung 3"],
    "became {role}": ["became editor", "became manager", "became moderator", "became administrator"],
    "kit change {status}": [
        f"kit change {status}" for status in ProfileChangeStatus if status is not ProfileChangeStatus.WAITING
    ],
}
NEVER_LOGGED = {Step.SEND, Step.SEND_PROVEN, Step.PROVE_EMAIL, Step.PUBLISH_AT_ONCE}
"""Steps that the log names otherwise."""


def actions_in(call: ast.Call) -> Iterator[str]:
    """The texts that a call of `log` gives as its action, with {…} where they are filled in."""
    for part in ast.walk(call.args[4]):
        if isinstance(part, ast.JoinedStr):
            yield ast.unparse(part)[2:-1]
    if isinstance(call.args[4], ast.Constant | ast.IfExp):
        choices = [call.args[4]] if isinstance(call.args[4], ast.Constant) else [call.args[4].orelse]
        yield from (str(one.value) for one in choices if isinstance(one, ast.Constant))


def logged() -> set[str]:
    found = {"added", "changed", "retired", TOLD, *(step.value for step in Step if step not in NEVER_LOGGED)}
    for path in PACKAGE.rglob("*.py"):
        for call in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
            if isinstance(call, ast.Call) and isinstance(call.func, ast.Name) and call.func.id == "log":
                for action in actions_in(call):
                    found.update(FILLED.get(action, [action]))
    return found


def test_everything_that_is_logged_has_words() -> None:
    assert len(logged()) > 40
    assert logged() - history.ACTIONS.keys() == set()


@pytest.mark.parametrize(("of", "name", "stored", "words", "shown"), [
    ("kit", "email", "safe@example.gov", "E-mail for questions", "safe@example.gov"),
    ("kit", "logo", "0f" * 32, "Logo", "A picture"),
    ("kit", "embed_sites", [], "Sites that may show your embed", "Any site"),
    ("department", "kind", "county", "Kind of agency", "a county’s"),
    ("department", "web_page", "", "Web page", "Not stated"),
    ("town", "other_names", ["A", "B"], "Other names", "A, B"),
])  # fmt: skip
def test_fields_of_towns_pages_and_departments_are_named(
    app: Flask, of: str, name: str, stored: object, words: str, shown: str
) -> None:
    with app.test_request_context("/"):
        assert (history.field(of, name), history.answer(of, name, stored)) == (words, shown)
        assert all(history.field("kit", one) != one for one in ANSWERS)


def reasons() -> set[str]:
    """Every reason that the code itself writes into the log, with a number for what is filled in."""
    found = set()
    for path in PACKAGE.rglob("*.py"):
        for call in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
            if isinstance(call, ast.Call) and isinstance(call.func, ast.Name) and call.func.id == "Author":
                match call.args:
                    case [_, ast.Constant(value=str(words))] if words:
                        found.add(words)
                    case [_, ast.JoinedStr(values=parts)]:
                        found.add("".join(str(part.value) if isinstance(part, ast.Constant) else "7" for part in parts))
    return found


def test_every_reason_that_the_code_writes_is_said_in_the_readers_language(app: Flask) -> None:
    assert len(reasons()) > 12
    with app.test_request_context("/?lang=fr"):
        assert [words for words in reasons() if history.reason(words) == words] == []
        assert history.reason("import of zones.geojson") == "importation de zones.geojson"
        assert history.reason("submission 7: Ok: do it.") == "proposition 7\xa0: Ok: do it."
        assert history.reason("They phoned: program moved") == "They phoned: program moved"
        assert history.actor("first start") == "le premier démarrage"
        assert history.actor("a@b.gov, approved by c@b.gov") == "a@b.gov, avec l’accord de c@b.gov"
