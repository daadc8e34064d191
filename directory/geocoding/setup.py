"""Builds the chain that the settings describe."""

from collections.abc import Callable
from urllib.parse import urlsplit

import geopy.geocoders
from geopy.exc import GeocoderNotFound

from directory.geocoding.census import Census, CensusGeocoder
from directory.geocoding.chain import AnswerStore, GeocodingChain, Heard, nobody_listens
from directory.geocoding.gazetteer import Gazetteer
from directory.geocoding.http_adapter import BoundedAdapter
from directory.geocoding.nominatim import Keyed, Nominatim, Photon
from directory.geocoding.online import Online, Turns
from directory.settings import Settings


class UnknownGeocoder(Exception):
    """SAFEZONES_GEOCODERS names a geocoder that neither we nor geopy have, or its options are wrong."""


def build_chain(
    settings: Settings, answers: AnswerStore, turns: Turns, heard: Heard = nobody_listens
) -> GeocodingChain:
    """Join the gazetteer and the configured online geocoders; `heard` is told how each call went.

    Raises UnknownGeocoder.
    """
    gazetteer = Gazetteer.unpacked(settings.scratch_dir())
    online = [_online(name, settings, turns) for name in settings.geocoders]
    return GeocodingChain(gazetteer, online, answers, settings.geocoding_seconds, heard=heard)


def _census(settings: Settings, _turns: Turns) -> Online:
    return Census(CensusGeocoder(settings.census_url, user_agent=settings.user_agent, adapter_factory=BoundedAdapter))


def _nominatim(settings: Settings, turns: Turns) -> Online:
    scheme, domain = _server(settings.nominatim_url)
    geocoder = geopy.geocoders.Nominatim(
        scheme=scheme, domain=domain, user_agent=settings.user_agent, adapter_factory=BoundedAdapter
    )
    options = {"exactly_one": False, "limit": 5, "addressdetails": True, "country_codes": ["us", "ca"]}
    return Nominatim(geocoder, turns=turns, interval_seconds=settings.nominatim_interval, options=options)


def _photon(settings: Settings, _turns: Turns) -> Online:
    scheme, domain = _server(settings.photon_url)
    geocoder = geopy.geocoders.Photon(
        scheme=scheme, domain=domain, user_agent=settings.user_agent, adapter_factory=BoundedAdapter
    )
    return Photon(geocoder, options={"exactly_one": False, "limit": 5})


_OURS: dict[str, Callable[[Settings, Turns], Online]] = {
    "census": _census,
    "nominatim": _nominatim,
    "photon": _photon,
}


def _online(name: str, settings: Settings, turns: Turns) -> Online:
    if name in _OURS:
        return _OURS[name](settings, turns)
    try:
        kind = geopy.geocoders.get_geocoder_for_service(name)
        options = {"user_agent": settings.user_agent, **settings.geocoder_options.get(name, {})}
        return Keyed(name, kind(adapter_factory=BoundedAdapter, **options))
    except GeocoderNotFound as error:
        known = ", ".join(_OURS)
        raise UnknownGeocoder(f"SAFEZONES_GEOCODERS: '{name}' is neither one of {known} nor one of geopy's") from error
    except TypeError as error:
        raise UnknownGeocoder(f"SAFEZONES_GEOCODER_OPTIONS for '{name}': {error}") from error


def _server(url: str) -> tuple[str, str]:
    parts = urlsplit(url)
    return parts.scheme, f"{parts.netloc}{parts.path}".rstrip("/")
