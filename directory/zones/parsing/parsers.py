"""How each field is read from text: one small reader a kind of value, the same for files and forms."""

import re
from urllib.parse import urlsplit

from directory.regions import COVERED, FSA, REGIONS, read_country, read_region
from directory.text import plain, translatable
from directory.zones.closures import read_closures
from directory.zones.duplicates.streets import read_street, street_key
from directory.zones.evidence.sources import read_evidence, reader_of_sources
from directory.zones.fields import Field, Kind
from directory.zones.findings import AmbiguousFieldError, FieldError
from directory.zones.hours import AmbiguousHoursError, BadHoursError, NoHoursError, parse_hours
from directory.zones.parsed import NOTHING, Parsed, Reader, choice
from directory.zones.parsing.angle_parser import degrees
from directory.zones.parsing.date_parser import of_one_reading, partial_date, past_date, published_date
from directory.zones.parsing.fact_parsers import WORDS, cameras, fact, level, officer_standby, setting
from directory.zones.parsing.phone_parser import phone
from directory.zones.schemas import FIELDS, AgencyKind, SourceKind

_WITHOUT_SCHEME = re.compile(
    r"(?:www\.[\w.-]+\.[a-z]{2,}|[\w-]+(?:\.[\w-]+)*\.(?:gov|org|com|net|us|ca|edu|info|mil))(?:[/?#]\S*)?", re.I
)
_BETWEEN_PARTS = re.compile(r"[,()]|\s-\s|(?<=^USA)-")
_LONGEST_STATE = 100
"""Characters."""
_COUNTY_BEHIND = re.compile(r"\s*\([\w .'-]{2,40} (?:co|county|cnty|parish)\.?\)$", re.I)
_ISO_REGION = re.compile(r"(US|CA)-([A-Z]{2})")
_POSTAL_CODE_BEHIND = re.compile(r"(?<=\S) +(?:\d{5}(?:-\d{4})?|[A-Z]\d[A-Z] ?\d[A-Z]\d)$")
_STATE_BEFORE = re.compile(r"([A-Za-z.]{2,})[ ,]+(?=\S*\d)")
_STATE_BEHIND = re.compile(r"(?<=\d)[ ,]+([A-Za-z.]{2,})$")
_LABEL_OF_CODE = re.compile(r"^(?:zip|postal)(?: ?code)?[ :#]+(?=\w)", re.I)
_WITH_THOUSANDS = re.compile(r"^(\d{1,2}),(\d{3})$")
_LOWEST_ZIP = 501
_NO_STREET = re.compile(
    r"(?:p\.? ?o\.? ?box|case postale|c\. ?p\.) ?\d*|https?:\S*|www\.\S*|various|multiple|several|"
    r"(?:see|voir|ver) (?:the |la |le |el )?(?:maps?|web ?(?:site|page)|page|link|notes?|list|below|carte|site|mapa)|"
    r"(?:various|multiple|all|several|any)(?: police)? (?:locations?|sites|stations?|districts|precincts|detachments)",
    re.I,
)
"""What is no place to go to, whatever a column is called: a box at the post office, a page, "see map"."""
_BETWEEN_STREETS = re.compile(r"\s*(?:[;\n|]|/|&|\b(?:and|or|et|ou|y)\b|(?<![\w.])\(?\d{1,2}\)(?= ))\s*", re.I)
_SIGNS_BETWEEN = (";", "/", "&", ")", "|", "\n", " and ", " AND ", " or ", " et ", " ou ", " y ")
_TWO_ROUTES = re.compile(r"(\b(?:US|Route|Routes|Rte|Rt|Hwy|Highway|I)\b[ -]?\d+)\s*(?:&|/|and)\s*\d+", re.I)
"""Two numbers of one road: "US 1 and 95"."""
_HOUSE = re.compile(r"\d+[A-Za-z]?(?:-\d+)?,? +(?:\d|\D*[^\W\d_]{2})")
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


def text(limit: int) -> Reader:
    """A reader of plain text of at most `limit` characters."""

    def read(value: str) -> Parsed:
        if len(value) > limit:
            raise FieldError(
                translatable("%(value)s characters are too many", value=len(value)),
                translatable("Shorten it to %(limit)s characters.", limit=limit),
            )
        return Parsed(value)

    return read


def street(limit: int) -> Reader:
    """A reader of a street address: not a number alone, nor a town with its state, a post box or "see map"."""
    read_text = text(limit)

    def read(value: str) -> Parsed:
        town, _, region = value.rpartition(",")
        only_town = town and not re.search(r"[\d,]", town) and read_region(_POSTAL_CODE_BEHIND.sub("", region).strip())
        if only_town or not re.search(r"[^\W\d_]", value) or _NO_STREET.fullmatch(value):
            raise FieldError(
                translatable("names no street"), translatable("Give number and street, or leave it empty.")
            )
        if len(streets := _several_streets(value)) > 1:
            raise _which_street(streets)
        return _only_spot(value) or read_text(value)

    return read


def _several_streets(value: str) -> tuple[str, ...]:
    """The different houses that a text names, as far as it separates them: "25 Hecker Ave; 2 Renshaw Rd"."""
    if len(value) > FIELDS["street_address"].limit or not any(
        sign in value for sign in _SIGNS_BETWEEN
    ):  # as in nearly every address
        return ()
    parts = [part.strip(" ,.") for part in _BETWEEN_STREETS.split(_TWO_ROUTES.sub(r"\1", value))]
    if len(parts) == 1:  # nearly always, and taking a street apart is a fifth of judging a row
        return ()
    houses = [part for part in parts if _HOUSE.match(part) and read_street(part).type]
    return tuple({street_key(house): house for house in houses}.values())


def _which_street(streets: tuple[str, ...]) -> AmbiguousFieldError:
    fix = translatable(
        "Until then no street is shown. Give each spot a row of its own, or write the one that is meant: %(choices)s.",
        choices=" / ".join(streets),
    )
    return AmbiguousFieldError(translatable("names several addresses; each spot is a zone of its own"), fix, streets)


def _only_spot(value: str) -> Parsed | None:
    """What words say of the spot that stand in the place of a street: "Front parking lot"; None for any other."""
    if re.search(r"\d", value):
        return None
    try:
        kind = setting(value).value
    except FieldError:
        return None
    return Parsed("", NOTHING, {"setting": kind, "spot_note": value})


def name_of_owner(limit: int) -> Reader:
    """A reader of the name of a town or a department: a number, or an address of mail, is none."""
    read_text = text(limit)

    def read(value: str) -> Parsed:
        if not re.search(r"[^\W\d_]{2}", value) or "@" in value:
            raise FieldError(translatable("is no name"), translatable("Write the name in words."))
        return read_text(value)

    return read


def state(value: str) -> Parsed:
    """A state's or province's code, from the code or the full name; also "CT 06810", "US-CT", "Connecticut, USA"."""
    if (
        code := read_region(value)
        or _region_among(value)
        or read_region(_COUNTY_BEHIND.sub("", value[:_LONGEST_STATE]))
    ):
        return Parsed(code, "" if value.upper().replace(".", "") == code else code)
    raise FieldError(
        translatable("not a US state or territory or a Canadian province"),
        translatable("Use the two-letter code, such as CT or ON."),
    )


def _region_among(value: str) -> str:
    """The one region that the parts of a text name, beside a country and a postal code; else an empty string."""
    iso = _ISO_REGION.fullmatch(value.upper())
    if iso and iso[2] in REGIONS and REGIONS[iso[2]].country == iso[1]:
        return iso[2]
    parts = [part for part in _BETWEEN_PARTS.split(_POSTAL_CODE_BEHIND.sub("", value)) if part.strip()]
    codes = {read_region(part) for part in parts if not read_country(part) or read_region(part)}
    return codes.pop() if len(codes) == 1 else ""


def country(value: str) -> Parsed:
    """US or CA, from the code or the name."""
    if value.upper() in COVERED:
        return Parsed(value.upper())
    entry = read_country(value)
    if entry and entry.covered:
        return Parsed(entry.code)
    raise FieldError(translatable("not a country of this directory"), translatable("Use US or CA."))


def postal_code(value: str) -> Parsed:
    """A ZIP (a leading zero lost by a spreadsheet is put back), ZIP+4, FSA or Canadian code, without a state before."""
    text = _LABEL_OF_CODE.sub("", value).removeprefix("'")
    before, behind = _STATE_BEFORE.match(text), _STATE_BEHIND.search(text)
    code = text[before.end() :] if before and read_region(before[1]) else text
    code = code[: behind.start()] if behind and read_region(behind[1]) else code
    digits = _WITH_THOUSANDS.sub(r"\1\2", code.removesuffix(".0"))
    if match := re.fullmatch(r"(\d{3,5})(?:(?:(?<=\d{5})[- ]?|(?<=\d{4})-)(\d{4}))?", digits):
        canonical = match[1].zfill(5) + (f"-{match[2]}" if match[2] else "")
        if int(match[1]) >= _LOWEST_ZIP and (len(match[1]) == 5 or match[1][0] != "0"):
            return Parsed(canonical, "" if len(match[1]) == 5 and code == value else canonical)
    compact = code.upper().replace(" ", "").replace("-", "")
    if FSA.fullmatch(compact[:3]) and re.fullmatch(r"(\d[A-Z]\d)?", compact[3:]):
        canonical = f"{compact[:3]} {compact[3:]}".strip()
        return Parsed(canonical, "" if canonical == value else canonical)
    raise FieldError(
        translatable("not a ZIP code or Canadian postal code"),
        translatable("Use a form such as 06840, 06840-1234 or K1A 0B1."),
    )


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
    return Parsed(read_closures(value, lambda text: str(partial_date(text).value)))


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
