"""Towns as they are compared: by the name alone, however it is written."""

import re
from functools import lru_cache

from directory.regions import read_region
from directory.text import fold

_FORM = r"(?:charter township|township|twp\.?|town|city|village|borough|boro|municipality|ville|municipalit[eé])"
_FORM_BEFORE = re.compile(rf"^(?:the )?{_FORM} (?:of|de|du|d['’]) ?(?=\w)", re.IGNORECASE)
_FORM_BEHIND = re.compile(rf",? (?:the )?{_FORM} of$|,? \({_FORM}(?: of)?\)$", re.IGNORECASE)
_FORM_AFTER = re.compile(r"(?<=\w),? (?:charter township|township|twp\.?|borough|boro)$", re.IGNORECASE)
_MAY_HAVE_FORM = re.compile(r"[,(]| of | d[eu'’]|twp|township|boro", re.IGNORECASE)
_OTHER_NAMES = {("NY", "newyorkcity"): "newyork", ("DC", "washingtondc"): "washington"}


@lru_cache(maxsize=8192)
def town_key(name: str, state: str) -> str:
    """The town in one spelling: "New Canaan, Town of", "Town of New Canaan" and "New Canaan, CT" share one."""
    key = fold(bare_town(name, state))
    return _OTHER_NAMES.get((state, key), key)


def bare_town(name: str, state: str) -> str:
    """A name without the town's form ("Town of") and the state behind a comma."""
    if not _MAY_HAVE_FORM.search(name):
        return name
    text = " ".join(name.split())
    head, comma, region = text.rpartition(",")
    if comma and read_region(region.strip()) == state:
        text = head
    for form in (_FORM_BEHIND, _FORM_BEFORE, _FORM_AFTER):
        text = form.sub("", text)
    return text
