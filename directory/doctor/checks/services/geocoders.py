"""Online geocoders: known, complete, and answering where the operator chose them."""

from directory.doctor.diagnosis import Diagnoses, problem, warning, well
from directory.doctor.installation import Installation
from directory.geocoding.factory import UnknownGeocoderError, build_providers, require_geocoders
from directory.geocoding.results import GeocoderUnavailableError

QUESTION = "1600 Pennsylvania Avenue NW, Washington, DC 20500"
"""A public building: nobody's address is sent anywhere."""
SECONDS = 5.0


class _Unlimited:
    """One question is within every service's limit."""

    def take(self, service: str, interval_seconds: float, patience_seconds: float) -> float | None:  # noqa: ARG002
        return 0.0


def check_geocoders(installation: Installation) -> Diagnoses:
    """Each that a setting names is asked one question; the defaults are not, for no setting asked for that."""
    settings = installation.settings
    if not settings.geocoders:
        yield well("none: ZIP codes and towns are known by themselves, street addresses are not")
        return
    try:
        require_geocoders(settings)
        providers = build_providers(settings, _Unlimited())
    except UnknownGeocoderError as error:
        yield problem(str(error), "correct SAFEZONES_GEOCODERS and SAFEZONES_GEOCODER_OPTIONS")
        return
    set_fields = settings.model_fields_set
    for name, provider in zip(settings.geocoders, providers, strict=True):
        if "geocoders" not in set_fields and f"{name}_url" not in set_fields:
            yield well(f"{name}, by default; not asked here")
            continue
        try:
            provider.locate(QUESTION, SECONDS)
        except GeocoderUnavailableError as error:
            yield warning(str(error), f"see whether the service is there, or take {name} out of SAFEZONES_GEOCODERS")
        else:
            yield well(f"{name} answers")
