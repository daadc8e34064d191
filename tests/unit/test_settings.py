"""What each setting takes: its edges, its forms, and what is said of a wrong one."""

import os
import re
from pathlib import Path
from typing import Any

import pytest
from pydantic import ValidationError

from directory.settings import Settings, describe_variable, packaged, problems, shown_address


@pytest.fixture(autouse=True)
def no_variables(monkeypatch: pytest.MonkeyPatch) -> None:
    for name in [name for name in os.environ if name.upper().startswith("SAFEZONES_")]:
        monkeypatch.delenv(name)


BOUNDS: list[tuple[str, float | None, float | None, float]] = [
    # setting, lowest, highest, the next beyond is so far
    ("proxies", 0, 5, 1),
    ("geocoding_seconds", None, 30, 0.1),
    ("nominatim_interval", 0, None, 0.1),
    ("tile_max_zoom", 1, 24, 1),
    ("api_per_minute", 1, None, 1),
    ("reports_per_hour", 1, None, 1),
    ("visits_per_day", 1, None, 1),
    ("min_free_mb", 0, None, 1),
    ("smtp_port", 1, 65_535, 1),
    ("mails_per_day", 1, None, 1),
    ("submissions_per_hour", 1, None, 1),
    ("drafts_per_day", 1, None, 1),
    ("drafts_megabytes", 1, None, 1),
    ("clock_ahead_days", 0, 3650, 1),
]


@pytest.mark.parametrize(("name", "lowest", "highest", "step"), BOUNDS)
def test_a_number_is_taken_to_its_edges_and_not_beyond(
    name: str, lowest: float | None, highest: float | None, step: float
) -> None:
    for edge, beyond in ((lowest, -step), (highest, step)):
        if edge is not None:
            assert getattr(Settings(**{name: edge}), name) == edge  # type: ignore[arg-type]
            with pytest.raises(ValidationError):
                Settings(**{name: edge + beyond})  # type: ignore[arg-type]


def test_a_deadline_is_longer_than_nothing() -> None:
    assert Settings(geocoding_seconds=0.1).geocoding_seconds == 0.1
    with pytest.raises(ValidationError):
        Settings(geocoding_seconds=0)


DOCUMENT = Path(__file__).parents[2] / "docs" / "settings.md"
DEFAULTS: list[tuple[str, str]] = re.findall(
    r"^\| `(SAFEZONES_\w+)` \| `?(.*?)`? \|", DOCUMENT.read_text(), re.MULTILINE
)
"""Each variable with its default, where the table gives one as a value."""


@pytest.mark.parametrize(("variable", "default"), [row for row in DEFAULTS if " " not in row[1]])
def test_a_setting_that_is_left_out_has_its_documented_default(
    variable: str, default: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    left_out = Settings()
    monkeypatch.setenv(variable, default.replace("empty", ""))
    assert Settings() == left_out


def refusal(**values: Any) -> str:
    with pytest.raises(ValidationError) as refused:
        Settings(**values)
    return " ".join(problems(refused.value))


def test_a_key_has_at_least_sixteen_characters_or_none() -> None:
    assert Settings(secret_key="x" * 16).secret_key == "x" * 16
    assert Settings(secret_key="").secret_key == ""
    keys = Settings(secret_key="z" * 16, secret_key_fallbacks=f" {'x' * 16}  {'y' * 16} ").signing_keys
    assert list(keys) == ["y" * 16, "x" * 16, "z" * 16]
    message = refusal(secret_key_fallbacks=f"{'x' * 16} {'y' * 15}")
    assert message.startswith("SAFEZONES_SECRET_KEY_FALLBACKS=…: key 2 of 2 has only 15 characters")
    message = refusal(secret_key="x" * 15)
    assert message.startswith("SAFEZONES_SECRET_KEY=…: it signs forms and links, and has only 15 characters")


@pytest.mark.parametrize("quote", ["'", '"'])
def test_quotes_that_came_along_from_a_file_are_no_part_of_a_key(quote: str) -> None:
    key = "x" * 16
    for name, value in (
        ("secret_key", f"{quote}{key}{quote}"),
        ("secret_key_fallbacks", f"{quote}{key}{quote}"),
        ("secret_key_fallbacks", f"{quote}{key} {'y' * 16}{quote}"),
    ):
        message = refusal(**{name: value})
        assert message.startswith(f"SAFEZONES_{name.upper()}=…: it begins and ends with a quote"), message
        assert key not in message
    # who has always had them in the key keeps it as a fallback
    assert Settings(secret_key=key, secret_key_fallbacks=f"{key} {quote}{key}{quote}").secret_key_fallbacks[1] != key


@pytest.mark.parametrize("storage", ["memory://", "redis://cache/0", "rediss://cache", "redis+unix:///run/redis"])
def test_limits_are_counted_in_memory_or_redis(storage: str) -> None:
    assert Settings(limits_storage=storage).limits_storage == storage


@pytest.mark.parametrize("storage", ["memory", "redis", "memcached://cache", "://"])
def test_other_places_to_count_are_refused(storage: str) -> None:
    assert "limits can be counted at memory://" in refusal(limits_storage=storage)


def test_geocoders_are_a_list_with_commas() -> None:
    assert Settings(geocoders=" census, photon ,").geocoders == ("census", "photon")  # type: ignore[arg-type]
    assert Settings(geocoders="").geocoders == ()  # type: ignore[arg-type]
    assert Settings(geocoders=("photon",)).geocoders == ("photon",)


def test_the_sites_address_is_scheme_host_and_port() -> None:
    assert Settings(base_url="https://zones.example:8443/").base_url == "https://zones.example:8443"
    assert Settings(base_url="").base_url == ""
    for address in (
        "https://zones.example/a",
        "https://zones.example?",
        "https://zones.example#",
        "https://a@zones.example",
    ):
        assert "such as https://zones.example" in refusal(base_url=address)
    assert "URL" in refusal(base_url="zones.example")


def test_addresses_of_services_are_web_addresses_and_lose_their_last_slash() -> None:
    for name in ("census_url", "nominatim_url", "photon_url"):
        assert getattr(Settings(**{name: "https://a.example/x/"}), name) == "https://a.example/x"  # type: ignore[arg-type]
        assert "URL" in refusal(**{name: "a.example"})


@pytest.mark.parametrize("missing", ["{z}", "{x}", "{y}"])
def test_a_tile_address_names_all_three_coordinates(missing: str) -> None:
    complete = "https://{s}.tiles.example/{z}/{x}/{y}.png"
    assert Settings(tile_url=complete).tile_url == complete
    assert refusal(tile_url=complete.replace(missing, "0")).endswith(f"a tile URL needs {missing}")
    assert "URL" in refusal(tile_url="tiles/{z}/{x}/{y}.png")
    for host, reason in (
        ("u:p@t.example.org", "security policy"),
        ("a;script-src *;b.example.org", "valid URL"),
        ("a'b.example.org", "security policy"),
    ):
        assert reason in refusal(tile_url=f"https://{host}/{{z}}/{{x}}/{{y}}.png")


def test_a_basemap_is_a_file_or_one_https_address_and_pictures_of_streets_may_be_left_out() -> None:
    for place in ("", "/srv/maps/region.pmtiles", "https://maps.example.org/a/region.pmtiles"):
        assert Settings(basemap=place).basemap == place
    assert "https://" in refusal(basemap="http://maps.example.org/region.pmtiles")
    for address in (
        "https://maps.example.org/",
        "https://me@maps.example.org/a.pmtiles",
        "https://maps.example.org/a.pmtiles?b",
    ):
        assert "address of one file" in refusal(basemap=address)
    assert Settings(tile_url="").tile_url == ""


@pytest.mark.parametrize(
    ("settings", "ours"),
    [
        ({}, False),
        ({"tile_url": ""}, True),
        ({"basemap": "/srv/maps/region.pmtiles"}, True),
        ({"basemap": "https://maps.example.org/a/region.pmtiles", "tile_url": ""}, False),
    ],
)
def test_streets_are_asked_of_no_other_host_where_they_are_a_file_here_or_left_out(
    settings: dict[str, str], ours: bool
) -> None:
    assert Settings(**settings).streets_are_ours is ours  # type: ignore[arg-type]


def test_a_fault_inside_a_setting_is_named_by_the_setting() -> None:
    assert refusal(geocoder_options={"opencage": "key"}).startswith("SAFEZONES_GEOCODER_OPTIONS=…: ")


def test_a_sender_is_a_mail_address() -> None:
    assert Settings(mail_from="a@b").mail_from == "a@b"
    assert "SAFEZONES_MAIL_FROM" in refusal(mail_from="a b@c")


def test_settings_do_not_change_once_they_are_read() -> None:
    with pytest.raises(ValidationError):
        Settings().proxies = 1  # type: ignore[misc]


def test_an_unknown_variable_is_refused_with_the_one_that_was_meant(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("SAFEZONES_PROXYS", "2")
    monkeypatch.setenv("SAFEZONES_QQQQQQQQQQQQQQQQQQQQQQQQ", "x")
    message = refusal()
    assert "SAFEZONES_PROXYS: there is no such setting. Did you mean SAFEZONES_PROXIES? docs/settings.md" in message
    assert "SAFEZONES_QQQQQQQQQQQQQQQQQQQQQQQQ: there is no such setting. docs/settings.md" in message


def test_what_looks_like_a_secret_is_never_repeated(monkeypatch: pytest.MonkeyPatch) -> None:
    assert describe_variable("SAFEZONES_SMTP_PASSWORD", "tr0ub4dor") == "SAFEZONES_SMTP_PASSWORD=…"
    assert describe_variable("SAFEZONES_X", "redis://me:tr0ub4dor@cache/0") == "SAFEZONES_X=redis://…@cache/0"
    assert describe_variable("SAFEZONES_X", "x" * 300) == "SAFEZONES_X=" + "x" * 200
    monkeypatch.setenv("SAFEZONES_SECRT_KEI", "tr0ub4dor")
    assert "tr0ub4dor" not in refusal() and "SAFEZONES_SECRT_KEI: there is no such setting" in refusal()


def test_the_database_and_backups_are_in_the_data_folder_unless_another_is_named(tmp_path: Path) -> None:
    assert Settings(data_dir=tmp_path).database == f"sqlite:///{tmp_path / 'directory.sqlite'}"
    assert Settings(database_url="sqlite:///x").database == "sqlite:///x"
    assert Settings(data_dir=tmp_path).backups_dir == tmp_path / "backups"


def test_geocoders_are_told_who_asks() -> None:
    assert Settings().user_agent.startswith("SafeZoneDirectory/") and "(" not in Settings().user_agent
    assert Settings(contact="me@example.org").user_agent.endswith(" (me@example.org)")


def test_a_key_is_made_once_for_all_workers_and_a_configured_one_is_used(tmp_path: Path) -> None:
    settings = Settings(data_dir=tmp_path / "new" / "folder")
    key = settings.signing_key
    assert len(key) == 64 and (settings.data_dir / "secret-key").read_text() == key
    assert Settings(data_dir=settings.data_dir).signing_key == key
    assert (settings.data_dir / "secret-key").stat().st_mode & 0o077 == 0
    assert Settings(secret_key="x" * 16, data_dir=tmp_path).signing_key == "x" * 16
    assert not (tmp_path / "secret-key").exists()


def test_a_disk_is_short_below_the_megabytes_that_are_set(tmp_path: Path) -> None:
    settings = Settings(min_free_mb=5, data_dir=tmp_path)
    assert settings.is_short_of_disk(4_999_999) and not settings.is_short_of_disk(5_000_000)
    assert (settings.free_bytes() or 0) > 0
    assert Settings(data_dir=tmp_path / "missing").free_bytes() is None


def test_scratch_files_go_to_the_data_folder_when_it_can_be_written(tmp_path: Path) -> None:
    folder = tmp_path / "new" / "data"
    assert Settings(data_dir=folder).scratch_dir() == folder and folder.is_dir()
    assert Settings(data_dir=folder).scratch_dir() == folder
    (tmp_path / "file").touch()
    elsewhere = Settings(data_dir=tmp_path / "file").scratch_dir()
    assert elsewhere.name == "safezones" and elsewhere != tmp_path / "file"


def test_files_of_the_repository_are_found_beside_the_package() -> None:
    assert packaged("data/zones.geojson").is_file()


@pytest.mark.parametrize(
    "value",
    ["valhalla:http://127.0.0.1:8002", "osrm:https://router.example.org/car", "valhalla:http://[::1]:8002", ""],
)
def test_a_router_of_ones_own_is_taken(value: str) -> None:
    assert Settings(router=value).router == value


@pytest.mark.parametrize(
    ("value", "reason"),
    [
        ("http://127.0.0.1:8002", "begin with valhalla: or osrm:"),
        ("graphhopper:http://127.0.0.1:8989", "begin with valhalla: or osrm:"),
        ("valhalla", "none of http:// or https://"),
        ("valhalla:127.0.0.1:8002", "none of http:// or https://"),
        ("valhalla:ftp://127.0.0.1", "none of http:// or https://"),
        ("valhalla:http://", "none of http:// or https://"),
        ("osrm:http://127.0.0.1:5000/?key=1", "scheme, host, port and path only"),
        ("osrm:http://somebody:secret@127.0.0.1", "scheme, host, port and path only"),
    ],
)
def test_what_is_no_router_is_refused_with_an_example(value: str, reason: str) -> None:
    with pytest.raises(ValidationError) as caught:
        Settings(router=value)
    (said,) = problems(caught.value)
    assert (
        said.startswith(f"SAFEZONES_ROUTER={shown_address(value).partition('…')[0]}")
        and reason in said
        and "secret" not in said
    )


@pytest.mark.parametrize(
    "host",
    ["router.project-osrm.org", "valhalla1.openstreetmap.de", "VALHALLA1.OpenStreetMap.de", "api.stadiamaps.com"],
)
def test_a_public_router_is_refused(host: str) -> None:
    with pytest.raises(ValidationError, match="public service"):
        Settings(router=f"osrm:https://{host}")


@pytest.mark.parametrize(
    ("address", "shown"),
    [
        ("postgresql://u:p@h/db", "postgresql://…@h/db"),
        ("postgresql+psycopg://h:1/db?user=u&password=hunter2", "postgresql+psycopg://h:1/db?user=…&password=…"),
        ("redis://:red/is@pw@127.0.0.1:1/0", "redis://…@127.0.0.1:1/0"),
        ("sqlite:////var/lib/safezones/directory.sqlite", "sqlite:////var/lib/safezones/directory.sqlite"),
    ],
)
def test_an_address_is_shown_without_what_may_be_a_secret(address: str, shown: str) -> None:
    assert shown_address(address) == shown
