"""Links for two people who find a place between them without either learning where the other is."""

import json
from base64 import urlsafe_b64encode
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta

from cryptography.fernet import Fernet, InvalidToken, MultiFernet
from cryptography.hazmat.primitives.hashes import SHA256
from cryptography.hazmat.primitives.kdf.hkdf import HKDF

from directory.clock import now
from directory.errors import BadInputError
from directory.geo import Coordinates
from directory.geocoding.results import Geocode, Precision
from directory.signing_keys import SigningKeys

LIFETIME = timedelta(hours=24)
DECIMALS = 2
"""Of degrees: about a kilometre. Whoever takes the distances on a list apart learns no more than this."""
PROVIDER = "invitation"
"""Who names the place of a link: nobody, it has no words."""


class BadInvitationError(BadInputError):
    """A token that is not ours."""


class ExpiredInvitationError(BadInvitationError):
    """A token that is older than a day."""


@dataclass(frozen=True, slots=True)
class Invitation:
    """The places of a link, and when the first of them was sealed: it is good for a day from then."""

    places: tuple[Geocode, ...]
    sealed_at: datetime


@dataclass(frozen=True, slots=True)
class InvitationSealer:
    """Seals places into the token of a link, and opens it. Nothing is stored: the token holds them, encrypted.

    A place is kept to about a kilometre and without its words.
    """

    signing_keys: SigningKeys

    def seal(self, places: Sequence[Geocode], sealed_at: datetime | None = None) -> str:
        """The token of a link that holds these places; `sealed_at` is that of the link that some of them came by."""
        rough = [(*_snapped(place.coordinates), place.country) for place in places]
        token = self._cipher().encrypt_at_time(json.dumps(rough).encode(), int((sealed_at or now()).timestamp()))
        return token.decode().rstrip("=")

    def open(self, token: str) -> Invitation:
        """What is in a token. Raises BadInvitationError or ExpiredInvitationError."""
        cipher, padded = self._cipher(), (token + "=" * (-len(token) % 4)).encode()
        try:
            sealed_at = cipher.extract_timestamp(padded)  # which verifies the token
            if now().timestamp() - sealed_at > LIFETIME.total_seconds():
                raise ExpiredInvitationError(token)
            rough = json.loads(cipher.decrypt(padded))
        except (InvalidToken, ValueError) as error:
            raise BadInvitationError(token) from error
        places = [_geocode(Coordinates(latitude, longitude), country) for latitude, longitude, country in rough]
        return Invitation(tuple(places), datetime.fromtimestamp(sealed_at, UTC))

    def _cipher(self) -> MultiFernet:
        """It seals with the newest key, and opens with each."""
        return MultiFernet([_of_key(key) for key in self.signing_keys.newest_first])


def _of_key(signing_key: str) -> Fernet:
    derive = HKDF(SHA256(), length=32, salt=None, info=b"places of people who meet")
    return Fernet(urlsafe_b64encode(derive.derive(signing_key.encode())))


def _snapped(point: Coordinates) -> tuple[float, float]:
    return round(point.latitude, DECIMALS), round(point.longitude, DECIMALS)


def _geocode(point: Coordinates, country: str) -> Geocode:
    return Geocode("", point, PROVIDER, Precision.PLACE, country=country)
