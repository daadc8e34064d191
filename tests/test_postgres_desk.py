"""The same desk on PostgreSQL: from a form to the map, undone, asked about, mailed."""

from collections.abc import Iterator
from datetime import timedelta
from pathlib import Path

import pytest
from sqlalchemy import text
from sqlalchemy.exc import DBAPIError

from directory import clock
from directory.geocoding.gazetteer import Gazetteer
from directory.mail.postman import Folder, Postman
from directory.records.database import migrate, open_database
from directory.records.importing import Options, import_file
from directory.records.store import read_directory
from directory.settings import Settings
from directory.submissions.keeping_fresh import remind
from tests.conftest import ZONES
from tests.test_sheets import GOOD, send, table
from tests.townhall import SITE, Hall, words_of


@pytest.fixture
def hall(database_url: str, tmp_path: Path) -> Iterator[Hall]:
    settings = Settings(data_dir=tmp_path, geocoders=(), database_url=database_url)
    engine = open_database(database_url)
    migrate(engine)
    import_file(engine, ZONES, Gazetteer.unpacked(tmp_path), Options())
    engine.dispose()
    hall = Hall(settings)
    yield hall
    hall.close()


def test_a_submission_goes_its_whole_way_on_either_database(hall: Hall, tmp_path: Path) -> None:
    hall.domain("westonct.gov", "Weston")
    draft, _ = send(hall, table([{**GOOD, "street_address": f"{number} Main Street"} for number in range(1, 4)]))
    clerk = hall.visitor()
    clerk.post(f"{draft}/send")
    hall.confirm(clerk, "clerk@westonct.gov")
    moderator, late = hall.staff(), hall.staff("late@example.org")
    version = hall.rows("SELECT version FROM submission")[0][0]
    assert hall.decide(moderator, "approve").status_code == 302
    form = {"step": "decline", "reason": "No.", "version": version}
    assert late.post(f"/review/{hall.number()}/decide", data=form).status_code == 409
    assert "1 Main Street" in words_of(hall.visitor().get("/search?q=Weston,+CT"))
    zone = hall.rows("SELECT zone_id FROM zone WHERE street_address = '1 Main Street' AND zone_id LIKE 'ct-weston%'")[
        0
    ][0]
    item = clerk.post(f"/zones/{zone}/ours", data={"action": "correct"}).headers["Location"]
    changed = clerk.post(item, data={"phone": "203-555-0100"}).headers["Location"]
    assert "It is live" in clerk.post(f"{changed}/send").text
    first = hall.rows("SELECT min(id) FROM change WHERE kind = 'zone' AND subject = :z", z=zone)[0][0]
    assert clerk.post(f"/zones/{zone}/versions/{first}/restore").status_code == 302
    assert hall.rows("SELECT phone FROM zone WHERE zone_id = :z", z=zone)[0][0] == ""
    with pytest.raises(DBAPIError, match="only grow"), hall.engine.begin() as connection:
        connection.execute(text("DELETE FROM change"))
    clock.run_ahead(timedelta(days=150))
    assert remind(hall.office, read_directory(hall.engine).zones, SITE, lambda _part: None).zones == 3
    waiting = hall.rows("SELECT count(*) FROM outbox_mail WHERE next_at IS NOT NULL")[0][0]
    assert Postman(hall.engine, Folder(tmp_path / "mail")).round() == waiting > 5
