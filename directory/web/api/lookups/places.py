"""Places in the answers of the API: how words were read, and the problems where they name no one place."""

from collections.abc import Callable
from typing import Any, TypeVar

from directory.geocoding.results import (
    NOTES,
    BadAddressError,
    Geocode,
    GeocodeResult,
    GeocoderUnavailableError,
    GeocodingError,
    Interpretation,
    NoMatchError,
)
from directory.web.http.error_handling.problem_documents import ApiError, bad_parameters
from directory.web.query.parameters import BadParameter

Answered = TypeVar("Answered")
REFUSALS = ("no-match", "several-places")


def refusing(name: str, query: str, ask: Callable[[], Answered]) -> Answered:
    """Ask a geocoder for the words of the parameter `name`. Raises ApiError."""
    try:
        return ask()
    except GeocodingError as error:
        raise refusal(name, query, error) from error


def refusal(name: str, query: str, error: GeocodingError) -> ApiError:
    """The problem for each of a geocoder's three refusals."""
    read = interpretation_json(Interpretation(query, notes=error.notes))
    if isinstance(error, BadAddressError):
        return bad_parameters([BadParameter(name, query[:100], str(error))], interpretation=read)
    if isinstance(error, GeocoderUnavailableError):
        detail = "The services that know street addresses are silent. ZIP codes and towns still work."
        return ApiError("service-down", detail, interpretation=read)
    similar = [place_json(place) for place in error.similar] if isinstance(error, NoMatchError) else []
    detail = " ".join([*(NOTES[note.code] for note in error.notes), "Try a ZIP code, or a town and state."])
    return ApiError("no-match", detail, candidates=similar, interpretation=read)


def several(answer: GeocodeResult) -> ApiError:
    """The problem for words that fit several places."""
    detail = "Choose one and ask again with its latitude and longitude, or add the state."
    if len(answer.candidates) == 1:
        detail = "This is a suggestion, or a whole state: ask again with a town in it, or with latitude and longitude."
    candidates = [place_json(place) for place in answer.candidates]
    read = interpretation_json(answer.interpretation)
    return ApiError("several-places", detail, candidates=candidates, interpretation=read)


def place_json(place: Geocode | None) -> dict[str, Any]:
    """A place with how exact it is."""
    if place is None:
        return {}
    members = {**place.to_json(), "latitude": place.coordinates.latitude, "longitude": place.coordinates.longitude,
            "approximate": place.precision.approximate}  # fmt: skip
    return {name: value for name, value in members.items() if name != "coordinates" and value != ""}


def how_json(answer: GeocodeResult) -> dict[str, Any]:
    """How an answer was come by."""
    read = interpretation_json(answer.interpretation)
    confirm = answer.needs_confirmation
    return {"partial": answer.partial, "degraded": answer.degraded, "asks": confirm, "interpretation": read}


def interpretation_json(read: Interpretation) -> dict[str, Any]:
    """How the words were read; notes carry a stable code, a sentence, and the words that they concern."""
    notes = [
        {"code": note.code, "detail": NOTES[note.code]}
        | ({"text": note.text} if note.text else {})
        | ({"place": place_json(note.place)} if note.place else {})
        for note in read.notes
    ]
    return {"typed": read.query, "read_as": read.read_as, "notes": notes}
