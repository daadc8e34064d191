"""What is kept of geocoders' answers: for how long, how many, and never in a backup."""

import sqlite3
from base64 import urlsafe_b64decode
from contextlib import closing
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import pytest
from sqlalchemy import Engine, insert, text

from directory import clock
from directory.db.backup import back_up_to, restore
from directory.db.copy import copy_database
from directory.db.engine import open_database
from directory.db.tables import TRANSIENT
from directory.db.tables.geocoding import GeocodeAnswer
from directory.db.transaction import transaction
from directory.geo import Coordinates
from directory.geocoding import chain
from directory.geocoding.results import Geocode, Precision
from directory.signing_keys import SigningKeys
from directory.store import geocoder_answers
from directory.store.encryption import AnswerCipher, DecryptionError
from directory.store.geocoder_answers import StoredAnswers
from directory.web.operations.usage import town_of
from tests.support.site import Site

ANSWER = [{"label": "174 South Avenue"}]


@pytest.fixture
def answers(engine: Engine) -> StoredAnswers:
    return StoredAnswers(engine, SigningKeys.of("secret"))


def keys(engine: Engine) -> set[str]:
    with engine.connect() as connection:
        return set(connection.execute(text("SELECT key FROM geocode_answer")).scalars())


def test_hits_are_kept_for_30_days_at_most_and_misses_for_one(
    answers: StoredAnswers, monkeypatch: pytest.MonkeyPatch
) -> None:
    assert timedelta(days=30) == chain.HIT_LIFETIME and timedelta(days=1) == chain.MISS_LIFETIME
    at = datetime(2026, 3, 4, 17, 45, 12, tzinfo=UTC)
    monkeypatch.setattr(geocoder_answers, "now", lambda: at)
    answers.put("hit", ANSWER, chain.HIT_LIFETIME)
    answers.put("miss", [], chain.MISS_LIFETIME)
    hit: list[Any] | None
    miss: list[Any] | None
    for moment, hit, miss in (
        (datetime(2026, 3, 4, 23, 59, 59, tzinfo=UTC), ANSWER, []),
        (datetime(2026, 3, 5, tzinfo=UTC), ANSWER, None),
        (datetime(2026, 4, 2, 23, 59, 59, tzinfo=UTC), ANSWER, None),
        (datetime(2026, 4, 3, tzinfo=UTC), None, None),
    ):
        monkeypatch.setattr(geocoder_answers, "now", lambda moment=moment: moment)
        assert (answers.get("hit"), answers.get("miss")) == (hit, miss), moment


def test_at_most_100_000_answers_are_kept_and_those_that_expire_first_make_room(
    engine: Engine, answers: StoredAnswers
) -> None:
    assert geocoder_answers.MOST_ANSWERS == 100_000
    first = clock.now() + timedelta(days=1)
    rows = [
        {"key": f"{number:06}", "sealed": "", "expires_at": first + timedelta(seconds=number)}
        for number in range(geocoder_answers.MOST_ANSWERS)
    ]
    with transaction(engine) as session:
        session.execute(insert(GeocodeAnswer), rows)
    answers.put("one more", ANSWER, timedelta(days=30))
    assert answers.get("one more") == ANSWER
    left = keys(engine)
    assert len(left) <= geocoder_answers.MOST_ANSWERS
    assert "000000" not in left and f"{geocoder_answers.MOST_ANSWERS - 1:06}" in left


def test_a_seal_opens_for_its_own_text_and_secret_only_and_hides_lengths() -> None:
    sealer = AnswerCipher("secret")
    short, long = sealer.seal("a", [1]), sealer.seal("a", ["x" * 200])
    assert sealer.open("a", long) == ["x" * 200] and len(short) == len(long)
    assert urlsafe_b64decode(short)[1:9] == bytes(8), "the time with which a token of Fernet begins says nothing"
    for other, words in ((AnswerCipher("another"), "a"), (sealer, "b")):
        with pytest.raises(DecryptionError):
            other.open(words, short)
        assert other.key(words) != sealer.key("a")


def test_what_an_older_key_sealed_is_found_and_the_newest_seals(engine: Engine) -> None:
    StoredAnswers(engine, SigningKeys.of("old")).put("somewhere", ANSWER, timedelta(days=30))
    rotated = StoredAnswers(engine, SigningKeys.of("new", "old"))
    assert rotated.get("somewhere") == ANSWER
    rotated.put("elsewhere", ANSWER, timedelta(days=30))
    dropped = StoredAnswers(engine, SigningKeys.of("new"))
    assert (dropped.get("somewhere"), dropped.get("elsewhere")) == (None, ANSWER)
    geocoder_answers.forget_answers(engine)
    assert keys(engine) == set()


def test_backups_and_copies_leave_out_what_tells_of_people_and_is_worth_nothing_later(
    engine: Engine, answers: StoredAnswers, tmp_path: Path
) -> None:
    answers.put("somewhere", ANSWER, timedelta(days=30))
    with engine.begin() as connection:
        for statement in (
            "INSERT INTO person (id, email, mailbox, language, staff, totp_secret, totp_step, code_failures, "
            "created_at) VALUES (1, 'a@b.gov', 'a@b.gov', 'en', '', '', 0, 0, '2026-01-01')",
            "INSERT INTO login_session (digest, person_id, created_at, expires_at) "
            "VALUES ('d', 1, '2026-01-01', '2030-01-01')",
            "INSERT INTO geocode_turn (service, next_at) VALUES ('nominatim', 1.0)",
            "INSERT INTO heartbeat (name, at) VALUES ('mail', '2026-01-01')",
        ):
            connection.execute(text(statement))
    path = tmp_path / "a.safezones"
    back_up_to(engine, path, "key")
    copy = open_database(f"sqlite:///{tmp_path / 'copy.sqlite'}")
    copy_database(engine, copy)
    for file in (path, tmp_path / "copy.sqlite"):
        with closing(sqlite3.connect(file)) as database:
            for table in TRANSIENT:
                assert database.execute(f"SELECT count(*) FROM {table}").fetchone() == (0,), (file.name, table)
            assert database.execute("SELECT count(*) FROM person").fetchone() == (1,)
    copy.dispose()
    restore(engine, path, tmp_path)
    with engine.connect() as connection:
        for table in ("login_session", "geocode_answer"):
            assert connection.execute(text(f"SELECT count(*) FROM {table}")).scalar() == 0, "a restore ends them"


def test_a_house_that_a_geocoder_calls_a_place_is_not_counted_by_its_name(site: Site) -> None:
    point = Coordinates(41.1, -73.4)
    manor = Geocode("Wombatsworth Manor, Darien", point, "nominatim", Precision.PLACE, "CT", "US")
    assert town_of(manor) == ""
    assert town_of(site.services.gazetteer.places("Weston", "CT")[0]) == "ct/weston"
