"""States, provinces and territories: the codes under which the directory files a place."""

import re
from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Region:
    """One state, province or territory; `country` is ISO 3166-1 alpha-2 ("US" for its territories)."""

    code: str
    name: str
    country: str


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
