"""Builds what the setting SAFEZONES_ROUTER names."""

from directory.routing.http_client import HttpClient
from directory.routing.osrm import Osrm
from directory.routing.router import Router
from directory.routing.travel_times import OnCall, TravelTimes
from directory.routing.valhalla import Valhalla
from directory.settings import Settings

ROUTERS: dict[str, type[Valhalla] | type[Osrm]] = {"valhalla": Valhalla, "osrm": Osrm}


def build_travel_times(settings: Settings, on_call: OnCall) -> TravelTimes | None:
    """Travel times by the operator's router; None where there is none. `on_call` is called after each question."""
    if not settings.router:
        return None
    kind, _, url = settings.router.partition(":")
    router: Router = ROUTERS[kind](HttpClient(url, settings.user_agent))
    return TravelTimes(router, on_call)
