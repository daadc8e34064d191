"""Nothing that a stranger does fills the disk."""

import io
from collections.abc import Iterator

import pytest
from PIL import Image

from directory.settings import Settings
from directory.web.limits import limiter
from tests.townhall import WESTON, ZONE, Hall, hall_on, words_of


@pytest.fixture
def limited(hall: Hall) -> Iterator[Hall]:
    """A site that counts what an address asks for."""
    limiter.enabled = True
    hall.app.config["RATELIMIT_ENABLED"] = True
    try:
        yield hall
    finally:
        limiter.enabled = False
        limiter.reset()


def noise() -> io.BytesIO:
    """A photo of about a megabyte after it was encoded anew: noise does not get smaller."""
    written = io.BytesIO()
    Image.effect_noise((1600, 1600), 100).convert("RGB").save(written, "JPEG", quality=90)
    written.seek(0)
    return written


def test_a_draft_takes_ten_megabytes_of_photos_and_no_more(hall: Hall) -> None:
    stranger = hall.visitor()
    form = stranger.post("/submit", data=WESTON).headers["Location"]
    answers = []
    for _ in range(14):
        data = {**ZONE, "photo_file": (noise(), "a.jpg"), "photo_alt": "Two bays."}
        answers.append(stranger.post(form, data=data, content_type="multipart/form-data"))
        if answers[-1].status_code == 400:
            break
    assert answers[0].status_code == 302
    assert "at most 10 MB" in words_of(answers[-1])
    assert hall.rows("SELECT sum(length(content)) FROM photo")[0][0] <= 10_000_000
    assert hall.rows("SELECT size FROM submission")[0][0] <= 10_000_000


def test_an_address_begins_twenty_drafts_a_day(limited: Hall) -> None:
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
    with hall_on(own_settings.model_copy(update={"drafts_megabytes": 1})) as hall:
        clerk = hall.signed_in_as_clerk()
        stranger = hall.visitor()
        form = stranger.post("/submit", data=WESTON).headers["Location"]
        with hall.engine.begin() as connection:  # as if others had sent as much
            connection.exec_driver_sql("UPDATE submission SET size = 999900 WHERE person_id IS NULL")
        refused = stranger.post(form, data=ZONE)
        assert refused.status_code == 503
        assert "No room for drafts" in words_of(refused) and "Sign in" in words_of(refused)
        known = clerk.post("/submit", data=WESTON).headers["Location"]
        assert clerk.post(known, data=ZONE).status_code == 302, "a department that is known goes on"


def test_pages_of_drafts_and_desks_are_limited_like_other_dear_pages(limited: Hall) -> None:
    stranger = limited.visitor()
    draft = stranger.post("/submit", data=WESTON).headers["Location"].removesuffix("/zones/new")
    codes = [stranger.get(draft).status_code for _ in range(125)]
    assert codes == [200] * 120 + [429] * 5
    moderator = limited.staff()
    codes = [moderator.get("/review/reports").status_code for _ in range(125)]
    assert codes == [200] * 120 + [429] * 5
