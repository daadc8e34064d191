"""What a secret key signs and seals: how long each is good, and what its owner does when it is not any more."""

from dataclasses import dataclass
from datetime import datetime, timedelta

from directory.accounts import sessions
from directory.geocoding import chain
from directory.meetings import invitations
from directory.meetings.recurrence import LONGEST_SERIES
from directory.signing_keys import FallbackKey
from directory.store.privacy import retention
from directory.web.accounts import known_device
from directory.web.meetings import plan_form


@dataclass(frozen=True, slots=True)
class KeyUse:
    """A kind of thing that a key makes: for how long the last of it is good, and what its end costs."""

    what: str
    life: timedelta
    without: str

    def over_at(self, fallback: FallbackKey) -> datetime | None:
        """When the last one that this key made is over; None where it is not known."""
        return fallback.replaced_at and fallback.replaced_at + self.life


USES = (
    KeyUse("links of two people who look for a place between them", invitations.LIFETIME, "they make another"),
    KeyUse("sessions, and forms that are open in a browser", sessions.LIFETIME, "people sign in and fill in again"),
    KeyUse("answers of geocoders", chain.HIT_LIFETIME, "they are asked for again"),
    KeyUse("links to drafts", retention.DRAFT_KEPT, "begun again, or found at /desk by who signs in"),
    KeyUse("links to submissions", retention.REFUSED_KEPT, "found at /desk by who signs in"),
    KeyUse(
        "browsers known for their sign-ins",
        timedelta(seconds=known_device.YEAR_SECONDS),
        "six sign-in mails a day fewer, until the next sign-in",
    ),
    KeyUse(
        "meeting cards",
        plan_form.FURTHEST + LONGEST_SERIES,
        "made again at the zone's page",
    ),
)
"""The shortest life first."""
LONGEST_LIFE = max(use.life for use in USES)


def uses_left(fallback: FallbackKey, at: datetime) -> list[KeyUse]:
    """What a fallback made that may still be good."""
    return [use for use in USES if (over_at := use.over_at(fallback)) is None or over_at > at]
