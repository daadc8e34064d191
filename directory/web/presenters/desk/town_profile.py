"""A town's profile in words: its questions and answers, and a waiting change as old beside new."""

from typing import Any

from directory.moderation.town_profiles import WaitingChange
from directory.text import translatable
from directory.web.i18n.translate import _, translated

_QUESTIONS = {
    "web_page": translatable("Web page about exchanges in your town"), "email": translatable("E-mail for questions"),
    "phone": translatable("Telephone for questions"), "embed_sites": translatable("Sites that may show your embed"),
    "logo": translatable("Logo"), "logo_alt": translatable("What the logo shows, in words"),
}  # fmt: skip
question = translated(_QUESTIONS)
"""What the form asks."""


def comparison(change: WaitingChange) -> list[tuple[str, str, str]]:
    """The answers that would change: (question, now, proposed)."""
    return [
        (question(name), answer(name, change.answers[name]), answer(name, change.after[name]))
        for name in _QUESTIONS
        if change.answers[name] != change.after[name]
    ]


def answer(name: str, stored: Any) -> str:
    """An answer as a reader sees it; sites stand on lines of their own."""
    if name == "embed_sites":
        return "\n".join(stored) or _("Any site")
    if name == "logo":
        return _("A picture") if stored else _("No picture")
    return str(stored) or _("Not stated")
