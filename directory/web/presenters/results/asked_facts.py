"""What a search asks of places, as the headings of its page say it: said by somebody, or by nobody."""

from directory.search.filters import FACTS, SWITCHES, Filters
from directory.search.results import SearchResult
from directory.text import translatable
from directory.web.i18n.translate import _, translate

_SAID = {
    "recorded": translatable("Closest place said to be recorded"),
    "lit": translatable("Closest place said to be lit"),
    "custody_exchange": translatable("Closest place said to take custody exchanges"),
    "step_free": translatable("Closest place said to be step-free"),
    "all_hours": translatable("Closest place said to be open at all hours"),
    "confirmed": translatable("Closest place that its department confirmed"),
    "lobby": translatable("Closest place said to be in a lobby"),
    "lot": translatable("Closest place said to be in a parking lot"),
    "open_at": translatable("Closest place said to be open then"),
}  # fmt: skip
_UNSAID = {
    "recorded": translatable("Closer, but nobody says whether it is recorded"),
    "lit": translatable("Closer, but nobody says whether it is lit"),
    "custody_exchange": translatable("Closer, but nobody says whether it takes custody exchanges"),
    "step_free": translatable("Closer, but nobody says whether it is step-free"),
    "all_hours": translatable("Closer, but nobody says whether it is open at all hours"),
    "lobby": translatable("Closer, but nobody says whether it is in a lobby"),
    "lot": translatable("Closer, but nobody says whether it is in a parking lot"),
    "open_at": translatable("Closer, but nobody says whether it is open then"),
}  # fmt: skip


def _filtered_fact(filters: Filters) -> str:
    """The one fact that the filters ask for; "several" for more of them, empty for none."""
    facts = [name for name in FACTS if getattr(filters, name)]
    if filters.settings:
        facts.append(
            next((name for name in ("lobby", "lot") if SWITCHES[name].settings == filters.settings), "several")
        )
    if filters.open_at:
        facts.append("open_at")
    return facts[0] if len(facts) == 1 else "several" if facts else ""


def closest_words(result: SearchResult) -> str:
    """What the place on top is: the closest one of all, or of those of which somebody said what was asked."""
    fact = _filtered_fact(result.filters)
    if fact:
        return translate(_SAID[fact]) if fact in _SAID else _("Closest place said to offer all of that")
    best = result.closest_usable
    is_near = best is not None and best.distance_m <= result.near_m
    return _("Closest place to meet") if is_near else _("The nearest one that we know of")


def nearer_words(result: SearchResult) -> str:
    """What nobody says of the places that are nearer than the one on top."""
    fact = _filtered_fact(result.filters)
    return translate(_UNSAID[fact]) if fact in _UNSAID else _("Closer, but nobody says whether it offers all of that")
