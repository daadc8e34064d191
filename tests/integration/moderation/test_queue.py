"""The queue: filtered and counted, several decided at once after a question, and on to the next one."""

import json
import re
from urllib.parse import parse_qs, urlsplit

import pytest
from flask.testing import FlaskClient
from sqlalchemy import text

from directory.db.tables.contributions.data_cases import DataCaseKind
from directory.store.data_cases import NewCase, note_cases
from tests.support.site import DARIEN, WESTON, Site, body, errors, html_of, words_of
from tests.support.statements import statements

LOT = "ct-darien-parking-lot"
WILTON = "ct-wilton-parking-lot"


def waiting(site: Site, email: str, **zone: str) -> int:
    """A new zone that waits for a moderator."""
    clerk = site.visitor()
    site.submit(clerk, zone, email=email)
    site.confirm(clerk, email)
    assert site.state() == "waiting_for_review"
    return site.number()


def claimed(site: Site, email: str, action: str, typed: dict[str, str], zone: str = LOT) -> int:
    """A change of a zone by somebody whom nothing proves."""
    stranger = site.visitor()
    first = {"action": action} if action == "correct" else {"action": action, **typed}
    draft = stranger.post(f"/zones/{zone}/ours", data=first).headers["Location"]
    if action == "correct":
        draft = stranger.post(draft, data=typed).headers["Location"]
    stranger.post(f"{draft}/send", data={"email": email})
    site.confirm(stranger, email)
    assert site.state() == "waiting_for_review"
    return site.number()


def one_of_each_kind(site: Site) -> dict[str, int]:
    """Cases of every kind that can wait, by kind: their numbers."""
    numbers = {
        "new": waiting(site, "north@example.org"),
        "change": claimed(site, "south@example.org", "correct", {"spot_note": "by the east gate"}),
        "closure": claimed(site, "east@example.org", "withdraw", {"note": "Built over."}),
        "confirmation": claimed(site, "west@example.org", "confirm", {}, WILTON),
    }
    site.accepted_clerk().post("/towns/ct/darien/manage", data={"phone": "203-662-5300"})
    site.visitor().post(f"/zones/{LOT}/report", data={"kind": "hours", "text": "Closed at noon."})
    details = {"values": {"opening_hours": "24/7"}, "source": {"url": "https://county.example/list"}}
    found = NewCase(DataCaseKind.DISAGREEMENT, WILTON, "opening_hours", details)
    with site.context.writing() as session:
        note_cases(session, "list", [WILTON], found.kind, [found])
    return {**numbers, "town_page": 1, "report": 1, "data": 1}


def keys(page: str) -> list[str]:
    """What can be chosen on a page of the queue, in its order."""
    return re.findall(r'name="chosen" value="([^"]+)"', " ".join(page.split()))


def kinds(page: str) -> set[str]:
    return {key.partition("-")[0] for key in keys(page)}


def test_every_kind_is_counted_and_shown_alone_by_kind_risk_age_and_words(site: Site) -> None:
    every = one_of_each_kind(site)
    with site.engine.begin() as connection:
        old = "UPDATE submission SET sent_at = '2020-01-02 03:04:05' WHERE id = :n"
        connection.execute(text(old), {"n": every["change"]})
    moderator = site.staff()
    page = moderator.get("/review")
    assert kinds(page.text) == set(every) and keys(page.text)[0].startswith("change-")
    assert "7 wait for a decision" in words_of(page) and "New zones 1" in words_of(page)
    for kind in every:
        assert kinds(moderator.get(f"/review?kind={kind}").text) == {kind}
    assert kinds(moderator.get("/review?risk=high").text) == {"closure"}
    assert kinds(moderator.get("/review?age=30").text) == {"change"}
    assert kinds(moderator.get("/review?q=NORTH@example").text) == {"new"}
    assert kinds(moderator.get(f"/review?q={every['closure']}+east").text) == {"closure"}
    assert kinds(moderator.get("/review?q=wilton").text) == {"confirmation", "data"}
    assert keys(moderator.get("/review?order=newest").text)[-1].startswith("change-")
    assert keys(moderator.get("/review?order=risk").text)[0].startswith("closure-")
    nothing = moderator.get("/review?kind=new&risk=high&q=nobody")
    assert "Nothing here is like that." in words_of(nothing) and not keys(nothing.text)
    assert kinds(moderator.get("/review?kind=odd&risk=odd&age=x&order=odd&state=odd").text) == set(every)


def test_as_many_queries_are_asked_for_many_cases_as_for_few(site: Site) -> None:
    moderator, counted = site.staff(), []
    for number in range(6):
        waiting(site, f"clerk{number}@example.org", name=f"Zone {number}")
        claimed(site, f"other{number}@example.org", "correct", {"spot_note": f"by gate {number}"})
        with statements(site.engine) as asked:
            assert len(keys(moderator.get("/review").text)) == 2 * (number + 1)
        counted.append(len(asked))
    assert counted[1] == counted[-1]


def test_fifty_cases_are_a_page_and_the_filter_leads_on(site: Site) -> None:
    for _ in range(51):
        found = NewCase(DataCaseKind.DISAGREEMENT, WILTON, f"opening_hours_{_}", {"values": {}, "source": {"url": ""}})
        with site.context.writing() as session:
            note_cases(session, f"list {_}", [WILTON], found.kind, [found])
    moderator = site.staff()
    assert len(keys(moderator.get("/review?kind=data").text)) == 50
    assert len(keys(moderator.get("/review?kind=data&page=2").text)) == 1
    assert "kind=data&amp;page=2" in moderator.get("/review?kind=data").text


def chosen_now(moderator: FlaskClient) -> list[str]:
    return keys(moderator.get("/review").text)


def together(moderator: FlaskClient, do: str, chosen: list[str], reason: str = "", **form: str) -> tuple[int, str]:
    """What the desk answers: its status, and the words of its page."""
    page = moderator.post("/review/together", data={"do": do, "chosen": chosen, "reason": reason, **form})
    return page.status_code, words_of(page)


def test_several_are_decided_only_after_the_question_how_many_and_each_stands_by_itself(site: Site) -> None:
    numbers = [waiting(site, f"{name}@example.org") for name in ("north", "south", "east")]
    moderator = site.staff()
    chosen = chosen_now(moderator)
    assert len(chosen) == 3
    asked = moderator.post("/review/together", data={"do": "approve", "chosen": chosen, "reason": "All good."})
    assert "Approve 3 cases?" in words_of(asked) and keys(asked.text) == chosen
    assert {site.state(number) for number in numbers} == {"waiting_for_review"}
    site.decide(moderator, "decline", number=numbers[1])
    status, words = together(moderator, "approve", chosen, "All good.", sure="1")
    assert status == 200 and "2 cases approved" in words and "Another moderator decided this first" in words
    assert [site.state(number) for number in numbers] == ["approved", "declined", "approved"]
    log = site.rows("SELECT actor, reason FROM change WHERE kind = 'submission' AND action = 'approve' ORDER BY id")
    assert log == [("moderator@example.org", "All good.")] * 2
    assert "> All good." in body(site.mails("north@example.org")[-1])


def test_what_cannot_be_decided_with_others_is_named_and_left(site: Site) -> None:
    every = one_of_each_kind(site)
    moderator = site.staff()
    chosen = [*chosen_now(moderator), "new-99999-1", "nonsense", "new-x-1"]
    asked = moderator.post("/review/together", data={"do": "approve", "chosen": chosen, "reason": "All good."})
    words = words_of(asked)
    assert {key.partition("-")[0] for key in keys(asked.text)} == {"new", "change", "confirmation"}
    assert "Approve 3 cases?" in words and "It needs a look of its own" in words
    assert "New zones 99999: Another moderator decided this first" in words
    grave = [key for key in chosen if key.startswith(("closure", "report", "town_page", "data"))]
    status, words = together(moderator, "approve", grave, "All good.", sure="1")  # whatever the question showed
    assert status == 200 and "0 cases approved" in words and site.state(every["closure"]) == "waiting_for_review"
    status, words = together(moderator, "close", chosen, sure="1")
    assert "2 cases closed" in words
    assert site.rows("SELECT state, closed_by FROM problemreport") == [("closed", "moderator@example.org")]
    assert site.rows("SELECT state, decided_by FROM data_case") == [("kept", "moderator@example.org")]
    assert site.rows("SELECT count(*) FROM submission WHERE looked_at")[0][0] == 0  # it waits still
    together(moderator, "decline", chosen, "Not yours.", sure="1")
    assert site.rows("SELECT status FROM town_kit_change") == [("declined",)]
    assert {site.state(every[kind]) for kind in ("new", "change", "closure", "confirmation")} == {"declined"}


def test_without_a_reason_or_a_case_nothing_is_decided_and_nothing_typed_is_lost(site: Site) -> None:
    number, moderator = waiting(site, "north@example.org"), site.staff()
    (key,) = chosen_now(moderator)
    for reason, problem in (("", "is missing"), ("x" * 501, "That is too long")):
        page = moderator.post("/review/together", data={"do": "decline", "chosen": key, "reason": reason, "sure": "1"})
        assert page.status_code == 400 and problem in errors(page)[0] and reason in page.text
        assert f'value="{key}" checked' in html_of(page)
    page = moderator.post("/review/together", data={"do": "decline", "reason": "Not yours."})
    assert page.status_code == 400 and "Tick at least one case." in words_of(page) and "Not yours." in page.text
    back = moderator.post("/review/together", data={"do": "back", "chosen": key, "reason": "Not yours."})
    assert f'value="{key}" checked' in html_of(back) and "Not yours." in back.text
    every = moderator.post("/review/together", data={"do": "all", "reason": "Not yours."})
    assert f'value="{key}" checked' in html_of(every) and "Not yours." in every.text
    assert moderator.post("/review/together", data={"do": "odd", "chosen": key}).status_code == 400
    assert site.state(number) == "waiting_for_review"


def test_only_moderators_decide_together(site: Site) -> None:
    number = waiting(site, "north@example.org")
    form = {"do": "approve", "chosen": f"new-{number}-1", "reason": "Mine.", "sure": "1"}
    assert site.visitor().post("/review/together", data=form).status_code == 401
    assert site.accepted_clerk().post("/review/together", data=form).status_code == 403
    assert site.state(number) == "waiting_for_review"


def test_what_is_live_already_is_looked_at_together(site: Site) -> None:
    clerk = site.accepted_clerk()
    draft = clerk.post(f"/zones/{LOT}/ours", data={"action": "confirm"}).headers["Location"]
    clerk.post(f"{draft}/send")
    moderator = site.staff()
    live = keys(moderator.get("/review?state=live").text)
    status, words = together(moderator, "close", live, sure="1")
    assert status == 200 and "1 case closed" in words
    assert site.rows("SELECT looked_at FROM submission")[0][0]


def test_a_decision_leads_to_the_next_case_of_the_same_filter_and_at_last_back_to_the_queue(site: Site) -> None:
    first, second, third = (waiting(site, f"{name}@example.org") for name in ("north", "south", "east"))
    claimed(site, "west@example.org", "confirm", {})
    moderator = site.staff()
    page = moderator.get(f"/review/{second}?kind=new")
    assert "2 of 3" in words_of(page) and f'href="/review/{third}?kind=new" data-key="n"' in html_of(page)
    order = [(second, third), (third, first), (first, None)]
    for number, following in order:
        version = site.rows("SELECT version FROM submission WHERE id = :n", n=number)[0][0]
        form = {"step": "decline", "reason": "Not yours.", "version": version}
        goes_on = urlsplit(moderator.post(f"/review/{number}/decide?kind=new", data=form).headers["Location"])
        assert goes_on.path == (f"/review/{following}" if following else "/review")
        assert parse_qs(goes_on.query) == {"kind": ["new"], "done": ["decline"]}
    assert "Nothing here is like that." in words_of(moderator.get("/review?kind=new"))


def test_a_written_reason_fills_the_field_and_reaches_the_sender_in_their_language(site: Site) -> None:
    clerk = site.visitor()
    clerk.get("/?lang=es")
    site.submit(clerk)
    site.confirm(clerk, WESTON["email"])
    number, moderator = site.number(), site.staff()
    assert site.rows("SELECT language FROM submission") == [("es",)]
    written = "Please say which door or which parking spaces people should look for when they arrive."
    page = moderator.post(f"/review/{number}/decide", data={"written": "spot", "reason": "", "version": "1"})
    assert page.status_code == 200 and f">{written}</textarea>" in html_of(page).replace("> ", ">")
    bulk = moderator.post("/review/together", data={"written": "checked", "chosen": chosen_now(moderator)})
    assert "We checked it against what your department publishes. Thank you.</textarea>" in html_of(bulk)
    assert site.state(number) == "waiting_for_review"
    site.decide(moderator, "request_changes", written)
    mail = body(site.mails(WESTON["email"])[-1])
    assert written not in mail and "puerta" in mail
    assert site.rows("SELECT reason FROM submission")[0][0] in " ".join(mail.replace("\n> ", " ").split())


def test_an_edited_reason_reaches_the_sender_as_it_was_typed(site: Site) -> None:
    waiting(site, "north@example.org")
    site.decide(site.staff(), "decline", "We changed the entry. Not.")
    assert "> We changed the entry. Not." in body(site.mails("north@example.org")[-1])


@pytest.mark.parametrize("barred", [False, True])
def test_what_was_declined_by_mistake_is_taken_up_again_but_nothing_of_a_barred_sender(
    site: Site, barred: bool
) -> None:
    number, moderator = waiting(site, "north@example.org"), site.staff()
    site.decide(moderator, "decline", "A slip.")
    if barred:
        moderator.post(
            "/review/barred", data={"value": "north@example.org", "reason": "x", "shown": "north@example.org"}
        )
    version = site.rows("SELECT version FROM submission")[0][0]
    assert "Take it up again" in words_of(moderator.get(f"/review/{number}"))
    answer = moderator.post(f"/review/{number}/take-up", data={"version": version})
    assert answer.status_code == (409 if barred else 302)
    assert site.state(number) == ("declined" if barred else "waiting_for_review")
    if not barred:
        assert moderator.post(f"/review/{number}/take-up", data={"version": version}).status_code == 409
        assert "looks at it once more" in body(site.mails("north@example.org")[-1])
        assert site.rows("SELECT action FROM change WHERE kind = 'submission' ORDER BY id DESC LIMIT 1") == [
            ("take_up",)
        ]
        site.decide(moderator, "approve", "Sorry.")
        assert site.state(number) == "approved"


def test_what_was_not_stated_is_not_struck_through_and_what_stays_is_told(site: Site) -> None:
    number = claimed(site, "south@example.org", "correct", {"cameras_recorded": "yes", "spot_note": "by the gate"})
    page = html_of(site.staff().get(f"/review/{number}"))
    assert "<del>Not stated</del>" not in page and re.search(r"<del>[^<]+</del>", page)
    assert "stay as they are" in page
    assert json.loads(site.rows("SELECT items FROM submission")[0][0])[0]["values"]["cameras_recorded"] == "yes"
    assert f"/review/departments/{DARIEN}" in page
