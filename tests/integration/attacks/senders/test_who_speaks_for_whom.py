"""A domain proves the organization that holds it, and nobody who lives next door or bears its name."""

import csv
import json
from pathlib import Path

import pytest
from click.testing import CliRunner

from directory.cli import main
from tests.support.site import Site

FACTS = Path(__file__).with_name("official_domains.csv")
"""Rows of CISA's .gov registry (public domain), as of November 2026, and departments of our own directory: `refused`
where the organization is not the department's own government or agency, `accepted` where it is."""
REGISTRY = "Domain name,Domain type,Organization name,Suborganization name,City,State,Security contact email\n"


def facts(expected: str) -> list[dict[str, str]]:
    with FACTS.open(encoding="utf-8", newline="") as file:
        return [row for row in csv.DictReader(file) if row["expected"] == expected]


def registry_of(folder: Path, rows: list[dict[str, str]], name: str = "current-full.csv") -> Path:
    path = folder / name
    with path.open("w", encoding="utf-8", newline="") as file:
        file.write(REGISTRY)
        lines = {row["domain"]: row for row in rows}.values()
        csv.writer(file).writerows(
            (row["domain"], row["type"], row["organization"], "", row["city"], row["state"], "") for row in lines
        )
    return path


def run(site: Site, *arguments: str | Path) -> str:
    done = CliRunner().invoke(main, ["domains", *map(str, arguments)], env=site.environment)
    assert done.exit_code == 0, done.stderr
    return done.stdout


POINTS = {
    "AB": (54.268, -110.731, "T9N"), "AL": (32.367, -86.300, "36104"), "CO": (40.015, -105.271, "80302"),
    "IL": (40.694, -89.590, "61602"), "MI": (42.529, -83.780, "48116"), "NJ": (39.453, -74.727, "08330"),
    "NY": (43.157, -77.615, "14604"), "TX": (31.709, -98.991, "76801"), "WI": (44.959, -89.630, "54403"),
}  # fmt: skip


def claim(site: Site, department: str, town: str, state: str, email: str) -> list[tuple[str, str]]:
    """What somebody with this address is to a department, once they sent it a zone and proved the address."""
    clerk = site.visitor()
    latitude, longitude, code = POINTS[state]
    zone = {"town": town, "postal_code": code, "street_address": "", "latitude": f"{latitude}",
            "longitude": f"{longitude}"}  # fmt: skip
    site.submit(clerk, zone, department=department, region=state, town=town, email=email)
    site.confirm(clerk, email)
    return [tuple(row) for row in site.rows("SELECT department, role FROM membership")]


VILLAGE = {"domain": "ribmountainwi.gov", "type": "City", "organization": "Village of Rib Mountain", "city": "Wausau",
           "state": "WI"}  # fmt: skip
CITY = {"domain": "wausauwi.gov", "type": "City", "organization": "City of Wausau", "city": "Wausau", "state": "WI"}


def test_a_neighbouring_villages_clerk_does_not_become_a_member_of_the_citys_police(site: Site, tmp_path: Path) -> None:
    run(site, registry_of(tmp_path, [VILLAGE, CITY]))
    assert claim(site, "Wausau Police Department", "Wausau", "WI", "clerk@ribmountainwi.gov") == []


def test_the_citys_own_clerk_does(site: Site, tmp_path: Path) -> None:
    run(site, registry_of(tmp_path, [VILLAGE, CITY]))
    assert claim(site, "Wausau Police Department", "Wausau", "WI", "clerk@wausauwi.gov") == [
        ("wi/wausau-police-department", "manager")
    ]


@pytest.mark.parametrize(
    ("department", "town", "state", "domain", "place"),
    [
        ("Boulder County Sheriff's Office", "Boulder", "CO", "bouldercolorado.gov", "City of Boulder"),
        ("Boulder County Sheriff's Office", "Boulder", "CO", "bouldercolorado.gov", "Boulder"),
        ("Boulder (County Sheriff's Office)", "Boulder", "CO", "bouldercolorado.gov", "City of Boulder"),
        ("Montgomery County Sheriff's Office", "Montgomery", "AL", "montgomeryal.gov", "City of Montgomery"),
        ("Peoria County Sheriff's Office", "Peoria", "IL", "peoriail.gov", "City of Peoria"),
        ("University of Rochester Department of Public Safety", "Rochester", "NY", "cityofrochester.gov",
         "City of Rochester"),
        ("Michigan State Police Brighton Post", "Brighton", "MI", "brightoncitymi.gov", "City of Brighton"),
        ("Bonnyville RCMP", "Bonnyville", "AB", "town.bonnyville.ab.ca", "Bonnyville"),
        ("Milton Police Department", "Milton", "WI", "townofmiltonrcwi.gov", "Town of Milton"),
        ("Hamilton Township Police Department (Atlantic County)", "Hamilton Township", "NJ", "hamiltontwpnj.gov",
         "Township of Hamilton"),
    ],
)  # fmt: skip
def test_a_namesake_is_not_proven_by_the_towns_domain(
    site: Site, department: str, town: str, state: str, domain: str, place: str
) -> None:
    site.domain(domain, place, state)
    assert claim(site, department, town, state, f"clerk@{domain}") == []


def test_a_typed_name_that_reads_otherwise_does_not_open_a_joint_department(site: Site) -> None:
    assert CliRunner().invoke(main, ["import", "data/zones.geojson"], env=site.environment).exit_code == 0
    site.services.snapshot_cache.invalidate()
    site.domain("brownwoodtexas.gov", "City of Brownwood", "TX")
    typed = "Brownwood Police Department (and Brown County Sheriff's Office)"
    assert claim(site, typed, "Brownwood", "TX", "clerk@brownwoodtexas.gov") == []


def test_a_domain_that_was_confirmed_and_then_dropped_proves_nothing_new(site: Site) -> None:
    site.domain("westonct.gov", "Westport")
    moderator = site.staff()
    confirm = {"domain": "westonct.gov", "department": "ct/darien-police-department", "reason": "its page"}
    assert moderator.post("/review/domains/add", data=confirm).status_code == 302
    assert moderator.post("/review/domains/remove", data={"domain": "westonct.gov", "reason": "x"}).status_code == 302
    clerk = site.visitor()
    draft = clerk.post("/zones/ct-darien-parking-lot/ours", data={"action": "confirm"}).headers["Location"]
    clerk.post(f"{draft}/send", data={"email": "clerk@westonct.gov"})
    site.confirm(clerk, "clerk@westonct.gov")
    assert site.rows("SELECT count(*) FROM membership")[0][0] == 0


def test_no_pair_of_another_government_is_accepted_and_every_own_one_is(site: Site, tmp_path: Path) -> None:
    departments = {
        (feature["properties"]["state"], feature["properties"]["department"])
        for feature in json.loads(Path("data/zones.geojson").read_text(encoding="utf-8"))["features"]
    }
    rows = facts("refused") + facts("accepted")
    assert {(row["state"], row["department"]) for row in rows} <= departments
    assert CliRunner().invoke(main, ["import", "data/zones.geojson"], env=site.environment).exit_code == 0
    lines = run(site, "--check", registry_of(tmp_path, rows)).splitlines()[1:]
    found = {(line.split("\t")[2], line.split("\t")[4], line.split("\t")[0]) for line in lines}
    assert {(row["state"], row["department"], row["domain"]) for row in facts("refused")} & found == set()
    assert {(row["state"], row["department"], row["domain"]) for row in facts("accepted")} - found == set()


def test_a_check_changes_nothing(site: Site, tmp_path: Path) -> None:
    run(site, "--check", registry_of(tmp_path, [CITY]))
    assert site.rows("SELECT domain FROM official_domain WHERE domain = 'wausauwi.gov'") == []


def test_a_domain_that_the_registry_dropped_proves_nothing_new(site: Site, tmp_path: Path) -> None:
    others = [{**CITY, "domain": f"town{number}wi.gov", "organization": f"Town of T{number}"} for number in range(9)]
    run(site, registry_of(tmp_path, [CITY, *others]))
    assert claim(site, "Wausau Police Department", "Wausau", "WI", "clerk@wausauwi.gov") != []
    run(site, registry_of(tmp_path, others))
    claim(site, "Wausau Police Department", "Wausau", "WI", "new@wausauwi.gov")
    assert site.rows("SELECT count(*) FROM membership")[0][0] == 1
    page = site.staff().get("/review/domains").text
    assert "clerk@wausauwi.gov" in page and "new@wausauwi.gov" not in page
