"""The part of an address that opens a meeting card. It holds the zone and the times, and nothing is stored.

It is signed, so that nobody edits one into a card that its sender did not make. It is no secret: whoever makes a card
chooses what stands in it. Therefore the signature is short, and the whole fits in a text message.
"""

import re
from dataclasses import dataclass
from datetime import datetime, timedelta
from hashlib import sha256
from hmac import compare_digest

from itsdangerous import Signer
from itsdangerous.signer import HMACAlgorithm

from directory.meetings.meeting import Meeting
from directory.meetings.recurrence import Recurrence
from directory.signing_keys import SigningKeys

SIGNATURE_BYTES = 9
DIGITS = "0123456789abcdefghijklmnopqrstuvwxyz"
BEGINNING = datetime(2000, 1, 1)  # noqa: DTZ001  (a wall clock, as the meeting's own)
_CONTENT = re.compile(
    r"(?P<zone>[a-z0-9-]{1,120})\.(?P<minutes>[0-9a-z]{1,6})(?:\.(?P<recurrence>[12lmo])x(?P<count>\d{1,2}))?"
)
LONGEST = 200


class _ShortHMAC(HMACAlgorithm):
    def get_signature(self, key: bytes, value: bytes) -> bytes:
        return super().get_signature(key, value)[:SIGNATURE_BYTES]


@dataclass(frozen=True, slots=True)
class CardLinks:
    """Makes and reads the tokens of meeting cards."""

    signing_keys: SigningKeys

    def token(self, meeting: Meeting) -> str:
        """ "ct-darien-parking-lot.8f3k1.AbCdEfGhIjKl"; the same for the same meeting."""
        return _signed(meeting, self.signing_keys.newest)

    def read(self, token: str) -> Meeting | None:
        """The meeting of a token; None for one that is not ours."""
        if len(token) > LONGEST or not token.isascii():
            return None
        content = _CONTENT.fullmatch(token.rpartition(".")[0])
        if content is None:
            return None
        recurrence, count = (
            Recurrence(content["recurrence"]) if content["recurrence"] else None,
            int(content["count"] or 1),
        )
        if recurrence and not 2 <= count <= recurrence.most_meetings:
            return None
        meeting = Meeting(
            content["zone"], BEGINNING + timedelta(minutes=int(content["minutes"], 36)), recurrence, count
        )
        # Made again and compared: base64 would be read with anything behind it.
        tokens = (_signed(meeting, key) for key in self.signing_keys.newest_first)
        return meeting if any(compare_digest(one, token) for one in tokens) else None


def _signed(meeting: Meeting, key: str) -> str:
    series = f".{meeting.recurrence}x{meeting.count}" if meeting.repeats else ""
    signer = Signer(key, salt="meeting card", algorithm=_ShortHMAC(sha256), digest_method=sha256)
    return signer.sign(f"{meeting.zone_id}.{_to_minutes(meeting.starts_at)}{series}").decode()


def _to_minutes(at: datetime) -> str:
    """Minutes since the year 2000 in base 36."""
    number = (at - BEGINNING) // timedelta(minutes=1)
    digits = ""
    while number:
        number, digit = divmod(number, 36)
        digits = DIGITS[digit] + digits
    return digits or "0"
