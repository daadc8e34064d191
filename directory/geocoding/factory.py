"""Builds the chain that the settings describe."""

import inspect
import json
from collections.abc import Callable
from importlib.metadata import entry_points
from typing import Any
from urllib.parse import urlsplit

import geopy.geocoders
from geopy.exc import GeocoderNotFound, GeopyError

from directory.errors import BadInputError
from directory.geocoding.chain import AnswerStore, GeocodingChain, Heard, nobody_listens
from directory.geocoding.gazetteer import Gazetteer
from directory.geocoding.providers.census import CensusGeocoder, CensusProvider
from directory.geocoding.providers.http_adapter import BoundedAdapter
from directory.geocoding.providers.nominatim import KeyedProvider, NominatimProvider, PhotonProvider
from directory.geocoding.providers.provider import GeocodingProvider, RateLimiter
from directory.settings import Settings

KEYS = ("api_key", "apikey", "subscription_key", "auth_id", "auth_token", "username")
"""What the classes of geopy call their keys."""
KEYED_ALL_THE_SAME = {"google": ["api_key"], "googlev3": ["api_key"], "here": ["apikey"]}
"""Those whose class takes none, and whose service refuses then."""
ENTRY_POINTS = "safezones.geocoders"
"""The group in which an installed distribution offers providers: name → a function of settings and rate limiter."""


class UnknownGeocoderError(BadInputError):
    """SAFEZONES_GEOCODERS names a geocoder that neither we nor geopy have, or its options are wrong."""


def build_chain(
    settings: Settings, answers: AnswerStore, turns: RateLimiter, heard: Heard = nobody_listens
) -> GeocodingChain:
    """Join the gazetteer and the configured online geocoders; `heard` is told how each call went.

    Raises UnknownGeocoderError.
    """
    gazetteer = Gazetteer.opened(settings.data_dir, settings.scratch_dir())
    online = [_online(name, settings, turns) for name in settings.geocoders]
    return GeocodingChain(gazetteer, online, answers, settings.geocoding_seconds, heard=heard)


def _census(settings: Settings, _turns: RateLimiter) -> GeocodingProvider:
    return CensusProvider(
        CensusGeocoder(settings.census_url, user_agent=settings.user_agent, adapter_factory=BoundedAdapter)
    )


def _nominatim(settings: Settings, turns: RateLimiter) -> GeocodingProvider:
    scheme, domain = _server(settings.nominatim_url)
    geocoder = geopy.geocoders.Nominatim(
        scheme=scheme, domain=domain, user_agent=settings.user_agent, adapter_factory=BoundedAdapter
    )
    options = {"exactly_one": False, "limit": 5, "addressdetails": True, "country_codes": ["us", "ca"]}
    return NominatimProvider(geocoder, turns=turns, interval_seconds=settings.nominatim_interval, options=options)


def _photon(settings: Settings, _turns: RateLimiter) -> GeocodingProvider:
    scheme, domain = _server(settings.photon_url)
    geocoder = geopy.geocoders.Photon(
        scheme=scheme, domain=domain, user_agent=settings.user_agent, adapter_factory=BoundedAdapter
    )
    return PhotonProvider(geocoder, options={"exactly_one": False, "limit": 5})


Builder = Callable[[Settings, RateLimiter], GeocodingProvider]
_OURS: dict[str, Builder] = {"census": _census, "nominatim": _nominatim, "photon": _photon}


def _builder(name: str) -> Builder | None:
    """What builds a provider of ours or of an installed distribution; None for one of geopy's.

    Raises UnknownGeocoderError.
    """
    installed = entry_points(group=ENTRY_POINTS, name=name)
    try:
        return _OURS.get(name) or next((entry.load() for entry in installed), None)
    except (ImportError, AttributeError) as error:
        raise UnknownGeocoderError(f"SAFEZONES_GEOCODERS={name}: its distribution cannot be loaded: {error}") from error


def _online(name: str, settings: Settings, turns: RateLimiter) -> GeocodingProvider:
    builder = _builder(name)
    return builder(settings, turns) if builder else KeyedProvider(name, _of_geopy(name, settings))


def _of_geopy(name: str, settings: Settings) -> Any:
    """A geocoder of geopy's with its options. Raises UnknownGeocoderError."""
    options = {"user_agent": settings.user_agent, **settings.geocoder_options.get(name, {})}
    try:
        return _kind(name)(adapter_factory=BoundedAdapter, **options)
    except (TypeError, ValueError, GeopyError) as error:
        raise UnknownGeocoderError(
            f"SAFEZONES_GEOCODER_OPTIONS does not fit '{name}' of SAFEZONES_GEOCODERS: {error}. Its options are those "
            "of the class in geopy"
        ) from error


def _kind(name: str) -> Any:
    """geopy's class. Raises UnknownGeocoderError."""
    try:
        return geopy.geocoders.get_geocoder_for_service(name)
    except GeocoderNotFound as error:
        ours = ",".join(_OURS)
        raise UnknownGeocoderError(
            f"SAFEZONES_GEOCODERS={name}: this is neither one of {ours} nor one of geopy's. Take it out, or mend it"
        ) from error


def require_geocoders(settings: Settings) -> None:
    """Whether every geocoder is known and has its key; nothing is made. Raises UnknownGeocoderError."""
    for name in settings.geocoders:
        if _builder(name):
            continue
        options = settings.geocoder_options.get(name, {})
        missing = [key for key in _keys_of(name) if not str(options.get(key, "")).strip()]
        if missing:
            example = json.dumps({name: dict.fromkeys(missing, "…")}, ensure_ascii=False)
            raise UnknownGeocoderError(
                f"SAFEZONES_GEOCODERS={','.join(settings.geocoders)}: '{name}' does not answer without "
                f"{' and '.join(missing)}. Set SAFEZONES_GEOCODER_OPTIONS='{example}', or take it out"
            )
        _of_geopy(name, settings)


def _keys_of(name: str) -> list[str]:
    """The options without which a geocoder of geopy's does not answer."""
    parameters = inspect.signature(_kind(name).__init__).parameters.values()
    needed = [item.name for item in parameters if item.name in KEYS and item.default is inspect.Parameter.empty]
    return needed or KEYED_ALL_THE_SAME.get(name.lower(), [])


def _server(url: str) -> tuple[str, str]:
    parts = urlsplit(url)
    return parts.scheme, f"{parts.netloc}{parts.path}".rstrip("/")
