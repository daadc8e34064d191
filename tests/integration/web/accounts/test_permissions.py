"""Permissions as a table: role by route by outcome, for every route there is."""

import re
from datetime import timedelta

import pyotp
import pytest
from flask.testing import FlaskClient
from werkzeug.routing import Rule

from directory import clock
from directory.accounts.staff import appoint
from directory.db.tables.accounts import Staff
from directory.web.accounts.permissions import ACCESS, Access
from tests.support.site import DARIEN, Site, words_of

ROLES = ("nobody", "person", "newcomer", "editor", "manager", "moderator", "administrator")
OPENS: dict[Access, tuple[str, ...]] = {
    Access.PUBLIC: ROLES,
    Access.BY_LINK: ROLES,
    Access.BEARER: ROLES,
    Access.SIGNED_IN: ROLES[1:],
    Access.EDITOR: ("newcomer", "editor", "manager", "moderator", "administrator"),
    Access.CARETAKER: ("newcomer", "editor", "manager", "moderator", "administrator"),
    Access.ACCEPTED: ("editor", "manager", "moderator", "administrator"),
    Access.MANAGER: ("manager", "administrator"),
    Access.TOWN_MANAGER: ("manager", "moderator", "administrator"),
    Access.MODERATOR: ("moderator", "administrator"),
    Access.ADMINISTRATOR: ("administrator",),
}
"""Who gets in: everybody else is sent to sign in, or refused."""

VALUES = {
    "zone_id": "ct-darien-parking-lot", "program_id": "new", "state": "ct", "name": "darien-police-department",
    "slug": DARIEN, "town": "darien",
    "digest": "0" * 64, "number": "1", "token": "unknown", "key": "unknown", "item": "new", "form": "csv",
    "filename": "site.css", "release": "of-another", "theme": "auto", "color": "0b5c63", "language": "en",
    "version": "unknown", "zoom": "0", "column": "0", "row": "0",
}  # fmt: skip
OTHERS = {"zone_id": "ct-wilton-parking-lot", "slug": "ct/wilton-police-department", "town": "wilton"}


def path_of(rule: str, values: dict[str, str]) -> str:
    return re.sub(r"<(?:\w+:)?(\w+)>", lambda match: values[match[1]], rule)


@pytest.fixture
def doors(site: Site) -> dict[str, FlaskClient]:
    """A browser for every role, all about the Darien police; nobody has accepted the newcomer yet."""
    clerk = site.accepted_clerk("chief@darienct.gov")
    draft = clerk.post("/zones/ct-darien-parking-lot/ours", data={"action": "confirm"}).headers["Location"]
    clerk.post(f"{draft}/send")
    clerk.post(f"/desk/{DARIEN}/people", data={"email": "editor@darienct.gov", "role": "editor"})
    newcomer = site.visitor()
    draft = newcomer.post("/zones/ct-darien-parking-lot/ours", data={"action": "confirm"}).headers["Location"]
    newcomer.post(f"{draft}/send", data={"email": "newcomer@darienct.gov"})
    site.confirm(newcomer, "newcomer@darienct.gov")
    person = site.visitor()
    site.submit(person)
    site.confirm(person, "clerk@westonct.gov")
    return {
        "nobody": site.visitor(), "person": person, "newcomer": newcomer, "manager": clerk,
        "editor": site.signed_in("editor@darienct.gov"),
        "moderator": site.staff(), "administrator": site.staff("admin@example.org", Staff.ADMINISTRATOR),
    }  # fmt: skip


def outcome(client: FlaskClient, method: str, path: str) -> str:
    """What somebody at the door sees: opened, sent to sign in, or refused."""
    response = client.open(path, method=method, data={} if method == "POST" else None)
    if response.status_code == 302 and "/sign-in?" in response.headers["Location"]:
        return "sign in"
    response.close()
    return {401: "sign in", 403: "refused"}.get(response.status_code, "opened")


def test_every_route_opens_for_exactly_the_roles_of_the_table(site: Site, doors: dict[str, FlaskClient]) -> None:
    wrong = []
    for rule in site.app.url_map.iter_rules():
        access = ACCESS[rule.endpoint]
        if rule.endpoint in ("sign_in.leave", "sign_in.leave_everywhere", "desk.confirm"):
            continue  # they end the session, or ask for more than the role: tests of their own
        for method in (rule.methods or set()) & {"GET", "POST"}:
            for role, client in doors.items():
                seen = outcome(client, method, path_of(rule.rule, VALUES))
                expected = "opened" if role in OPENS[access] else "sign in" if role == "nobody" else "refused"
                if seen != expected:
                    wrong.append(f"{role} {method} {rule.rule} ({access}): {seen}, not {expected}")
    assert wrong == []


def test_nobody_of_one_department_enters_another(site: Site, doors: dict[str, FlaskClient]) -> None:
    for rule in site.app.url_map.iter_rules():
        if ACCESS[rule.endpoint] in (
            Access.EDITOR,
            Access.ACCEPTED,
            Access.MANAGER,
            Access.CARETAKER,
            Access.TOWN_MANAGER,
        ):
            for method in (rule.methods or set()) & {"GET", "POST"}:
                for role in ("editor", "manager"):
                    path = path_of(rule.rule, {**VALUES, **OTHERS})
                    assert outcome(doors[role], method, path) == "refused", path


def test_a_route_without_declared_access_opens_for_nobody_and_fails_this_test(site: Site) -> None:
    assert {rule.endpoint for rule in site.app.url_map.iter_rules()} == set(ACCESS)
    site.app.url_map.add(Rule("/forgotten", endpoint="forgotten"))
    site.app.view_functions["forgotten"] = lambda: "secret"
    for client in (site.visitor(), site.staff("admin@example.org", Staff.ADMINISTRATOR)):
        assert client.get("/forgotten").status_code == 403


def test_a_moderator_without_the_second_factor_gets_no_further_than_its_page(site: Site) -> None:
    site.staff()
    client = site.signed_in("moderator@example.org")
    assert "/sign-in/code" in client.get("/review").headers["Location"]
    assert client.post("/review/1/decide", data={"step": "approve", "reason": "x"}).status_code == 302
    assert client.post("/sign-in/code", data={"code": "000000"}).status_code == 400
    assert client.get("/review").status_code == 302


def test_a_code_is_good_once(site: Site) -> None:
    site.staff()
    secret = site.rows("SELECT totp_secret FROM person WHERE email = 'moderator@example.org'")[0][0]
    code = {"code": pyotp.TOTP(secret).now()}
    assert site.signed_in("moderator@example.org").post("/sign-in/code", data=code).status_code == 302
    assert site.signed_in("moderator@example.org").post("/sign-in/code", data=code).status_code == 400


def test_a_session_ends_everywhere_when_its_owner_says_so(site: Site, doors: dict[str, FlaskClient]) -> None:
    phone = site.signed_in("chief@darienct.gov")
    assert phone.get("/desk").status_code == doors["manager"].get("/desk").status_code == 200
    phone.post("/sign-out-everywhere")
    for client in (phone, doors["manager"]):
        assert client.get("/desk").status_code == 302


def test_signing_out_ends_this_session_only(site: Site, doors: dict[str, FlaskClient]) -> None:
    phone = site.signed_in("chief@darienct.gov")
    phone.post("/sign-out")
    assert phone.get("/desk").status_code == 302
    assert doors["manager"].get("/desk").status_code == 200


def test_a_dismissed_moderator_is_out_at_once(site: Site, doors: dict[str, FlaskClient]) -> None:
    assert doors["moderator"].get("/review").status_code == 200
    doors["administrator"].post("/review/people", data={"email": "moderator@example.org", "role": ""})
    assert doors["moderator"].get("/review").status_code == 302


def test_a_removed_colleague_is_out_at_once_and_the_last_manager_stays(
    site: Site, doors: dict[str, FlaskClient]
) -> None:
    number = {row[1]: row[0] for row in site.rows("SELECT id, email FROM person")}
    doors["manager"].post(f"/desk/{DARIEN}/people/{number['editor@darienct.gov']}/remove")
    assert doors["editor"].get(f"/desk/{DARIEN}").status_code == 403
    doors["manager"].post(f"/desk/{DARIEN}/people/{number['chief@darienct.gov']}/remove")
    assert doors["manager"].get(f"/desk/{DARIEN}").status_code == 200


def test_an_unknown_address_gets_no_mail_and_the_page_does_not_tell(site: Site) -> None:
    site.staff()
    known = site.visitor().post("/sign-in", data={"email": "moderator@example.org"})
    unknown = site.visitor().post("/sign-in", data={"email": "nobody@example.org"})
    assert words_of(unknown) == words_of(known).replace("moderator@", "nobody@")
    assert site.mails("nobody@example.org") == []


def test_a_sign_in_link_expires_and_is_good_once(site: Site) -> None:
    site.staff()
    client = site.visitor()
    client.post("/sign-in", data={"email": "moderator@example.org"})
    link = site.link("moderator@example.org", "/sign-in/")
    clock.run_ahead(timedelta(minutes=31))
    assert client.post(link).status_code == 410
    clock.run_ahead(timedelta(0))
    assert client.get(link).status_code == 200
    assert client.post(link).status_code == 302
    assert client.post(link).status_code == 410


def test_mails_never_lead_to_a_host_that_a_stranger_wrote_into_the_request(site: Site) -> None:
    site.staff()
    response = site.visitor().post(
        "/sign-in", data={"email": "moderator@example.org"}, headers={"Host": "evil.example"}
    )
    assert response.status_code == 503
    assert all("evil.example" not in mail.as_string() for mail in site.mails())


def test_one_is_sent_back_to_this_site_only(site: Site) -> None:
    site.staff()
    for target in ("https://evil.example/", "//evil.example", "/\\evil.example", "javascript:alert(1)"):
        client = site.visitor()
        client.post("/sign-in", query_string={"next": target}, data={"email": "moderator@example.org"})
        response = client.post(site.link("moderator@example.org", "/sign-in/"))
        assert "evil" not in response.headers["Location"]


def test_signing_in_and_out_stands_in_the_log(site: Site) -> None:
    appoint(site.context, "moderator@example.org", Staff.MODERATOR, "operator")
    client = site.signed_in_by_mail("moderator@example.org")
    [secret] = re.findall(r"<code>([A-Z2-7]{32})</code>", client.get("/sign-in/code").text)
    assert client.post("/sign-in/code", data={"code": pyotp.TOTP(secret).now()}).status_code == 302
    client.post("/sign-out-everywhere")
    done = [
        row[0] for row in site.rows("SELECT action FROM change WHERE subject = 'moderator@example.org' ORDER BY id")
    ]
    assert done == ["became moderator", "signed in", "set up codes", "signed out everywhere"]


def test_private_pages_are_kept_by_no_cache(site: Site, doors: dict[str, FlaskClient]) -> None:
    for role, path in (("manager", "/desk"), ("moderator", "/review"), ("nobody", "/sign-in/unknown")):
        headers = doors[role].get(path).headers
        assert headers["Cache-Control"] == "private, no-store" and headers["X-Robots-Tag"] == "noindex"


def test_a_cookie_by_which_other_applications_remember_people_is_not_looked_at(site: Site) -> None:
    visitor = site.visitor()
    visitor.set_cookie("remember_token", "a|b")
    assert visitor.get("/submit").status_code == 200
    assert visitor.get("/review").status_code == 302
