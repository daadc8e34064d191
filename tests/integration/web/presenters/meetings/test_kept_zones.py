"""What a browser keeps of a zone: right whenever it is read."""

import json
from collections.abc import Iterator
from datetime import timedelta

import pytest
from flask import Flask

from directory import clock
from directory.web.http.container import container, snapshot
from directory.web.presenters.meetings.kept_zones import kept_zone


@pytest.fixture
def any_hour() -> Iterator[None]:
    yield
    clock.run_ahead(timedelta(0))


def texts_of_all() -> dict[str, str]:
    return {zone.zone_id: kept_zone(container().search_service.describe(zone)) for zone in snapshot().listed}


def test_no_text_of_any_zone_depends_on_the_hour_or_holds_a_position(app: Flask, any_hour: None) -> None:
    with app.test_request_context():
        first = texts_of_all()
        for hours in (5, 11, 17, 7 * 24):  # no packaged zone announces a closure, which would come with its day
            clock.run_ahead(timedelta(hours=hours))
            assert texts_of_all() == first
        for zone in snapshot().listed:
            texts = json.loads(first[zone.zone_id])
            assert texts["id"] == zone.zone_id and texts["name"] and texts["owner"] and texts["hours"]
            assert f"{zone.latitude:.3f}" not in first[zone.zone_id]
