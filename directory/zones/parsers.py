"""How each field is read from text: one small reader a kind of value, the same for files and forms."""

import re
from collections.abc import Callable
from dataclasses import dataclass
from datetime import UTC, date, datetime, timedelta
from enum import StrEnum
from typing import Any
from urllib.parse import urlsplit

from directory.clock import today
from directory.regions import COVERED, FSA, read_country, read_region
from directory.text import plain, said
from directory.zones.closures import read_closures
from directory.zones.findings import Problem, Question
from directory.zones.hours import (
    AmbiguousHours,
    BadHours,
    NoHours,
    read_hours,
)
from directory.zones.schemas import (
    FACTS,
    Fact,
    LocationSource,
    Setting,
    Status,
)


@dataclass(frozen=True, slots=True)
class Read:
    """A value as the directory keeps it, and what was converted on the way (empty when nothing was)."""

    value: Any
    converted: str = ""


NOTHING = said("nothing")
"""What a placeholder is converted to."""
Reader = Callable[[str], Read]

_SETTINGS = {
    "lobby": Setting.LOBBY, "inside": Setting.LOBBY, "indoor": Setting.LOBBY, "vestibule": Setting.LOBBY,
    "parking lot": Setting.PARKING_LOT, "lot": Setting.PARKING_LOT, "parking": Setting.PARKING_LOT,
    "outside": Setting.PARKING_LOT, "outdoor": Setting.PARKING_LOT,
    "both": Setting.LOBBY_AND_LOT, "lobby and lot": Setting.LOBBY_AND_LOT, "lot and lobby": Setting.LOBBY_AND_LOT,
    "lobby and parking lot": Setting.LOBBY_AND_LOT, "other": Setting.OTHER,
    "unknown": Setting.UNKNOWN, "not stated": Setting.UNKNOWN,
}  # fmt: skip
_FACTS = {
    **dict.fromkeys(("yes", "y", "true", "t", "1", "x", "si"), Fact.YES),
    **dict.fromkeys(("no", "n", "false", "f", "0", "none"), Fact.NO),
    **dict.fromkeys(("unknown", "don t know", "dont know", "not stated", "n a", "na", "not known"), Fact.UNKNOWN),
}
_STATUSES = {
    "active": Status.ACTIVE, "open": Status.ACTIVE, "temporarily closed": Status.TEMPORARILY_CLOSED,
    "closed": Status.TEMPORARILY_CLOSED, "moved": Status.MOVED, "planned": Status.PLANNED,
    "coming soon": Status.PLANNED, "withdrawn": Status.WITHDRAWN, "gone": Status.WITHDRAWN,
}  # fmt: skip


def text(limit: int) -> Reader:
    """A reader of plain text of at most `limit` characters."""

    def read(value: str) -> Read:
        if len(value) > limit:
            raise Problem(
                said("%(value)s characters are too many", value=len(value)),
                said("Shorten it to %(limit)s characters.", limit=limit),
            )
        return Read(value)

    return read


def choice(words: dict[str, Any], kind: type[StrEnum]) -> Reader:
    """A reader of one of an enumeration's values, or of a word that means one."""
    allowed = ", ".join(kind)

    def read(value: str) -> Read:
        if value in list(kind):
            return Read(kind(value))
        if (meant := words.get(plain(value))) is not None:
            return Read(meant, str(meant))
        raise Problem(said("not one of the known words"), said("Use one of: %(allowed)s.", allowed=allowed))

    return read


def state(value: str) -> Read:
    """A state's or province's code, from the code or the full name."""
    if code := read_region(value):
        return Read(code, "" if value.upper().replace(".", "") == code else code)
    raise Problem(
        said("not a US state or territory or a Canadian province"), said("Use the two-letter code, such as CT or ON.")
    )


def country(value: str) -> Read:
    """US or CA, from the code or the name."""
    if value.upper() in COVERED:
        return Read(value.upper())
    named = read_country(value)
    if named and named.covered:
        return Read(named.code)
    raise Problem(said("not a country of this directory"), said("Use US or CA."))


def postal_code(value: str) -> Read:
    """A ZIP (a leading zero lost by a spreadsheet is put back), ZIP+4, FSA or Canadian postal code."""
    digits = value.removesuffix(".0")
    if re.fullmatch(r"\d{3,4}", digits):
        return Read(digits.zfill(5), digits.zfill(5))
    if match := re.fullmatch(r"(\d{5})[- ]?(\d{4})?", digits):
        return Read(match[1] + (f"-{match[2]}" if match[2] else ""))
    compact = value.upper().replace(" ", "").replace("-", "")
    if FSA.fullmatch(compact[:3]) and re.fullmatch(r"(\d[A-Z]\d)?", compact[3:]):
        canonical = f"{compact[:3]} {compact[3:]}".strip()
        return Read(canonical, "" if canonical == value else canonical)
    raise Problem(
        said("not a ZIP code or Canadian postal code"), said("Use a form such as 06840, 06840-1234 or K1A 0B1.")
    )


def phone(value: str) -> Read:
    """A North American telephone number as 203-594-3500, with its extension."""
    match = re.fullmatch(
        r"(?:\+?1[-. ]?)?\(?([2-9]\d{2})\)?[-. /]*([2-9]\d{2})[-. ]*(\d{4})(?:\s*(?:x|ext\.?|extension)\s*(\d{1,6}))?",
        value.strip(),
        re.IGNORECASE,
    )
    if not match:
        raise Problem(said("not a North American telephone number"), said("Use ten digits, such as 203-594-3500."))
    canonical = f"{match[1]}-{match[2]}-{match[3]}" + (f" ext. {match[4]}" if match[4] else "")
    return Read(canonical, "" if canonical == value else canonical)


def hours(value: str) -> Read:
    """Opening hours in OSM syntax, converted from everyday words where need be; empty for a placeholder like "N/A"."""
    try:
        read = read_hours(value)
    except NoHours:
        return Read("", NOTHING)
    except AmbiguousHours as doubt:
        raise _which_hours(doubt) from doubt
    except BadHours as error:
        raise Problem(
            error.args[0], said("Write them like “Mo-Fr 08:00-17:00; PH off”, “M-F 8-5” or “24/7”.")
        ) from error
    return Read(read.osm, read.osm if read.converted else "")


def _which_hours(doubt: AmbiguousHours) -> Question:
    choices = " / ".join(f"“{reading}”" for reading in doubt.readings)
    if doubt.readings:
        fix = said("Until then no hours are shown. Write the one that is meant: %(choices)s.", choices=choices)
    else:
        fix = said("Until then no hours are shown. Write days and times, like “Mon-Fri 8am-5pm”.")
    return Question(doubt.args[0], fix, doubt.readings)


def partial_date(value: str) -> Read:
    """A date, a month or a year: 2017-03-03, 2017-03, 2017, or the US 3/3/2017."""
    if re.fullmatch(r"\d{4}", value) and 1900 <= int(value) <= 2200:
        return Read(value)
    if re.fullmatch(r"\d{4}-(0[1-9]|1[0-2])", value):
        return Read(value)
    for form in ("%Y-%m-%d", "%m/%d/%Y", "%m/%d/%y", "%Y-%m-%d %H:%M:%S", "%Y-%m-%dT%H:%M:%S", "%B %d, %Y"):
        try:
            day = datetime.strptime(value, form).replace(tzinfo=UTC).date()
        except ValueError:
            continue
        return Read(day.isoformat(), "" if day.isoformat() == value else day.isoformat())
    raise Problem(said("not a date"), said("Use a form such as 2017-03-03, 2017-03 or 2017."))


def past_date(value: str) -> Read:
    """A whole date that has come already."""
    read = partial_date(value)
    if len(read.value) != 10:
        raise Problem(said("not a whole date"), said("Give year, month and day, such as 2017-03-03."))
    # A day's grace: it may be tomorrow where the file was made.
    if date.fromisoformat(read.value) > today() + timedelta(days=1):
        raise Problem(said("lies in the future"), said("Give the day on which it was confirmed."))
    return read


def url(value: str) -> Read:
    """A web address that begins with http:// or https://."""
    try:
        parts = urlsplit(value)
        usable = (
            parts.scheme in {"http", "https"} and "." in (parts.hostname or "") and not re.search(r"[\s<>\"]", value)
        )
    except ValueError:
        usable = False
    if not usable or len(value) > 1000:
        raise Problem(said("not a web address"), said("Begin with https://."))
    return Read(value)


def urls(value: str) -> Read:
    """Several web addresses, separated by white space or semicolons."""
    return Read([url(part).value for part in re.split(r"[\s;]+", value) if part])


def count(most: int) -> Reader:
    """A reader of whole numbers from 0 to `most`."""

    def read(value: str) -> Read:
        digits = value.removesuffix(".0")
        if not re.fullmatch(r"\d{1,9}", digits) or int(digits) > most:
            raise Problem(
                said("not a whole number from 0 to %(most)s", most=f"{most:,}"),
                said("Use digits only, or leave it empty."),
            )
        return Read(int(digits))

    return read


def degrees(value: str) -> Read:
    """A coordinate as a decimal number; whether it is in range is a rule of its own."""
    try:
        number = float(value.rstrip("°").replace("−", "-"))
    except ValueError:
        number = float("nan")
    if number != number or abs(number) == float("inf"):
        raise Problem(said("not a number"), said("Use decimal degrees, such as 41.1412."))
    return Read(round(number, 6))


def zone_id(value: str) -> Read:
    """A zone's slug."""
    if not re.fullmatch(r"[a-z0-9]+(-[a-z0-9]+)*", value) or len(value) > 120:
        raise Problem(
            said("not a zone id"), said("Use lower-case letters, digits and single hyphens, or leave it empty.")
        )
    return Read(value)


def photo_digest(value: str) -> Read:
    """The digest under which a photo is kept."""
    if not re.fullmatch(r"[0-9a-f]{64}", value):
        raise Problem(said("not the digest of a photo"), said("Leave it empty; photos come in by the form."))
    return Read(value)


def boolean(value: str) -> Read:
    """True or false."""
    words = plain(value)
    if words in {"true", "yes", "1"}:
        return Read(True)
    if words in {"false", "no", "0"}:
        return Read(False)
    raise Problem(said("neither true nor false"), said("Use true or false."))


def rule_list(value: str) -> Read:
    """Short rules, separated by semicolons or line ends."""
    rules = [rule.strip() for rule in re.split(r"[;\n]", value) if rule.strip()]
    if len(rules) > 20 or any(len(rule) > 200 for rule in rules):
        raise Problem(said("too many or too long"), said("Give at most 20 rules of at most 200 characters each."))
    return Read(rules)


def closures(value: str) -> Read:
    """Days on which it is closed, one closure a line (zones/closures.py)."""
    return Read(read_closures(value, lambda text: str(partial_date(text).value)))


READERS: dict[str, Reader] = {
    "zone_id": zone_id,
    "name": text(120),
    "department": text(120),
    "town": text(80),
    "state": state,
    "country": country,
    "setting": choice(_SETTINGS, Setting),
    "spot_note": text(300),
    "street_address": text(160),
    "mailing_town": text(80),
    "postal_code": postal_code,
    "latitude": degrees,
    "longitude": degrees,
    "location_source": choice({}, LocationSource),
    "approximate": boolean,
    "opening_hours": hours,
    "advised_hours": hours,
    "hours_note": text(300),
    "spaces": count(500),
    "footage_days": count(3650),
    "custody_hours": hours,
    "custody_rules": text(500),
    "phone": phone,
    "rules": rule_list,
    "status": choice(_STATUSES, Status),
    "status_from": partial_date,
    "status_until": partial_date,
    "status_note": text(500),
    "closures": closures,
    "replaced_by": zone_id,
    "announced_on": partial_date,
    "source_url": url,
    "source_name": text(120),
    "source_date": partial_date,
    "other_sources": urls,
    "confirmed_on": past_date,
    "confirmed_by": text(120),
    "photo": photo_digest,
    "photo_alt": text(200),
    **{fact: choice(_FACTS, Fact) for fact in FACTS},
}
"""Every field a file may carry, in no particular order; `area` comes as geometry."""


def iso_date(text: str) -> str:
    """A date as typed, in ISO form. Raises Problem."""
    return str(READERS["status_from"](text).value)
