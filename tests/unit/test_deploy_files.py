"""What stands in deploy/ and the Containerfile agrees with the program, with its documents, and with itself."""

import os
import re
import shutil
import subprocess
import tomllib
from hashlib import sha256
from pathlib import Path

from directory import __version__
from directory.settings import PREFIX, Settings
from scripts.dashboard_queries import queries
from scripts.release import LIBRARIES
from tests.conftest import ROOT

DEPLOY = ROOT / "deploy"
RULES = (DEPLOY / "prometheus" / "rules.yml").read_text(encoding="utf-8")
ALERTS = set(re.findall(r"alert: (\w+)", RULES))
CHORES = {"backup", "remind", "tidy", "pull-zones"}
METRIC = r"\b(?:safezones|process)_[a-z_]+\b"


def read(*names: str) -> str:
    return "\n".join((DEPLOY / name).read_text(encoding="utf-8") for name in names)


def test_images_of_others_are_named_by_tag_and_digest_the_same_everywhere() -> None:
    texts = read("container/compose.yaml", "kubernetes/cache.yaml", "kubernetes/site.yaml", "kubernetes/daily.yaml")
    containerfile = (ROOT / "Containerfile").read_text(encoding="utf-8")
    images = re.findall(r"image: (\S+)", texts) + re.findall(r"PYTHON_IMAGE=(\S+)", containerfile)
    others = {image for image in images if image != "safezones" and not image.startswith("localhost/safezones:")}
    assert all(re.fullmatch(r"docker\.io/library/\w+:[\w.-]+@sha256:[0-9a-f]{64}", image) for image in others)
    assert sorted(image.partition(":")[0].rpartition("/")[2] for image in others) == [
        "caddy", "postgres", "python", "redis",
    ]  # fmt: skip


def test_memory_that_compose_gives_to_temporary_files_leaves_room_for_the_programs() -> None:
    """What lies in a tmpfs counts to the limit of the container: without a bound it would kill the server."""
    compose = read("container/compose.yaml")
    assert not re.findall(r"^ +- /(?:tmp|run|data|config)$", compose, re.MULTILINE), (
        "without a size: half of the machine"
    )
    bounded = [text for text in re.split(r"^  (?=\w+:$)", compose, flags=re.MULTILINE) if "mem_limit: " in text]
    for text in bounded:
        megabytes = sum(map(int, re.findall(r"- /\w+:size=(\d+)m$", text, re.MULTILINE)))
        limit = int(re.findall(r"mem_limit: (\d+)g", text)[0]) * 1024
        assert 0 < megabytes < limit / 2, text
    assert len(bounded) == 2


def test_kubernetes_runs_the_image_of_the_last_release() -> None:
    released = re.search(r"^## (\d+\.\d+\.\d+) - ", (ROOT / "CHANGELOG.md").read_text(encoding="utf-8"), re.MULTILINE)
    assert released and f'newTag: "{released[1]}"\n' in read("kubernetes/kustomization.yaml")


def test_what_is_due_once_a_day_is_the_same_with_systemd_compose_and_kubernetes() -> None:
    timers = re.search(r"enable --now safezones safezones-daily@{(.*)}", (ROOT / "docs" / "operating.md").read_text())
    loop = re.search(r"for chore in (.*); do", read("container/daily"))
    jobs = re.findall(r"kind: CronJob\nmetadata:\n  name: (\S+)", read("kubernetes/daily.yaml"))
    assert timers and set(timers[1].split(",")) == CHORES
    assert loop and set(loop[1].split()) == CHORES
    assert set(jobs) == CHORES and len(jobs) == len(CHORES)


def test_a_day_is_done_when_all_of_its_round_went_well(tmp_path: Path) -> None:
    programs, data, state = tmp_path / "bin", tmp_path / "data", tmp_path / "daily"
    programs.mkdir()
    data.mkdir()
    environment = {"PATH": f"{programs}:{os.environ['PATH']}", "SAFEZONES_DATA_DIR": str(data), "TMPDIR": str(tmp_path)}

    def status(chore_that_fails: str) -> int:
        (programs / "safezones").write_text(f'#!/bin/sh\n[ "$1" != {chore_that_fails} ]\n')
        (programs / "safezones").chmod(0o755)
        done = subprocess.run([DEPLOY / "container" / "daily", "--once"], env=environment, timeout=10)
        return done.returncode

    assert status("tidy") == 1 and state.read_text() == "tidy failed\n" and not (data / "daily-done").exists()
    assert status("none") == 0 and state.read_text() == "ok\n" and (data / "daily-done").exists()


def test_every_setting_that_is_given_exists() -> None:
    texts = read("container/first-time", "container/compose.yaml", "kubernetes/settings.env")
    given = {name.removeprefix(PREFIX).lower() for name in re.findall(rf"\b{PREFIX}[A-Z_]+(?==|: )", texts)}
    assert len(given) > 8 and given <= set(Settings.model_fields)


def test_every_alert_is_seen_firing_by_the_tests_of_the_rules() -> None:
    fired = set(re.findall(r'alertname="(\w+)"', read("prometheus/rules_test.yml")))
    assert len(ALERTS) > 20 and fired == ALERTS


def test_whatever_operating_says_to_watch_has_an_alert_and_is_on_the_dashboard() -> None:
    document = (ROOT / "docs" / "operating.md").read_text(encoding="utf-8")
    table = document.partition("\n## Watch\n")[2].partition("\n## ")[0]
    watched = {name for line in table.splitlines() for name in re.findall(METRIC, line.partition(" | ")[0])}
    recorded, _, alerts = RULES.partition("- name: safezones\n")
    shown = "\n".join(queries(DEPLOY / "grafana" / "safezones.json"))
    assert {name for name in re.findall(r"record: (\S+)", recorded) if name not in shown} == set()
    assert len(watched) > 15
    for texts in (recorded + alerts, recorded + shown):
        assert watched - set(re.findall(METRIC, texts)) == set()


def test_every_program_that_is_named_lies_where_the_documents_install_it() -> None:
    files = [path for path in DEPLOY.rglob("*") if path.is_file() and path.parent.name != "container"]
    texts = "\n".join(path.read_text(encoding="utf-8") for path in files)
    named = {path.rstrip(".:,") for path in re.findall(r"/(?:opt|usr/local)/[\w./-]+", texts)}
    documents = [(ROOT / "docs" / name).read_text(encoding="utf-8") for name in ("operating.md", "backups.md")]
    installed = {
        f"/usr/local/sbin/{script}"
        for scripts in re.findall(r"^install (deploy/.*) /usr/local/sbin/$", "\n".join(documents), re.MULTILINE)
        for script in re.findall(r"deploy/(\S+)", scripts)
    }
    assert len(installed) == 3 and all((DEPLOY / path.rpartition("/")[2]).exists() for path in installed)
    made = {"/opt/safezones", "/opt/safezones/current", "/opt/safezones/releases/VERSION"}
    assert named <= installed | made | {"/opt/safezones/current/bin/safezones"}


def test_the_proxy_in_a_container_takes_and_logs_what_the_other_does() -> None:
    texts = read("Caddyfile"), read("container/Caddyfile")
    one, other = (text.partition("\tencode ")[2].partition("\treverse_proxy ")[0] for text in texts)
    assert "request>uri regexp" in one and one == other


def test_the_first_time_makes_keys_that_nobody_else_reads_and_never_makes_them_again(tmp_path: Path) -> None:
    for name in ("deploy/container/first-time", "directory/__init__.py", "Makefile"):
        (tmp_path / name).parent.mkdir(parents=True, exist_ok=True)
        shutil.copy(ROOT / name, tmp_path / name)
    command: list[str | Path] = [tmp_path / "deploy/container/first-time", "zones.example.org", "you@example.org"]
    made = tmp_path / "deploy/container/.env"
    assert subprocess.run(command).returncode == 0
    written = made.read_text(encoding="utf-8")
    values = dict(re.findall(r"^(\w+)=(.*)$", written, re.MULTILINE))
    assert made.stat().st_mode & 0o777 == 0o600
    assert values["VERSION"] == __version__ and values["SAFEZONES_BASE_URL"] == "https://zones.example.org"
    secrets = {values[name] for name in ("DATABASE_PASSWORD", "SAFEZONES_SECRET_KEY", "SAFEZONES_METRICS_TOKEN")}
    assert len(secrets) == 3 and all(re.fullmatch("[0-9a-f]{48}", secret) for secret in secrets)
    refused = subprocess.run(command, capture_output=True, text=True)
    assert refused.returncode == 1 and "is there already" in refused.stderr
    assert made.read_text(encoding="utf-8") == written


def test_an_upgrade_stops_for_lines_that_doctor_has() -> None:
    blocking = re.search("^blocking='(.*)'$", read("safezones-upgrade"), re.MULTILINE)
    document = (ROOT / "docs" / "operating.md").read_text(encoding="utf-8")
    table = document.partition("\n## Doctor\n")[2].partition("\n## ")[0]
    lines = {name for row in re.findall(r"^\| ([a-z, ]+) \|", table, re.MULTILINE) for name in row.split(", ")}
    assert blocking and set(blocking[1].split("|")) < lines


def test_an_upgrade_installs_what_a_release_lists_and_nothing_else(tmp_path: Path) -> None:
    release, home = tmp_path / "release", tmp_path / "home"
    release.mkdir()
    wheel = release / "safe_zone_directory-98.0.0-py3-none-any.whl"
    (release / LIBRARIES).write_text("")
    wheel.write_text("a wheel")
    (release / "SHA256SUMS").write_text(f"{sha256(b'a wheel').hexdigest()}  {wheel.name}\n")
    wheel.write_text("another wheel")
    refused = subprocess.run(
        [DEPLOY / "safezones-upgrade", release],
        env={"PATH": os.environ["PATH"], "UPGRADE_HOME": str(home)}, capture_output=True, text=True,
    )  # fmt: skip
    assert refused.returncode == 1 and "does not hold what its SHA256SUMS lists" in refused.stderr
    assert [path.name for path in (home / "releases").iterdir()] == [".lock"]


def test_an_upgrade_takes_a_version_for_an_installed_release_whatever_lies_in_the_folder(tmp_path: Path) -> None:
    home, here = tmp_path / "home", tmp_path / "here"
    (home / "releases" / "1.0.0").mkdir(parents=True)
    (home / "current").symlink_to("releases/1.0.0")
    (here / "2.0.0").mkdir(parents=True)
    (here / "2.0.0" / "safe_zone_directory-9.9-py3-none-any.whl").write_text("planted")
    (here / "2.0.0" / LIBRARIES).write_text("")
    refused = subprocess.run(
        [DEPLOY / "safezones-upgrade", "2.0.0"], cwd=here,
        env={"PATH": os.environ["PATH"], "UPGRADE_HOME": str(home)}, capture_output=True, text=True,
    )  # fmt: skip
    assert refused.returncode == 1 and "there is no release 2.0.0" in refused.stderr
    assert "installing" not in refused.stdout


def test_whatever_the_build_needs_is_pinned_for_the_image_with_digests() -> None:
    needed = tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))["build-system"]["requires"]
    pinned = re.findall(r"^([\w-]+)==\S+ \\\n    --hash=sha256:", read("container/build.hashes.txt"), re.MULTILINE)
    assert {re.split("[<>=~]", requirement)[0] for requirement in needed} <= set(pinned), "make hashes"
