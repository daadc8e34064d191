"""The secret key is rotated and dropped while people use the site."""

import re
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from datetime import timedelta
from pathlib import Path

import pyotp
from click.testing import CliRunner
from flask.testing import FlaskClient
from werkzeug.test import TestResponse

from directory import clock
from directory.accounts.staff import appoint
from directory.cli import main
from directory.db.tables.accounts import Staff
from directory.settings import Settings
from directory.web.accounts.known_device import is_known_device
from tests.support.site import WESTON, Site, site_on, words_of

MODERATOR = "moderator@example.org"


def safezones(site: Site, *words: str, **environment: str) -> str:
    """What a command about this site prints."""
    result = CliRunner().invoke(main, list(words), env={**site.environment, **environment}, catch_exceptions=False)
    assert result.exit_code == 0, result.output
    return result.output


def token_in(page: TestResponse) -> str:
    return re.findall(r'name="csrf_token"[^>]* value="([^"]+)"', page.text)[0]


@contextmanager
def with_tokens(site: Site) -> Iterator[None]:
    """Forms have tokens, and need them."""
    site.app.config["WTF_CSRF_ENABLED"] = True
    yield
    site.app.config["WTF_CSRF_ENABLED"] = False


def form_in_a_tab(site: Site) -> Callable[[], int]:
    """A page with a form that was opened now: sends it, and gives the answer's status."""
    visitor = site.visitor()
    with with_tokens(site):
        token = token_in(visitor.get("/sign-in"))

    def send() -> int:
        with with_tokens(site):
            return visitor.post("/sign-in", data={"email": "a@b.gov", "csrf_token": token}).status_code

    return send


def card(visitor: FlaskClient) -> str:
    day = (clock.now() + timedelta(days=10)).date().isoformat()
    form = {"date": day, "time": "19:00", "make": "1"}
    return visitor.get("/zones/ct-darien-parking-lot/meet", query_string=form).headers["Location"]


def invitation(visitor: FlaskClient) -> str:
    page = visitor.post("/meet/invite", data={"place": "06877"})
    return re.findall(r'href="http://localhost(/meet/with/[^"]+)"', page.text)[0]


def setting_up_an_app(site: Site) -> Callable[[], int]:
    """A moderator who has scanned the code for an app: types what it shows."""
    appoint(site.context, MODERATOR, Staff.MODERATOR, "operator")
    moderator = site.signed_in(MODERATOR)
    secret = re.findall(r"\b[A-Z2-7]{32}\b", moderator.get("/sign-in/code").text)[0]
    return lambda: moderator.post("/sign-in/code", data={"code": pyotp.TOTP(secret).now()}).status_code


def test_what_was_made_before_a_rotation_works_until_its_key_is_dropped_and_what_is_made_after_it_stays(
    site: Site,
) -> None:
    def made(email: str) -> tuple[FlaskClient, str, list[str]]:
        """A clerk with a draft that is sent: the browser, its draft, and links that anybody opens."""
        clerk = site.visitor()
        draft = site.submit(clerk, email=email)
        return clerk, draft, [draft, card(clerk), invitation(clerk)]

    def statuses(paths: list[str]) -> list[int]:
        return [site.visitor().get(path).status_code for path in paths]

    site.domain("westonct.gov", "Weston")
    clerk, _, links = made(WESTON["email"])
    signed_in = site.signed_in_as_clerk("sergeant@westonct.gov")
    forms = [form_in_a_tab(site), form_in_a_tab(site)]
    types_code = setting_up_an_app(site)

    told = safezones(site, "key", "rotate")
    assert "makes everything new" in told and "until" in told
    assert statuses(links) == [200, 200, 200]
    assert signed_in.get("/desk").status_code == 200
    assert forms[0]() == 200
    assert types_code() == 302
    with signed_in:
        signed_in.get("/sign-in")
        assert is_known_device("sergeant@westonct.gov")
    assert site.confirm(clerk, WESTON["email"]).status_code in (200, 302), "a mailed link"
    assert clerk.get("/desk").status_code == 200

    _, _, new_links = made("chief@westonct.gov")
    newly_signed_in = site.signed_in("sergeant@westonct.gov")
    new_form = form_in_a_tab(site)

    told = safezones(site, "key", "drop", "--yes")
    assert "is dropped" in told and "meeting cards" in told
    assert statuses(new_links) == [200, 200, 200]
    assert newly_signed_in.get("/desk").status_code == 200
    assert new_form() == 200
    assert statuses(links) == [404, 404, 404]
    for link in links:
        assert "We cannot read this link" in words_of(site.visitor().get(link))
    assert forms[1]() == 400
    assert "There is no fallback" in safezones(site, "key", "drop")


def test_a_session_that_was_not_used_since_is_over_when_its_key_is_dropped(site: Site) -> None:
    clerk = site.signed_in_as_clerk()
    cookie = clerk.get_cookie("session")
    assert cookie is not None
    safezones(site, "key", "rotate")
    idle, busy = site.visitor(), site.visitor()
    for browser in (idle, busy):
        browser.set_cookie("session", cookie.value)
    assert busy.get("/desk").status_code == 200
    safezones(site, "key", "drop", "--yes")
    assert busy.get("/desk").status_code == 200, "its cookie was signed anew by the answer"
    asked = idle.get("/desk")
    assert asked.status_code == 302 and "/sign-in" in asked.headers["Location"]


def test_a_key_in_the_settings_is_rotated_in_two_steps_without_a_machine_that_does_not_know_it(
    own_settings: Settings,
) -> None:
    first = own_settings.model_copy(update={"secret_key": "the-first-key-of-the-site"})
    with site_on(first) as site:
        link = site.submit(site.visitor())
        told = safezones(site, "key", "rotate", SAFEZONES_SECRET_KEY=first.secret_key)
        assert not (first.data_dir / "secret-key").exists()
    # as `docker run --env-file` reads them: to the end of the line, quotes and all
    values = dict(re.findall(r"^(SAFEZONES_\w+)=(.+)$", told.rpartition("2. ")[2], re.MULTILINE))
    new, fallbacks = values["SAFEZONES_SECRET_KEY"], values["SAFEZONES_SECRET_KEY_FALLBACKS"]
    assert fallbacks == first.secret_key and f"SAFEZONES_SECRET_KEY_FALLBACKS={new}\n" in told.partition("2. ")[0]
    # a machine that has taken both steps, and one that has taken the first only
    done = first.model_copy(update={"secret_key": new, "secret_key_fallbacks": (fallbacks,)})
    begun = first.model_copy(update={"secret_key_fallbacks": (new,)})
    with site_on(done) as site:
        assert site.visitor().get(link).status_code == 200
        newer = site.submit(site.visitor(), email="chief@westonct.gov")
    with site_on(begun) as site:
        assert [site.visitor().get(path).status_code for path in (link, newer)] == [200, 200]
    with site_on(first.model_copy(update={"secret_key": new})) as site:
        assert [site.visitor().get(path).status_code for path in (link, newer)] == [404, 200]


def test_a_backup_holds_the_fallbacks_too_and_brings_them_to_an_empty_machine(site: Site, tmp_path: Path) -> None:
    link = site.submit(site.visitor())
    safezones(site, "key", "rotate")
    backup, elsewhere = tmp_path / "a.safezones", tmp_path / "elsewhere"
    safezones(site, "backup", str(backup))
    there = {"SAFEZONES_DATA_DIR": str(elsewhere), "SAFEZONES_DATABASE_URL": ""}
    told = safezones(site, "restore", "--yes", str(backup), **there)
    assert "another key" not in told
    settings = Settings(data_dir=elsewhere, geocoders=())
    assert settings.fallback_keys == site.settings.fallback_keys
    with site_on(settings) as restored:
        assert restored.visitor().get(link).status_code == 200


def test_to_look_at_the_keys_makes_none(tmp_path: Path) -> None:
    folder = tmp_path / "nothing"
    result = CliRunner().invoke(main, ["key"], env={"SAFEZONES_DATA_DIR": str(folder)})
    assert result.exit_code == 0 and f"There is no key yet in {folder}" in result.output
    assert not folder.exists()


def test_a_restore_beside_another_key_takes_the_keys_of_the_backup_in_only_when_told(
    site: Site, tmp_path: Path
) -> None:
    link = site.submit(site.visitor())
    backup, elsewhere = tmp_path / "a.safezones", tmp_path / "elsewhere"
    safezones(site, "backup", str(backup))
    there = {"SAFEZONES_DATA_DIR": str(elsewhere), "SAFEZONES_DATABASE_URL": ""}
    settings = Settings(data_dir=elsewhere, geocoders=())
    own = settings.signing_key
    told = safezones(site, "restore", "--yes", str(backup), **there)
    assert "will not open" in told and "--with-keys" in told
    assert settings.fallback_keys == []
    told = safezones(site, "restore", "--yes", "--with-keys", str(backup), **there)
    assert "will not open" not in told
    assert settings.signing_key == own and [one.key for one in settings.fallback_keys] == [site.settings.signing_key]
    safezones(site, "restore", "--yes", "--with-keys", str(backup), **there)
    assert len(settings.fallback_keys) == 1
    with site_on(settings) as restored:
        assert restored.visitor().get(link).status_code == 200
    set_there = {**there, "SAFEZONES_SECRET_KEY": "another-key-of-the-site"}
    told = safezones(site, "restore", "--yes", "--with-keys", str(backup), **set_there)
    assert f"\nSAFEZONES_SECRET_KEY_FALLBACKS={site.settings.signing_key}\n" in told
