"""Two people find a place between them through a link, and neither learns where the other is."""

import re
from datetime import timedelta
from html import unescape
from pathlib import Path

import pytest
from flask.testing import FlaskClient
from sqlalchemy import inspect, text
from werkzeug.test import TestResponse

from directory import clock
from tests.support.site import Site, errors, words_of

FIRST, SECOND = "176 Main Street, Ridgefield, CT 06877", "41.0787, -73.4693"
SECRETS = ("06877", "Ridgefield, CT 06877", "41.28", "73.49", "41.0787", "73.4693", "41.08,", "73.47,")
"""What would say where either of them is."""


def invitation(client: FlaskClient, place: str = "06877") -> str:
    response = client.post("/meet/invite", data={"place": place})
    assert response.status_code == 200, errors(response)
    return re.findall(r'href="http://localhost(/meet/with/[^"]+)"', response.text)[0]


def joined(client: FlaskClient, link: str, place: str = SECOND) -> str:
    response = client.post(link, data={"place": place})
    assert response.status_code == 303, errors(response)
    return str(response.headers["Location"])


def test_both_see_the_same_list_and_neither_where_the_other_is(client: FlaskClient, site: Site) -> None:
    first, second = site.visitor(), site.visitor()
    link = invitation(first)
    asked = second.get(link)
    assert asked.status_code == 200 and "Neither of you sees where the other is" in words_of(asked)
    both = joined(second, link)
    pages = [person.get(both) for person in (first, second)]
    assert words_of(pages[0]) == words_of(pages[1])
    assert "Who sent the link" in words_of(pages[0]) and "Who answered" in words_of(pages[0])
    for page in (asked, *pages):
        main = page.text.split("<main", 1)[1]
        for secret in SECRETS:
            cards = r'<article class="top-card".*?</article>|<li class="row.*?</li>\s*(?=<li class="row|</ol>)'
            assert secret not in re.sub(cards, "", main, flags=re.DOTALL), secret
        assert "data-origins" not in page.text


def test_trips_behind_a_link_are_whole_miles_or_kilometres(client: FlaskClient) -> None:
    both = joined(client, invitation(client))
    for units in ("mi", "km"):
        trips = re.findall(r'class="trip-words number">([^<]+)<', client.get(f"{both}?units={units}").text)
        assert trips and all(re.fullmatch(rf"(less than )?[\d,]+ {units}", trip) for trip in trips), trips


def test_the_list_keeps_filters_and_more_results_without_the_places(client: FlaskClient) -> None:
    both = joined(client, invitation(client))
    page = client.get(f"{both}?lit=1&limit=2")
    assert re.search(r'action="/meet/list/[^"]+" method="get"', page.text)
    more = unescape(re.findall(r'href="(/meet/list/[^"]+limit=4[^"]*)"', page.text)[0])
    assert "lit=1" in more and client.get(more).status_code == 200
    for name in "ab":
        assert f'name="{name}"' not in page.text


@pytest.mark.parametrize(
    ("place", "status", "message"),
    [
        ("", 400, "Nothing was typed"),
        ("Springfield", 200, "Several places fit"),
        ("zzzz qqqq", 404, "This site has no address service"),
    ],
)
def test_a_place_that_cannot_be_used_is_said_and_kept_on_both_sides(
    client: FlaskClient, place: str, status: int, message: str
) -> None:
    for path in ("/meet/invite", invitation(client)):
        response = client.post(path, data={"place": place})
        assert response.status_code == status, path
        assert any(message in error for error in errors(response)), errors(response)
        assert f'value="{place}"' in response.text


def test_one_of_several_places_is_chosen_with_one_press(client: FlaskClient) -> None:
    link = invitation(client)
    choices = re.findall(r'name="place"\s+value="([^"]+)"', client.post(link, data={"place": "Springfield"}).text)
    assert len(choices) == 5
    assert joined(client, link, choices[0]).startswith("/meet/list/")


def test_a_link_is_over_after_a_day_and_a_broken_one_says_so(site: Site) -> None:
    client = site.visitor()
    link = invitation(client)
    both = joined(client, link)
    assert client.get(link[:-4]).status_code == 404
    assert "Perhaps a part of it is missing" in words_of(client.get("/meet/list/xyz"))
    clock.run_ahead(timedelta(hours=25))
    for answer in (client.get(link), client.post(link, data={"place": SECOND}), client.get(both)):
        assert answer.status_code == 410 and "It was good for 24 hours" in words_of(answer)


def test_the_link_that_asks_leads_to_its_form_wherever_it_is_pasted(client: FlaskClient) -> None:
    link = invitation(client)
    moved = client.get(link.replace("/with/", "/list/"))
    assert moved.status_code == 303 and moved.headers["Location"] == link


def test_other_sites_cannot_send_the_forms(client: FlaskClient) -> None:
    for path in ("/meet/invite", invitation(client)):
        strange = client.post(path, data={"place": SECOND}, headers={"Sec-Fetch-Site": "cross-site"})
        assert strange.status_code == 403


def private(response: TestResponse) -> bool:
    return bool(response.headers["Cache-Control"] == "private, no-store" and "Set-Cookie" not in response.headers)


def test_no_page_is_kept_or_sets_a_cookie_and_nothing_of_a_place_is_written_anywhere(
    site: Site, capfd: pytest.CaptureFixture[str], caplog: pytest.LogCaptureFixture
) -> None:
    client = site.visitor()
    link = invitation(client, FIRST if site.settings.geocoders else "06877")
    both = joined(client, link)
    assert all(private(answer) for answer in (client.get("/meet?a=06877&b=06820"), client.get(link), client.get(both)))
    site.app.extensions["safezones"].statistics_buffer.write()
    said = capfd.readouterr()
    logs = said.out + said.err + caplog.text
    rows = []
    with site.context.engine.connect() as connection:
        for table in inspect(connection).get_table_names():
            if table not in ("zone", "program", "department", "town", "data_case", "log_entry", "evidence"):
                rows += [str(row) for row in connection.execute(text(f'SELECT * FROM "{table}"'))]
    written = "\n".join(rows)
    files = list(Path(site.settings.data_dir).rglob("*.log"))
    for secret in ("06877", "41.0787", link.rpartition("/")[2], both.rpartition("/")[2]):
        assert secret not in logs and secret not in written, secret
        assert all(secret not in path.read_text() for path in files)
