"""“I was there”: a visitor's tap is evidence or a case, bounded, and tells nothing of the visitor."""

from datetime import timedelta
from typing import Any

import pytest
from werkzeug.test import TestResponse

from directory import clock
from directory.search.zone_status import today_of
from directory.settings import Settings
from directory.store.directory_reader import read_directory
from directory.store.privacy.retention import clean_up
from directory.store.repository import StoredZone
from directory.zones.evidence.confidence import ExistenceConfidence, existence_confidence
from directory.zones.evidence.zone_evidence import evidence_of
from directory.zones.schemas import SourceKind
from tests.conftest import Built
from tests.support.pictures import photo
from tests.support.site import Site, errors, words_of

ZONE_ID = "ct-darien-parking-lot"
VISIT = f"/zones/{ZONE_ID}/visit"
DESK = "/review/data"


def tap(site: Site, answer: str, **form: Any) -> TestResponse:
    response = site.visitor().post(VISIT, data={"answer": answer, **form})
    site.services.snapshot_cache.invalidate()
    return response


def stored(site: Site, zone_id: str = ZONE_ID) -> StoredZone:
    return next(zone for zone in read_directory(site.engine).zones if zone.zone_id == zone_id)


def visits_listed(zone: StoredZone) -> list[dict[str, str]]:
    return [one for one in zone.sources if one.get("kind") == SourceKind.VISITOR]


def cases(site: Site) -> list[tuple[str, str]]:
    return [tuple(row) for row in site.rows("SELECT kind, state FROM data_case ORDER BY id")]


def run_ahead(days: float) -> None:
    clock.run_ahead(timedelta(days=days))


def test_still_there_is_a_source_of_the_zone_that_says_no_fact(site: Site) -> None:
    before = stored(site)
    assert existence_confidence(before, today_of(before)) is ExistenceConfidence.UNCERTAIN
    response = tap(site, "still_there")
    assert response.status_code == 200 and "Thank you" in words_of(response)
    zone = stored(site)
    day = today_of(zone)
    assert visits_listed(zone) == [{"kind": "visitor", "date": day.isoformat()}]
    assert evidence_of(zone) == evidence_of(before)
    assert existence_confidence(zone, day) is ExistenceConfidence.LIKELY, "never confirmed by the department"
    assert f"{day:%B} {day.day}, {day.year} a visitor" in words_of(site.visitor().get(f"/zones/{ZONE_ID}"))


def test_a_zone_has_one_visit_among_its_sources_the_newest_and_is_written_once_a_day(site: Site) -> None:
    first = stored(site)
    for _ in range(3):
        tap(site, "still_there")
    assert site.rows("SELECT actor, action FROM change WHERE action = 'visited'") == [("visitor", "visited")]
    run_ahead(40)
    tap(site, "still_there")
    zone = stored(site)
    assert [one["date"] for one in visits_listed(zone)] == [today_of(zone).isoformat()]
    assert len(zone.sources) == len(first.sources) + 1


def test_what_is_stored_of_a_visit_is_its_zone_day_and_answer(site: Site) -> None:
    tap(site, "gone")
    row = dict(zip(("id", "zone_id", "day", "answer", "photo"), site.rows("SELECT * FROM visit")[0], strict=True))
    assert row == {
        "id": 1,
        "zone_id": ZONE_ID,
        "day": today_of(stored(site)).isoformat(),
        "answer": "gone",
        "photo": "",
    }


def test_a_visit_is_no_version_of_the_zone_and_no_news(site: Site) -> None:
    def changes() -> list[str]:
        feed = site.visitor().get("/towns/ct/darien/feed.atom").text
        return [line for line in feed.splitlines() if "#change-" in line]

    before = changes()
    tap(site, "still_there")
    assert changes() == before
    assert "entry changed" not in words_of(site.visitor().get(f"/zones/{ZONE_ID}"))


def test_the_third_gone_since_somebody_saw_the_zone_opens_a_case_that_a_moderator_closes(site: Site) -> None:
    tap(site, "gone")
    tap(site, "still_there")
    tap(site, "gone")
    run_ahead(20)
    tap(site, "gone")
    assert cases(site) == []
    tap(site, "gone")
    assert cases(site) == [("reported_gone", "open")]
    moderator = site.staff()
    page = words_of(moderator.get(DESK))
    assert "Visitors say it is gone" in page and "3 visitors: " in page and "Found by visitors" in page
    assert moderator.post(f"{DESK}/1", data={"decision": "keep"}).status_code == 302
    assert cases(site) == [("reported_gone", "kept")]
    assert site.rows("SELECT answer FROM visit") == [("still_there",)]
    tap(site, "gone")
    tap(site, "gone")
    assert cases(site) == [("reported_gone", "kept")]
    run_ahead(21)
    tap(site, "gone")
    assert cases(site) == [("reported_gone", "open")]
    assert stored(site).status == "active", "visitors decide nothing"


def test_gone_counts_for_ninety_days(site: Site) -> None:
    tap(site, "gone")
    tap(site, "gone")
    run_ahead(91)
    tap(site, "gone")
    assert cases(site) == []


def test_a_sign_that_differs_is_a_case_whose_photo_moderators_alone_see_until_it_is_closed(site: Site) -> None:
    assert tap(site, "sign_differs", photo=(photo(), "sign.jpg")).status_code == 200
    (digest,) = site.rows("SELECT photo FROM visit")[0]
    content = site.rows("SELECT content FROM photo WHERE digest = :d", d=digest)[0][0]
    assert b"Exif" not in bytes(content)
    assert site.visitor().get(f"/photos/{digest}.jpg").status_code == 404
    address = f"{DESK}/1/photos/{digest}.jpg"
    assert site.visitor().get(address).status_code == 302, "to the page that asks to sign in"
    moderator = site.staff()
    assert address in moderator.get(DESK).text and moderator.get(address).mimetype == "image/jpeg"
    run_ahead(31)
    clean_up(site.engine)
    moderator = site.staff()
    assert moderator.get(address).status_code == 200, "an open case needs its photo"
    moderator.post(f"{DESK}/1", data={"decision": "keep"})
    assert moderator.get(address).status_code == 404
    clean_up(site.engine)
    assert site.rows("SELECT digest FROM photo WHERE digest = :d", d=digest) == []


def test_a_photo_that_cannot_be_read_is_said_and_nothing_is_kept(site: Site) -> None:
    response = tap(site, "sign_differs", photo=(photo().__class__(b"no picture"), "sign.jpg"))
    assert response.status_code == 400
    assert errors(response) == ["This is no photo that we can read. Send it as JPEG, PNG or WebP."]
    assert site.rows("SELECT * FROM visit") == []


def test_a_photo_goes_with_no_other_answer(site: Site) -> None:
    tap(site, "gone", photo=(photo(), "empty.jpg"))
    assert site.rows("SELECT photo FROM visit") == [("",)]


@pytest.mark.parametrize("answer", ["", "maybe"])
def test_what_is_no_answer_is_refused(site: Site, answer: str) -> None:
    assert tap(site, answer).status_code == 400


@pytest.mark.parametrize("status", ["planned", "withdrawn"])
def test_of_a_zone_that_is_planned_or_withdrawn_nobody_is_asked(site: Site, status: str) -> None:
    zone = next(zone for zone in read_directory(site.engine).zones if zone.status == status and not zone.replaced_by)
    assert "Were you there?" not in site.visitor().get(f"/zones/{zone.zone_id}").text
    assert site.visitor().post(f"/zones/{zone.zone_id}/visit", data={"answer": "gone"}).status_code == 404


def test_a_zone_keeps_twenty_visits_a_day_and_ten_photos(site: Site) -> None:
    for number in range(21):
        image = photo((20 + number, 20))
        response = tap(site, "sign_differs", photo=(image, "sign.jpg"))
    assert "not counted again" in words_of(response)
    assert site.rows("SELECT count(*), count(nullif(photo, '')) FROM visit") == [(20, 10)]


def test_another_sites_page_sends_no_visit(site: Site) -> None:
    for headers in ({"Sec-Fetch-Site": "cross-site"}, {"Sec-Fetch-Site": "same-site"}, {"Origin": "https://evil.example"},
                    {"Origin": "null"}):  # fmt: skip
        assert site.visitor().post(VISIT, data={"answer": "gone"}, headers=headers).status_code == 403, headers
    for headers in ({"Sec-Fetch-Site": "same-origin"}, {"Origin": "http://localhost"}, {}):
        assert site.visitor().post(VISIT, data={"answer": "gone"}, headers=headers).status_code == 200, headers


def test_the_page_of_a_zone_asks_without_a_cookie_and_the_form_needs_none(
    build_app: Built, own_settings: Settings
) -> None:
    visitor = build_app(own_settings).test_client()
    page = visitor.get(f"/zones/{ZONE_ID}")
    assert f'action="{VISIT}"' in page.text and "Set-Cookie" not in page.headers
    assert visitor.post(VISIT, data={"answer": "still_there"}).status_code == 200


def test_an_answer_of_one_address_about_a_zone_counts_once_a_day(build_app: Built, own_settings: Settings) -> None:
    app = build_app(own_settings)

    def counted(answer: str, sender: str, zone_id: str = ZONE_ID) -> bool:
        path, form = f"/zones/{zone_id}/visit", {"answer": answer}
        response = app.test_client().post(path, data=form, environ_base={"REMOTE_ADDR": sender})
        assert response.status_code == 200
        return "not counted again" not in words_of(response)

    assert counted("gone", "192.0.2.1")
    assert not counted("gone", "192.0.2.1")
    assert counted("still_there", "192.0.2.1"), "whoever pressed the wrong button"
    assert counted("gone", "192.0.2.2") and counted("gone", "192.0.2.1", "ct-wilton-parking-lot")


def test_an_address_answers_so_often_a_day_and_no_more(build_app: Built, own_settings: Settings) -> None:
    client = build_app(own_settings.model_copy(update={"visits_per_day": 2})).test_client()
    assert [client.post(VISIT, data={"answer": "gone"}).status_code for _ in range(3)] == [200, 200, 429]
