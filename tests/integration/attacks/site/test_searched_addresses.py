"""Nobody reads from database, backup or log which address was searched for, as it was typed or as it was answered."""

import base64
import gzip
import json
import sqlite3
import subprocess
import time
from collections.abc import Iterator
from contextlib import closing
from hashlib import sha256
from pathlib import Path
from urllib.parse import parse_qs, quote, quote_plus, urlsplit

import pytest
from sqlalchemy import Engine, text

from directory.db.engine import open_database
from directory.db.schema import migrate
from directory.geocoding.factory import build_chain
from directory.settings import Settings
from directory.signing_keys import SigningKeys
from directory.store.geocoder_answers import StoredAnswers, StoredRateLimits
from tests.conftest import copied
from tests.integration.db.test_migrations import RELEASES, filled
from tests.integration.faults.conftest import RunningSite, served
from tests.support.database_templates import DatabaseTemplates, copy_of
from tests.support.loopback import Serve

pytestmark = pytest.mark.slow

HIT = "4711 Xylophönberry Lane, New Canaan, CT"
SEVERAL = "23 Quetzalwick Court, Springfield"
PLACE = "Wombatsworth Manor, Darien, CT"
MISS = "88 Zyzzyvaford Road, Nowhereville Springs, CT"
DOWN = "99 Brontosaurshire Street, Nowhereville Springs, CT"
NEEDLES = ("xylophönberry", "ylophönber", "quetzalwick", "wombatsworth", "zyzzyvaford", "brontosaurshire")


def forms_of(needle: str) -> Iterator[bytes]:
    """A word as it could lie in a file: upper and lower case, in several encodings."""
    for word in {needle, needle.upper(), needle.title(), needle.replace("ö", "o")}:
        for encoded in (word.encode(), word.encode("latin-1"), word.encode("utf-16-le"), word.encode("utf-16-be")):
            yield encoded
            yield encoded.hex().encode()
            for shift in range(3):  # the same bytes look differently at each place of a base64 text
                whole = base64.b64encode(b"\0" * shift + encoded)
                core = whole[4 if shift else 0 : len(whole) // 4 * 4 - 4]
                yield core
                yield core.translate(bytes.maketrans(b"+/", b"-_"))
        yield quote(word).encode()
        yield quote_plus(word).lower().encode()
        yield json.dumps(word)[1:-1].encode()


FORMS = {form: needle for needle in NEEDLES for form in forms_of(needle) if len(form) > 5}


def readings(path: Path) -> Iterator[bytes]:
    content = path.read_bytes()
    yield content
    if content[:2] == b"\x1f\x8b":
        yield gzip.decompress(content)


def traces(paths: list[Path]) -> set[tuple[str, str]]:
    """(file, word) for every needle that a file holds in any form."""
    return {
        (path.name, needle)
        for path in paths
        for content in readings(path)
        for form, needle in FORMS.items()
        if form in content
    }


def files_of(folder: Path) -> list[Path]:
    return [path for path in folder.rglob("*") if path.is_file() and not path.name.startswith("gazetteer")]


def dump_of(url: str, folder: Path) -> Path:
    """Everything in a PostgreSQL database, as text."""
    program = sorted(Path("/usr/lib/postgresql").glob("*/bin/pg_dump"))[-1]
    target = folder / "dump.sql"
    subprocess.run([program, "-f", target, url.replace("postgresql+psycopg", "postgresql")], check=True)
    return target


def nominatim(path: str) -> tuple[int, bytes, float]:
    """A geocoder that knows one house, two of another name, a house without a number, and breaks at one address."""
    asked = parse_qs(urlsplit(path).query)["q"][0]
    if asked == DOWN:
        return 500, b"", 0
    rows = []
    if asked == HIT:
        rows = [("house", "4711", "4711, Xylophönberry Lane, New Canaan, Connecticut, 06840", 41.14, -73.49, "US-CT")]
    elif asked == SEVERAL:
        rows = [
            ("house", "23", "23, Quetzalwick Court, Springfield, Illinois", 39.78, -89.65, "US-IL"),
            ("house", "23", "23, Quetzalwick Court, Springfield, Massachusetts", 42.10, -72.58, "US-MA"),
        ]
    elif asked == PLACE:
        rows = [("building", "", "Wombatsworth Manor, 5, Back Lane, Darien, United States", 41.08, -73.47, "US-CT")]
    places = [
        {"display_name": name, "lat": str(lat), "lon": str(lon), "addresstype": kind,
         "address": {"country_code": "us", "ISO3166-2-lvl4": iso, **({"house_number": number} if number else {})}}
        for kind, number, name, lat, lon, iso in rows
    ]  # fmt: skip
    return 200, json.dumps(places).encode(), 0


def search_everywhere(site: RunningSite) -> None:
    for address in (HIT, SEVERAL, PLACE, MISS, DOWN):
        words = quote_plus(address)
        answers = [
            site.get(f"{path}{words}")
            for path in ("/search?q=", "/search?lang=es&q=", "/api/v1/nearest?address=", "/api/v1/geocode?address=",
                         "/suggest?q=", f"/sign-in?next=/search?q={words}&x=", "/sign-in/code?next=/search?q=",
                         "/submit/locate?state=CT&town=New+Canaan&street_address=", "/nosuch/", "/search?limit=x&q=")
        ]  # fmt: skip
        assert all(status for status, _text in answers), answers
    found = site.get(f"/api/v1/geocode?address={quote_plus(HIT)}")
    assert found[0] == 200 and "Xylophönberry" in found[1], "the made-up address was found"
    assert "Quetzalwick" in site.get(f"/search?q={quote_plus(SEVERAL)}")[1]
    assert "Wombatsworth" in site.get(f"/search?q={quote_plus(PLACE)}")[1]


def look_for_traces(settings: Settings, loopback: Serve, tmp_path: Path) -> None:
    server = loopback(nominatim)
    folder = settings.data_dir
    options = {"geocoders": "nominatim", "nominatim_url": server.url, "nominatim_interval": "0", "log_requests": "true"}
    with served(settings, workers=1, **options) as site:
        search_everywhere(site)
        asked = len(server.asked)
        for address in (HIT, SEVERAL, PLACE, MISS):
            site.get(f"/search?q={quote_plus(address.upper())}")
        assert len(server.asked) == asked, "answers are kept: the second question asks nobody"
        time.sleep(10.5)  # until what is counted is written
        assert site.command("backup", str(folder / "mine.safezones")).exit_code == 0
        assert traces(files_of(folder)) == set()
        assert site.command("tidy").exit_code == 0
        with closing(sqlite3.connect(folder / "mine.safezones")) as backup:
            assert backup.execute("SELECT count(*) FROM geocode_answer").fetchone() == (0,)
    dumped = [dump_of(settings.database, tmp_path)] if settings.database_url else []
    assert traces([*files_of(folder), *dumped]) == set()


def test_a_searched_address_lies_nowhere_on_sqlite(real_settings: Settings, loopback: Serve, tmp_path: Path) -> None:
    (folder := tmp_path / "data").mkdir()
    with copied(real_settings, folder) as settings:
        if settings.database_url:
            pytest.skip("this is about SQLite's own file")
        look_for_traces(settings, loopback, tmp_path)


@pytest.mark.postgres
def test_a_searched_address_lies_nowhere_on_postgresql(
    real_settings: Settings, postgresql_templates: DatabaseTemplates, loopback: Serve, tmp_path: Path
) -> None:
    (folder := tmp_path / "data").mkdir()
    with copied(real_settings, folder) as settings, copy_of(postgresql_templates.with_real_zones, tmp_path) as url:
        look_for_traces(settings.model_copy(update={"database_url": url}), loopback, tmp_path)


def test_the_search_for_traces_would_find_them(tmp_path: Path) -> None:
    for number, form in enumerate(
        ("4711 XYLOPHÖNBERRY LANE".encode("utf-16-le"), quote("Xylophönberry Lane").encode(),
         base64.b64encode(b"x 23 Quetzalwick Court"), gzip.compress(b"88 zyzzyvaford road"),
         json.dumps("4711 xylophönberry lane").encode())
    ):  # fmt: skip
        path = tmp_path / f"{number}"
        path.write_bytes(form)
        assert traces([path]), number


def test_answers_of_an_earlier_release_lie_nowhere_after_the_update(tmp_path: Path) -> None:
    """Not in the database, its free pages or its log of writes, nor in the copy that is made before the update."""
    engine = open_database(f"sqlite:///{tmp_path / 'directory.sqlite'}")
    filled(engine, RELEASES[3])
    with engine.begin() as connection:
        add = text("INSERT INTO geocode_answer (key, candidates, expires_at) VALUES (:k, :c, '2030-01-01')")
        for number in range(300):
            connection.execute(add, {"k": f"k{number}", "c": json.dumps([{"label": f"{number} Quetzalwick Court"}])})
    with engine.begin() as connection:
        connection.execute(text("DELETE FROM geocode_answer WHERE key > 'k2'"))  # these lie in free pages
    migrate(engine)
    assert len(list(tmp_path.glob("*.bak"))) == 1
    assert traces(files_of(tmp_path)) == set()
    engine.dispose()


def test_whoever_holds_the_secret_still_has_to_guess_the_address(engine: Engine, loopback: Serve) -> None:
    server = loopback(nominatim)
    settings = Settings(geocoders=("nominatim",), nominatim_url=server.url, nominatim_interval=0)
    chain = build_chain(settings, StoredAnswers(engine, SigningKeys.of("the secret")), StoredRateLimits(engine))
    chain.locate(HIT)
    chain.locate(HIT.upper())
    assert len(server.asked) == 1
    with engine.connect() as connection:
        query = "SELECT key, sealed, CAST(expires_at AS VARCHAR) FROM geocode_answer"
        ((key, sealed, expires),) = connection.execute(text(query)).all()
    token = base64.urlsafe_b64decode(sealed)
    assert token[1:9] == b"\0" * 8, "the seal tells no time of search"
    assert expires[11:19] == "00:00:00", "nor does the day on which it expires"
    assert key not in {sha256(form.encode()).hexdigest() for form in (HIT, HIT.casefold())}, (
        "no list of addresses helps"
    )
    changed = build_chain(settings, StoredAnswers(engine, SigningKeys.of("another secret")), StoredRateLimits(engine))
    assert changed.locate(HIT).place is not None and len(server.asked) == 2, "a changed secret costs the memory only"
