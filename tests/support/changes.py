"""Changes of Darien's zones, as its police send them in."""

from flask.testing import FlaskClient

from tests.support.site import ZONE, Site

LOT = "ct-darien-parking-lot"
SERGEANT, CHIEF = "sergeant@darienct.gov", "chief@darienct.gov"
DARIEN_ZONE = {
    **ZONE, "town": "Darien", "street_address": "25 Hecker Avenue", "postal_code": "06820", "latitude": "41.0696",
    "longitude": "-73.4844", "spot_note": "inside the lobby",
}  # fmt: skip
DARIEN_POLICE = {"department": "Darien Police Department", "town": "Darien", "region": "CT", "email": SERGEANT}


def propose(clerk: FlaskClient, action: str = "correct", zone: str = LOT, **typed: str) -> str:
    """Say something of a zone and send it; returns the draft's path."""
    draft = clerk.post(f"/zones/{zone}/ours", data={"action": action, **typed}).headers["Location"].partition("#")[0]
    if action in ("correct", "move"):
        draft = clerk.post(draft, data=typed).headers["Location"]
    clerk.post(f"{draft}/send", data={"email": SERGEANT})
    return draft


def add(clerk: FlaskClient, zone: dict[str, str], **department: str) -> str:
    """Send a new zone of the Darien police; returns the draft's path."""
    form = clerk.post("/submit", data={**DARIEN_POLICE, **department}).headers["Location"]
    draft = clerk.post(form, data={**DARIEN_ZONE, **zone}).headers["Location"]
    clerk.post(f"{draft}/send")
    return draft


def fact(site: Site, name: str) -> object:
    """What the database holds of one field of the parking lot."""
    return site.rows(f"SELECT {name} FROM zone WHERE zone_id = '{LOT}'")[0][0]


def unaccepted_clerk(site: Site, email: str = SERGEANT) -> FlaskClient:
    """Somebody whom the town's domain alone proves."""
    site.domain("darienct.gov", "Town of Darien")
    clerk = site.visitor()
    draft = clerk.post(f"/zones/{LOT}/ours", data={"action": "confirm"}).headers["Location"]
    clerk.post(f"{draft}/send", data={"email": email})
    site.confirm(clerk, email)
    return clerk
