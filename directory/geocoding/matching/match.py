"""What the offline tables know of a text."""

from dataclasses import dataclass

from directory.geocoding.results import Geocode, Note


@dataclass(frozen=True, slots=True)
class Match:
    """Places that fit a text. `whole`: every word was used; `asks`: even one is only a suggestion.

    `similar` are places to offer when there are no candidates.
    """

    candidates: tuple[Geocode, ...]
    whole: bool
    notes: tuple[Note, ...] = ()
    asks: bool = False
    similar: tuple[Geocode, ...] = ()
