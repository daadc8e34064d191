"""The names of states and provinces in the reader's language."""

from collections.abc import Iterable

from directory.regions import REGIONS
from directory.text import plain, translatable
from directory.web.i18n.translate import translate

_NAMES = (
    translatable("Alabama"), translatable("Alaska"), translatable("Arizona"), translatable("Arkansas"),
    translatable("California"), translatable("Colorado"), translatable("Connecticut"), translatable("Delaware"),
    translatable("District of Columbia"), translatable("Florida"), translatable("Georgia"), translatable("Hawaii"),
    translatable("Idaho"), translatable("Illinois"), translatable("Indiana"), translatable("Iowa"),
    translatable("Kansas"), translatable("Kentucky"), translatable("Louisiana"), translatable("Maine"),
    translatable("Maryland"), translatable("Massachusetts"), translatable("Michigan"), translatable("Minnesota"),
    translatable("Mississippi"), translatable("Missouri"), translatable("Montana"), translatable("Nebraska"),
    translatable("Nevada"), translatable("New Hampshire"), translatable("New Jersey"), translatable("New Mexico"),
    translatable("New York"), translatable("North Carolina"), translatable("North Dakota"), translatable("Ohio"),
    translatable("Oklahoma"), translatable("Oregon"), translatable("Pennsylvania"), translatable("Rhode Island"),
    translatable("South Carolina"), translatable("South Dakota"), translatable("Tennessee"), translatable("Texas"),
    translatable("Utah"), translatable("Vermont"), translatable("Virginia"), translatable("Washington"),
    translatable("West Virginia"), translatable("Wisconsin"), translatable("Wyoming"), translatable("Puerto Rico"),
    translatable("Guam"), translatable("U.S. Virgin Islands"), translatable("American Samoa"),
    translatable("Northern Mariana Islands"), translatable("Alberta"), translatable("British Columbia"),
    translatable("Manitoba"), translatable("New Brunswick"), translatable("Newfoundland and Labrador"),
    translatable("Nova Scotia"), translatable("Northwest Territories"), translatable("Nunavut"),
    translatable("Ontario"), translatable("Prince Edward Island"), translatable("Québec"),
    translatable("Saskatchewan"), translatable("Yukon"),
)  # fmt: skip
"""Every name of `REGIONS`, for the catalogues: a test compares."""
_BY_NAME = {str(name): name for name in _NAMES}


def state_name(code: str) -> str:
    """The full name of a state or province; a code that is none stays as it is."""
    return translate(_BY_NAME[REGIONS[code].name]) if code in REGIONS else code


def in_order(codes: Iterable[str]) -> list[str]:
    """States before provinces, each in the order of their names."""
    return sorted(codes, key=lambda code: (REGIONS[code].country != "US", plain(state_name(code))))


def state_choices() -> list[tuple[str, str]]:
    """Every state and province with its name, the United States first."""
    return [(code, state_name(code)) for code in in_order(REGIONS)]
