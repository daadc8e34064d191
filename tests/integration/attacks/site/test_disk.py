"""Nothing that a stranger does fills the disk."""

import io
import time
from collections.abc import Iterator

import pytest
from PIL import Image

from directory.db.tables.contributions.submissions import Submission
from directory.db.transaction import transaction
from directory.settings import Settings
from directory.submissions.items.item import Action, Item
from directory.web.accounts.permissions import ACCESS, PRIVATE
from directory.web.http.limits import rate_limits
from directory.web.http.limits.rate_limits import limiter
from tests.support.site import WESTON, ZONE, Site, site_on, words_of

pytestmark = pytest.mark.slow


@pytest.fixture
def limited(site: Site) -> Iterator[Site]:
    """A site that counts what an address asks for."""
    limiter.enabled = True
    try:
        yield site
    finally:
        limiter.enabled = False
        limiter.reset()


def noise() -> io.BytesIO:
    """A photo of about a megabyte after it was encoded anew: noise does not get smaller."""
    written = io.BytesIO()
    Image.effect_noise((1600, 1600), 100).convert("RGB").save(written, "JPEG", quality=90)
    written.seek(0)
    return written


def test_a_draft_takes_ten_megabytes_of_photos_and_no_more(site: Site) -> None:
    stranger = site.visitor()
    form = stranger.post("/submit", data=WESTON).headers["Location"]
    answers = []
    for _ in range(14):
        data = {**ZONE, "photo_file": (noise(), "a.jpg"), "photo_alt": "Two bays."}
        answers.append(stranger.post(form, data=data, content_type="multipart/form-data"))
        if answers[-1].status_code == 400:
            break
    assert answers[0].status_code == 302
    assert "at most 10 MB" in words_of(answers[-1])
    assert site.rows("SELECT sum(length(content)) FROM photo")[0][0] <= 10_000_000
    assert site.rows("SELECT size FROM submission")[0][0] <= 10_000_000


def test_an_address_begins_twenty_drafts_a_day(limited: Site) -> None:
    limited.services.settings.__dict__["submissions_per_hour"] = 1_000
    stranger = limited.visitor()
    codes = [stranger.post("/submit", data=WESTON).status_code for _ in range(15)]
    codes += [
        stranger.post("/zones/ct-darien-parking-lot/ours", data={"action": "correct"}).status_code for _ in range(10)
    ]
    assert codes.count(302) == 20
    assert codes[20:] == [429] * 5


def test_all_drafts_together_take_what_the_operator_allows_and_departments_still_get_in(
    own_settings: Settings,
) -> None:
    with site_on(own_settings.model_copy(update={"drafts_megabytes": 1})) as site:
        clerk = site.accepted_clerk("clerk@westonct.gov", "Weston Police Department", "Weston")
        stranger = site.visitor()
        form = stranger.post("/submit", data=WESTON).headers["Location"]
        with site.engine.begin() as connection:  # as if others had sent as much
            connection.exec_driver_sql("UPDATE submission SET size = 999900 WHERE person_id IS NULL")
        refused = stranger.post(form, data=ZONE)
        assert refused.status_code == 503
        assert "No room for drafts" in words_of(refused) and "Sign in" in words_of(refused)
        known = clerk.post("/submit", data=WESTON).headers["Location"]
        assert clerk.post(known, data=ZONE).status_code == 302, "a department that is known goes on"


def test_pages_of_drafts_and_desks_are_limited_like_other_dear_pages(limited: Site) -> None:
    stranger = limited.visitor()
    draft = stranger.post("/submit", data=WESTON).headers["Location"].removesuffix("/zones/new")
    codes = [stranger.get(draft).status_code for _ in range(125)]
    assert codes == [200] * 120 + [429] * 5
    moderator = limited.staff()
    codes = [moderator.get("/review/reports").status_code for _ in range(125)]
    assert codes == [200] * 120 + [429] * 5


def draft_of(site: Site, count: int) -> str:
    """The path of a draft of so many zones."""
    form = site.visitor().post("/submit", data=WESTON).headers["Location"]
    values = {"setting": "lobby", "street_address": "56 Norfield Road", "town": "Weston", "postal_code": "06883",
              "latitude": "41.2009", "longitude": "-73.3807", "opening_hours": "Mo-Fr 08:00-16:00"}  # fmt: skip
    items = [Item(f"key{number}", Action.ADD, "", f"Zone {number}", {**values, "name": f"Zone {number}"}).to_json()
             for number in range(1, count + 1)]  # fmt: skip
    with transaction(site.engine) as session:
        session.get_one(Submission, site.number()).items = items
    return form.removesuffix("/zones/new")


def test_a_draft_of_a_thousand_zones_that_six_strangers_read_costs_what_a_page_costs(site: Site) -> None:
    draft = draft_of(site, 1_000)
    strangers = [site.visitor() for _ in range(6)]
    seconds, pages = [], []
    for stranger in strangers:
        begun = time.thread_time()
        pages.append(stranger.get(f"{draft}?zones=20"))
        seconds.append(time.thread_time() - begun)
    assert all(page.status_code == 200 for page in pages)
    assert pages[0].text.count('class="card"') == 50 and "Zone 951" in pages[0].text and "Zone 950" not in pages[0].text
    assert "Page 20 of 20" in words_of(pages[0]) and len(pages[0].data) < 150_000
    assert min(seconds) < 0.3


def test_the_desks_pages_about_a_thousand_zones_cost_what_a_page_costs(site: Site) -> None:
    draft = draft_of(site, 1_000)
    clerk = site.visitor()
    assert clerk.post(f"{draft}/send").status_code == 302
    site.confirm(clerk, WESTON["email"])
    moderator = site.staff()
    for path in ("/review", "/review/1", "/review/1?zones=20"):
        seconds = []
        for _ in range(4):
            begun = time.thread_time()
            page = moderator.get(path)
            seconds.append(time.thread_time() - begun)
        assert page.status_code == 200 and min(seconds) < 0.3, (path, seconds)
    assert page.text.count("data-item") == 50, "fifty in full"
    assert page.text.count("/review/1?zones=") >= 1_000, "and a link to each of all that the button decides on"


def test_a_nearly_full_disk_takes_nothing_from_strangers_and_departments_go_on(own_settings: Settings) -> None:
    with site_on(own_settings) as site:
        clerk = site.accepted_clerk("clerk@westonct.gov", "Weston Police Department", "Weston")
        stranger = site.visitor()
        form = stranger.post("/submit", data=WESTON).headers["Location"]
        before = site.rows("SELECT count(*), max(version) FROM submission")
        object.__setattr__(site.services, "settings", own_settings.model_copy(update={"min_free_mb": 1_000_000_000}))
        zone = "/zones/ct-darien-parking-lot"
        for path, data in ((form, ZONE), ("/submit", WESTON), (f"{zone}/ours", {"action": "correct"}),
                           (f"{zone}/report", {"kind": "gone"})):  # fmt: skip
            refused = stranger.post(path, data=data)
            assert refused.status_code == 503 and "What you sent was not kept" in words_of(refused), path
        assert site.rows("SELECT count(*), max(version) FROM submission") == before
        assert site.rows("SELECT count(*) FROM problemreport") == [(0,)]
        assert stranger.get("/search?q=06820").status_code == 200
        assert clerk.post("/submit", data=WESTON).status_code == 302


def test_a_zone_keeps_twenty_reports_a_day(site: Site) -> None:
    pages = [site.visitor().post("/zones/ct-darien-parking-lot/report", data={"kind": "gone"}) for _ in range(21)]
    assert all(page.status_code == 200 for page in pages)
    assert "kept for a person to read" in words_of(pages[19])
    assert "many reports today" in words_of(pages[20]) and "kept for a person" not in words_of(pages[20])
    assert site.rows("SELECT count(*) FROM problemreport") == [(20,)]


def test_every_page_that_is_not_for_everybody_is_bounded(site: Site) -> None:
    private = {endpoint.partition(".")[0] for endpoint, access in ACCESS.items() if access in PRIVATE}
    assert private <= rate_limits.BOUNDED | rate_limits.API
