"""A new zone that the directory probably has is asked about, in forms and uploads."""

import io
import json
import re
from typing import Any

from werkzeug.test import TestResponse

from tests.integration.submissions.uploads.test_spreadsheet import table
from tests.support.site import ZONE, Site, errors, words_of

NEW_CANAAN = {"department": "New Canaan Police Department", "region": "CT", "town": "New Canaan",
              "email": "clerk@newcanaanct.gov"}  # fmt: skip
LOBBY = {
    **ZONE, "setting": "lobby", "street_address": "174 South Ave., Suite 2", "town": "New Canaan",
    "postal_code": "06840", "latitude": "41.1412", "longitude": "-73.4907", "hours_words": "24/7",
}  # fmt: skip
STORED = "ct-new-canaan-lobby"


def begun(site: Site, **department: str) -> tuple[Any, str]:
    clerk = site.visitor()
    response = clerk.post("/submit", data={**NEW_CANAAN, **department})
    assert response.status_code == 302, words_of(response)
    return clerk, response.headers["Location"].removesuffix("/zones/new")


def items(site: Site) -> list[dict[str, Any]]:
    return list(json.loads(site.rows("SELECT items FROM submission ORDER BY id DESC LIMIT 1")[0][0]))


def choices(page: TestResponse) -> list[tuple[str, str]]:
    """Every radio button of the page: (its control, its value)."""
    return re.findall(r'type="radio" name="(zone:[^"]*)" value="([^"]*)"', page.text)


def asked(site: Site, **zone: str) -> tuple[Any, str, str]:
    """A clerk who saved a new zone and is asked about it: (browser, draft, path of the question)."""
    clerk, draft = begun(site)
    saved = clerk.post(f"{draft}/zones/new", data={**LOBBY, **zone})
    assert saved.status_code == 302, errors(saved)
    assert f"{draft}/matches?zone=" in saved.headers["Location"]
    return clerk, draft, saved.headers["Location"]


def test_a_new_zone_at_a_known_address_is_asked_about(site: Site) -> None:
    clerk, draft, question = asked(site)
    page = clerk.get(question)
    assert "Is this your lobby at 174 South Avenue?" in words_of(page)
    assert [value for _, value in choices(page)] == [STORED, "another"]
    key = items(site)[0]["key"]
    assert f'href="{draft}/zones/{key}"' in page.text  # back to the form
    assert f'href="/zones/{STORED}"' in page.text


def test_it_is_that_one_makes_the_submission_a_change_of_that_zone(site: Site) -> None:
    clerk, draft, question = asked(site, spot_note="by the front desk")
    name = choices(clerk.get(question))[0][0]
    assert clerk.post(question, data={name: STORED}).status_code == 302
    item = items(site)[0]
    assert (item["action"], item["zone_id"]) == ("correct", STORED)
    assert item["values"]["spot_note"] == "by the front desk"
    assert "street_address" not in item["values"] and "town" not in item["values"]  # the same in other words
    assert item["base"].keys() == item["values"].keys() - {"location_source"}
    assert clerk.get(question).headers["Location"].endswith(draft)
    assert "Change" in words_of(clerk.get(draft))
    assert clerk.post(f"{draft}/send").headers["Location"].endswith(draft)
    assert site.state() == "waiting_for_email"


def test_an_answer_without_any_news_confirms_the_zone(site: Site) -> None:
    nothing = dict.fromkeys(
        ("latitude", "longitude", "postal_code", "cameras", "cameras_recorded", "hours_mode", "hours_words"), ""
    )
    clerk, _, question = asked(site, **nothing)
    name = choices(clerk.get(question))[0][0]
    clerk.post(question, data={name: STORED})
    assert (items(site)[0]["action"], items(site)[0]["values"]) == ("confirm", {})


def test_it_is_another_one_goes_on_and_moderators_see_the_answer(site: Site) -> None:
    clerk, draft, question = asked(site)
    name = choices(clerk.get(question))[0][0]
    clerk.post(question, data={name: "another"})
    assert (items(site)[0]["action"], items(site)[0]["distinct_from"]) == ("add", [STORED])
    assert clerk.get(question).headers["Location"].endswith(draft)  # nothing is asked twice
    clerk.post(f"{draft}/send")
    site.confirm(clerk, NEW_CANAAN["email"])
    case = words_of(site.staff().get(f"/review/{site.number()}"))
    assert "the sender says that it is another zone" in case
    assert "Perhaps a duplicate" not in case


def test_an_answer_holds_when_the_zone_is_edited_again(site: Site) -> None:
    clerk, draft, question = asked(site)
    name = choices(clerk.get(question))[0][0]
    clerk.post(question, data={name: "another"})
    form = f"{draft}/zones/{items(site)[0]['key']}"
    assert clerk.post(form, data={**LOBBY, "spot_note": "by the stairs"}).headers["Location"] == draft
    assert items(site)[0]["values"]["spot_note"] == "by the stairs"


def test_a_confirmed_zone_that_is_edited_again_is_a_correction(site: Site) -> None:
    clerk, draft, question = asked(site, latitude="", longitude="", postal_code="", cameras="", cameras_recorded="",
                                   hours_mode="", hours_words="")  # fmt: skip
    clerk.post(question, data={choices(clerk.get(question))[0][0]: STORED})
    assert items(site)[0]["action"] == "confirm"
    form = f"{draft}/zones/{items(site)[0]['key']}"
    assert (
        clerk.post(form, data={"spot_note": "by the stairs", "street_address": "174 South Avenue"}).status_code == 302
    )
    assert items(site)[0]["action"] == "correct"


def test_a_draft_is_not_sent_before_the_answer(site: Site) -> None:
    clerk, draft, _ = asked(site)
    assert "Say whether it is the same" in words_of(clerk.get(draft))
    sent = clerk.post(f"{draft}/send")
    assert sent.headers["Location"] == f"{draft}/matches"
    assert site.state() == "draft"
    assert clerk.post(f"{draft}/matches").status_code == 400  # nothing is chosen
    assert (
        clerk.post(f"{draft}/matches", data={choices(clerk.get(f"{draft}/matches"))[0][0]: "ct-weston"}).status_code
        == 302
    )
    assert items(site)[0]["action"] == "add" and not items(site)[0]["distinct_from"]


def test_another_kind_of_spot_is_not_asked_about(site: Site) -> None:
    clerk, draft = begun(site)
    saved = clerk.post(f"{draft}/zones/new", data={**LOBBY, "setting": "other", "street_address": "1 Farm Road"})
    assert saved.headers["Location"] == draft


def test_the_very_spot_of_a_zone_is_that_zone_without_a_question(site: Site) -> None:
    clerk, draft = begun(site)
    same = {**LOBBY, "street_address": "174 South Avenue", "spot_note": "lobby of police headquarters"}
    assert clerk.post(f"{draft}/zones/new", data=same).headers["Location"] == draft
    clerk.post(f"{draft}/send")
    site.confirm(clerk, NEW_CANAAN["email"])
    zones = site.rows("SELECT count(*) FROM zone")[0][0]
    assert site.decide(site.staff(), "approve").status_code == 302
    assert site.rows("SELECT count(*) FROM zone")[0][0] == zones


def upload(site: Site, clerk: Any, draft: str, rows: list[dict[str, str]]) -> TestResponse:
    data = {"file": (io.BytesIO(table(rows)), "zones.csv")}
    clerk.post(f"{draft}/sheet", data=data, content_type="multipart/form-data")
    return clerk.get(f"{draft}/sheet/read")


ROW = {"town": "New Canaan", "setting": "lobby", "street_address": "174 SOUTH AVE", "hours": "24/7", "step_free": "yes",
       "postal_code": "06840"}  # fmt: skip
ROWS = [ROW, {**ROW, "setting": "parking lot", "lighting": "yes"}, {**ROW, "street_address": "1 Farm Road"}]


def test_the_rows_of_a_file_are_asked_about_together(site: Site) -> None:
    clerk, draft = begun(site)
    page = upload(site, clerk, draft, ROWS)
    text = words_of(page)
    assert "Does the directory have these zones?" in text
    assert "Is this your lobby at 174 South Avenue?" in text and "Is this your parking lot at 174 South Avenue?" in text
    names = {value: name for name, value in choices(page) if value != "another"}
    assert names.keys() == {STORED, "ct-new-canaan-parking-lot"}
    answers = {names[STORED]: STORED, names["ct-new-canaan-parking-lot"]: "another"}
    assert clerk.post(f"{draft}/matches", data=answers).status_code == 302
    assert [(item["action"], item["zone_id"]) for item in items(site)] == [
        ("correct", STORED),
        ("add", ""),
        ("add", ""),
    ]


def test_the_same_file_again_asks_nothing_again(site: Site) -> None:
    clerk, draft = begun(site)
    names = {value: name for name, value in choices(upload(site, clerk, draft, ROWS)) if value != "another"}
    clerk.post(f"{draft}/matches", data={names[STORED]: STORED, names["ct-new-canaan-parking-lot"]: "another"})
    before = items(site)
    again = upload(site, clerk, draft, ROWS)
    assert not choices(again)
    assert items(site) == before


def test_questions_are_asked_in_spanish(site: Site) -> None:
    clerk, _, question = asked(site)
    clerk.set_cookie("language", "es")
    text = words_of(clerk.get(question, headers={"Accept-Language": "es"}))
    assert "¿Es este su vestíbulo en 174 South Avenue?" in text


def test_a_known_department_written_otherwise_is_asked_about(site: Site) -> None:
    clerk = site.visitor()
    typed = {**NEW_CANAAN, "department": "Town of New Canaan Police Dept."}
    page = clerk.post("/submit", data=typed)
    assert page.status_code == 400 and "Do you mean New Canaan Police Department?" in words_of(page)
    asked = {"department_asked": typed["department"]}
    known = clerk.post("/submit", data={**typed, **asked, "department_meant": NEW_CANAAN["department"]})
    assert known.status_code == 302
    assert site.rows("SELECT department FROM submission") == [("New Canaan Police Department",)]
    other = clerk.post("/submit", data={**typed, **asked, "department_meant": "as-typed"})
    assert other.status_code == 302
    assert site.rows("SELECT department FROM submission ORDER BY id DESC LIMIT 1") == [(typed["department"],)]
    # An answer about another text is none, nor is a name that was not offered.
    assert (
        clerk.post("/submit", data={**typed, "department_asked": "x", "department_meant": "as-typed"}).status_code
        == 400
    )
    assert clerk.post("/submit", data={**typed, **asked, "department_meant": "Darien PD"}).status_code == 400


def test_another_department_of_the_town_is_not_asked_about(site: Site) -> None:
    for name in ("New Canaan Sheriff", "New Canaan College Police", "New Haven Police Department"):
        assert site.visitor().post("/submit", data={**NEW_CANAAN, "department": name}).status_code == 302


def test_the_answer_that_it_is_another_department_is_seen_by_moderators(site: Site) -> None:
    typed = {"department": "New Canaan PD", "department_asked": "New Canaan PD", "department_meant": "as-typed"}
    clerk, draft = begun(site, **typed)
    clerk.post(f"{draft}/zones/new", data={**LOBBY, "street_address": "9 Farm Road", "latitude": "41.15"})
    clerk.post(f"{draft}/send")
    site.confirm(clerk, NEW_CANAAN["email"])
    assert "Probably “New Canaan Police Department”" in words_of(site.staff().get(f"/review/{site.number()}"))


def test_a_town_that_the_gazetteer_writes_otherwise_is_asked_about(site: Site) -> None:
    saint = {"department": "Ramsey Transit Police", "region": "MN", "town": "St. Cloud", "email": "a@example.org"}
    page = site.visitor().post("/submit", data=saint)
    assert page.status_code == 400 and "Do you mean Saint Cloud?" in words_of(page)
    answer = {"town_asked": "St. Cloud", "town_meant": "Saint Cloud"}
    assert site.visitor().post("/submit", data={**saint, **answer}).status_code == 302
    assert site.rows("SELECT town FROM submission") == [("Saint Cloud",)]


def test_a_town_that_is_spelt_nearly_as_another_is_asked_about_and_may_be_one_of_its_own(site: Site) -> None:
    typed = {**NEW_CANAAN, "department": "Ramsey Transit Police", "town": "New Cannan"}
    page = site.visitor().post("/submit", data=typed)
    assert page.status_code == 400 and "Do you mean New Canaan?" in words_of(page)
    answer = {"town_asked": "New Cannan", "town_meant": "as-typed"}
    assert site.visitor().post("/submit", data={**typed, **answer}).status_code == 302
    assert site.rows("SELECT town FROM submission") == [("New Cannan",)]


def test_the_town_of_a_zone_is_asked_about_and_nothing_typed_is_lost(site: Site) -> None:
    clerk, draft = begun(site)
    zone = {**LOBBY, "town": "Wiltn", "street_address": "9 Farm Road"}
    page = clerk.post(f"{draft}/zones/new", data=zone)
    assert page.status_code == 400 and "Do you mean Wilton?" in words_of(page)
    assert items(site)[0]["values"]["town"] == "Wiltn"
    (form,) = re.findall(r'action="(/submit/[^"]+/zones/[^"]+)"', page.text)[:1]
    answer = {"town_asked": "Wiltn", "town_meant": "Wilton"}
    assert clerk.post(form, data={**zone, **answer}).status_code == 302
    assert [item["values"]["town"] for item in items(site)] == ["Wilton"]


def test_a_zone_is_in_the_known_town_however_its_form_writes_it(site: Site) -> None:
    clerk, draft = begun(site)
    zone = {**LOBBY, "town": "Town of New Canaan", "street_address": "9 Farm Road", "latitude": "41.15"}
    assert clerk.post(f"{draft}/zones/new", data=zone).headers["Location"] == draft
    assert items(site)[0]["values"]["town"] == "New Canaan"
    assert "9 Farm Road · New Canaan, CT" in words_of(clerk.get(draft))


def test_a_file_may_write_department_and_town_in_its_own_words(site: Site) -> None:
    clerk, draft = begun(site)
    row = {**ROWS[2], "department": "NCPD", "town": "New Canaan, Town of", "state": "CT"}
    page = words_of(upload(site, clerk, draft, [row]))
    assert "1 row is in the draft" in page
    assert "read as “New Canaan Police Department”" in page and "read as “New Canaan”" in page
    refused = words_of(upload(site, clerk, draft, [{**row, "department": "New Canaan Sheriff"}]))
    assert "is not New Canaan Police Department, CT" in refused
