"""Passkeys beside the codes: registered, used, removed; and every answer that proves nothing is refused."""

import json
from datetime import timedelta

import pytest
from click.testing import CliRunner
from flask.testing import FlaskClient

from directory import clock
from directory.cli import main
from tests.support.authenticator import Authenticator, options_of, text
from tests.support.site import Site, body, errors, words_of

MODERATOR = "moderator@example.org"


def add(client: FlaskClient, key: Authenticator, name: str = "Laptop") -> int:
    answer = key.create(options_of(client.get("/desk/keys").text))
    return client.post("/desk/keys", data={"name": name, "answer": answer}).status_code


def use(client: FlaskClient, key: Authenticator) -> int:
    answer = key.get(options_of(client.get("/sign-in/code").text))
    return client.post("/sign-in/passkey", data={"answer": answer}).status_code


@pytest.fixture
def moderator(site: Site) -> FlaskClient:
    return site.staff()


@pytest.fixture
def key(moderator: FlaskClient) -> Authenticator:
    key = Authenticator()
    assert add(moderator, key) == 302
    return key


def test_a_passkey_is_added_named_used_and_removed(site: Site, moderator: FlaskClient, key: Authenticator) -> None:
    page = moderator.get("/desk/keys").text
    assert "Laptop" in page and "App with six-digit codes" in page
    client = site.signed_in(MODERATOR)
    assert client.get("/review").status_code == 302
    assert use(client, key) == 302
    assert client.get("/review").status_code == 200
    assert "last used" in words_of(client.get("/desk/keys"))
    assert client.post("/desk/keys/remove", data={"key": text(key.identifier)}).status_code == 302
    assert "Laptop" not in client.get("/desk/keys").text
    actions = [row[0] for row in site.rows("SELECT action FROM change WHERE kind = 'person' ORDER BY id")]
    assert actions[-2:] == ["added a passkey", "removed a passkey"]


def test_the_last_factor_stays_and_an_app_can_be_set_up_again(
    site: Site, moderator: FlaskClient, key: Authenticator
) -> None:
    assert moderator.post("/desk/keys/remove").status_code == 302, "the app"
    response = moderator.post("/desk/keys/remove", data={"key": text(key.identifier)})
    assert response.status_code == 400 and "The last one stays" in response.text
    thief = site.signed_in(MODERATOR)
    assert "<code>" not in thief.get("/sign-in/code").text, "who has only the mail sets nothing up"
    assert "<code>" in moderator.get("/sign-in/code").text
    assert use(thief, Authenticator(identifier=key.identifier)) == 400
    assert use(thief, key) == 302


def test_only_staff_with_both_factors_sees_the_page(site: Site, moderator: FlaskClient) -> None:
    assert site.signed_in(MODERATOR).get("/desk/keys").status_code == 302
    assert site.signed_in_as_clerk().get("/desk/keys").status_code == 403


@pytest.mark.parametrize(
    "false",
    [
        {"origin": "https://localhost.evil.example"}, {"origin": "https://localhost"}, {"host": "evil.example"},
        {"verified": False},
    ],
    ids=str,
)  # fmt: skip
def test_an_answer_from_elsewhere_or_without_verification_is_refused(
    site: Site, moderator: FlaskClient, key: Authenticator, false: dict[str, object]
) -> None:
    client = site.signed_in(MODERATOR)
    for name, value in false.items():
        setattr(key, name, value)
    assert use(client, key) == 400
    assert client.get("/review").status_code == 302
    other = Authenticator(identifier=b"another-key-00000000000000000000", **false)  # type: ignore[arg-type]
    assert add(moderator, other) == 400


def test_an_answer_is_good_for_one_challenge_once(site: Site, key: Authenticator) -> None:
    first, second = site.signed_in(MODERATOR), site.signed_in(MODERATOR)
    answer = key.get(options_of(first.get("/sign-in/code").text))
    assert second.get("/sign-in/code").status_code == 200
    assert second.post("/sign-in/passkey", data={"answer": answer}).status_code == 400, "another challenge"
    assert first.post("/sign-in/passkey", data={"answer": answer}).status_code == 302
    assert first.post("/sign-in/passkey", data={"answer": answer}).status_code == 400, "the same again"
    assert second.get("/review").status_code == 302


def test_an_answer_that_comes_too_late_is_refused(
    site: Site, key: Authenticator, monkeypatch: pytest.MonkeyPatch
) -> None:
    client = site.signed_in(MODERATOR)
    answer = key.get(options_of(client.get("/sign-in/code").text))
    monkeypatch.setattr("directory.web.accounts.passkey_challenge.SECONDS", -1)
    assert client.post("/sign-in/passkey", data={"answer": answer}).status_code == 400


def test_a_key_of_somebody_else_is_refused_and_cannot_be_taken_over(site: Site, key: Authenticator) -> None:
    other = site.staff("second@example.org")
    assert add(other, Authenticator(identifier=b"another-key-00000000000000000000")) == 302
    assert add(other, key) == 400, "it is the moderator's"
    client = site.signed_in("second@example.org")
    assert use(client, key) == 400
    assert client.get("/review").status_code == 302


def test_ten_passkeys_are_the_most_that_a_person_has(moderator: FlaskClient) -> None:
    for number in range(11):
        status = add(moderator, Authenticator(identifier=b"key-%028d" % number))
        assert status == (302 if number < 10 else 400), number


def test_a_copied_key_is_noticed_by_its_count(site: Site, key: Authenticator) -> None:
    copy = Authenticator(key=key.key)
    for _ in range(3):
        assert use(site.signed_in(MODERATOR), key) == 302
    assert use(site.signed_in(MODERATOR), copy) == 400


@pytest.mark.parametrize("answer", ["", "{}", "[]", "x" * 60_000, '{"id": 1}', "🔑", '{"id":"a","rawId":"a"}'])
def test_garbage_is_refused_plainly(site: Site, moderator: FlaskClient, key: Authenticator, answer: str) -> None:
    client = site.signed_in(MODERATOR)
    client.get("/sign-in/code")
    assert client.post("/sign-in/passkey", data={"answer": answer}).status_code == 400
    moderator.get("/desk/keys")
    assert moderator.post("/desk/keys", data={"name": "x", "answer": answer}).status_code == 400


def test_damaged_answers_are_refused_plainly(site: Site, moderator: FlaskClient, key: Authenticator) -> None:
    for part in ("clientDataJSON", "attestationObject"):
        for value in ("", "AA", "é", text(b"\xa1\x63fmt\x64none"), text(b"\xff" * 300)):
            answer = json.loads(Authenticator().create(options_of(moderator.get("/desk/keys").text)))
            answer["response"][part] = value
            response = moderator.post("/desk/keys", data={"name": "x", "answer": json.dumps(answer)})
            assert response.status_code == 400, (part, value)
    client = site.signed_in(MODERATOR)
    for part in ("clientDataJSON", "authenticatorData", "signature"):
        for value in ("", "AA", "é", text(b"\xff" * 300)):
            answer = json.loads(key.get(options_of(client.get("/sign-in/code").text)))
            answer["response"][part] = value
            assert client.post("/sign-in/passkey", data={"answer": json.dumps(answer)}).status_code == 400, (
                part,
                value,
            )


def test_a_passkey_with_no_name_or_a_long_one_says_so_at_the_field(moderator: FlaskClient) -> None:
    for name, problem in ((" ", "Give it a name."), ("x" * 61, "Shorten it to 60 characters.")):
        response = moderator.post("/desk/keys", data={"name": name, "answer": "{}"})
        assert response.status_code == 400 and problem in errors(response)[0]
        assert 'id="name-error"' in response.text and f'value="{name.strip()}"' in response.text


def test_a_wait_after_wrong_codes_does_not_hold_for_passkeys(site: Site, key: Authenticator) -> None:
    client = site.signed_in(MODERATOR)
    with site.engine.begin() as connection:
        until = clock.now() + timedelta(hours=1)
        connection.exec_driver_sql(f"UPDATE person SET code_wait_until = '{until:%Y-%m-%d %H:%M:%S}'")
    assert client.post("/sign-in/code", data={"code": "000000"}).status_code == 429
    assert use(client, key) == 302


def test_the_operator_resets_codes_and_keys(site: Site, moderator: FlaskClient, key: Authenticator) -> None:
    with site.engine.begin() as connection:
        connection.exec_driver_sql("UPDATE person SET code_failures = 9")
    run = CliRunner(env={**site.environment, "SAFEZONES_CONTACT": "operator@example.org"})
    result = run.invoke(main, ["staff", "Moderator+x@example.org", "--reset-codes", "--site", "http://localhost"])
    assert result.exit_code == 0 and "sets up a new app" in result.output
    assert site.rows("SELECT staff, totp_secret, code_failures FROM person") == [("moderator", "", 0)]
    assert site.rows("SELECT count(*) FROM passkey") == site.rows("SELECT count(*) FROM login_session") == [(0,)]
    assert moderator.get("/review").status_code == 302
    assert "were reset" in site.mails(MODERATOR)[-1]["Subject"] and "/sign-in" in body(site.mails(MODERATOR)[-1])
    assert "tell whoever runs this site: operator@example.org" in body(site.mails(MODERATOR)[-1])
    assert site.rows("SELECT actor, action FROM change ORDER BY id DESC")[0] == ("operator", "second factors reset")
    assert "<code>" in site.signed_in(MODERATOR).get("/sign-in/code").text


def test_a_page_that_refuses_sends_its_other_form_where_it_belongs(site: Site, key: Authenticator) -> None:
    client = site.signed_in(MODERATOR)
    refused = client.post("/sign-in/passkey?next=/desk", data={"answer": "nonsense"})
    assert refused.status_code == 400 and 'method="post" action="/sign-in/code?next=/desk"' in refused.text
    use(client, key)
    client.post("/desk/keys/remove")
    last = client.post("/desk/keys/remove", data={"key": site.rows("SELECT credential_id FROM passkey")[0][0]})
    assert last.status_code == 400 and 'method="post" action="/desk/keys"' in last.text


@pytest.mark.parametrize(
    ("options", "message"),
    [(["--reset-codes"], "neither moderator nor administrator"), (["--reset-codes", "--role", "none"], "--role")],
)
def test_resetting_codes_appoints_and_dismisses_nobody(site: Site, options: list[str], message: str) -> None:
    result = CliRunner(env=site.environment).invoke(main, ["staff", "clerk@example.org", *options])
    assert result.exit_code == 2 and message in result.output
    assert site.rows("SELECT count(*) FROM person WHERE staff <> ''") == [(0,)]


def test_a_dismissed_moderator_keeps_no_factor(site: Site, key: Authenticator) -> None:
    CliRunner(env=site.environment).invoke(main, ["staff", MODERATOR, "--role", "none"])
    assert site.rows("SELECT staff, totp_secret FROM person") == [("", "")]
    assert site.rows("SELECT count(*) FROM passkey") == [(0,)]
