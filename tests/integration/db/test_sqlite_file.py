"""A running site's SQLite file: what stands in its place is what is read."""

from pathlib import Path

from sqlalchemy import Engine, text

from directory.db.backup import back_up_to
from directory.db.engine import open_database
from directory.db.sqlite_file import pin_file
from tests.conftest import Import, only_sqlite

CSV = "department,town,state,address,zip\nDarien Police,Darien,CT,25 Hecker Avenue,06820\n"


@only_sqlite
def test_a_file_that_took_the_place_of_one_that_was_open_is_read_from_when_it_is_pinned(
    engine: Engine, load: Import, tmp_path: Path
) -> None:
    load("a.csv", CSV)
    back_up_to(engine, tmp_path / "copy.sqlite", "")
    copy = open_database(f"sqlite:///{tmp_path / 'copy.sqlite'}")
    with copy.begin() as connection:
        connection.execute(text("UPDATE zone SET name = 'There'"))
    copy.dispose()
    assert names(engine) != {"There"}, "its connection is kept for later"
    for name in ("directory.sqlite-wal", "directory.sqlite-shm"):
        (tmp_path / name).unlink(missing_ok=True)
    (tmp_path / "copy.sqlite").replace(tmp_path / "directory.sqlite")
    pin_file(engine)
    assert names(engine) == {"There"}


def names(engine: Engine) -> set[str]:
    with engine.connect() as connection:
        return {row.name for row in connection.execute(text("SELECT name FROM zone"))}
