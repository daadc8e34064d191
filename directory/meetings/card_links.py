"""The part of an address that opens a meeting card. It holds the zone and the times, and nothing is stored.

It is signed, so that nobody edits one into a card that its sender did not make. It is no secret: whoever makes a card
chooses what stands in it. Therefore the signature is short, and the whole fits in a text message.
"""

import re
from dataclasses import dataclass
from datetime import datetime, timedelta
from hashlib import sha256

from itsdangerous import BadSignature, Signer
from itsdangerous.signer import HMACAlgorithm

from directory.meetings.meeting import EVERY_WEEKS, MOST_MEETINGS, Meeting

SIGNATURE_BYTES = 9
DIGITS = "0123456789abcdefghijklmnopqrstuvwxyz"
BEGINNING = datetime(2000, 1, 1)  # noqa: DTZ001  (a wall clock, as the meeting's own)
_CONTENT = re.compile(
    r"(?P<zone>[a-z0-9-]{1,120})\.(?P<minutes>[0-9a-z]{1,6})(?:\.(?P<every>[12])x(?P<count>\d{1,2}))?"
)
LONGEST = 200


class _ShortHMAC(HMACAlgorithm):
    def get_signature(self, key: bytes, value: bytes) -> bytes:
        return super().get_signature(key, value)[:SIGNATURE_BYTES]


@dataclass(frozen=True, slots=True)
class CardLinks:
    """Makes and reads the tokens of meeting cards."""

    signing_key: str

    def token(self, meeting: Meeting) -> str:
        """ "ct-darien-parking-lot.8f3k1.AbCdEfGhIjKl"; the same for the same meeting."""
        series = f".{meeting.every_weeks}x{meeting.count}" if meeting.repeats else ""
        return self._signer().sign(f"{meeting.zone_id}.{_to_minutes(meeting.starts_at)}{series}").decode()

    def read(self, token: str) -> Meeting | None:
        """The meeting of a token; None for one that is not ours."""
        if len(token) > LONGEST or not token.isascii():
            return None
        try:
            content = _CONTENT.fullmatch(self._signer().unsign(token).decode())
        except BadSignature:
            return None
        if content is None:
            return None
        every, count = int(content["every"] or 0), int(content["count"] or 1)
        if content["every"] and (every not in EVERY_WEEKS or not 2 <= count <= MOST_MEETINGS):
            return None
        meeting = Meeting(content["zone"], _from_minutes(content["minutes"]), every, count)
        return meeting if self.token(meeting) == token else None  # base64 is read with anything behind it

    def _signer(self) -> Signer:
        return Signer(self.signing_key, salt="meeting card", algorithm=_ShortHMAC(sha256), digest_method=sha256)


def _to_minutes(at: datetime) -> str:
    """Minutes since the year 2000 in base 36."""
    number = (at - BEGINNING) // timedelta(minutes=1)
    digits = ""
    while number:
        number, digit = divmod(number, 36)
        digits = DIGITS[digit] + digits
    return digits or "0"


def _from_minutes(text: str) -> datetime:
    return BEGINNING + timedelta(minutes=int(text, 36))
