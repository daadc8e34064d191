"""A town's figures: what is counted, when, and what is not."""

import re
import threading
from datetime import timedelta

from flask.testing import FlaskClient

from directory import clock
from directory.db.tables.statistics import Statistic
from directory.settings import Settings
from directory.statistics.buffer import StatisticsBuffer
from tests.conftest import Built, sqlite_only
from tests.support.site import Site
from tests.support.waiting import eventually

FIGURES = "/towns/ct/darien/figures.csv"


def figures(client: FlaskClient, path: str = FIGURES) -> dict[str, dict[str, int]]:
    lines = [line.split(",") for line in client.get(path).text.split()]
    return {row[0]: dict(zip(lines[0][1:], map(int, row[1:]), strict=True)) for row in lines[1:]}


def test_each_figure_counts_what_its_words_say(site: Site) -> None:
    client = site.visitor()
    month = f"{clock.now():%Y-%m}"
    assert figures(client) == {}
    client.get("/search?q=06820")
    client.get("/api/v1/nearest?address=Darien,+CT&limit=1")
    client.get("/embed?near=06820")
    client.get("/embed/ct/darien")
    client.get("/q/ct-darien-parking-lot")
    client.post("/zones/ct-darien-parking-lot/directions")
    client.post("/zones/ct-darien-parking-lot/report", data={"kind": "hours", "text": "They close at noon."})
    counted = figures(client)[month]
    assert counted == {"searches": 3, "misses": 0, "shown": 4, "directions": 1, "scans": 1, "reports": 1}
    client.get("/search?q=06820&confirmed=1")
    client.get("/search?lat=41.07&lon=-73.47&confirmed=1")
    assert figures(client)[month]["misses"] == 2
    assert figures(client)[month]["searches"] == 5
    client.get("/api/v1/collections/zones/items?town=Darien")
    assert figures(client)[month]["shown"] == counted["shown"]


def test_a_town_without_zones_has_figures_of_what_was_looked_for_in_vain(site: Site) -> None:
    client = site.visitor()
    client.get("/search?q=Adak,+AK")
    counted = figures(client, "/towns/ak/adak/figures.csv")
    assert list(counted.values()) == [dict.fromkeys(Statistic, 0) | {"searches": 1, "misses": 1}]
    assert client.get("/towns/AK/Adak/figures").status_code == 200
    client.get("/search?q=Weston,+CT")
    assert next(iter(figures(client, "/towns/ct/weston/figures.csv").values()))["searches"] == 1
    client.get("/api/v1/nearest?address=Darien,+CT&within_m=1")
    assert figures(client)[f"{clock.now():%Y-%m}"]["misses"] == 0
    assert client.get("/towns/ak/nowhere-at-all/figures").status_code == 404


def test_directions_are_counted_from_a_page_that_has_no_token(build_app: Built, own_settings: Settings) -> None:
    client = build_app(own_settings).test_client()
    assert client.post("/zones/ct-darien-parking-lot/directions").status_code == 204
    assert client.post("/zones/nothing/directions").status_code == 404
    assert client.post("/zones/ct-darien-parking-lot/report", data={"kind": "hours"}).status_code == 400


def test_a_new_month_is_a_new_row_and_the_newest_stands_first(site: Site) -> None:
    client = site.visitor()
    client.get("/q/ct-darien-parking-lot")
    clock.run_ahead(timedelta(days=40))
    client.get("/q/ct-darien-parking-lot")
    months = list(figures(client))
    assert len(months) == 2 and months == sorted(months, reverse=True)


def test_what_is_counted_is_numbers_and_nothing_about_anybody(site: Site) -> None:
    client = site.visitor()
    client.get("/search?q=25+Hecker+Avenue,+Darien,+CT", headers={"User-Agent": "telltale"})
    client.get(FIGURES)
    rows = site.rows("SELECT * FROM town_figure")
    assert rows and all(
        len(row) == 4 and re.fullmatch(r"\d{4}-\d\d", row[1]) and row[2] in set(Statistic) and isinstance(row[3], int)
        for row in rows
    )


def test_counts_written_one_after_the_other_add_up(site: Site) -> None:
    month = f"{clock.now():%Y-%m}"
    for _ in range(3):
        site.visitor().get("/q/ct-darien-parking-lot")
        site.services.statistics_buffer.write()
    assert figures(site.visitor())[month]["scans"] == 3


def test_a_database_in_trouble_costs_neither_the_answer_nor_the_count(site: Site) -> None:
    sqlite_only(site.settings)
    statistics_buffer = StatisticsBuffer(site.engine)
    statistics_buffer.count([("ct/darien", Statistic.SCANS)])
    with site.engine.connect() as connection:
        connection.exec_driver_sql("COMMIT")
        connection.exec_driver_sql("BEGIN IMMEDIATE")
        statistics_buffer.write()
        connection.exec_driver_sql("ROLLBACK")
    assert site.rows("SELECT count(*) FROM town_figure")[0][0] == 0
    statistics_buffer.write()
    assert site.rows("SELECT count FROM town_figure WHERE figure = 'scans'")[0][0] == 1


def test_what_is_counted_is_written_by_itself_without_a_further_request(site: Site) -> None:
    statistics_buffer = StatisticsBuffer(site.engine, seconds=0.1)
    for _ in range(3):
        statistics_buffer.count([("ct/darien", Statistic.SCANS)])
    eventually(lambda: site.rows("SELECT count FROM town_figure WHERE figure = 'scans'") == [(3,)])
    statistics_buffer.write()
    assert site.rows("SELECT count FROM town_figure WHERE figure = 'scans'")[0][0] == 3


def test_what_several_threads_count_while_it_is_written_adds_up(site: Site) -> None:
    statistics_buffer = StatisticsBuffer(site.engine)

    def count() -> None:
        for _ in range(1_500):
            statistics_buffer.count([("ct/darien", Statistic.SCANS)])

    threads = [threading.Thread(target=count) for _ in range(4)]
    for thread in threads:
        thread.start()
    while any(thread.is_alive() for thread in threads):
        statistics_buffer.write()
    for thread in threads:
        thread.join()
    statistics_buffer.write()
    assert site.rows("SELECT count FROM town_figure WHERE figure = 'scans'") == [(6_000,)]
