"""`safezones map`, as its user gives it."""

from pathlib import Path

import pytest

from directory.settings import Settings
from tests.integration.cli.test_cli import safezones

pytestmark = [pytest.mark.slow, pytest.mark.real_zones]
TILES = "https://tiles.example.org/{z}/{x}/{y}.png"


def test_a_town_and_a_search_become_a_page_each_with_links_where_the_site_is_known(own_settings: Settings) -> None:
    folder = own_settings.data_dir
    site = {
        "SAFEZONES_BASE_URL": "https://zones.example.org", "SAFEZONES_GEOCODERS": "",
        "SAFEZONES_DATABASE_URL": own_settings.database,
    }  # fmt: skip
    done = safezones(folder, "map", "--town", "ct/new-canaan", "-o", "map.html", **site)
    assert (done.returncode, done.stderr) == (0, "Safe zones in New Canaan, CT: 2 written to map.html\n")
    page = (folder / "map.html").read_text(encoding="utf-8")
    assert page.count("<li id=") == 2 and 'href="https://zones.example.org/zones/ct-new-canaan-lobby"' in page
    assert safezones(folder, "map", "--town", "New Canaan, CT", "-o", "same.html", **site).returncode == 0
    assert (folder / "same.html").read_text(encoding="utf-8") == page
    credit = ("--tiles", TILES, "--tiles-credit", "© Example Maps")
    done = safezones(folder, "map", "--near", "06820", "--limit", "3", *credit, "-o", "map.html", **site)
    assert "Safe zones near Darien, CT 06820: 3 written" in done.stderr
    page = (folder / "map.html").read_text(encoding="utf-8")
    assert (
        page.count("<li id=") == 3
        and "mi from the middle of Darien, CT 06820<" in page
        and TILES in page
        and "Example Maps" in page
    )
    assert not list(folder.glob(".*map.html*"))


@pytest.mark.parametrize(
    ("text", "message"),
    [
        ((), "either --town ct/new-canaan, or --near"),
        (("--town", "ct/new-canaan", "--near", "06820"), "either --town"),
        (("--town", "ct/new-cannan"), "Did you mean --town ct/new-canaan"),
        (("--town", "oh/lakewood"), 'Did you mean --near "Lakewood, OH"'),
        (("--town", "qqqq"), "Write it as in ct/new-canaan"),
        (("--near", "springfield"), "Springfield, MA; "),
        (("--near", "zzqq"), "no match: "),
        (("--near", "Barrow, AK"), "no zone is within 50 miles of Barrow, AK, the nearest is "),
        (("--near", "06820", "--tiles", TILES), "--tiles and --tiles-credit go together"),
        (("--near", "06820", "--tiles", "https://t.example/{z}", "--tiles-credit", "x"), "a tile URL needs {x}"),
        (("--near", "06820", "--tiles", TILES, "--tiles-credit", "{{ 7 }}"), "must not contain template or HTML signs"),
    ],
)  # fmt: skip
def test_what_cannot_be_drawn_is_refused_with_a_remedy_and_leaves_the_file(
    real_settings: Settings, tmp_path: Path, text: tuple[str, ...], message: str
) -> None:
    (tmp_path / "map.html").write_text("mine")
    given = {"SAFEZONES_DATABASE_URL": real_settings.database, "SAFEZONES_GEOCODERS": ""}
    done = safezones(tmp_path, "map", *text, "-o", "map.html", **given)
    assert (done.returncode, message in done.stderr) == (2, True), done.stderr
    assert (tmp_path / "map.html").read_text() == "mine"


def test_a_file_that_cannot_be_written_is_named(real_settings: Settings, tmp_path: Path) -> None:
    given = {"SAFEZONES_DATABASE_URL": real_settings.database}
    done = safezones(tmp_path, "map", "--town", "ct/darien", "-o", "nowhere/map.html", **given)
    assert (done.returncode, done.stderr) == (2, "safezones: there is no folder nowhere for map.html\n")
    assert safezones(tmp_path, "map", "--town", "ct/darien", "-o", ".", **given).returncode == 2
