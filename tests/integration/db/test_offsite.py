"""Backups in another place: deploy/safezones-offsite, as its units run it, against a store of objects on loopback."""

import os
import pwd
import re
import shutil
import signal
import subprocess
import sys
import tempfile
import urllib.request
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import suppress
from datetime import datetime, timedelta
from pathlib import Path
from shutil import which

import pytest
from sqlalchemy import Engine

from directory.db.backup import back_up_to, examine, restore
from directory.db.engine import open_database
from directory.db.queries.outbox import put
from directory.db.schema import migrate
from directory.db.tables.outbox import MailKind
from directory.db.transaction import transaction
from quality.site import free_port, stop, wait_for_server
from tests.conftest import ROOT, only_sqlite, required
from tests.integration.db.test_backup import all_of
from tests.support.waiting import eventually

pytestmark = [pytest.mark.slow, pytest.mark.real_zones]
SCRIPT = ROOT / "deploy" / "safezones-offsite"
MOTO = ROOT / ".venv" / "objects" / "bin" / "moto_server"
CONTACT, KEY = "clerk-of-the-test@example.gov", "the key of the site, in words"
DOCUMENT = (ROOT / "docs" / "backups.md").read_text(encoding="utf-8")
SIGNED = {
    "Authorization": "AWS4-HMAC-SHA256 Credential=a/20260101/us-east-1/s3/aws4_request, SignedHeaders=host, Signature=b"
}
"""Moto wants a signature, and believes every one."""


def documented(command: str) -> list[str]:
    """The words of a command as the document gives it, without what the shell does with its output."""
    found = re.search(rf"^safezones-offsite ({command}\b[^>#\n]*)", DOCUMENT, re.MULTILINE)
    assert found is not None, command
    return found[1].split()


class Offsite:
    """A machine with backups, and its bucket elsewhere."""

    def __init__(self, bucket: str, folder: Path, open_to_all: Path) -> None:
        self.bucket = bucket
        self.temporary = open_to_all
        self.backups = folder / "backups"
        self.backups.mkdir()
        program = folder / "safezones"
        program.write_text(f'#!/bin/sh\ncd {ROOT} && exec {sys.executable} -m directory "$@"\n')
        program.chmod(0o755)
        self.environment = {
            "PATH": os.environ["PATH"], "TZ": "UTC", "HOME": str(folder), "TMPDIR": str(open_to_all),
            "BACKUPS": str(self.backups), "PROGRAM": str(program), "RESTIC_CACHE_DIR": str(open_to_all / "cache"),
            "OFFSITE_USER": "nobody", "RESTIC_REPOSITORY": f"s3:{bucket}",
            "RESTIC_PASSWORD": "words that only the operator knows",
            "AWS_ACCESS_KEY_ID": "a", "AWS_SECRET_ACCESS_KEY": "b",
        }  # fmt: skip

    def command(self, *words: str, content: bytes = b"", **environment: str) -> "subprocess.CompletedProcess[bytes]":
        return subprocess.run(
            [SCRIPT, *words], env={**self.environment, **environment}, capture_output=True, check=False, input=content
        )

    def run(self, *words: str, content: bytes = b"") -> bytes:
        """What a command that succeeds puts out."""
        done = self.command(*words, content=content)
        assert done.returncode == 0, done.stderr.decode()
        return done.stdout

    def snapshots(self) -> list[str]:
        """The times of what is there, oldest first."""
        return sorted(re.findall(r"^[0-9a-f]{8}  (\S+ \S+)", self.run(*documented("snapshots")).decode(), re.MULTILINE))

    def objects(self) -> dict[str, bytes]:
        """Everything in the bucket."""
        names = re.findall(r"<Key>([^<]+)", self._get("?list-type=2").decode())
        return {name: self._get(f"/{name}") for name in names}

    def _get(self, path: str) -> bytes:
        with urllib.request.urlopen(urllib.request.Request(self.bucket + path, headers=SIGNED)) as answer:
            return bytes(answer.read())


@pytest.fixture
def offsite(tmp_path: Path) -> Iterator[Offsite]:
    """An empty bucket, in which the machine's backups begin."""
    if which("restic") is None:
        required("restic")
    if not MOTO.exists():
        required("moto (make objects)")
    port, log = free_port(), tmp_path / "objects.log"
    with log.open("w") as file:
        server = subprocess.Popen([MOTO, "-H", "127.0.0.1", "-p", str(port)], stdout=file, stderr=file)
    address = f"http://127.0.0.1:{port}"
    try:
        wait_for_server(server, address, log)
        with tempfile.TemporaryDirectory() as name:  # restic has a user of its own, where root gives it one
            Path(name).chmod(0o777)
            offsite = Offsite(f"{address}/bucket", tmp_path, Path(name))
            offsite.run(*documented("init"))
            yield offsite
    finally:
        stop(server)


def is_there(group: int) -> bool:
    """Whether a process of this group is left: restic takes nobody's lock away while its process is."""
    with suppress(ProcessLookupError):
        os.killpg(group, 0)
        return True
    return False


@only_sqlite
def test_a_backup_goes_elsewhere_unreadable_survives_a_killed_upload_and_comes_back_equal(
    engine: Engine, offsite: Offsite, tmp_path: Path
) -> None:
    assert offsite.command(*documented("upload")).returncode == 1, "nothing to send is a failure that monitors see"
    with transaction(engine) as session:
        put(session, CONTACT, "Subject", "Message", MailKind.REQUESTED)
    newest = offsite.backups / f"{datetime.now():%Y-%m-%d}T043000Z.safezones"
    whole = tmp_path / "whole"
    back_up_to(engine, whole, KEY)

    # An upload that is killed while it reads: it leaves a lock, and perhaps pieces.
    os.mkfifo(newest)
    upload = subprocess.Popen([SCRIPT, *documented("upload")], env=offsite.environment, start_new_session=True)
    with upload, newest.open("wb") as pipe:
        pipe.write(whole.read_bytes()[:10_000])
        pipe.flush()
        eventually(lambda: any(name.startswith("locks/") for name in offsite.objects()))
        os.killpg(upload.pid, signal.SIGKILL)
    eventually(lambda: not is_there(upload.pid))
    assert offsite.snapshots() == [] and not (offsite.backups / ".offsite").exists()
    newest.unlink()

    whole.rename(newest)
    offsite.run(*documented("upload"))
    assert offsite.snapshots() == [f"{newest.name[:10]} 04:30:00"]
    assert (offsite.backups / ".offsite").stat().st_mtime == pytest.approx(newest.stat().st_mtime)

    content = newest.read_bytes()
    stored = b"".join(offsite.objects().values())
    for words in (CONTACT, KEY, "New Canaan Police Department", "SQLite format 3"):
        assert words.encode() in content, "in a backup it can be read"
        assert words.encode() not in stored, f"in the bucket it cannot: {words}"
    refused = offsite.command(*documented("dump"), RESTIC_PASSWORD="words that somebody guessed")
    assert refused.returncode != 0 and b"wrong password" in refused.stderr and not refused.stdout

    assert b"the backup is good" in offsite.run(*documented("rehearse"))
    assert not list(offsite.temporary.glob("tmp.*")), "nothing of it stays"
    fetched = tmp_path / "fetched.safezones"
    fetched.write_bytes(offsite.run(*documented("dump")))
    assert fetched.read_bytes() == content and examine(fetched).secret_key == KEY
    empty = open_database(f"sqlite:///{tmp_path / 'empty.sqlite'}")
    migrate(empty)
    restore(empty, fetched, tmp_path)
    assert all_of(empty) == all_of(engine)
    empty.dispose()


RESTIC_THAT_WAITS = """#!/bin/sh
[ "$1" != backup ] || { id -u >restic-user; cat >sent; touch begun; until [ -e go-on ]; do sleep 0.05; done; }
"""


def test_while_restic_runs_the_sites_user_cannot_read_the_buckets_key() -> None:
    if os.geteuid() != 0:
        pytest.skip("only root gives restic and the site different users")
    site, secret, text = pwd.getpwnam("daemon"), b"the bucket's key", b"the newest"
    as_site = ["setpriv", f"--reuid={site.pw_uid}", f"--regid={site.pw_gid}", "--clear-groups"]
    with tempfile.TemporaryDirectory() as name:
        place, backups = Path(name), Path(name) / "backups"
        place.chmod(0o777)
        backups.mkdir(mode=0o700)
        newest = backups / f"{datetime.now():%Y-%m-%d}T043000Z.safezones"
        newest.write_bytes(text)
        (place / "restic").write_text(RESTIC_THAT_WAITS)
        for path, mode in ((backups, 0o700), (newest, 0o600)):
            shutil.chown(path, site.pw_uid, site.pw_gid)
            path.chmod(mode)
        (place / "restic").chmod(0o755)
        environment = {
            "PATH": f"{place}:{os.environ['PATH']}", "BACKUPS": str(backups), "OFFSITE_USER": "nobody",
            "RESTIC_REPOSITORY": "s3:elsewhere", "AWS_SECRET_ACCESS_KEY": secret.decode(),
        }  # fmt: skip
        with subprocess.Popen([SCRIPT, "upload"], env=environment, cwd=place) as upload:
            eventually((place / "begun").exists)
            seen = subprocess.run(
                [*as_site, "sh", "-c", "cat /proc/*/environ"], capture_output=True, check=False
            ).stdout
            (place / "go-on").touch()
        assert upload.returncode == 0 and (place / "sent").read_bytes() == text
        assert int((place / "restic-user").read_text()) == pwd.getpwnam("nobody").pw_uid
        assert secret not in seen
        sent = (backups / ".offsite").stat()
        assert (sent.st_uid, sent.st_mtime) == (site.pw_uid, pytest.approx(newest.stat().st_mtime))
        for user, said in (("root", b"restic does not run as root"), ("nobody-here", b"useradd --system")):
            result = subprocess.run([SCRIPT, "upload"], env=environment | {"OFFSITE_USER": user}, capture_output=True)
            assert result.returncode == 1 and said in result.stderr
        # A link that the site's user puts in the place of a backup leads root to no file of others.
        newest.unlink()
        newest.symlink_to("/etc/shadow")
        assert subprocess.run([SCRIPT, "upload"], env=environment, cwd=place, check=False).returncode == 1


def kept(times: list[datetime], days: int, weeks: int, months: int) -> set[datetime]:
    """The newest of each of the last days, weeks and months that have any: what the document promises."""
    found: set[datetime] = set()
    for count, name in ((days, "%Y-%m-%d"), (weeks, "%G-%V"), (months, "%Y-%m")):
        newest = {at.strftime(name): at for at in sorted(times)}
        found |= set(sorted(newest.values())[-count:])
    return found


def test_of_a_year_of_backups_those_stay_that_the_document_promises(offsite: Offsite) -> None:
    promised = re.search(r"(\d+) days, (\d+) weeks and (\d+) months", DOCUMENT)
    assert promised is not None
    days, weeks, months = map(int, promised.groups())
    newest = datetime.now().replace(hour=4, minute=30, second=0, microsecond=0)
    ages = [*range(1, days + 1), *range(days + 7, 7 * weeks + 7, 7), *range(7 * weeks + 20, 30 * months + 40, 31)]
    times = [newest - timedelta(days=age) for age in ages]

    sent = re.search(r"restic (backup .*) --time \S+ (.*) <", SCRIPT.read_text(encoding="utf-8"))
    assert sent is not None
    as_uploaded = " ".join(sent.groups()).split()

    def send(at: datetime) -> None:
        offsite.run(*as_uploaded, "--time", f"{at:%Y-%m-%d %H:%M:%S}", content=f"{at}".encode())

    with ThreadPoolExecutor(3) as pool:
        list(pool.map(send, times))
    (offsite.backups / f"{newest:%Y-%m-%dT%H%M%S}Z.safezones").write_bytes(b"the newest")
    offsite.run(*documented("upload"))
    expected = {f"{at:%Y-%m-%d %H:%M:%S}" for at in kept([*times, newest], days, weeks, months)}
    assert set(offsite.snapshots()) == expected and len(expected) < len(times)
    assert offsite.run(*documented("dump")) == b"the newest"
