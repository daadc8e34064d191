"""A waiting change of a town's kit in words: old beside new."""

from typing import Any

from directory.submissions.town_profiles import WaitingChange
from directory.web.words import _


def comparison(change: WaitingChange) -> list[tuple[str, str, str]]:
    """The answers that would change: (question, now, proposed)."""
    questions = {"web_page": _("Web page about exchanges in your town"), "email": _("E-mail for questions"),
                 "phone": _("Telephone for questions"), "embed_sites": _("Sites that may show your embed")}  # fmt: skip
    return [
        (words, _text(name, change.answers[name]), _text(name, change.after[name]))
        for name, words in questions.items()
        if change.answers[name] != change.after[name]
    ]


def _text(name: str, answer: Any) -> str:
    if name == "embed_sites":
        return "\n".join(answer) or _("Any site")
    return str(answer) or _("Not stated")
