"""Zones as the API has them."""

from typing import Any

from flask.testing import FlaskClient

from directory.db.log import Author
from directory.db.transaction import transaction
from directory.store.writer import DirectoryWriter
from tests.support.site import Site

ITEMS = "/api/v1/collections/zones/items"


def change_darien(site: Site) -> None:
    """A zone is changed, by another hand."""
    with transaction(site.engine) as session:
        writer = DirectoryWriter(session, site.services.gazetteer, Author("test", ""))
        known = writer.stored("ct-darien-parking-lot")
        assert known is not None
        writer.change(known[0], known[1].model_copy(update={"spot_note": "elsewhere"}))
        writer.flush()
    site.services.snapshot_cache.invalidate()


def zones_of(client: FlaskClient, query: str = "") -> Any:
    response = client.get(f"{ITEMS}?{query}")
    assert response.status_code == 200, response.text
    return response.json
