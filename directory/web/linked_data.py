"""schema.org descriptions of our pages, for search engines and assistants."""

from collections.abc import Sequence
from typing import Any

from flask import url_for

from directory.hours.regular import plain_week
from directory.records.facts import Status
from directory.records.store import StoredDepartment, StoredZone
from directory.search.snapshot import Snapshot

_DAY_NAMES = ("Monday", "Tuesday", "Wednesday", "Thursday", "Friday", "Saturday", "Sunday")


def zone(found: StoredZone, department: StoredDepartment) -> dict[str, Any]:
    """One zone as a Place inside its PoliceStation. What nobody stated is left out."""
    place: dict[str, Any] = {
        "@context": "https://schema.org",
        "@type": "Place",
        "@id": url_for("places.zone", zone_id=found.zone_id, _external=True),
        "name": found.name,
        "description": found.spot_note,
        "address": _address(found),
        "containedInPlace": _without_blanks(
            {"@type": "PoliceStation", "name": department.name, "telephone": found.phone or department.phone}
        ),
    }
    if not found.approximate:
        place["geo"] = {"@type": "GeoCoordinates", "latitude": found.latitude, "longitude": found.longitude}
    if found.opening_hours and found.status is Status.ACTIVE:
        place["openingHoursSpecification"] = _hours(found.opening_hours)
    return _without_blanks(place)


def zones(found: Sequence[StoredZone], now: Snapshot) -> dict[str, Any]:
    """A list of zones."""
    items = [zone(item, now.departments[item.department_slug]) for item in found]
    return {
        "@context": "https://schema.org",
        "@type": "ItemList",
        "itemListElement": [
            {"@type": "ListItem", "position": number, "item": {k: v for k, v in item.items() if k != "@context"}}
            for number, item in enumerate(items, start=1)
        ],
    }


def _address(found: StoredZone) -> dict[str, str]:
    return _without_blanks(
        {
            "@type": "PostalAddress",
            "streetAddress": found.street_address,
            "addressLocality": found.mailing_town or found.town,
            "addressRegion": found.state,
            "postalCode": found.postal_code,
            "addressCountry": found.country,
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


def _without_blanks(values: dict[str, Any]) -> dict[str, Any]:
    return {name: value for name, value in values.items() if value}
