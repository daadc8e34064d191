"""The parameters of a search between several places."""

from collections.abc import Mapping
from dataclasses import dataclass

from werkzeug.datastructures import MultiDict

from directory.search.meetings.meeting_search import FEWEST_PLACES, MOST_PLACES
from directory.web.query.parameters import CHOSEN, SearchParameters, read_search

PLACES = tuple("abcde"[:MOST_PLACES])
"""The parameters that name a place each."""
KEPT = (*PLACES, *CHOSEN, "limit")
"""What links on the page keep."""
LONGEST = 1_000


@dataclass(frozen=True, slots=True)
class MeetingParameters:
    """A search as asked: the words for each place by its parameter, and the rest as in a search around one."""

    places: Mapping[str, str]
    search: SearchParameters

    @property
    def complete(self) -> bool:
        """Whether there are enough places to lie between."""
        return len(self.places) >= FEWEST_PLACES

    def missing(self, args: "MultiDict[str, str]") -> tuple[str, ...]:
        """The first fields that are empty although some place was sent; none where there are enough places."""
        sent = not self.complete and any(name in args for name in PLACES)
        return tuple(name for name in PLACES[:FEWEST_PLACES] if sent and name not in self.places)


def read_meeting(args: "MultiDict[str, str]") -> MeetingParameters:
    """Read the parameters; places that are left empty are none. Raises BadParametersError with every problem."""
    places = {name: query for name in PLACES if (query := args.get(name, "").strip()[:LONGEST])}
    return MeetingParameters(places, read_search(args))
