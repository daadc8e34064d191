"""Travel times as a reader says them: on a card, and once a page what its distances are."""

from directory.geocoding.results import Geocode, Precision
from directory.routing.bounds import REACH_M
from directory.routing.router import Mode
from directory.search.results import SearchHit
from directory.search.travel_order import Travel, TravelProblem
from directory.text import translatable
from directory.web.http.container import container
from directory.web.i18n.translate import _, number, translate
from directory.web.presenters.distances import distance, how_far, says_distance, whole_distance
from directory.web.presenters.zone_facts.zones import matched_words

NO_BREAK = "\N{NO-BREAK SPACE}"
ROUGH_MINUTES = 20
_TRIPS = {
    Mode.DRIVE: translatable("%(time)s drive · %(distance)s"),
    Mode.WALK: translatable("%(time)s walk · %(distance)s"),
}
_ABOUT = {
    Mode.DRIVE: translatable("about %(time)s drive · %(distance)s"),
    Mode.WALK: translatable("about %(time)s walk · %(distance)s"),
}
_NO_WAY = {
    Mode.DRIVE: translatable("We know no way there by car."),
    Mode.WALK: translatable("We know no way there on foot."),
}
_ORDERS = {
    Mode.DRIVE: translatable("In order of driving time, without traffic. Distances are by road."),
    Mode.WALK: translatable("In order of walking time. Distances are along the way."),
}
_FROM_THE_MIDDLE = {
    Precision.STREET: translatable("Distances are in a straight line from the middle of the street."),
    Precision.POSTAL_CODE: translatable(
        "Distances are in a straight line from the middle of the ZIP or postal area, so they are rough."
    ),
    Precision.PLACE: translatable("Distances are in a straight line from the middle of the town, so they are rough."),
    Precision.COUNTY: translatable(
        "Distances are in a straight line from the middle of a whole county or area, so they are very rough."
    ),
}
_PROBLEMS = {
    TravelProblem.NO_ROUTER: translatable(
        "This site has no travel times of this kind: zones are in order of distance."
    ),
    TravelProblem.ROUTER_SILENT: translatable("Travel times cannot be had just now: zones are in order of distance."),
    TravelProblem.NO_ROAD: translatable("We know no way from there to any zone nearby: they are in order of distance."),
    TravelProblem.UNPROVEN: translatable("Another one, farther away in a straight line, may be quicker to reach."),
}
_LINKS = {Mode.DRIVE: translatable("Order by driving time"), Mode.WALK: translatable("Order by walking time")}
MODE_NAMES = {Mode.DRIVE: translatable("driving time"), Mode.WALK: translatable("walking time")}


def duration(seconds: float, *, rough: bool = False) -> str:
    """ "18 min", "1 h 20 min"; what is rough anyway, and twenty minutes or more, to five minutes."""
    minutes = max(1, round(seconds / 60))
    if rough and minutes >= ROUGH_MINUTES:
        minutes = round(minutes / 5) * 5
    if minutes < 60:
        return _("%(minutes)s min", minutes=number(minutes))
    return _("%(hours)s h %(minutes)s min", hours=number(minutes // 60), minutes=number(minutes % 60))


def trip_words(hit: SearchHit, units: str) -> str:
    """ "18 min drive · 9.1 mi"; empty where there is no trip, or no more is known than the town of one end."""
    if hit.trip is None or hit.mode is None or not says_distance(hit):
        return ""
    is_rough = bool(hit.area) or hit.zone.approximate
    how_long = whole_distance(hit.trip.meters, units) if hit.area else distance(hit.trip.meters, units)
    template = translate((_ABOUT if is_rough else _TRIPS)[hit.mode])
    return template % {
        "time": _on_one_line(duration(hit.trip.seconds, rough=is_rough)),
        "distance": _on_one_line(how_long),
    }


def _on_one_line(quantity: str) -> str:
    """A number with its unit, which narrow cards do not part."""
    return quantity.replace(" ", NO_BREAK)


def far_or_long(hit: SearchHit, units: str) -> str:
    """The trip where there is one, else the distance in a straight line, named so among trips."""
    if text := trip_words(hit, units):
        return text
    return straight_words(hit, units) if hit.mode and says_distance(hit) else how_far(hit, units)


def straight_words(hit: SearchHit, units: str) -> str:
    """ "6.3 mi NE in a straight line"."""
    return _("%(distance)s in a straight line", distance=how_far(hit, units))


def no_way_words(hit: SearchHit) -> str:
    """That no way to it is known; empty where one is, and where nobody asked: also not for what is very far."""
    if hit.mode is None or hit.trip or hit.distance_m > REACH_M[hit.mode]:
        return ""
    return translate(_NO_WAY[hit.mode])


def order_sentences(travel: Travel, mode: Mode | None, place: Geocode | None = None) -> list[str]:
    """What the order and the distances of a page are; `mode` is the mode that the reader asked for.

    They are from `place` where one is given: then it is said, too, how exactly it was matched.
    """
    if not travel.by_time or travel.mode is None:
        from_middle = translate(_FROM_THE_MIDDLE.get(place.precision, "")) if place else ""
        return [*travel_problem(travel), from_middle or _("Distances are in a straight line.")]
    matched = matched_words(place) if place else ""
    reason = [] if mode else [_("A straight line from there crosses water or a border.")]
    return [*filter(None, [matched]), *reason, translate(_ORDERS[travel.mode]), *travel_problem(travel)]


def travel_problem(travel: Travel) -> list[str]:
    """Why the order is not, or not surely, by travel time, in a sentence; none where it is as it should be."""
    return [translate(_PROBLEMS[travel.problem])] if travel.problem else []


def other_orders(travel: Travel, current_mode: Mode | None) -> list[tuple[str | None, str]]:
    """The orders that a page links to: the value of `mode`, None for straight-line distance, and the words."""
    modes = container().search_service.modes
    links: list[tuple[str | None, str]] = [
        (mode.value, translate(label))
        for mode, label in _LINKS.items()
        if mode in modes and not (travel.by_time and mode is travel.mode)
    ]
    return [*links, (None, _("Order by distance"))] if current_mode else links


def travel_modes() -> tuple[tuple[str, str], ...]:
    """The modes that a search offers, by value and words; none where the site has no router."""
    modes = container().search_service.modes
    return tuple((mode.value, translate(label)) for mode, label in MODE_NAMES.items() if mode in modes)
