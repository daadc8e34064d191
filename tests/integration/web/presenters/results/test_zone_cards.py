"""Cards and pages that are kept: for their quarter of an hour, and with nothing of a snapshot that has gone."""

import gc
from datetime import timedelta

from sqlalchemy import text

from directory import clock
from directory.clock import now, quarter_of
from directory.search.results import ZoneHit
from directory.web.presenters.place_titles import Siblings
from directory.web.presenters.results.zone_cards import Card, row
from tests.conftest import Built
from tests.support.site import Site

YUMA = "az/yuma-police-department"
"""A department with several zones."""


def test_a_card_that_still_holds_lets_go_of_the_snapshot_that_it_was_written_of(site: Site) -> None:
    visitor = site.visitor()
    assert visitor.get("/search?q=Yuma, AZ").status_code == 200
    earlier = siblings_in_yuma(site)
    written = [card.words for card in cards_of(earlier)]
    assert written
    with site.engine.begin() as connection:
        connection.execute(text("UPDATE zone SET name = 'Another' WHERE state = 'CA'"))
    site.services.snapshot_cache.invalidate()
    assert visitor.get("/search?q=Yuma, AZ").status_code == 200
    assert not cards_of(earlier)
    assert [card.words for card in cards_of(siblings_in_yuma(site))] == written


class SlowHit(ZoneHit):
    """A zone that takes a quarter of an hour to look at."""

    @property
    def usable(self) -> bool:
        """Whether one can go there."""
        clock.run_ahead(timedelta(minutes=15))
        return super().usable


def test_a_card_that_takes_until_the_next_quarter_does_not_hold_for_it(site: Site) -> None:
    snapshot = site.services.snapshot_cache.current()
    zone = snapshot.by_department[YUMA][0]
    with site.app.test_request_context("/"):
        row(SlowHit(snapshot.minute_view(now()).of(zone)))
    (kept,) = cards_of(siblings_in_yuma(site))
    assert kept.quarter < quarter_of(now())


def test_a_page_that_is_kept_says_at_each_minute_what_a_new_one_would(site: Site, build_app: Built) -> None:
    visitor = site.visitor()
    to_the_hour = timedelta(minutes=60 - now().minute, seconds=-now().second)
    for minutes in (-1, 0, 1, 14, 15, 29, 30, 31, 600, 1440):
        new = build_app(site.settings).test_client()
        clock.run_ahead(to_the_hour + timedelta(minutes=minutes))
        for address in ("/search?q=06820", "/search?q=06820&at=12:30&usable=yes", "/search?q=06840&open_at=now"):
            kept, written = visitor.get(address), new.get(address)
            assert (kept.status_code, kept.text) == (200, written.text), minutes


def siblings_in_yuma(site: Site) -> Siblings:
    """The very ones that the newest snapshot holds, or what makes the test fail."""
    return site.services.snapshot_cache.current().once(
        ("siblings", YUMA), lambda: frozenset({("part", "held by no card")})
    )


def cards_of(siblings: Siblings) -> list[Card]:
    """The cards in memory that hold them."""
    return [holder for holder in gc.get_referrers(siblings) if isinstance(holder, Card)]
