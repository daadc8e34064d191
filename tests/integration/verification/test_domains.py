"""The list of domains: by command and at the desk; corrected kinds of agencies; what age a proof has."""

import gzip
import json
from datetime import timedelta
from pathlib import Path

import pytest
from click.testing import CliRunner, Result
from flask.testing import FlaskClient

from directory import clock
from directory.cli import main
from directory.store.directory_reader import read_directory
from tests.integration.attacks.senders.test_who_speaks_for_whom import CITY, VILLAGE, registry_of
from tests.support.site import DARIEN, Site, words_of

TOWNS = [{**CITY, "domain": f"town{number}wi.gov", "organization": f"Town of T{number}"} for number in range(8)]


def run(site: Site, *arguments: str | Path) -> Result:
    return CliRunner().invoke(main, ["domains", *map(str, arguments)], env=site.environment)


def rows_of(site: Site, domain: str) -> list[tuple[str, str, bool]]:
    rows = site.rows("SELECT place, source, dropped_at FROM official_domain WHERE domain = :d", d=domain)
    return [(place, source, dropped is not None) for place, source, dropped in rows]


def test_taking_in_the_registry_again_marks_what_it_dropped_and_brings_back_what_it_lists(
    site: Site, tmp_path: Path
) -> None:
    site.domain("westonct.gov", "Weston")
    assert run(site, registry_of(tmp_path, [CITY, VILLAGE, *TOWNS])).exit_code == 0
    result = run(site, registry_of(tmp_path, [CITY, *TOWNS]))
    assert (result.exit_code, "1 are no longer listed" in result.stdout) == (0, True)
    assert rows_of(site, "ribmountainwi.gov") == [("Village of Rib Mountain", "current-full.csv", True)]
    assert rows_of(site, "westonct.gov") == [("Weston", "test", False)]
    assert "ribmountainwi.gov" in run(site, "list", "--dropped").stdout
    assert run(site, registry_of(tmp_path, [CITY, VILLAGE, *TOWNS])).exit_code == 0
    assert rows_of(site, "ribmountainwi.gov")[0][2] is False


def test_a_list_may_be_packed_with_gzip(site: Site, tmp_path: Path) -> None:
    plain = registry_of(tmp_path, [CITY, *TOWNS])
    packed = tmp_path / "current-full.csv.gz"
    packed.write_bytes(gzip.compress(plain.read_bytes()))
    assert run(site, packed, "--check").stdout == run(site, plain, "--check").stdout
    assert run(site, packed).exit_code == 0
    assert rows_of(site, "wausauwi.gov") == [("City of Wausau", "current-full.csv", False)]


@pytest.mark.parametrize(
    "content",
    [b"domain,place,state\nx.gov,Caf\xe9,CT\n", b"\x89PNG\r\n\x1a\n", gzip.compress(b"domain" * 99)[:-9], b"\x1f\x8bx",
     b"domain,place,state\nx.gov," + b"x" * 200_000 + b",CT\n"],
    ids=["Latin-1", "picture", "cut gzip", "no gzip", "long field"],
)  # fmt: skip
def test_a_file_that_is_no_utf8_table_is_refused_in_plain_words(site: Site, tmp_path: Path, content: bytes) -> None:
    path = tmp_path / "odd.csv.gz"
    path.write_bytes(content)
    for options in ((), ("--check",)):
        result = run(site, path, *options)
        assert (result.exit_code, "odd.csv is no CSV file in UTF-8" in result.stderr.replace(".gz", "")) == (2, True)


def test_a_list_of_a_state_that_there_is_not_says_so(site: Site) -> None:
    result = run(site, "list", "--state", "xx")
    assert (result.exit_code, "no state or province “xx”" in result.stderr) == (2, True)


def test_a_truncated_list_drops_nothing_unless_one_insists(site: Site, tmp_path: Path) -> None:
    assert run(site, registry_of(tmp_path, [CITY, VILLAGE, *TOWNS])).exit_code == 0
    short = registry_of(tmp_path, TOWNS[:7])
    result = run(site, short)
    assert (result.exit_code, "lacks 3 of the 10 domains" in result.stderr) == (2, True)
    assert site.rows("SELECT count(*) FROM official_domain WHERE dropped_at IS NOT NULL")[0][0] == 0
    assert run(site, short, "--yes").exit_code == 0
    assert site.rows("SELECT count(*) FROM official_domain WHERE dropped_at IS NOT NULL")[0][0] == 3


def test_a_list_of_our_own_form_drops_nothing_and_outranks_the_registrys_name(site: Site, tmp_path: Path) -> None:
    assert run(site, registry_of(tmp_path, [VILLAGE, *TOWNS])).exit_code == 0
    own = tmp_path / "own.csv"
    own.write_text("domain,place,state,source\nwausauwi.gov,Wausau,WI,https://www.wausauwi.gov/\n")
    assert run(site, own).exit_code == 0
    assert run(site, registry_of(tmp_path, [CITY, VILLAGE, *TOWNS])).exit_code == 0
    assert rows_of(site, "wausauwi.gov") == [("Wausau", "https://www.wausauwi.gov/", False)]


def test_what_was_removed_by_hand_stays_removed_until_it_is_renewed(site: Site, tmp_path: Path) -> None:
    whole = registry_of(tmp_path, [CITY, *TOWNS])
    run(site, whole)
    assert run(site, "remove", "wausauwi.gov", "--reason", "was stolen").exit_code == 0
    run(site, whole)
    assert rows_of(site, "wausauwi.gov") == [("City of Wausau", "by hand: was stolen", True)]
    assert run(site, "renew", "wausauwi.gov", "--reason", "the clerk called").exit_code == 0
    assert rows_of(site, "wausauwi.gov")[0][2] is False
    actions = site.rows("SELECT action, reason FROM change WHERE kind = 'domain' AND subject = 'wausauwi.gov'")
    assert actions == [("removed", "was stolen"), ("renewed", "the clerk called")]


def test_single_domains_are_added_confirmed_and_listed_by_command(site: Site) -> None:
    added = run(site, "add", "darienct.gov", "--place", "Town of Darien", "--state", "CT", "--reason", "its page")
    assert added.exit_code == 0, added.stderr
    assert run(site, "add", "darienpolice.org", "--department", DARIEN, "--reason", "its page").exit_code == 0
    for lines in (run(site, "list", "--department", DARIEN).stdout, run(site, "list", "--state", "ct").stdout):
        assert "darienct.gov\tofficial\tTown of Darien, CT" in lines and "darienpolice.org\tconfirmed" in lines
    assert run(site, "remove", "darienpolice.org", "--department", DARIEN, "--reason", "sold").exit_code == 0
    assert site.rows("SELECT count(*) FROM confirmed_domain")[0][0] == 0


@pytest.mark.parametrize(
    ("arguments", "message"),
    [
        (("add", "x.example.com", "--place", "X", "--state", "CT"), "no official domain"),
        (("add", "x.gov", "--place", "X", "--state", "ZZ"), "and its state"),
        (("add", "gmail.com", "--department", DARIEN), "proves nothing"),
        (("add", "x.org", "--department", "ct/nowhere"), "There is no department"),
        (("add", "x.gov"), "--place and --state"),
        (("remove", "x.gov"), "not among the official domains"),
        (("renew", "x.org", "--department", DARIEN), "is not confirmed"),
    ],
)
def test_what_cannot_be_done_is_said(site: Site, arguments: tuple[str, ...], message: str) -> None:
    result = run(site, *arguments, "--reason", "r")
    assert (result.exit_code, message in result.stderr) == (2, True), result.stderr


def act(moderator: FlaskClient, action: str, **form: str) -> tuple[int, str]:
    response = moderator.post(f"/review/domains/{action}", data=form)
    return response.status_code, words_of(response)


def test_moderators_find_add_remove_and_renew_domains_with_a_reason(site: Site) -> None:
    moderator = site.staff()
    assert act(moderator, "add", domain="darienct.gov", place="Town of Darien", state="CT", reason="page")[0] == 302
    assert act(moderator, "add", domain="darienpd.org", department=DARIEN, reason="page")[0] == 302
    page = words_of(moderator.get("/review/domains?q=darien"))
    assert "darienct.gov" in page and "darienpd.org" in page
    assert "darienct.gov" not in words_of(moderator.get("/review/domains?q=nowhere"))
    status, page = act(moderator, "remove", domain="darienct.gov")
    assert (status, "Say why" in page) == (400, True)
    assert act(moderator, "remove", domain="darienct.gov", reason="expired")[0] == 302
    assert rows_of(site, "darienct.gov")[0][2] is True
    assert act(moderator, "renew", domain="darienct.gov", reason="renewed")[0] == 302
    status, page = act(moderator, "add", domain="darien.example.com", place="Darien", state="CT", reason="r")
    assert (status, "no official domain" in page, "darien.example.com" in page) == (400, True, True)
    assert site.visitor().get("/review/domains").status_code == 302


def test_people_whose_domain_proves_nothing_any_more_are_shown_with_the_age_of_their_proof(site: Site) -> None:
    site.signed_in_as_clerk()
    clock.run_ahead(timedelta(days=100))
    moderator = site.staff()
    assert "clerk@westonct.gov" not in words_of(moderator.get("/review/domains"))
    act(moderator, "remove", domain="westonct.gov", reason="expired")
    assert "clerk@westonct.gov · westonct.gov" in words_of(moderator.get("/review/domains"))
    assert "3 months ago" in words_of(moderator.get("/review/domains"))
    assert "(3 months ago)" in words_of(moderator.get("/desk/ct/weston-police-department"))


def test_a_confirmed_domain_that_was_taken_back_proves_nothing_new(site: Site) -> None:
    moderator = site.staff()
    act(moderator, "add", domain="newcanaanpolice.org", department="ct/new-canaan-police-department", reason="page")
    for email, members in (("one@newcanaanpolice.org", 1), ("two@newcanaanpolice.org", 1)):
        client = site.visitor()
        draft = client.post("/zones/ct-new-canaan-lobby/ours", data={"action": "confirm"}).headers["Location"]
        client.post(f"{draft}/send", data={"email": email})
        site.confirm(client, email)
        assert site.rows("SELECT count(*) FROM membership")[0][0] == members
        act(moderator, "remove", domain="newcanaanpolice.org", department="ct/new-canaan-police-department", reason="x")
    assert site.rows("SELECT domain FROM proof") == [("newcanaanpolice.org",)]
    assert "one@newcanaanpolice.org" in words_of(moderator.get("/review/domains"))


def test_a_corrected_kind_decides_whose_domain_proves(site: Site) -> None:
    site.domain("darienct.gov", "Town of Darien")
    moderator = site.staff()
    assert moderator.post(f"/review/departments/{DARIEN}/kind", data={"kind": "campus"}).status_code == 302
    client = site.visitor()
    draft = client.post("/zones/ct-darien-parking-lot/ours", data={"action": "confirm"}).headers["Location"]
    client.post(f"{draft}/send", data={"email": "clerk@darienct.gov"})
    site.confirm(client, "clerk@darienct.gov")
    assert site.rows("SELECT count(*) FROM membership")[0][0] == 0
    assert moderator.post(f"/review/departments/{DARIEN}/kind", data={"kind": "x"}).status_code == 400
    assert "a university’s" in words_of(moderator.get(f"/review/departments/{DARIEN}"))


def test_a_corrected_kind_is_in_the_file_and_a_silent_file_does_not_reset_it(site: Site, tmp_path: Path) -> None:
    moderator = site.staff()
    moderator.post(f"/review/departments/{DARIEN}/kind", data={"kind": "other"})
    out = tmp_path / "out.geojson"
    environment = site.environment
    assert CliRunner().invoke(main, ["export", "--output", str(out)], env=environment).exit_code == 0
    whole = json.loads(out.read_text(encoding="utf-8"))
    mine = next(one for one in whole["departments"] if one["name"] == "Darien Police Department")
    assert list(mine)[:4] == ["name", "state", "country", "kind"] and mine["kind"] == "other"
    del mine["kind"]
    mine["note"] = "Said nothing of its kind."
    out.write_text(json.dumps(whole), encoding="utf-8")
    assert CliRunner().invoke(main, ["import", str(out)], env=environment).exit_code == 0
    assert read_directory(site.engine).departments[DARIEN].kind == "other"
    mine["kind"] = "army"
    out.write_text(json.dumps(whole), encoding="utf-8")
    result = CliRunner().invoke(main, ["import", str(out)], env=environment)
    assert "Use one of: municipal, county" in result.stdout + result.stderr
