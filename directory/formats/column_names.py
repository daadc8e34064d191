"""Column names: what clerks call our fields."""

from collections.abc import Callable
from functools import lru_cache

from directory.text import plain
from directory.zones.parsers import PARSERS

FieldFor = Callable[[str], str | None]
"""From a column's name to the field that it means, or None."""

_SYNONYMS = {
    "zone_id": "id, feature id, zone",
    "name": "zone name, site name, location name, title, site, label",
    "department": "agency, police department, law enforcement agency, dept, department name, police",
    "town": "city, municipality, city town, town city, town name, community",
    "state": "st, province, state province, province state, state code, prov",
    "country": "country code, nation",
    "setting": "type, location type, lobby or lot, inside or outside, kind",
    "spot_note": "spot, exact spot, location description, where, exact location, location notes, description, notes",
    "street_address": "address, street, address 1, address1, street addr, addr, location address, location",
    "mailing_town": "mailing city, post office, mailing address town",
    "postal_code": "zip, zip code, zipcode, postal, postcode, zip postal code, zip5",
    "latitude": "lat, y, lat dd, latitude dd, gps latitude",
    "longitude": "lon, lng, long, x, long dd, longitude dd, gps longitude",
    "opening_hours": "hours, hours of operation, open hours, availability, open, times, hours open",
    "advised_hours": "recommended hours, advised times",
    "hours_note": "hours note, hours notes, hours remarks",
    "cameras": "surveillance, camera, video surveillance, video, cctv, under surveillance",
    "cameras_recorded": "recorded, video recorded, recording",
    "cameras_watched": "watched, monitored, live monitoring, watched live",
    "cameras_around_the_clock": "24 hour surveillance, 24h cameras, 24 7 surveillance",
    "lighting": "lighted, lit, lights, well lit, illuminated",
    "marked": "sign, signage, signs, marked spaces, marked bays",
    "spaces": "parking spaces, number of spaces, bays, stalls, spots",
    "step_free": "accessible, wheelchair, wheelchair accessible, ada, ada accessible",
    "emergency_phone": "call box, emergency call box",
    "officer_standby": "officer present, officer on request, standby",
    "footage_days": "footage kept days, retention days",
    "custody_exchange": "custody, child custody exchange, child exchange, custody exchanges",
    "phone": "telephone, phone number, contact phone, tel",
    "rules": "rule, restrictions, conditions",
    "status": "zone status, state of zone",
    "closures": "closure, closed on, closed days, closure dates",
    "source_url": "source, url, website, web page, link, web site",
    "source_date": "source date, date, published",
    "confirmed_on": "confirmed, last confirmed, verified on, last verified",
}

_FIELDS = {plain(name.replace("_", " ")): name for name in PARSERS} | {
    plain(words): name for name, listed in _SYNONYMS.items() for words in listed.split(",")
}


@lru_cache(maxsize=1024)
def field_for(header: str) -> str | None:
    """The field that a column name means, or None when it means none of ours."""
    return _FIELDS.get(plain(header.replace("_", " ")))
