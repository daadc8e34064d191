"""States, provinces, territories and countries: codes and written forms.

The forms are in `names/regions.csv` and `names/countries.csv` (sources there and in `names/README.md`). Search, imports
and forms parse regions and countries only with this module.
"""

import csv
import re
from collections.abc import Iterator
from dataclasses import dataclass
from functools import cache
from pathlib import Path

from directory.text import one_letter_off, plain, without_accents


@dataclass(frozen=True, slots=True)
class Region:
    """One state, province or territory; `country` is ISO 3166-1 alpha-2 ("US" for its territories)."""

    code: str
    name: str
    country: str


@dataclass(frozen=True, slots=True)
class Country:
    """A country with its ISO 3166-1 alpha-2 code."""

    code: str
    name: str

    @property
    def covered(self) -> bool:
        """Whether the directory covers it."""
        return self.code in COVERED


NAMES = Path(__file__).with_name("names")
COVERED = ("US", "CA")
_US = """AL Alabama|AK Alaska|AZ Arizona|AR Arkansas|CA California|CO Colorado|CT Connecticut|DE Delaware
|DC District of Columbia|FL Florida|GA Georgia|HI Hawaii|ID Idaho|IL Illinois|IN Indiana|IA Iowa|KS Kansas
|KY Kentucky|LA Louisiana|ME Maine|MD Maryland|MA Massachusetts|MI Michigan|MN Minnesota|MS Mississippi
|MO Missouri|MT Montana|NE Nebraska|NV Nevada|NH New Hampshire|NJ New Jersey|NM New Mexico|NY New York
|NC North Carolina|ND North Dakota|OH Ohio|OK Oklahoma|OR Oregon|PA Pennsylvania|RI Rhode Island
|SC South Carolina|SD South Dakota|TN Tennessee|TX Texas|UT Utah|VT Vermont|VA Virginia|WA Washington
|WV West Virginia|WI Wisconsin|WY Wyoming|PR Puerto Rico|GU Guam|VI U.S. Virgin Islands|AS American Samoa
|MP Northern Mariana Islands"""
_CA = """AB Alberta|BC British Columbia|MB Manitoba|NB New Brunswick|NL Newfoundland and Labrador
|NS Nova Scotia|NT Northwest Territories|NU Nunavut|ON Ontario|PE Prince Edward Island|QC Québec
|SK Saskatchewan|YT Yukon"""


def _regions(text: str, country: str) -> dict[str, Region]:
    entries = (entry.strip().partition(" ") for entry in text.split("|"))
    return {code: Region(code, name, country) for code, _, name in entries}


REGIONS: dict[str, Region] = {**_regions(_US, "US"), **_regions(_CA, "CA")}

FSA = re.compile(r"[ABCEGHJ-NPRSTVXY]\d[A-Z]")
"""A forward sortation area: the first half of a Canadian postal code."""

_REGION_PHRASE = re.compile(
    r"(?:the )?(?:state|province|commonwealth|territory|estado|provincia|province|etat|territoire) (?:of |de |du )(.+)"
    r"|(.+?) (?:state|province|estado|provincia)"
)
_MIN_SPELLING_LENGTH = 6
"""The shortest region name that is recognized with one wrong letter."""


def read_region(text: str) -> str:
    """The code of the region that `text` names in any form ("Conn.", "Québec", "W. Va."), or an empty string."""
    if code := _dotted_forms().get(_dotted_key(text)):
        return code
    plain_text = plain(text)
    if plain_text.replace(" ", "").upper() in REGIONS:
        return plain_text.replace(" ", "").upper()
    if code := _plain_forms().get(plain_text.replace(" ", "")):
        return code
    if match := _REGION_PHRASE.fullmatch(plain_text):
        return _plain_forms().get((match[1] or match[2]).replace(" ", ""), "")
    return ""


def is_word_like(text: str) -> bool:
    """Whether a region's short form without its dot is also a word or name ("Man", "Wash", "Cali")."""
    plain_text = plain(text)
    return "." not in text and len(plain_text) > 2 and plain_text in _abbreviations()


def is_full_name(text: str) -> bool:
    """Whether `text` is a region's name written out, in any of the three languages."""
    return plain(text).replace(" ", "") in _full_names()


def read_misspelt_region(text: str) -> str:
    """The code of the only region whose full name is one letter off `text`, or an empty string."""
    key = plain(text).replace(" ", "")
    if not _MIN_SPELLING_LENGTH <= len(key) <= 30:
        return ""
    codes = {code for form in one_letter_off(key) if (code := _full_names().get(form))}
    return codes.pop() if len(codes) == 1 else ""


def regions_beginning(prefix: str) -> list[Region]:
    """The regions with a form that begins with `prefix` (at least two letters), by name; for type-ahead."""
    plain_prefix = plain(prefix)
    if len(plain_prefix) < 2:
        return []
    exact = read_region(prefix)
    codes = {code for form, code in _full_names().items() if form.startswith(plain_prefix.replace(" ", ""))}
    return sorted(
        (REGIONS[code] for code in codes | {exact} - {""}), key=lambda region: (region.code != exact, region.name)
    )


def read_country(text: str) -> Country | None:
    """The country that `text` names in English, Spanish or French ("USA", "Canada", "Reino Unido"), or None."""
    return _countries().get(plain(text).replace(" ", ""))


def _dotted_key(text: str) -> str:
    """The key of a form, with its dots and hyphens: "N.-É." is Nova Scotia, "NE" is Nebraska."""
    return " ".join(without_accents(text).lower().split())


def _rows(name: str) -> Iterator[dict[str, str]]:
    with (NAMES / name).open(encoding="utf-8", newline="") as file:
        yield from csv.DictReader(file)


@cache
def _dotted_forms() -> dict[str, str]:
    return {_dotted_key(row["form"]): row["code"] for row in _rows("regions.csv") if "." in row["form"]}


@cache
def _plain_forms() -> dict[str, str]:
    forms: dict[str, str] = {}
    for row in _rows("regions.csv"):
        forms.setdefault(plain(row["form"]).replace(" ", ""), row["code"])
    return forms


@cache
def _full_names() -> dict[str, str]:
    names = {plain(region.name).replace(" ", ""): code for code, region in REGIONS.items()}
    table_names = {
        plain(row["form"]).replace(" ", ""): row["code"] for row in _rows("regions.csv") if row["kind"] == "name"
    }
    return table_names | names


@cache
def _abbreviations() -> frozenset[str]:
    kinds = ("traditional abbreviation", "other form")
    forms = {plain(row["form"]) for row in _rows("regions.csv") if row["kind"] in kinds}
    return frozenset(form for form in forms if " " not in form and form not in _full_names())


@cache
def _countries() -> dict[str, Country]:
    # CLDR has no codes; mail and spreadsheets use "CAN".
    countries = {"can": Country("CA", "Canada")}
    for row in _rows("countries.csv"):
        countries.setdefault(plain(row["name"]).replace(" ", ""), Country(row["code"], row["means"]))
    return countries
