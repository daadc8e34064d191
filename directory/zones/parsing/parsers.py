"""How each field is read from text: one small reader a kind of value, the same for files and forms."""

import re
from urllib.parse import urlsplit

from directory.text import plain, translatable
from directory.zones.closures import read_closures
from directory.zones.departments.schemas import AgencyKind
from directory.zones.evidence.sources import read_evidence, reader_of_sources
from directory.zones.fields import Field, Kind
from directory.zones.findings import AmbiguousFieldError, FieldError
from directory.zones.hours import AmbiguousHoursError, BadHoursError, NoHoursError, parse_hours
from directory.zones.parsed import NOTHING, Parsed, Reader, choice, text
from directory.zones.parsing.angle_parser import degrees
from directory.zones.parsing.date_parser import (
    date_without_time,
    of_one_reading,
    partial_date,
    past_date,
    published_date,
)
from directory.zones.parsing.enumeration_parser import WORDS, cameras, fact, level, officer_standby, setting, status
from directory.zones.parsing.phone_parser import phone
from directory.zones.parsing.region_parser import country, postal_code, state
from directory.zones.parsing.street_parser import street
from directory.zones.schemas import FIELDS, SourceKind

_WITHOUT_SCHEME = re.compile(
    r"(?:www\.[\w.-]+\.[a-z]{2,}|[\w-]+(?:\.[\w-]+)*\.(?:gov|org|com|net|us|ca|edu|info|mil))(?:[/?#]\S*)?", re.I
)
_NUMBER_WORDS = {
    word: str(number)
    for number, word in enumerate(
        ["zero", "one", "two", "three", "four", "five", "six", "seven", "eight", "nine", "ten"]
    )
}
_UNITS = re.compile(
    r"(\S+) (?:(?:marked|parking|designated|reserved) )*"
    r"(?:spaces?|spots?|stalls?|bays?|days?|jours?|dias?|cases?|places?|plazas?)"
)


def name_of_owner(limit: int) -> Reader:
    """A reader of the name of a town or a department: a number, or an address of mail, is none."""
    read_text = text(limit)

    def read(value: str) -> Parsed:
        if not re.search(r"[^\W\d_]{2}", value) or "@" in value:
            raise FieldError(translatable("is no name"), translatable("Write the name in words."))
        return read_text(value)

    return read


def hours(value: str) -> Parsed:
    """Opening hours in OSM syntax, converted from everyday words where need be; empty for a placeholder like "N/A"."""
    try:
        read = parse_hours(value)
    except NoHoursError:
        return Parsed("", NOTHING)
    except AmbiguousHoursError as doubt:
        raise _which_hours(doubt) from doubt
    except BadHoursError as error:
        raise FieldError(
            error.args[0], translatable("Write them like “Mo-Fr 08:00-17:00; PH off”, “M-F 8-5” or “24/7”.")
        ) from error
    return Parsed(read.osm, read.osm if read.converted else "")


def _which_hours(doubt: AmbiguousHoursError) -> AmbiguousFieldError:
    choices = " / ".join(doubt.readings)  # quotation marks are the page's, in its language
    if doubt.readings:
        fix = translatable("Until then no hours are shown. Write the one that is meant: %(choices)s.", choices=choices)
    else:
        fix = translatable("Until then no hours are shown. Write days and times, like “Mon-Fri 8am-5pm”.")
    return AmbiguousFieldError(doubt.args[0], fix, doubt.readings)


def url(value: str) -> Parsed:
    """A web address that begins with http:// or https://; "www.example.org" is given its https://."""
    address = f"https://{value}" if _WITHOUT_SCHEME.fullmatch(value) else value
    try:
        parts = urlsplit(address)
        usable = (
            parts.scheme in {"http", "https"} and "." in (parts.hostname or "") and not re.search(r"[\s<>\"]", address)
        )
    except ValueError:
        usable = False
    if not usable or len(address) > 1000:
        raise FieldError(translatable("not a web address"), translatable("Begin with https://."))
    return Parsed(address, "" if address == value else address)


def count(most: int) -> Reader:
    """A reader of whole numbers from 0 to `most`: digits, or a word up to ten, with or without their unit."""

    def read(value: str) -> Parsed:
        text = value.lower()
        alone = match[1] if (match := _UNITS.fullmatch(text)) else text
        digits = _NUMBER_WORDS.get(alone, alone).removesuffix(".0")
        if not re.fullmatch(r"\d{1,9}", digits) or int(digits) > most:
            raise FieldError(
                translatable("not a whole number from 0 to %(most)s", most=f"{most:,}"),
                translatable("Use digits only, or leave it empty."),
            )
        return Parsed(int(digits), "" if alone == text and alone[0].isdigit() else digits)

    return read


def zone_id(value: str) -> Parsed:
    """A zone's slug. One of digits may be a running number: an import takes it where a zone of the place has it."""
    if re.fullmatch(r"\d+\.0", value):
        return Parsed("", NOTHING)
    if not re.fullmatch(r"[a-z0-9]+(-[a-z0-9]+)*", value) or len(value) > 120:
        raise FieldError(
            translatable("not a zone id"),
            translatable("Use lower-case letters, digits and single hyphens, or leave it empty."),
        )
    return Parsed(value)


def photo_digest(value: str) -> Parsed:
    """The digest under which a photo is kept."""
    if not re.fullmatch(r"[0-9a-f]{64}", value):
        raise FieldError(
            translatable("not the digest of a photo"), translatable("Leave it empty; photos come in by the form.")
        )
    return Parsed(value)


def boolean(value: str) -> Parsed:
    """True or false."""
    text = plain(value)
    if text in {"true", "yes", "y", "t", "1", "oui", "vrai", "si"}:
        return Parsed(True)
    if text in {"false", "no", "n", "f", "0", "non", "faux"}:
        return Parsed(False)
    raise FieldError(translatable("neither true nor false"), translatable("Use true or false."))


def rule_list(value: str) -> Parsed:
    """Short rules, separated by semicolons or line ends."""
    rules = [rule.strip() for rule in re.split(r"[;\n]", value) if rule.strip()]
    if len(rules) > 20 or any(len(rule) > 200 for rule in rules):
        raise FieldError(
            translatable("too many or too long"), translatable("Give at most 20 rules of at most 200 characters each.")
        )
    return Parsed(rules)


def closures(value: str) -> Parsed:
    """Days on which it is closed, one closure a line (zones/closures.py)."""
    return Parsed(read_closures(value, lambda text: str(date_without_time(text).value)))


_BY_KIND: dict[Kind, Reader] = {
    Kind.BOOLEAN: boolean,
    Kind.HOURS: hours,
    Kind.PARTIAL_DATE: partial_date,
    Kind.PAST_DATE: past_date,
    Kind.CLOSURES: closures,
    Kind.PHONE: phone,
    Kind.URL: url,
    Kind.SOURCES: reader_of_sources(
        {
            "url": url,
            "name": text(120),
            "kind": choice({}, SourceKind),
            "date": of_one_reading(published_date),
            "seen": of_one_reading(past_date),
        }
    ),
    Kind.EVIDENCE: read_evidence,
    Kind.TEXTS: rule_list,
    Kind.STATE: state,
    Kind.COUNTRY: country,
    Kind.POSTAL_CODE: postal_code,
    Kind.ZONE_ID: zone_id,
    Kind.PHOTO: photo_digest,
    Kind.AGENCY_KIND: choice({}, AgencyKind),
}
_BY_NAME: dict[str, Reader] = {
    "setting": setting,
    "status": status,
    "cameras": cameras,
    "location_source": level,
    "officer_standby": officer_standby,
    "source_date": published_date,
}


def parser_of(field: Field) -> Reader:
    """How the text of a field is read; not for areas and lists of objects."""
    if field.name == "street_address":
        return street(field.limit)
    if field.name in ("town", "department"):
        return name_of_owner(field.limit)
    if field.kind is Kind.TEXT:
        return text(field.limit)
    if field.kind is Kind.COUNT:
        return count(field.limit)
    if field.kind is Kind.DEGREES:
        return degrees("NS" if field.name == "latitude" else "EW")
    if field.name in _BY_NAME:
        return _BY_NAME[field.name]
    if field.kind is Kind.TRI_STATE:
        return fact(field.name)
    if field.kind is Kind.CHOICE:
        return choice(WORDS.get(field.type, {}), field.type)
    return _BY_KIND[field.kind]


PARSERS = {name: parser_of(field) for name, field in FIELDS.items() if field.kind is not Kind.AREA}
"""Every field a file may carry; `area` comes as geometry."""


def iso_date(text: str) -> str:
    """A date as typed, in ISO form. Raises FieldError."""
    return str(PARSERS["status_from"](text).value)
