"""What the directory records of a zone: the plain values that files, forms and pages share."""

from collections.abc import Callable
from enum import StrEnum
from typing import Annotated, Any

from sqlalchemy import Enum as SqlEnum
from sqlmodel import JSON, SQLModel
from sqlmodel import Field as column

from directory.geo import Coordinates
from directory.text import translatable
from directory.zones.fields import MORE, PLACED, WHAT, Field, Kind, fields_of, no_items, no_members


class Setting(StrEnum):
    """What kind of spot a zone is."""

    LOBBY = "lobby"
    PARKING_LOT = "parking_lot"
    LOBBY_AND_LOT = "lobby_and_lot"
    OTHER = "other"
    UNKNOWN = "unknown"


SETTING_NAMES = {
    Setting.LOBBY: translatable("Lobby"),
    Setting.PARKING_LOT: translatable("Parking lot"),
    Setting.LOBBY_AND_LOT: translatable("Lobby and parking lot"),
    Setting.OTHER: translatable("Another kind of spot"),
}
"""Each kind of spot as a reader sees it."""

SPOT_NAMES = {
    Setting.LOBBY: translatable("lobby"),
    Setting.PARKING_LOT: translatable("parking lot"),
    Setting.LOBBY_AND_LOT: translatable("lobby and lot"),
}
"""The kinds that tell somebody where to stand, as titles say them; the others need words of a source."""


class LocationSource(StrEnum):
    """How a zone's point is known, best first.

    `SURVEYED`: the source or the department gives it. `ADDRESS`: it is where the source's own address is. `AGENCY`: it
    is the department's building by a public list, for the source names no address. The others are centres of areas.
    """

    SURVEYED = "surveyed"
    ADDRESS = "address"
    AGENCY = "agency"
    POSTAL_CODE = "postal_code"
    TOWN = "town"


EXACT = frozenset((LocationSource.SURVEYED, LocationSource.ADDRESS))
"""What may be an exact point: any other is approximate."""
AREAS = frozenset((LocationSource.POSTAL_CODE, LocationSource.TOWN))
"""What is the centre of an area."""


class SourceKind(StrEnum):
    """Who a source is, which says what its word is worth (`zones/evidence/zone_evidence.py`)."""

    DEPARTMENT = "department"
    MODERATOR = "moderator"
    OFFICIAL = "official"
    NEWS = "news"
    LIST = "list"
    SOCIAL = "social"
    VISITOR = "visitor"
    UNKNOWN = "unknown"


class Appointment(StrEnum):
    """Whether one has to announce oneself; unknown is not no."""

    REQUIRED = "required"
    RECOMMENDED = "recommended"
    NO = "no"
    UNKNOWN = "unknown"


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


def stored_enum(kind: type[StrEnum]) -> Any:
    """The type of a column that stores an enumeration's value as text."""
    return SqlEnum(kind, native_enum=False, length=24, values_callable=lambda kind: [member.value for member in kind])


def _choice(default: StrEnum) -> Any:
    """A field holding one of the enumeration's values, stored as the text a file shows."""
    return column(default=default, sa_type=stored_enum(type(default)))


class ZoneFacts(SQLModel):
    """Every fact about one spot with one set of hours. Empty text and `unknown` mean that nobody said."""

    name: Annotated[str, Field(Kind.TEXT, "free text", translatable("Name of the zone"),
        "zone name, site name, location name, title, site, label", limit=120, form=PLACED,
        hint=translatable("What your sign says. Leave it empty for “Safe exchange zone”."), always=True)]  # fmt: skip
    state: Annotated[str, Field(Kind.STATE, "two letters: a US state or territory, a Canadian province or territory",
        translatable("State or province"), "st, province, state province, province state, state code, prov",
        queryable=True, always=True)]  # fmt: skip
    country: Annotated[str, Field(Kind.COUNTRY, "territories of the United States are US", translatable("Country"),
        "country code, nation", queryable=True, always=True)]  # fmt: skip
    setting: Annotated[Setting, Field(Kind.CHOICE, "what kind of spot it is", translatable("Kind of spot"),
        "type, location type, lobby or lot, inside or outside, kind", form=PLACED,
        queryable=True)] = _choice(Setting.UNKNOWN)  # fmt: skip
    spot_note: Annotated[str, Field(Kind.TEXT, "the exact spot in words", translatable("Exact spot"),
        "spot, exact spot, location description, where, exact location, location notes, description, notes", limit=300,
        form=PLACED,
        hint=translatable("What one looks for on arrival: “two marked bays by the flagpole”."))] = ""  # fmt: skip
    street_address: Annotated[str, Field(Kind.TEXT, "as written by the source", translatable("Street address"),
        "address, street, address 1, address1, street addr, addr, location address, location", limit=160, form=PLACED,
        hint=translatable("Number and street, such as 174 South Avenue."))] = ""  # fmt: skip
    mailing_town: Annotated[str, Field(Kind.TEXT, "the town of the postal address, where it differs",
        translatable("Mailing town"), "mailing city, post office, mailing address town", limit=80,
        form=PLACED)] = ""  # fmt: skip
    postal_code: Annotated[str, Field(Kind.POSTAL_CODE, "ZIP, ZIP+4, FSA or Canadian postal code",
        translatable("ZIP or postal code"), "zip, zip code, zipcode, postal, postcode, zip postal code, zip5",
        form=PLACED, queryable=True)] = ""  # fmt: skip
    latitude: Annotated[float, Field(Kind.DEGREES, "decimal degrees, WGS 84", translatable("Latitude"),
        "lat, y, lat dd, latitude dd, gps latitude", form=PLACED, is_property=False)]  # fmt: skip
    longitude: Annotated[float, Field(Kind.DEGREES, "decimal degrees, WGS 84", translatable("Longitude"),
        "lon, lng, long, x, long dd, longitude dd, gps longitude", form=PLACED, is_property=False)]  # fmt: skip
    location_source: Annotated[LocationSource, Field(Kind.CHOICE,
        "how the point is known: surveyed, the source's address, the department's building by a public list, or the "
        "centre of the postal code or the town", translatable("Source of the point"),
        "position evidence", queryable=True,
        always=True)] = _choice(LocationSource.SURVEYED)  # fmt: skip
    approximate: Annotated[bool, Field(Kind.BOOLEAN,
        "true when the point is not the spot; always so for agency, postal_code and town",
        translatable("Approximate point"))] = False  # fmt: skip
    area: Annotated[dict[str, Any] | None, Field(Kind.AREA, "the outline of the bays",
        translatable("Outline of the bays"), is_property=False)] = column(default=None, sa_type=JSON)  # fmt: skip
    opening_hours: Annotated[str, Field(Kind.HOURS,
        "OSM syntax, judged in the zone's own time zone with its state's or province's holidays", translatable("Hours"),
        "hours, hours of operation, open hours, availability, open, times, hours open", form=PLACED)] = ""  # fmt: skip
    advised_hours: Annotated[str, Field(Kind.HOURS, "OSM syntax: when the department advises to come",
        translatable("Advised hours"), "recommended hours, advised times", form=PLACED)] = ""  # fmt: skip
    hours_note: Annotated[str, Field(Kind.TEXT, "the original words, or what OSM syntax cannot say",
        translatable("Hours in the words of the source"), "hours note, hours notes, hours remarks", limit=300,
        form=PLACED)] = ""  # fmt: skip
    appointment: Annotated[Appointment, Field(Kind.CHOICE, "whether one is asked to call before",
        translatable("Appointment"), "by appointment", queryable=True)] = _choice(Appointment.UNKNOWN)  # fmt: skip
    cameras: Annotated[TriState, Field(Kind.TRI_STATE, "whether there are cameras", translatable("Cameras"),
        "surveillance, camera, video surveillance, video, cctv, under surveillance", form=WHAT,
        queryable=True)] = _choice(TriState.UNKNOWN)  # fmt: skip
    cameras_recorded: Annotated[TriState, Field(Kind.TRI_STATE, "whether what they see is recorded",
        translatable("Recorded"), "recorded, video recorded, recording", form=WHAT,
        queryable=True)] = _choice(TriState.UNKNOWN)  # fmt: skip
    cameras_watched: Annotated[TriState, Field(Kind.TRI_STATE, "whether somebody watches live",
        translatable("Watched live"), "watched, monitored, live monitoring, watched live", form=WHAT,
        queryable=True)] = _choice(TriState.UNKNOWN)  # fmt: skip
    cameras_around_the_clock: Annotated[TriState, Field(Kind.TRI_STATE, "says nothing about opening",
        translatable("Cameras around the clock"), "24 hour surveillance, 24h cameras, 24 7 surveillance", form=WHAT,
        queryable=True)] = _choice(TriState.UNKNOWN)  # fmt: skip
    lighting: Annotated[TriState, Field(Kind.TRI_STATE, "whether it is lit at night", translatable("Lit at night"),
        "lighted, lit, lights, well lit, illuminated", form=WHAT,
        queryable=True)] = _choice(TriState.UNKNOWN)  # fmt: skip
    marked: Annotated[TriState, Field(Kind.TRI_STATE, "a sign or painted bays", translatable("Marked spaces or sign"),
        "sign, signage, signs, marked spaces, marked bays", form=WHAT,
        queryable=True)] = _choice(TriState.UNKNOWN)  # fmt: skip
    spaces: Annotated[int | None, Field(Kind.COUNT, "how many", translatable("Spaces"),
        "parking spaces, number of spaces, bays, stalls, spots", limit=500, form=WHAT,
        question=translatable("How many spaces"))] = None  # fmt: skip
    step_free: Annotated[TriState, Field(Kind.TRI_STATE, "whether one gets there without steps",
        translatable("Step-free access"), "accessible, wheelchair, wheelchair accessible, ada, ada accessible",
        form=WHAT, queryable=True)] = _choice(TriState.UNKNOWN)  # fmt: skip
    emergency_phone: Annotated[TriState, Field(Kind.TRI_STATE, "whether there is one", translatable("Emergency phone"),
        "call box, emergency call box", form=WHAT, queryable=True)] = _choice(TriState.UNKNOWN)  # fmt: skip
    officer_standby: Annotated[TriState, Field(Kind.TRI_STATE, "an officer comes along on request",
        translatable("An officer stands by on request"), "officer present, officer on request, standby", form=WHAT,
        queryable=True)] = _choice(TriState.UNKNOWN)  # fmt: skip
    footage_days: Annotated[int | None, Field(Kind.COUNT, "how long recordings are kept",
        translatable("Days that recordings are kept"), "footage kept days, retention days", limit=3650,
        form=WHAT)] = None  # fmt: skip
    custody_exchange: Annotated[TriState, Field(Kind.TRI_STATE, "handing over children is welcome",
        translatable("Custody exchanges welcome"), "custody, child custody exchange, child exchange, custody exchanges",
        form=WHAT, queryable=True)] = _choice(TriState.UNKNOWN)  # fmt: skip
    custody_hours: Annotated[str, Field(Kind.HOURS, "OSM syntax", translatable("Hours for custody exchanges"),
        form=PLACED)] = ""  # fmt: skip
    custody_rules: Annotated[str, Field(Kind.TEXT, "free text", translatable("Rules for custody exchanges"), limit=500,
        form=PLACED)] = ""  # fmt: skip
    phone: Annotated[str, Field(Kind.PHONE, "the spot's own number, where it is not the department's",
        translatable("Telephone"), "telephone, phone number, contact phone, tel, phones, phone no, phone numbers, "
        "telephone number", form=MORE,
        question=translatable("Telephone for this zone, if another"))] = ""  # fmt: skip
    rules: Annotated[list[str], Field(Kind.TEXTS, "short texts", translatable("Rules"),
        "rule, restrictions, conditions", form=MORE,
        hint=translatable("One a line: “no weapons”, “ten minutes at most”.")
    )] = column(default_factory=no_items, sa_type=JSON)  # fmt: skip
    status: Annotated[Status, Field(Kind.CHOICE, "active means listed by the source, no more", translatable("Status"),
        "zone status, state of zone", form=PLACED, queryable=True, always=True)] = _choice(Status.ACTIVE)  # fmt: skip
    status_from: Annotated[str, Field(Kind.PARTIAL_DATE, "year, month or day", translatable("First day"), form=PLACED,
        hint=translatable("Such as 2027-03-01; a move begins by itself then."))] = ""  # fmt: skip
    status_until: Annotated[str, Field(Kind.PARTIAL_DATE,
        "year, month or day: the last day of the status temporarily_closed, which ends by itself",
        translatable("Last day"), form=PLACED, hint=translatable("The closure ends by itself after it."))
    ] = ""  # fmt: skip
    status_note: Annotated[str, Field(Kind.TEXT, "free text", translatable("Note for readers"), limit=500,
        form=PLACED)] = ""  # fmt: skip
    closures: Annotated[list[dict[str, str]], Field(Kind.CLOSURES, "days on which it is closed, of its own time zone",
        translatable("Closures"), "closure, closed on, closed days, closure dates",
        form=PLACED)] = column(default_factory=no_items, sa_type=JSON)  # fmt: skip
    replaced_by: Annotated[str, Field(Kind.ZONE_ID, "the zone, or the program of many sites, that took its place",
        translatable("Replaced by"))] = ""  # fmt: skip
    announced_on: Annotated[str, Field(Kind.PARTIAL_DATE, "year, month or day",
        translatable("Announced on"))] = ""  # fmt: skip
    program: Annotated[str, Field(Kind.ZONE_ID,
        "the department's program of many sites, whose facts it shares where it says nothing else",
        translatable("Program"), queryable=True)] = ""  # fmt: skip
    source_url: Annotated[str, Field(Kind.URL, "where it is written", translatable("Source"),
        "source, url, website, web page, link, web site, contact website")] = ""  # fmt: skip
    source_name: Annotated[str, Field(Kind.TEXT, "the source's name, where it is not clear from the address",
        translatable("Name of the source"), limit=120)] = ""  # fmt: skip
    source_date: Annotated[str, Field(Kind.PARTIAL_DATE, "year, month or day", translatable("Date of the source"),
        "source date, date, published")] = ""  # fmt: skip
    source_kind: Annotated[SourceKind, Field(Kind.CHOICE,
        "who the source is; official is a page of the department, its town, county, state or university",
        translatable("Kind of source"))] = _choice(SourceKind.UNKNOWN)  # fmt: skip
    source_seen: Annotated[str, Field(Kind.PAST_DATE, "the day on which somebody last read the source",
        translatable("Source last read on"))] = ""  # fmt: skip
    sources: Annotated[list[dict[str, str]], Field(Kind.SOURCES,
        "further sources, each with url, name, kind, date and seen", translatable("Further sources"),
        "other sources, sources more, more sources")] = column(default_factory=no_items, sa_type=JSON)  # fmt: skip
    evidence: Annotated[dict[str, int], Field(Kind.EVIDENCE,
        "facts that another source than the main one says, each with its number among `sources`, from 1",
        translatable("Source of each fact"))] = column(default_factory=no_members, sa_type=JSON)  # fmt: skip
    confirmed_on: Annotated[str, Field(Kind.PAST_DATE, "the day somebody confirmed it", translatable("Confirmed on"),
        "confirmed, last confirmed, verified on, last verified")] = ""  # fmt: skip
    confirmed_by: Annotated[str, Field(Kind.TEXT, "who", translatable("Confirmed by"), limit=120)] = ""  # fmt: skip
    photo: Annotated[str, Field(Kind.PHOTO, "the digest under which the site keeps a photo of the spot",
        translatable("Photo"), form=PLACED)] = ""  # fmt: skip
    photo_alt: Annotated[str, Field(Kind.TEXT, "what the photo shows, for people who cannot see it",
        translatable("What the photo shows"), limit=200, form=PLACED,
        hint=translatable(
            "One sentence for people who cannot see it: “Two bays with green signs left of the entrance.”"
        ))] = ""  # fmt: skip

    @property
    def coordinates(self) -> Coordinates:
        """Where one stands, or the best that is known."""
        return Coordinates(self.latitude, self.longitude)


class ZoneRecord(ZoneFacts):
    """A zone on its own: its identity, its facts, and the names of its department and town."""

    zone_id: Annotated[str, Field(Kind.ZONE_ID, "the zone_id: never used again for another zone",
        translatable("Zone id"), "feature id", is_property=False)] = ""  # fmt: skip
    department: Annotated[str, Field(Kind.TEXT, "the department's name; with the state it identifies the department",
        translatable("Department"), "agency, police department, law enforcement agency, dept, department name, police, "
        "agency name, police agency, police department name",
        limit=120, queryable=True, always=True)]  # fmt: skip
    town: Annotated[str, Field(Kind.TEXT, "the town the zone serves", translatable("Town"),
        "city, municipality, city town, town city, town name, community", limit=80, form=PLACED, queryable=True,
        always=True)]  # fmt: skip

    def stated(self) -> dict[str, Any]:
        """What it says: its values without those that are a field's default."""
        return {name: value for name, value in vars(self).items() if value != UNSTATED.get(name, _REQUIRED)}

    def __reduce__(self) -> tuple[Callable[[dict[str, Any]], "ZoneRecord"], tuple[dict[str, Any]]]:
        """Pickle what it says, a quarter of its fields: half of an import's rows come from another process."""
        return _saying, (self.stated(),)


_REQUIRED = object()
UNSTATED = {
    name: info.get_default(call_default_factory=True) for name, info in ZoneRecord.model_fields.items()
    if not info.is_required()
}  # fmt: skip
"""The values that a zone has of which nobody says anything."""
_IN_ORDER = dict.fromkeys(ZoneRecord.model_fields) | UNSTATED
_MUTABLE = tuple(name for name, value in UNSTATED.items() if isinstance(value, list | dict))


def _saying(stated: dict[str, Any]) -> ZoneRecord:
    """The record that says this, as `ZoneRecord.stated` has it of another: nothing is checked again."""
    values = _IN_ORDER | {name: UNSTATED[name].copy() for name in _MUTABLE} | stated
    record = object.__new__(ZoneRecord)
    record.__setstate__(
        {"__dict__": values, "__pydantic_fields_set__": {*stated}, "__pydantic_extra__": None,
         "__pydantic_private__": None}
    )  # fmt: skip
    return record


FIELDS = fields_of(ZoneRecord, first=("zone_id", "name", "department", "town"))
"""Every field of a zone by name, in the order of files."""
FACTS = tuple(name for name, field in FIELDS.items() if field.kind is Kind.TRI_STATE)
"""The fields that hold a `TriState`."""
