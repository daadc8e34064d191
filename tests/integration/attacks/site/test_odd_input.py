"""Numbers that no column holds, characters that no database keeps, and departments that nobody knows."""

import io
import re
from contextlib import ExitStack, suppress

import pytest
from sqlalchemy import create_engine
from sqlalchemy.exc import TimeoutError as PoolTimeout

from directory.db.tables.accounts import Staff
from directory.monitoring.write_probe import WriteProbe
from directory.web.http.limits.rate_limits import limiter
from tests.integration.web.http.security.test_security_headers import VALUES
from tests.support.site import DARIEN, WESTON, Site, words_of

NUMBERS = ("9" * 30, str(2**31), "9" * 5_000, "²", "-1", "")
INTEGER = re.compile(r"<int:\w+>")


def integer_routes(site: Site) -> list[tuple[str, str]]:
    """(method, pattern) of every route that takes a number."""
    return [
        (method, rule.rule)
        for rule in site.app.url_map.iter_rules()
        for method in {"GET", "POST"} & set(rule.methods or ())
        if INTEGER.search(rule.rule)
    ]


def test_a_number_in_an_address_that_no_row_can_have_leads_nowhere(site: Site) -> None:
    administrator = site.staff(role=Staff.ADMINISTRATOR)
    routes = integer_routes(site)
    assert len(routes) > 15
    for method, pattern in routes:
        for number in ("9" * 30, str(10**30), str(2**31), "9" * 5_000, "²"):
            path = INTEGER.sub(number, pattern)
            path = re.sub(r"<(?:\w+:)?(\w+)>", lambda found: VALUES.get(found[1], "1"), path)
            assert administrator.open(path, method=method).status_code in (404, 405), (method, path[:80])


@pytest.mark.parametrize("number", [*NUMBERS, str(2**31 - 1)])
def test_a_number_in_a_form_that_no_row_can_have_is_refused(site: Site, number: str) -> None:
    clerk = site.signed_in_as_clerk()
    administrator = site.staff(role=Staff.ADMINISTRATOR)
    case = site.number()
    person = site.rows("SELECT id FROM person WHERE email = :e", e=WESTON["email"])[0][0]
    decision = {"step": "decline", "reason": "r", "version": number}
    desk = f"/desk/ct/weston-police-department/submissions/{case}/decide"
    posts = [
        (f"/review/{case}/decide", decision),
        (f"/review/{case}/seen", {"version": number}),
        (f"/review/{case}/call-back", {"called": "1", "version": number}),
        (f"/review/{case}/domain", {"evidence": "e", "version": number}),
        (
            "/review/together",
            {
                "do": "approve",
                "sure": "1",
                "reason": "r",
                "chosen": [f"new-{number}-1", f"new-{case}-{number}", f"data-{number}-{number}"],
            },
        ),
        (desk, decision),
        (f"/review/people/{person}/impostor", {"reason": "r", "seen": number}),
        ("/towns/ct/darien/manage/decide", {"step": "decline", "reason": "r", "change": number}),
        ("/towns/ct/darien/manage/take-back", {"change": number}),
    ]
    for path, form in posts:
        assert administrator.post(path, data=form).status_code in (200, 400, 403, 409), path
    assert clerk.post(desk, data=decision).status_code < 500
    assert site.state() == "waiting_for_review"


@pytest.mark.parametrize("number", NUMBERS)
def test_a_number_in_a_query_that_is_none_is_no_failure(site: Site, number: str) -> None:
    moderator = site.staff()
    case = site.rows("SELECT id FROM person LIMIT 1")[0][0]
    zones = "url=http://localhost/towns/ct/darien"
    for path in (f"/review/people/{case}?entries={number}", f"/search?q=Darien&limit={number}",
                 f"/oembed?{zones}&maxheight={number}", f"/embed/ct/darien?height={number}",
                 f"/api/v1/nearest?lat=41&lon=-73&limit={number}", f"/embed?height={number}"):  # fmt: skip
        assert moderator.get(path).status_code < 500, path


@pytest.mark.parametrize("character", ["\0", "%ED%A0%80"], ids=["NUL", "surrogate"])
def test_no_form_or_address_brings_a_character_that_no_database_keeps(site: Site, character: str) -> None:
    """A surrogate in an address is no UTF-8 and stays as it is written, so that it is harmless."""
    visitor, moderator = site.visitor(), site.staff()
    odd = "%00" if character == "\0" else character
    pages = (f"/search?q={odd}", f"/review/domains?q={odd}", f"/towns/ct/{odd}", f"/api/v1/nearest?address=a{odd}",
             f"/api/v1/towns?{odd}=1", f"/photos/{odd}.jpg", f"/embed?near={odd}")  # fmt: skip
    for path in pages:
        response = moderator.get(path)
        assert response.status_code < 500, path
        if character == "\0":
            assert response.status_code == (400 if "?" in path else 404), path
            assert ("problem+json" in (response.content_type or "")) is path.startswith("/api/"), path
    forms = [("/zones/ct-darien-parking-lot/report", {"kind": "gone", "text": f"a{character}b"}),
             ("/submit", {**WESTON, "department": f"Weston{character} Police"}),
             ("/review/people", {"email": f"a{character}@example.org", "role": ""}),
             (f"/review/departments/{DARIEN}/towns", {"town": "Weston", "evidence": character})]  # fmt: skip
    for path, form in forms:
        client = visitor if not path.startswith("/review") else moderator
        assert client.post(path, data=form).status_code == 400 or character != "\0", path


def test_the_name_of_a_file_holds_no_such_character_and_its_content_may(site: Site) -> None:
    draft = site.visitor().post("/submit?then=sheet", data=WESTON).headers["Location"]
    for name, status in (("a\0.csv", 400), ("a.csv", 400)):
        response = site.visitor().post(draft, data={"file": (io.BytesIO(b"a\0b"), name)})
        assert response.status_code == status
        assert ("neither" in words_of(response)) is (name == "a.csv"), "the second is read as a file"


def test_a_database_without_a_free_connection_is_a_problem_and_no_failure(site: Site) -> None:
    own = type(site.engine.pool)
    site.engine.dispose()
    site.engine.pool = create_engine(site.engine.url, pool_timeout=0.1).pool
    assert type(site.engine.pool) is own
    with ExitStack() as held:
        with suppress(PoolTimeout):
            while True:
                held.enter_context(site.engine.connect())
        assert "in use" in WriteProbe(site.engine).result().problem
        client = site.visitor()
        assert client.get("/readyz").status_code == 200
        assert "safezones_database_writable 0.0" in client.get("/metrics").text


def test_what_is_not_there_has_the_status_of_that(site: Site) -> None:
    moderator = site.staff()
    for path in ("/review/town-pages/999", "/review/departments/xx/none", "/desk/xx/none"):
        assert moderator.get(path).status_code == 404, path
    note = {"town": "Weston", "evidence": "its page"}
    assert moderator.post("/review/departments/ct/none/towns", data=note).status_code == 404
    assert moderator.post("/review/departments/xx/none/towns/remove", data=note).status_code == 404
    assert site.rows("SELECT * FROM department_town") == []
    assert site.visitor().post("/still-right/dead", data={"shown": "x"}).status_code == 410


def test_a_department_that_only_people_or_submissions_name_stays_reachable(site: Site) -> None:
    site.submit(site.visitor(), department="Weston Harbor Police", email="clerk@example.org")
    moderator = site.staff()
    site.accepted_clerk("chief@redding.gov", "Redding Police Department", "Redding")
    for name in ("weston-harbor-police", "redding-police-department"):
        for path in (f"/review/departments/ct/{name}", f"/desk/ct/{name}"):
            assert moderator.get(path).status_code == 200, path


def test_the_answer_to_a_reminder_is_limited(site: Site) -> None:
    limiter.enabled = True
    limiter.reset()
    try:
        visitor = site.visitor()
        for path in ("/still-right/dead", "/objection/dead"):
            statuses = [visitor.post(path).status_code for _ in range(site.settings.submissions_per_hour + 1)]
            assert (statuses[0], statuses[-1]) == (410, 429), path
    finally:
        limiter.reset()
        limiter.enabled = False
