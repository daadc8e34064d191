"""schema.org descriptions of our pages, for search engines and assistants."""

from collections.abc import Sequence
from datetime import date
from typing import Any

from flask import url_for

from directory.search.snapshots.snapshot import Snapshot
from directory.search.zone_status import IN_USE, status_on, today_of
from directory.store.repository import StoredDepartment, StoredZone
from directory.web.presenters.place_titles import place_title
from directory.zones.closures import all_closures, runs_of
from directory.zones.evidence.department_evidence import department_evidence_of
from directory.zones.hours.weekly_hours import plain_week
from directory.zones.schemas import SourceKind

CLOSED_DAYS, REPEATED_DAYS = 366, 62
"""How far ahead closed days are named, and those that repeat."""
_DAY_NAMES = ("Monday", "Tuesday", "Wednesday", "Thursday", "Friday", "Saturday", "Sunday")


def zone(record: StoredZone, department: StoredDepartment) -> dict[str, Any]:
    """One zone as a Place inside its PoliceStation. What nobody stated is left out.

    Nothing of a zone that moved, is only planned or withdrawn: readers of it would take it for a place to go to. Closed
    days to come are special opening hours, closed all day.
    """
    today = today_of(record)
    if status_on(record, today) not in IN_USE:
        return {}
    place: dict[str, Any] = {
        "@context": "https://schema.org",
        "@type": "Place",
        "@id": url_for("places.zone", zone_id=record.zone_id, _external=True),
        "name": str(place_title(record)),
        "alternateName": record.name,
        "description": record.spot_note,
        "address": _address(record),
        "containedInPlace": _without_blanks(
            {"@type": "PoliceStation", "name": department.name, "telephone": record.phone or _stated_phone(department)}
        ),
    }
    if not record.approximate:
        place["geo"] = {"@type": "GeoCoordinates", "latitude": record.latitude, "longitude": record.longitude}
    if record.opening_hours:
        place["openingHoursSpecification"] = _hours(record.opening_hours)
    place["specialOpeningHoursSpecification"] = _closed_days(record, today)
    return _without_blanks(place)


def _stated_phone(department: StoredDepartment) -> str:
    """The department's number, but one of a public list, which pages show with its age."""
    source = department_evidence_of(department).get("phone")
    return "" if source is not None and source.kind is SourceKind.LIST else department.phone


def zones(records: Sequence[StoredZone], now: Snapshot) -> dict[str, Any]:
    """A list of the zones that are in use; empty where there is none."""
    items = [item for item in (zone(one, now.departments[one.department_slug]) for one in records) if item]
    if not items:
        return {}
    return {
        "@context": "https://schema.org",
        "@type": "ItemList",
        "itemListElement": [
            {"@type": "ListItem", "position": number, "item": {k: v for k, v in item.items() if k != "@context"}}
            for number, item in enumerate(items, start=1)
        ],
    }


def _address(record: StoredZone) -> dict[str, str]:
    return _without_blanks(
        {
            "@type": "PostalAddress",
            "streetAddress": record.street_address,
            "addressLocality": record.mailing_town or record.town,
            "addressRegion": record.state,
            "postalCode": record.postal_code,
            "addressCountry": record.country,
        }
    )


def _hours(osm: str) -> list[dict[str, str]]:
    """Only what is certain every week: no sun, of which schema.org knows nothing, no season, no "by appointment"."""
    week = plain_week(osm)
    if week is None or any(day.sunny for day in week.days):
        return []
    return [
        {
            "@type": "OpeningHoursSpecification",
            "dayOfWeek": f"https://schema.org/{name}",
            "opens": opens,
            # A span that closes before it opens goes past midnight, by schema.org.
            "closes": "23:59" if closes == "24:00" else f"{int(closes[:2]) % 24:02}{closes[2:]}",
        }
        for name, day in zip(_DAY_NAMES, week.days, strict=True)
        for opens, closes in day.spans
    ]


def _closed_days(record: StoredZone, today: date) -> list[dict[str, str]]:
    """The closed days to come; a closure until further notice has no last day.

    Opening at midnight and closing at once is how schema.org writes a closed day.
    """
    closed = []
    for one in all_closures(record):
        endless = "repeat" not in one and "until" not in one
        for first, last in runs_of(one, today, REPEATED_DAYS if "repeat" in one else CLOSED_DAYS):
            through = "" if endless else last.isoformat()
            spec = {"@type": "OpeningHoursSpecification", "opens": "00:00", "closes": "00:00",
                    "validFrom": first.isoformat(), "validThrough": through}  # fmt: skip
            closed.append(_without_blanks(spec))
    return closed


def _without_blanks(values: dict[str, Any]) -> dict[str, Any]:
    return {name: value for name, value in values.items() if value}
