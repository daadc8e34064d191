"""A submission's items are written as if one came after the other, though they are read together."""

from typing import Any

import pytest
from sqlalchemy import Engine

from directory.clock import now
from directory.db.log import Author
from directory.db.tables.contributions.submissions import Channel, Submission, SubmissionStatus
from directory.db.transaction import transaction
from directory.geocoding.gazetteer import Gazetteer
from directory.store.directory_reader import read_directory
from directory.store.repository import StoredZone
from directory.submissions.items.item import Action, Item
from directory.submissions.publishing import PublishingRefusedError, publish

LOBBY = {"town": "Darien", "setting": "lobby", "street_address": "25 Hecker Avenue", "postal_code": "06820"}


class Desk:
    """Publishes items of the Darien police."""

    def __init__(self, engine: Engine, gazetteer: Gazetteer) -> None:
        self._engine, self._gazetteer = engine, gazetteer

    def publish(self, *items: Item) -> list[str]:
        row = Submission(
            state=SubmissionStatus.DRAFT, channel=Channel.FORM, language="en", email="a@example.org",
            department="Darien Police Department", region="CT", town="Darien", created_at=now(), updated_at=now(),
            items=[item.to_json() for item in items],
        )  # fmt: skip
        with transaction(self._engine) as session:
            return publish(session, self._gazetteer, row, Author("a@example.org", "submission 1"), confirmed=True)

    def zones(self) -> dict[str, StoredZone]:
        return {zone.zone_id: zone for zone in read_directory(self._engine).zones}


@pytest.fixture
def desk(engine: Engine, gazetteer: Gazetteer) -> Desk:
    return Desk(engine, gazetteer)


def new(key: str, **values: Any) -> Item:
    return Item(key, Action.ADD, "", "", {**LOBBY, **values})


def test_two_new_zones_of_one_spot_become_one_that_has_what_both_say(desk: Desk) -> None:
    zone_ids = desk.publish(new("a", cameras="yes"), new("b", lighting="yes"))
    assert len(set(zone_ids)) == 1
    (zone,) = desk.zones().values()
    assert (zone.cameras, zone.lighting) == ("yes", "yes")


def test_new_zones_get_ids_of_their_own_and_a_new_zone_at_a_stored_spot_changes_that_zone(desk: Desk) -> None:
    first = desk.publish(new("a", spot_note="left"), new("b", spot_note="right"))
    second = desk.publish(new("c", spot_note="right", marked="yes"), new("d", spot_note="middle"))
    assert second[0] == first[1] and len(desk.zones()) == 3
    assert [zone.marked for zone in (desk.zones()[zone_id] for zone_id in (*first, second[1]))] == [
        "unknown", "yes", "unknown",
    ]  # fmt: skip


def test_a_spot_that_a_zone_leaves_is_free_for_a_new_one_of_the_same_submission(desk: Desk) -> None:
    (zone_id,) = desk.publish(new("a"))
    moved = Item(zone_id, Action.CORRECT, zone_id, "", {"street_address": "1 Renshaw Road"}, {})
    assert len(set(desk.publish(moved, new("b")))) == 2
    addresses = sorted(zone.street_address for zone in desk.zones().values())
    assert addresses == ["1 Renshaw Road", "25 Hecker Avenue"]


def test_an_item_that_the_rules_refuse_leaves_everything_as_it_was(desk: Desk) -> None:
    with pytest.raises(PublishingRefusedError):
        desk.publish(new("a"), new("b", setting="garage"))
    assert desk.zones() == {}
