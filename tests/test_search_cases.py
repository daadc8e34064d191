"""What real people typed, with the right answers: the rows of tests/cases/search.csv, asked of the API.

`want` holds alternatives: region:CA, place:Ottawa ON, postal:M5V, point:LAT LON, department:NAME ST, choice (several to
choose from), ask and say (a note or an error that explains), none (no candidate, and a sentence). `never` names the
states and countries that may not come first.
"""

import csv
from pathlib import Path
from typing import Any

import pytest
from flask.testing import FlaskClient

from directory.text import plain

FILE = Path(__file__).parent / "cases" / "search.csv"
ROWS = list(csv.DictReader(FILE.read_text(encoding="utf-8").splitlines()))
UNANSWERED = {"12 Main St Elmhurst Township PA": "a township is unknown, and said to be, without the Census file"}
"""Rows that the packaged gazetteer cannot answer; tests/test_richer_gazetteer.py asks them of a richer one."""


@pytest.mark.parametrize("row", [row for row in ROWS if row["query"] not in UNANSWERED], ids=lambda row: row["query"])
def test_what_people_type_gives_the_right_place_or_a_question(client: FlaskClient, row: dict[str, str]) -> None:
    response = client.get("/api/v1/geocode", query_string={"address": row["query"]})
    answer = response.get_json()
    assert any(fits(want, response.status_code, answer) for want in row["want"].split("|")), answer
    first = (answer.get("features") or [{"properties": {}}])[0]["properties"]
    assert not {first.get("state"), first.get("country")} & set(filter(None, row["never"].split(",")))


@pytest.mark.parametrize("row", ROWS, ids=lambda row: row["query"])
def test_every_one_of_them_gives_a_page_in_both_languages(client: FlaskClient, row: dict[str, str]) -> None:
    for language in ("en", "es"):
        response = client.get("/search", query_string={"q": row["query"]}, headers={"Accept-Language": language})
        assert response.status_code in (200, 400, 404), row["query"]


def fits(want: str, status: int, answer: dict[str, Any]) -> bool:
    """Whether the answer is one of those wanted."""
    kind, _, text = want.partition(":")
    features = answer.get("features") or []
    places = [(feature["properties"], feature["geometry"]["coordinates"]) for feature in features[:5]]
    if kind == "none":
        return not places and status in (400, 404)
    if kind == "choice":
        return len(places) > 1
    if kind in ("ask", "say"):
        return bool(answer["interpretation"]["notes"])
    return any(names(kind, text, place, position) for place, position in places)


def names(kind: str, text: str, place: dict[str, Any], position: list[float]) -> bool:
    """Whether a candidate is the place that is wanted."""
    label = words(place["label"])
    if kind == "region":
        return (place["precision"], place["state"]) == ("region", text)
    if kind == "postal":
        return text.lower() in label
    if kind == "point":
        latitude, longitude = map(float, text.split())
        return abs(position[1] - latitude) < 0.0015 and abs(position[0] - longitude) < 0.0015
    return words(text[:-3]) in label and place["state"] == text[-2:]


def words(text: str) -> str:
    """Plain words, "Saint" in short."""
    return plain(text).replace("saint ", "st ")
