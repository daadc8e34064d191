"""What real people typed, with the right answers: the rows of tests/cases/search.csv, asked of the API and the page."""

import pytest
from flask.testing import FlaskClient

from directory.web.http.languages import available
from quality.cases import UNANSWERED, is_right, read_cases

ROWS = read_cases("search.csv")


@pytest.mark.parametrize("row", [row for row in ROWS if row["query"] not in UNANSWERED], ids=lambda row: row["query"])
def test_what_people_type_gives_the_right_place_or_a_question(client: FlaskClient, row: dict[str, str]) -> None:
    response = client.get("/api/v1/geocode", query_string={"address": row["query"]})
    assert is_right(row, response.status_code, response.get_json()), response.get_json()


def test_every_one_of_them_gives_a_page_in_every_language(client: FlaskClient) -> None:
    for number, row in enumerate(ROWS):
        language = available()[number % len(available())]
        response = client.get("/search", query_string={"q": row["query"]}, headers={"Accept-Language": language})
        assert response.status_code in (200, 400, 404), row["query"]
