"""Column names: what clerks call our fields, in every language that the site speaks.

English synonyms stand with the fields, rarer ones and other languages' in `names/columns.csv`. What a form calls a
field in one of the languages means it too, so that a table that was begun from a translated template can be read.
"""

import csv
import re
from collections.abc import Callable, Iterator
from functools import cache
from gettext import GNUTranslations

from directory.languages import TRANSLATIONS
from directory.settings import PACKAGE
from directory.text import kept_of_short, plain
from directory.zones.parsing.composites import STREET_NUMBER, SYNONYMS
from directory.zones.parsing.parsers import PARSERS
from directory.zones.schemas import FIELDS

FieldFor = Callable[[str], str | None]
"""From a column's name to the field, or the several fields at once, that it means, or None."""

SHAPEFILE_NAME = 10
"""Letters of a column's name that a shapefile keeps."""

PLACES = {"address", "addr", "location", "geo", "position", "site"}
OF_A_PLACE = {"street_address", STREET_NUMBER, "town", "state", "postal_code", "country", "latitude", "longitude"}
"""A nested "name" or "status" may be anybody's: only these parts of these objects count without the object's name."""
_PATH = re.compile(r"[.:/]")
_BETWEEN_LANGUAGES = re.compile(r"\s*[/|]\s*|\s+[-–—]\s+")
_ANSWER = r"(?:y ?/ ?n|yes ?/ ?no|oui ?/ ?non|required|optional|if (?:any|known|applicable)|wgs ?84|dd|deg(?:rees)?)"
LONGEST_WITH_REMARK = 100
"""Characters: longer texts are no names, and take long to look through."""
_REMARK = re.compile(rf"[\s,:-]*(?:\({_ANSWER}\)|\[{_ANSWER}\]|\b{_ANSWER})\s*\??\s*$", re.I)
"""What stands behind a column's name on a form."""

_SYNONYMS = {name: field.synonyms for name, field in FIELDS.items()} | SYNONYMS


@cache
def _fields() -> dict[str, str]:
    """The field of every column name in plain words; what stands first counts."""
    fields = {plain(name.replace("_", " ")): name for name in (*PARSERS, *SYNONYMS)} | {
        plain(synonym): name for name, synonyms in _SYNONYMS.items() for synonym in synonyms.split(",") if synonym
    }
    for heading, name in (*_headings(), *_labels()):
        fields.setdefault(plain(heading), name)
    return fields


def _headings() -> Iterator[tuple[str, str]]:
    with (PACKAGE / "names" / "columns.csv").open(encoding="utf-8", newline="") as file:
        for row in csv.DictReader(file):
            yield row["heading"], row["field"]


def _labels() -> Iterator[tuple[str, str]]:
    for name in PARSERS:
        yield FIELDS[name].label, name
    for path in sorted(TRANSLATIONS.glob("*/LC_MESSAGES/messages.mo")):
        with path.open("rb") as file:
            catalogue = GNUTranslations(file)
        for name, field in FIELDS.items():
            if name in PARSERS:
                yield catalogue.gettext(field.label), name


@kept_of_short(1024)
def field_for(header: str) -> str | None:
    """The field that a column name means, or None when it means none of ours.

    A name may be a path, as programs write nested objects: "address.city", "addr:housenumber".
    """
    if field := _fields().get(plain(header.replace("_", " "))) or _fields().get(_without_remark(header)):
        return field
    if field := _field_in_two_languages(header):
        return field
    *outer, part = _PATH.split(header)
    inner = _fields().get(plain(part.replace("_", " "))) if outer and plain(outer[-1]) in PLACES else None
    return inner if inner in OF_A_PLACE else None


def _field_in_two_languages(header: str) -> str | None:
    """The one field that each part of a name means: "Town/Ville", "Address | Adresse"."""
    parts = _BETWEEN_LANGUAGES.split(header) if len(header) <= LONGEST_WITH_REMARK else []
    fields = {_fields().get(plain(part.replace("_", " "))) for part in parts}
    return fields.pop() if len(parts) > 1 and len(fields) == 1 else None


def _without_remark(header: str) -> str:
    """A column's name in plain words, without what a form says of it: "Lit (Y/N)", "Town (required)"."""
    return plain(_REMARK.sub("", header.replace("_", " "))) if len(header) <= LONGEST_WITH_REMARK else ""


@kept_of_short(1024)
def field_for_cut_name(header: str) -> str | None:
    """The field that a column's name of ten letters means, as a shapefile keeps them of longer ones."""
    start = plain(header.replace("_", " "))
    fields = {
        field
        for name, field in _fields().items()
        if len(name) > SHAPEFILE_NAME and name[:SHAPEFILE_NAME].strip() == start
    }
    return fields.pop() if len(header) == SHAPEFILE_NAME and len(fields) == 1 else None
