"""A department's zone list as its own system sends it, and what the API answers."""

import json
import re
from typing import Any

from flask.testing import FlaskClient
from werkzeug.test import TestResponse

from tests.support.site import DARIEN, Site

LIST = f"/api/v1/departments/{DARIEN}/zones"
PAGE = f"/desk/{DARIEN}/lists"
LOT = "ct-darien-parking-lot"
CHIEF = "chief@darienct.gov"
LOBBY: dict[str, Any] = {
    "type": "Feature",
    "geometry": {"type": "Point", "coordinates": [-73.47951234567, 41.06963]},
    "properties": {"name": "Safe exchange zone - lobby", "setting": "lobby", "street_address": "25 Hecker Avenue",
                   "ZIP": "06820", "Hours of operation": "Mon-Fri 8am-4pm", "cameras": "yes"},
}  # fmt: skip


def new_token(manager: FlaskClient, department: str = DARIEN, name: str = "GIS, nightly") -> str:
    response = manager.post(f"/desk/{department}/lists/tokens", data={"name": name})
    assert response.status_code == 200, response.text
    found = re.search(r"szd_[\w-]{43}", response.text)
    assert found
    return found[0]


def lot(site: Site, **properties: Any) -> dict[str, Any]:
    """The lot as the API has it, with some properties changed."""
    item = site.visitor().get(f"/api/v1/collections/zones/items/{LOT}").json
    stated = {name: value for name, value in item["properties"].items() if value not in (None, "unknown", [])}
    return {"type": "Feature", "id": LOT, "geometry": item["geometry"], "properties": stated | properties}


def push(site: Site, token: str, *features: Any, query: str = "", path: str = LIST, **headers: str) -> TestResponse:
    collection = {"type": "FeatureCollection", "features": list(features)}
    return site.visitor().put(
        f"{path}{query}", data=json.dumps(collection),
        headers={"Authorization": f"Bearer {token}", "Content-Type": "application/geo+json", **headers},
    )  # fmt: skip


def outcomes(response: TestResponse) -> list[tuple[str, str]]:
    """Of each zone its id, empty where it has none yet, and what became of it."""
    return [(zone["zone_id"] or "", zone["outcome"]) for zone in response.json["zones"]]


def counts(site: Site) -> tuple[int, int]:
    """How many submissions there are, and how many changes of zones the log has."""
    return (
        site.rows("SELECT count(*) FROM submission")[0][0],
        site.rows("SELECT count(*) FROM change WHERE kind = 'zone'")[0][0],
    )
