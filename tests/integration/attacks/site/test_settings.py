"""A wrong setting stops every command with its name, value and remedy, before anything is made."""

import os
from pathlib import Path

import pytest
from pydantic import ValidationError

from directory.app import create_app
from directory.geocoding.factory import UnknownGeocoderError
from directory.settings import Settings
from tests.integration.cli.test_cli import safezones

COMMANDS = (
    ("serve", "--port", "1"), ("mail",), ("import", "zones.csv"), ("export",), ("check",), ("geocode", "06840"),
    ("migrate",), ("backup",), ("restore", "b.safezones", "--check"), ("restore", "b.safezones", "--yes"),
    ("copy-database", "sqlite:///a.sqlite", "sqlite:///b.sqlite"), ("remind",), ("domains", "d.csv"),
    ("invite", "--output", "letters"),
    ("staff", "a@example.org"),
)  # fmt: skip
GOOGLE = {"SAFEZONES_GEOCODERS": "google", "SAFEZONES_GEOCODER_OPTIONS": '{"google": {}}'}
OPENCAGE = {"SAFEZONES_GEOCODERS": "opencage", "SAFEZONES_GEOCODER_OPTIONS": '{"opencage": {"api_key": "x"}}'}
WRONG = (
    ({"SAFEZONES_BASEURL": "https://zones.example"}, ["SAFEZONES_BASEURL: there is no such", "SAFEZONES_BASE_URL"]),
    ({"SAFEZONES_TYPO": "1"}, ["SAFEZONES_TYPO: there is no such setting", "docs/settings.md"]),
    ({"safezones_smtp_hots": "mail"}, ["safezones_smtp_hots: there is no such setting", "SAFEZONES_SMTP_HOST"]),
    ({"SAFEZONES_SECRET_KEY": "fifteen-letters"}, ["SAFEZONES_SECRET_KEY=…", "15 characters", "at least 16"]),
    ({"SAFEZONES_BASE_URL": "https://zones.example/zones"}, ["BASE_URL=https://zones.example/zones", "such as https://"]),
    ({"SAFEZONES_BASE_URL": "https://zones.example/?a=b"}, ["SAFEZONES_BASE_URL=https://zones.example/?a=…"]),
    ({"SAFEZONES_BASE_URL": "https://zones.example?"}, ["SAFEZONES_BASE_URL=https://zones.example?"]),
    ({"SAFEZONES_BASE_URL": "https://zones.example#top"}, ["SAFEZONES_BASE_URL=https://zones.example#top"]),
    ({"SAFEZONES_BASE_URL": "https://me:hidden@zones.example"}, ["SAFEZONES_BASE_URL=https://…@zones.example"]),
    ({"SAFEZONES_GEOCODERS": "census,opencage"}, ["SAFEZONES_GEOCODERS=census,opencage", "api_key", "_OPTIONS="]),
    (GOOGLE, ["SAFEZONES_GEOCODERS=google", "api_key"]),
    ({"SAFEZONES_GEOCODERS": "tomtom", "SAFEZONES_GEOCODER_OPTIONS": '{"tomtom": {"api_key": " "}}'}, ["api_key"]),
    ({"SAFEZONES_GEOCODERS": "liveaddress"}, ["auth_id and auth_token"]),
    ({"SAFEZONES_GEOCODERS": "pelias"}, ["SAFEZONES_GEOCODER_OPTIONS", "domain"]),
    ({"SAFEZONES_GEOCODERS": "nosuch"}, ["SAFEZONES_GEOCODERS=nosuch", "census,nominatim,photon"]),
    ({"SAFEZONES_LIMITS_STORAGE": "reddis://cache/0"}, ["SAFEZONES_LIMITS_STORAGE=reddis://cache/0", "redis://host"]),
    ({"SAFEZONES_LIMITS_STORAGE": "memory"}, ["SAFEZONES_LIMITS_STORAGE=memory", "memory://"]),
    ({"SAFEZONES_LIMITS_STORAGE": "memcache://me:hidden@cache"}, ["SAFEZONES_LIMITS_STORAGE=memcache://…@cache"]),
)  # fmt: skip


def made(folder: Path) -> list[str]:
    return [str(path.relative_to(folder)) for path in folder.rglob("*")]


@pytest.mark.parametrize(("variables", "words"), WRONG, ids=lambda value: str(value)[:60])
def test_a_wrong_setting_stops_the_start_and_says_what_to_do(
    tmp_path: Path, variables: dict[str, str], words: list[str]
) -> None:
    done = safezones(tmp_path, "migrate", **variables)
    assert done.returncode == 2 and "Traceback" not in done.stderr, done.stderr
    assert not [word for word in words if word not in done.stderr], done.stderr
    assert made(tmp_path) == []


@pytest.mark.slow
@pytest.mark.parametrize("command", COMMANDS, ids=" ".join)
@pytest.mark.parametrize(
    "variables", [WRONG[0][0], WRONG[3][0], WRONG[9][0], WRONG[15][0]], ids=lambda value: next(iter(value))
)
def test_a_wrong_setting_stops_every_command_before_anything_is_made(
    tmp_path: Path, command: tuple[str, ...], variables: dict[str, str]
) -> None:
    folder = tmp_path / "data"
    for name in ("zones.csv", "d.csv", "b.safezones", "a.sqlite"):
        (tmp_path / name).touch()
    before = made(tmp_path)
    done = safezones(tmp_path, *command, **{"SAFEZONES_DATA_DIR": str(folder), **variables})
    assert done.returncode == 2 and next(iter(variables)) in done.stderr, done.stderr
    assert made(tmp_path) == before


@pytest.mark.parametrize("variables", [item[0] for item in WRONG], ids=lambda value: str(value)[:60])
def test_another_servers_workers_do_not_start_either(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, variables: dict[str, str]
) -> None:
    monkeypatch.setenv("SAFEZONES_DATA_DIR", str(tmp_path))
    for name, value in variables.items():
        monkeypatch.setenv(name, value)
    with pytest.raises((ValidationError, UnknownGeocoderError)) as refused:
        create_app()
    assert "hidden" not in str(refused.value) and "fifteen-letters" not in str(refused.value)
    assert made(tmp_path) == []


SECRETS = ("SECRETKEY", "SMTP_PASWORD", "METRICS_TOCKEN", "SMTP_PASSWD", "GEOCODER_OPTION", "SECRET_KEY")


@pytest.mark.parametrize("name", [f"SAFEZONES_{name}" for name in SECRETS])
def test_no_secret_is_shown_even_under_a_wrong_name(tmp_path: Path, name: str) -> None:
    done = safezones(tmp_path, "check", **{name: "Tr0ub4dor&3"})
    said = f"{name}=…" if name == "SAFEZONES_SECRET_KEY" else f"{name}: there is no such setting"
    assert done.returncode == 2 and said in done.stderr and "Tr0ub4dor" not in done.stderr


def test_a_password_in_an_address_is_not_shown(tmp_path: Path) -> None:
    done = safezones(tmp_path, "check", SAFEZONES_DATABASEURL="postgresql://me:hidden@db/x")
    assert "SAFEZONES_DATABASEURL: there is no such setting" in done.stderr and "hidden" not in done.stderr
    done = safezones(tmp_path, "check", SAFEZONES_LIMITS_STORAGE="memcache://me:hid/den@cache?password=hidden")
    assert "memcache://…@cache?password=…" in done.stderr and "hid" not in done.stderr


def test_right_settings_are_taken(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    for name in [name for name in os.environ if name.startswith("SAFEZONES_")]:
        monkeypatch.delenv(name)
    right = Settings(
        data_dir=tmp_path, secret_key="sixteen-letters!", base_url="https://zones.example:8443/",
        limits_storage="redis://cache/0",
    )  # fmt: skip
    assert right.base_url == "https://zones.example:8443"
    for variables in (
        OPENCAGE, {"SAFEZONES_GEOCODERS": "census, nominatim,photon"}, {"SAFEZONES_LIMITS_STORAGE": "memory://"},
        {"SAFEZONES_BASE_URL": ""}, {"SAFEZONES_SECRET_KEY": ""},
    ):  # fmt: skip
        done = safezones(tmp_path, "migrate", **variables)
        assert done.returncode == 0, done.stderr
