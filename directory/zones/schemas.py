"""What the directory records of a zone and a department: the plain values that files, forms and pages share."""

from enum import StrEnum
from typing import Any

from sqlalchemy import Enum as SqlEnum
from sqlmodel import JSON, Field, SQLModel

from directory.geo import Coordinates


class Setting(StrEnum):
    """What kind of spot a zone is."""

    LOBBY = "lobby"
    PARKING_LOT = "parking_lot"
    LOBBY_AND_LOT = "lobby_and_lot"
    OTHER = "other"
    UNKNOWN = "unknown"


class LocationSource(StrEnum):
    """Where a zone's point comes from, best first."""

    SURVEYED = "surveyed"
    STATION = "station"
    GEOCODED = "geocoded"
    POSTAL_CODE = "postal_code"
    PLACE = "place"


class TriState(StrEnum):
    """A yes-or-no fact; unknown is not no."""

    YES = "yes"
    NO = "no"
    UNKNOWN = "unknown"


class Status(StrEnum):
    """Whether a zone is there to be used."""

    ACTIVE = "active"
    TEMPORARILY_CLOSED = "temporarily_closed"
    MOVED = "moved"
    PLANNED = "planned"
    WITHDRAWN = "withdrawn"


def _choice(default: StrEnum) -> Any:
    """A field holding one of the enumeration's values, stored as the text a file shows."""
    column = SqlEnum(
        type(default),
        native_enum=False,
        length=24,
        values_callable=lambda kind: [member.value for member in kind],
    )
    return Field(default=default, sa_type=column)


class ZoneFacts(SQLModel):
    """Every fact about one spot with one set of hours. Empty text and `unknown` mean that nobody said."""

    name: str
    state: str
    country: str
    setting: Setting = _choice(Setting.UNKNOWN)
    spot_note: str = ""
    street_address: str = ""
    mailing_town: str = ""
    postal_code: str = ""
    latitude: float
    longitude: float
    location_source: LocationSource = _choice(LocationSource.SURVEYED)
    approximate: bool = False
    area: dict[str, Any] | None = Field(default=None, sa_type=JSON)
    opening_hours: str = ""
    advised_hours: str = ""
    hours_note: str = ""
    cameras: TriState = _choice(TriState.UNKNOWN)
    cameras_recorded: TriState = _choice(TriState.UNKNOWN)
    cameras_watched: TriState = _choice(TriState.UNKNOWN)
    cameras_around_the_clock: TriState = _choice(TriState.UNKNOWN)
    lighting: TriState = _choice(TriState.UNKNOWN)
    marked: TriState = _choice(TriState.UNKNOWN)
    spaces: int | None = None
    step_free: TriState = _choice(TriState.UNKNOWN)
    emergency_phone: TriState = _choice(TriState.UNKNOWN)
    officer_standby: TriState = _choice(TriState.UNKNOWN)
    footage_days: int | None = None
    custody_exchange: TriState = _choice(TriState.UNKNOWN)
    custody_hours: str = ""
    custody_rules: str = ""
    phone: str = ""
    rules: list[str] = Field(default_factory=list, sa_type=JSON)
    status: Status = _choice(Status.ACTIVE)
    status_from: str = ""
    status_until: str = ""
    status_note: str = ""
    closures: list[dict[str, str]] = Field(default_factory=list, sa_type=JSON)
    replaced_by: str = ""
    announced_on: str = ""
    source_url: str = ""
    source_name: str = ""
    source_date: str = ""
    other_sources: list[str] = Field(default_factory=list, sa_type=JSON)
    confirmed_on: str = ""
    confirmed_by: str = ""
    photo: str = ""
    photo_alt: str = ""

    @property
    def coordinates(self) -> Coordinates:
        """Where one stands, or the best that is known."""
        return Coordinates(self.latitude, self.longitude)


FACTS = (
    "cameras", "cameras_recorded", "cameras_watched", "cameras_around_the_clock", "lighting", "marked",
    "step_free", "emergency_phone", "officer_standby", "custody_exchange",
)  # fmt: skip
"""The fields that hold a `TriState`."""


class ZoneRecord(ZoneFacts):
    """A zone on its own: its identity, its facts, and the names of its department and town."""

    zone_id: str = ""
    department: str
    town: str


class AgencyKind(StrEnum):
    """Whose police a department is."""

    MUNICIPAL = "municipal"
    COUNTY = "county"
    STATE = "state"
    CAMPUS = "campus"
    TRIBAL = "tribal"
    TRANSIT = "transit"
    OTHER = "other"


class DepartmentRecord(SQLModel):
    """A department: who answers for its zones, how to reach it, and what happened to it.

    `kind` corrects the kind of agency that its name tells; empty where the name is right.
    `channels` are {"label", "value"} pairs (an anonymous tip line, an app); `history` are
    {"from", "until", "text", "source_url"} entries, partial ISO dates.
    """

    name: str
    state: str
    country: str
    kind: str = ""
    phone: str = ""
    contact_phone: str = ""
    web_page: str = ""
    channels: list[dict[str, str]] = Field(default_factory=list, sa_type=JSON)
    note: str = ""
    history: list[dict[str, str]] = Field(default_factory=list, sa_type=JSON)


class TownRecord(SQLModel):
    """A town and the other names under which people look for it (mailing towns, its county)."""

    name: str
    state: str
    country: str
    other_names: list[str] = Field(default_factory=list, sa_type=JSON)
