"""The file that a draft keeps: who reads it, how much it may hold, and when it goes."""

import json
from typing import Any

import pytest

from directory.errors import StaleVersionError
from directory.store.privacy.personal_data import forget
from directory.submissions import drafts, sending
from directory.submissions.uploads.spreadsheet import CheckedSpreadsheet
from directory.submissions.uploads.uploaded_file import UploadedFile
from directory.submissions.workflow import Step
from tests.integration.submissions.uploads.test_spreadsheet import send
from tests.support.corrections import addresses, correct, csv_of, read, rows, stored, titles
from tests.support.site import WESTON, Site, words_of


def test_whoever_leaves_goes_on_from_the_draft(site: Site) -> None:
    draft, _ = send(site, csv_of(rows(2, state="Conecticut")))
    correct(site, draft, {"cell:2:state": "CT"})
    page = site.visitor().get(draft)
    assert "Go on with zones.csv" in words_of(page) and f'href="{draft}/sheet/read"' in page.text
    assert titles(read(site, draft))[0].startswith("1 row: State or province")


def test_nobody_reads_or_corrects_the_file_of_a_draft_that_is_proven(site: Site) -> None:
    draft, _ = send(site, csv_of([*rows(1), *rows(1, state="Conecticut", address="2 Main Street")]))
    clerk = site.visitor()
    clerk.post(f"{draft}/send")
    clerk.post(site.link(WESTON["email"], "/submit/confirm/"))
    for path in ("sheet/read", "sheet/columns"):
        stranger = site.visitor()
        assert stranger.get(f"{draft}/{path}").status_code == 403
        assert stranger.post(f"{draft}/{path}", data={"cell:3:state": "CT"}).status_code == 403
        assert stranger.get(f"/submit/made-up/{path}").status_code == 404


def test_corrections_need_the_forms_token(site: Site) -> None:
    draft, _ = send(site, csv_of(rows(1, state="Conecticut")))
    site.app.config["WTF_CSRF_ENABLED"] = True
    for path in ("sheet/read", "sheet/columns"):
        assert site.visitor().post(f"{draft}/{path}", data={"cell:2:state": "CT", "column:0": ""}).status_code == 400
    assert stored(site, "items") == []


def test_the_pages_of_a_file_lead_to_the_upload_where_there_is_none(site: Site) -> None:
    clerk = site.visitor()
    draft = clerk.post("/submit", data=WESTON).headers["Location"].removesuffix("/zones/new")
    for path in ("sheet/read", "sheet/columns"):
        assert clerk.get(f"{draft}/{path}").headers["Location"] == f"{draft}/sheet"
        assert clerk.post(f"{draft}/{path}", data={"cell:2:state": "CT"}).status_code == 303


def test_features_that_share_no_property_are_read_and_kept_small(site: Site) -> None:
    def feature(number: int) -> dict[str, Any]:
        own = {f"property {number} {place}": "x" for place in range(20)}
        facts = {"Street": f"{number} Main Street", "Zip": "06883", "setting": "lobby"}
        return {"type": "Feature", "geometry": None, "properties": {**own, **facts}}

    features = {"type": "FeatureCollection", "features": [feature(number) for number in range(100)]}
    draft, page = send(site, json.dumps(features).encode(), name="zones.geojson")
    assert "100 rows are in the draft" in words_of(page)
    upload = stored(site, "upload")
    assert len(upload["columns"]) == 200 and sum(len(row["cells"]) for row in upload["rows"]) <= 20_000
    page = site.visitor().get(f"{draft}/sheet/columns")
    assert page.text.count("<select") == 200


def test_the_file_goes_when_its_zones_are_published(site: Site) -> None:
    draft, _ = send(site, csv_of(rows(1)))
    clerk = site.visitor()
    clerk.post(f"{draft}/send")
    site.confirm(clerk, WESTON["email"])
    assert "1 Main Street" in site.rows("SELECT upload FROM submission")[0][0]
    assert site.decide(site.staff(), "approve").status_code == 302
    assert site.rows("SELECT upload FROM submission")[0][0] == "{}"


def test_the_file_of_a_submission_that_was_taken_back_goes_with_its_sender(site: Site) -> None:
    draft, _ = send(site, csv_of(rows(1)))
    clerk = site.visitor()
    clerk.post(f"{draft}/send")
    site.confirm(clerk, WESTON["email"])
    number = site.rows("SELECT id FROM submission")[0][0]
    sending.step(site.context, number, Step.WITHDRAW, WESTON["email"])
    forget(site.engine, WESTON["email"], "operator")
    assert site.rows("SELECT upload FROM submission")[0][0] == "{}"


def test_the_file_counts_to_what_a_draft_may_take(site: Site) -> None:
    send(site, csv_of(rows(10, remarks="x" * 1_000)))
    assert site.rows("SELECT size FROM submission")[0][0] > 10_000


def test_who_saves_what_was_changed_meanwhile_overwrites_nothing(site: Site) -> None:
    draft, _ = send(site, csv_of(rows(2, state="Conecticut")))
    number = site.rows("SELECT id FROM submission")[0][0]
    seen = drafts.read(site.context, number)
    assert seen is not None
    correct(site, draft, {"cell:2:state": "CT"})
    with pytest.raises(StaleVersionError):
        drafts.take_rows(site.context, seen, UploadedFile.from_json(seen.upload), CheckedSpreadsheet(), [])
    assert addresses(site) == ["1 Main Street"]
