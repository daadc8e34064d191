"""The result of matching a text offline."""

from dataclasses import dataclass

from directory.geocoding.results import Geocode, Note


@dataclass(frozen=True, slots=True)
class Match:
    """Places that match a text. `is_complete`: every word was used; `needs_confirmation`: even one is a suggestion.

    `similar` are places to suggest when there are no candidates.
    """

    candidates: tuple[Geocode, ...]
    is_complete: bool
    notes: tuple[Note, ...] = ()
    needs_confirmation: bool = False
    similar: tuple[Geocode, ...] = ()
