"""Public holidays: those of a state or province, and those of the country's government.

"PH" in OSM syntax means the holidays of the zone's own state or province. A comment on the rule may narrow or widen it:
`PH off "federal holidays"`, `PH off "state and federal holidays"`, `PH off "major holidays"`,
`PH off "Thanksgiving, Christmas"`.
"""

import re
from datetime import date
from functools import lru_cache

from directory.regions import REGIONS
from directory.zones.hours.lexicon import NAMED_HOLIDAYS

_MAJOR = frozenset(
    ["New Year's Day", "Memorial Day", "Independence Day", "Canada Day", "Labor Day", "Thanksgiving", "Christmas"]
)
_NAMED = re.compile("|".join(sorted(NAMED_HOLIDAYS, key=len, reverse=True)))
_OTHER_NAMES = {
    "Thanksgiving Day": "Thanksgiving", "Christmas Day": "Christmas", "Labour Day": "Labor Day",
    "Washington's Birthday": "Presidents' Day",
}  # fmt: skip
"""What the library calls days that hours name otherwise."""


@lru_cache(maxsize=2048)
def of_region(region: str, year: int) -> dict[date, str]:
    """The public holidays of a state or province with their names, days of observance included; none elsewhere."""
    from holidays import country_holidays

    if region not in REGIONS:
        return {}
    return dict(country_holidays(REGIONS[region].country, subdiv=region, years=year))


@lru_cache(maxsize=256)
def federal(region: str, year: int) -> dict[date, str]:
    """The holidays of the federal government of the region's country, with their names."""
    from holidays import GOVERNMENT, PUBLIC, country_holidays

    if region not in REGIONS:
        return {}
    country = REGIONS[region].country
    return dict(country_holidays(country, years=year, categories=PUBLIC if country == "US" else GOVERNMENT))


def is_holiday(day: date, region: str) -> bool:
    """Whether the state, the province or the country's government keeps this day."""
    return day in of_region(region, day.year) or day in federal(region, day.year)


def holiday_name(day: date, region: str) -> str:
    """What the state or province calls this day, in English; empty where it does not keep it."""
    return of_region(region, day.year).get(day, "")


def _names_of(day: date, region: str) -> set[str]:
    """What the region and its country call a day, in the words of hours; states have names of their own for some."""
    texts = (of_region(region, day.year).get(day, ""), federal(region, day.year).get(day, ""))
    names = {name.removesuffix(" (observed)") for text in texts for name in text.split("; ")}
    return {_OTHER_NAMES.get(name, name) for name in names}


def speaks_of(day: date, region: str, comment: str) -> bool | None:
    """Whether a rule about holidays with this comment speaks of `day`; None where nobody can tell.

    Nobody can tell of a federal holiday that the state does not keep where the words say only "holidays", nor of a
    minor holiday where they say "major holidays".
    """
    name = of_region(region, day.year).get(day, "")
    by_region, by_country = bool(name), day in federal(region, day.year)
    comment_text = comment.lower()
    if named := _NAMED.findall(comment):
        return not _names_of(day, region).isdisjoint(named)
    if "major" in comment_text:
        if not _names_of(day, region).isdisjoint(_MAJOR):
            return True
        return None if by_region or by_country else False
    if "federal" in comment_text:
        return by_country or ("state" in comment_text and by_region)
    return None if by_country and not by_region else by_region
