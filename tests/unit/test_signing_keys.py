"""The keys in a data folder: rotated and dropped while others read them."""

import re
import threading
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st
from itsdangerous import Signer

from directory.cli.key_uses import LONGEST_LIFE, USES, uses_left
from directory.signing_keys import FallbackKey, KeyFile, SigningKeys, from_json, to_json
from tests.conftest import ROOT

AT = datetime(2026, 3, 4, 5, 6, 7, tzinfo=UTC)


def test_the_newest_key_signs_and_every_key_opens() -> None:
    old, both, new = SigningKeys.of("old key"), SigningKeys.of("new key", "old key"), SigningKeys.of("new key")
    assert Signer(both).unsign(Signer(old).sign("words")) == b"words"
    assert Signer(new).unsign(Signer(both).sign("words")) == b"words"
    assert both.newest == "new key" and list(both) == ["old key", "new key"]


def test_who_reads_the_file_sees_each_change_at_the_next_look(tmp_path: Path) -> None:
    worker, command = KeyFile(tmp_path), KeyFile(tmp_path)
    first = worker.read()
    command.rotate(AT)
    second = worker.read()
    assert second[1:] == first and second[0] not in first
    command.rotate(AT + timedelta(days=1))
    third = worker.read()
    assert third[1:] == second
    command.drop([FallbackKey(first[0])])
    assert worker.read() == third[:2]
    assert [fallback.replaced_at for fallback in command.fallbacks()] == [AT + timedelta(days=1)]
    assert all(path.stat().st_mode & 0o077 == 0 for path in tmp_path.iterdir())


def test_files_that_go_away_change_nothing_for_who_has_read_them(tmp_path: Path) -> None:
    worker = KeyFile(tmp_path)
    worker.read()
    KeyFile(tmp_path).rotate(AT)
    keys = worker.read()
    for path in tmp_path.iterdir():
        path.unlink()
    assert worker.read() == keys and not list(tmp_path.iterdir())


@pytest.mark.parametrize(
    "text", ["", "half of a li", '[{"key": "", "replaced_at": null}]', '[{"key": "short", "replaced_at": null}]',
             '[{"key": "long enough for a key", "replaced_at": "2026-01-01T00:00:00"}]'],
)  # fmt: skip
def test_fallbacks_that_cannot_be_read_open_nothing_any_more(tmp_path: Path, text: str) -> None:
    worker = KeyFile(tmp_path)
    worker.read()
    KeyFile(tmp_path).rotate(AT)
    newest, _ = worker.read()
    (tmp_path / "secret-key-fallbacks").write_text(text)
    assert worker.read() == KeyFile(tmp_path).read() == (newest,)
    assert "secret-key-fallbacks" in worker.problem()
    with pytest.raises(OSError, match="secret-key-fallbacks"):
        worker.fallbacks()


@pytest.mark.parametrize("text", ["", "short"])
def test_a_key_that_was_cut_off_is_never_used(tmp_path: Path, text: str) -> None:
    worker = KeyFile(tmp_path)
    keys = worker.read()
    (tmp_path / "secret-key").write_text(text)
    assert worker.read() == keys, "who has read it goes on"
    with pytest.raises(OSError, match=f"16 characters at least, and one here has {len(text)}"):
        KeyFile(tmp_path).read()


def test_a_link_in_the_place_of_a_key_is_not_followed(tmp_path: Path) -> None:
    folder, other = tmp_path / "data", tmp_path / "what somebody else may read"
    folder.mkdir()
    other.write_text("a secret of sixteen characters and more")
    (folder / "secret-key").symlink_to(other)
    with pytest.raises(OSError, match="secret-key"):
        KeyFile(folder).rotate(AT)
    assert [path.name for path in folder.iterdir()] == ["secret-key"]


def test_a_rotation_that_was_interrupted_is_given_again_and_loses_no_key(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    file = KeyFile(tmp_path)
    (first,) = file.read()
    replace = Path.replace

    def fails_at_the_second(path: Path, target: Path) -> Path:
        if target.name == "secret-key":
            raise OSError("no space left")
        return replace(path, target)

    monkeypatch.setattr(Path, "replace", fails_at_the_second)
    with pytest.raises(OSError, match="no space"):
        file.rotate(AT)
    monkeypatch.undo()
    assert set(KeyFile(tmp_path).read()) == {first}
    file.rotate(AT)
    assert KeyFile(tmp_path).read()[1:] == (first,)
    assert sorted(path.name for path in tmp_path.iterdir()) == ["secret-key", "secret-key-fallbacks"]


def test_commands_that_rotate_at_once_lose_no_key(tmp_path: Path) -> None:
    worker, seen = KeyFile(tmp_path), []
    worker.read()
    threads = [threading.Thread(target=KeyFile(tmp_path).rotate, args=(AT,)) for _ in range(8)]
    for thread in threads:
        thread.start()
    while any(thread.is_alive() for thread in threads):
        seen.append(worker.read())
    keys = worker.read()
    assert len(set(keys)) == 9
    assert {key for look in seen for key in look} <= set(keys)


@given(st.lists(st.builds(FallbackKey, st.text(), st.none() | st.datetimes(timezones=st.just(UTC)))))
def test_fallbacks_come_back_as_they_were_written(fallbacks: list[FallbackKey]) -> None:
    assert from_json(to_json(fallbacks)) == fallbacks


def test_the_document_names_each_use_of_a_key_with_its_days_and_its_loss() -> None:
    rows = re.findall(
        r"^\| (.+) \| ([\d,]+) days?\b[^|]* \| (.+) \|$", (ROOT / "docs" / "keys.md").read_text("utf-8"), re.MULTILINE
    )
    told = [(what, int(days.replace(",", "")), without.replace("`", "")) for what, days, without in rows]
    assert told == [(use.what, use.life.days, use.without) for use in USES]


def test_nothing_needs_a_key_after_its_longest_life_and_each_kind_needs_it_before() -> None:
    assert timedelta(days=2 * 366 + 59 * 14) == LONGEST_LIFE
    fallback = FallbackKey("key", AT)
    assert uses_left(fallback, AT) == list(USES) == sorted(USES, key=lambda use: use.life)
    assert uses_left(fallback, AT + LONGEST_LIFE) == []
    assert uses_left(FallbackKey("key"), AT + 9 * LONGEST_LIFE) == list(USES), "since when is not known"
    assert [use.what for use in uses_left(fallback, AT + timedelta(days=365))] == ["meeting cards"]


def test_keys_are_taken_in_beside_a_rotation_without_the_loss_of_one(tmp_path: Path) -> None:
    file = KeyFile(tmp_path)
    file.rotate(AT)
    taken = [f"a key of the backup, number {number}" for number in range(20)]
    made = [file.newest()]

    def rotate() -> None:
        for _ in taken:
            KeyFile(tmp_path).rotate(AT)
            made.append(KeyFile(tmp_path).newest())

    rotating = threading.Thread(target=rotate)
    rotating.start()
    for key in taken:
        KeyFile(tmp_path).take_in([FallbackKey(key, AT)])
    rotating.join()
    file.take_in([FallbackKey(taken[0], AT), FallbackKey(file.newest(), AT)])  # known already
    known = list(KeyFile(tmp_path).read())
    assert set(known) >= {*taken, *made} and len(known) == len(set(known))
