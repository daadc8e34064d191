"""A zone as a reader's browser keeps it: the few lines that help on the way there, in words."""

import json

from directory.maps.map_marks import kind_of_pin
from directory.search.results import SearchHit
from directory.search.zone_status import today_of
from directory.web.http.languages import language_code
from directory.web.i18n.translate import _
from directory.web.presenters import labels
from directory.web.presenters.place_titles import place_title
from directory.web.presenters.zone_facts import closures
from directory.web.presenters.zone_facts.zones import address_lines, phone_of, provenance, where_exactly


def kept_zone(hit: SearchHit) -> str:
    """JSON of texts by name, for static/kept.js. Nothing of it depends on the time of day: it is read later."""
    zone = hit.zone
    return json.dumps(
        {
            "id": zone.zone_id,
            "name": str(place_title(zone)),
            "owner": zone.department_and_town,
            "spot": where_exactly(zone),
            "address": ", ".join(address_lines(zone)),
            "hours": labels.hours(zone.opening_hours) if zone.opening_hours else _("Hours not stated"),
            "phone": phone_of(zone),
            "source": provenance(zone),
            "notice": _notice(hit),
            "pin": str(int(kind_of_pin(zone, today_of(zone)))),
            "lang": language_code(),
        },
        ensure_ascii=False,
    )


def _notice(hit: SearchHit) -> str:
    """Why somebody should not simply go there; empty where nothing is known against it."""
    status = "" if hit.usable else labels.value("status", hit.status)
    return ". ".join([*filter(None, [status]), *(str(line) for line in closures.on_card(hit.zone))])
