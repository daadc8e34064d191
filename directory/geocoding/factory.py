"""Builds the chain that the settings describe.

geopy and its HTTP client are imported where they are used: most commands only check the names of the geocoders.
"""

import inspect
import json
from collections.abc import Callable
from importlib.metadata import entry_points
from typing import Any
from urllib.parse import urlsplit

from directory.errors import BadInputError
from directory.geocoding.chain import AnswerStore, GeocodingChain, OnCall, ignore_call
from directory.geocoding.gazetteer import Gazetteer
from directory.geocoding.providers.generic import GenericProvider
from directory.geocoding.providers.nominatim import NominatimProvider
from directory.geocoding.providers.photon import PhotonProvider
from directory.geocoding.providers.provider import GeocodingProvider, RateLimiter
from directory.settings import Settings

KEY_PARAMETERS = ("api_key", "apikey", "subscription_key", "auth_id", "auth_token", "username")
"""Parameters of geopy's classes that are credentials."""
KEYS_REQUIRED_BY_SERVICE = {"google": ["api_key"], "googlev3": ["api_key"], "here": ["apikey"]}
"""Keys that the class takes as optional and the service requires."""
ENTRY_POINTS = "safezones.geocoders"
"""The group in which an installed distribution offers providers: name → a function of settings and rate limiter."""


class UnknownGeocoderError(BadInputError):
    """SAFEZONES_GEOCODERS names a geocoder that is neither built in nor in geopy, or its options are wrong."""


def build_chain(
    settings: Settings, answer_store: AnswerStore, rate_limiter: RateLimiter, on_call: OnCall = ignore_call
) -> GeocodingChain:
    """Join the gazetteer and the configured online geocoders; `on_call` is called after each call.

    Raises UnknownGeocoderError.
    """
    gazetteer = Gazetteer.open_best(settings.data_dir, settings.scratch_dir())
    providers = build_providers(settings, rate_limiter)
    return GeocodingChain(gazetteer, providers, answer_store, settings.geocoding_seconds, on_call=on_call)


def build_providers(settings: Settings, rate_limiter: RateLimiter) -> list[GeocodingProvider]:
    """The configured online geocoders, in their order. Raises UnknownGeocoderError."""
    return [_build_provider(name, settings, rate_limiter) for name in settings.geocoders]


def _census(settings: Settings, _rate_limiter: RateLimiter) -> GeocodingProvider:
    from directory.geocoding.providers.census import CensusGeocoder, CensusProvider
    from directory.geocoding.providers.http_adapter import BoundedAdapter

    return CensusProvider(
        CensusGeocoder(settings.census_url, user_agent=settings.user_agent, adapter_factory=BoundedAdapter)
    )


def _nominatim(settings: Settings, rate_limiter: RateLimiter) -> GeocodingProvider:
    from geopy.geocoders import Nominatim

    from directory.geocoding.providers.http_adapter import BoundedAdapter

    scheme, domain = _split_server_url(settings.nominatim_url)
    geocoder = Nominatim(scheme=scheme, domain=domain, user_agent=settings.user_agent, adapter_factory=BoundedAdapter)
    options = {"exactly_one": False, "limit": 5, "addressdetails": True, "country_codes": ["us", "ca"]}
    return NominatimProvider(
        geocoder, rate_limiter=rate_limiter, interval_seconds=settings.nominatim_interval, options=options
    )


def _photon(settings: Settings, _rate_limiter: RateLimiter) -> GeocodingProvider:
    from geopy.geocoders import Photon

    from directory.geocoding.providers.http_adapter import BoundedAdapter

    scheme, domain = _split_server_url(settings.photon_url)
    geocoder = Photon(scheme=scheme, domain=domain, user_agent=settings.user_agent, adapter_factory=BoundedAdapter)
    return PhotonProvider(geocoder, options={"exactly_one": False, "limit": 5})


Builder = Callable[[Settings, RateLimiter], GeocodingProvider]
_BUILT_IN: dict[str, Builder] = {"census": _census, "nominatim": _nominatim, "photon": _photon}


def _builder(name: str) -> Builder | None:
    """Return what builds a provider of ours or of an installed distribution; None for one of geopy's.

    Raises UnknownGeocoderError.
    """
    installed = entry_points(group=ENTRY_POINTS, name=name)
    try:
        return _BUILT_IN.get(name) or next((entry.load() for entry in installed), None)
    except (ImportError, AttributeError) as error:
        raise UnknownGeocoderError(f"SAFEZONES_GEOCODERS={name}: its distribution cannot be loaded: {error}") from error


def _build_provider(name: str, settings: Settings, rate_limiter: RateLimiter) -> GeocodingProvider:
    builder = _builder(name)
    return builder(settings, rate_limiter) if builder else GenericProvider(name, _geopy_geocoder(name, settings))


def _geopy_geocoder(name: str, settings: Settings) -> Any:
    """One of geopy's geocoders with its options. Raises UnknownGeocoderError."""
    from geopy.exc import GeopyError

    from directory.geocoding.providers.http_adapter import BoundedAdapter

    options = {"user_agent": settings.user_agent, **settings.geocoder_options.get(name, {})}
    try:
        return _geopy_class(name)(adapter_factory=BoundedAdapter, **options)
    except (TypeError, ValueError, GeopyError) as error:
        raise UnknownGeocoderError(
            f"SAFEZONES_GEOCODER_OPTIONS does not fit '{name}' of SAFEZONES_GEOCODERS: {error}. Its options are those "
            "of the class in geopy"
        ) from error


def _geopy_class(name: str) -> Any:
    """geopy's class. Raises UnknownGeocoderError."""
    from geopy.exc import GeocoderNotFound
    from geopy.geocoders import get_geocoder_for_service

    try:
        return get_geocoder_for_service(name)
    except GeocoderNotFound as error:
        built_in = ",".join(_BUILT_IN)
        raise UnknownGeocoderError(
            f"SAFEZONES_GEOCODERS={name}: this is neither one of {built_in} nor one of geopy's. Take it out, or mend it"
        ) from error


def require_geocoders(settings: Settings) -> None:
    """Check that every geocoder is known and has its key. Raises UnknownGeocoderError."""
    for name in settings.geocoders:
        if _builder(name):
            continue
        options = settings.geocoder_options.get(name, {})
        missing = [key for key in _required_keys(name) if not str(options.get(key, "")).strip()]
        if missing:
            example = json.dumps({name: dict.fromkeys(missing, "…")}, ensure_ascii=False)
            raise UnknownGeocoderError(
                f"SAFEZONES_GEOCODERS={','.join(settings.geocoders)}: '{name}' does not answer without "
                f"{' and '.join(missing)}. Set SAFEZONES_GEOCODER_OPTIONS='{example}', or take it out"
            )
        _geopy_geocoder(name, settings)


def _required_keys(name: str) -> list[str]:
    """The options that one of geopy's geocoders requires."""
    parameters = inspect.signature(_geopy_class(name).__init__).parameters.values()
    required = [item.name for item in parameters if item.name in KEY_PARAMETERS and item.default is item.empty]
    return required or KEYS_REQUIRED_BY_SERVICE.get(name.lower(), [])


def _split_server_url(url: str) -> tuple[str, str]:
    parts = urlsplit(url)
    return parts.scheme, f"{parts.netloc}{parts.path}".rstrip("/")
