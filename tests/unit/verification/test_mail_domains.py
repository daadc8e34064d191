"""Addresses, hosts and the lists of official domains, read exactly."""

import gzip
from pathlib import Path

import pytest

from directory.formats.source import BadFileError
from directory.verification.domain_files import REGISTRY, is_official, read_domains
from directory.verification.mail_domains import (
    DOMAIN,
    clean_email,
    domain_of,
)
from directory.zones.evidence.sources import host_of


@pytest.mark.parametrize(
    ("text", "email"),
    [
        (" Clerk@WestonCT.gov ", "clerk@westonct.gov"),
        ("clerk@town.test", "clerk@town.test"),  # of a rehearsal
        ("clerk", None),
        ("clerk@", None),
        ("clérk@westonct.gov", None),
        ("clerk@localhost", None),
        ("clerk@a..gov", None),
        ("", None),
    ],
)
def test_an_address_is_read_in_lower_case_or_refused(text: str, email: str | None) -> None:
    assert clean_email(text) == email


def test_an_address_has_at_most_200_characters() -> None:
    def address(length: int) -> str:
        labels = "a" * 60 + "." + "b" * 60 + "." + "c" * 60 + ".gov"
        return "x" * (length - len(labels) - 1) + "@" + labels

    assert clean_email(address(200)) == address(200)
    assert clean_email(address(201)) is None


def test_domains_are_taken_from_addresses_and_pages() -> None:
    assert domain_of("a@b@WestonCT.gov") == "westonct.gov"
    assert host_of("https://www.WestonCT.gov/police") == "westonct.gov"
    assert host_of("") == "" and host_of("westonct.gov") == ""


@pytest.mark.parametrize(
    ("domain", "official"),
    [("westonct.gov", True), ("ottawa.ca", True), ("weston.ct.us", True), ("weston.org", False), ("ct.us", False),
     ("weston.ct.us.evil.com", False), ("westongov", False)],
)  # fmt: skip
def test_official_endings_are_gov_ca_and_those_of_states(domain: str, official: bool) -> None:
    assert is_official(domain) is official


@pytest.mark.parametrize(
    ("text", "valid"),
    [("a.gov", True), ("a-b.gov", True), ("-a.gov", False), ("a-.gov", False), ("a.g", False), ("gov", False),
     ("x" * 63 + ".gov", True), ("x" * 64 + ".gov", False), ("A.gov", False)],
)  # fmt: skip
def test_a_domain_is_made_of_labels(text: str, valid: bool) -> None:
    assert (DOMAIN.fullmatch(text) is not None) is valid


def written(folder: Path, text: str, name: str = "own.csv") -> Path:
    path = folder / name
    path.write_text(text, encoding="utf-8")
    return path


OWN = "domain,place,state,source,kind,unit\nWestonCT.gov, Weston ,ct,its page,City,Police\n"


def test_a_list_of_our_own_form_is_read_with_every_column(tmp_path: Path) -> None:
    (row,) = read_domains(written(tmp_path, OWN))
    assert (row.domain, row.place, row.state, row.source, row.kind, row.unit) == (
        "westonct.gov", "Weston", "CT", "its page", "city", "Police",
    )  # fmt: skip
    assert row.listed_at is not None


def test_a_list_may_be_packed_and_begin_with_a_byte_order_mark(tmp_path: Path) -> None:
    packed = tmp_path / "own.csv.gz"
    packed.write_bytes(gzip.compress(("\ufeff" + OWN.replace(",source", ",x")).encode()))
    (row,) = read_domains(packed)
    assert (row.domain, row.source) == ("westonct.gov", "own.csv")


def test_the_registrys_list_is_known_by_its_columns_and_federal_or_foreign_rows_are_passed_over(tmp_path: Path) -> None:
    text = (
        "Domain name,Domain type,Organization name,Suborganization name,State\n"
        "westonct.gov,City,Town of Weston,Police,CT\n"
        "acus.gov,Federal - Executive,Conference,,DC\n"
        "elsewhere.gov,City,Elsewhere,,XX\n"
    )
    (row,) = read_domains(written(tmp_path, text, "renamed.csv"))
    assert (row.domain, row.source, row.unit, row.kind) == ("westonct.gov", REGISTRY, "Police", "city")


@pytest.mark.parametrize(
    ("text", "message"),
    [
        ("domain,place\na.gov,Weston\n", "has no columns domain, place and state"),
        ("", "has no columns"),
        ("domain,place,state\na.gov,Weston,CT\nb.org,Weston,CT\n", "Row 3 of own.csv: “b.org” for “Weston”"),
        ("domain,place,state\n-.gov,Weston,CT\n", "Row 2"),
        ("domain,place,state\na.gov,,CT\n", "Row 2"),
    ],
)
def test_a_row_that_cannot_be_used_is_named(tmp_path: Path, text: str, message: str) -> None:
    with pytest.raises(BadFileError, match=message):
        list(read_domains(written(tmp_path, text)))


@pytest.mark.parametrize(
    "content", [b"domain,place,state\n\xff\n", gzip.compress(OWN.encode())[:-9]], ids=["no UTF-8", "cut off"]
)
def test_what_is_no_utf8_text_or_cut_off_is_refused(tmp_path: Path, content: bytes) -> None:
    path = tmp_path / "odd.csv"
    path.write_bytes(content)
    with pytest.raises(BadFileError, match="no CSV file in UTF-8"):
        list(read_domains(path))
