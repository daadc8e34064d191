"""Reading departments' zone lists at the addresses that their managers set, at most once a day each."""

from dataclasses import dataclass
from datetime import timedelta
from typing import Any
from urllib.parse import urlsplit

from directory.accounts.authentication import SignedIn
from directory.clock import now
from directory.db.log import Author, log
from directory.db.queries.zone_lists import due_addresses
from directory.db.tables.accounts import Person
from directory.db.tables.contributions.submissions import Channel
from directory.db.tables.contributions.zone_lists import ZoneListAddress
from directory.db.tables.log import LogKind
from directory.errors import DirectoryError, StaleVersionError, UnavailableError
from directory.formats.source import BadFileError
from directory.store.repository import Directory
from directory.submissions.publishing import PublishingRefusedError
from directory.submissions.quotas import DraftFullError
from directory.submissions.uploads.unpacking import BusyError
from directory.submissions.zone_lists.applying import ListSender, take_list, try_list
from directory.submissions.zone_lists.fetcher import ListFetcher, list_address
from directory.submissions.zone_lists.reading import JudgedList, NoZonesYetError, judge
from directory.submissions.zone_lists.results import ListResult
from directory.submissions.zone_lists.tokens import NotManagerError, speaks_for
from directory.text import TranslatableText, translatable
from directory.use_case_context import UseCaseContext
from directory.verification.domain_probe import ProbeFailedError

EVERY = timedelta(hours=20)
"""After how long a list is read again: a day, less what a nightly timer may be early."""
LONGEST_PAUSE = timedelta(days=7)
"""How long a list that cannot be read is left alone at most; the pause doubles with each failure."""


class ReadingFailedError(UnavailableError):
    """A list could not be read, or not be taken: the reason and what to do."""

    def __init__(self, reason: str, fix: str) -> None:
        super().__init__(f"{reason.removesuffix('.')}. {fix}")
        self.reason = reason
        self.fix = fix


@dataclass(frozen=True, slots=True)
class ShownAddress:
    """An address as its department sees it; `problem` is why the last reading failed, empty where it did not."""

    row: ZoneListAddress
    set_by: str
    entitled: bool
    problem: tuple[str, str] | None


def address_of(context: UseCaseContext, department: str) -> ShownAddress | None:
    """Where a department's list is read, or None. Raises DatabaseError."""
    with context.reading() as session:
        row = session.get(ZoneListAddress, department)
        if row is None:
            return None
        person = session.get_one(Person, row.person_id)
        problem = (_text(row.problem["reason"]), _text(row.problem["fix"])) if row.problem else None
        return ShownAddress(row, person.email, speaks_for(session, person, department), problem)


def set_address(context: UseCaseContext, department: str, text: str, who: SignedIn) -> None:
    """Let a department's list be read here from now on. Raises FieldError, NotManagerError or DatabaseError."""
    url = list_address(text)
    with context.writing() as session:
        if not speaks_for(session, session.get_one(Person, who.id), department):
            raise NotManagerError
        at = now()
        session.merge(ZoneListAddress(
            department=department, url=url, person_id=who.id, set_at=at, next_at=at, read_at=None, tried_at=None,
            failing_since=None, failures=0, problem={}, counts={},
        ))  # fmt: skip
        log(session, Author(who.email, ""), LogKind.DEPARTMENT, department, "list address set", {"host": _host(url)})


def remove_address(context: UseCaseContext, department: str, who: SignedIn) -> bool:
    """Read a department's list no more; False where it was not read. Raises DatabaseError."""
    with context.writing() as session:
        row = session.get(ZoneListAddress, department)
        if row is None:
            return False
        session.delete(row)
        after = {"host": _host(row.url)}
        log(session, Author(who.email, ""), LogKind.DEPARTMENT, department, "list address removed", after)
        return True


def due(context: UseCaseContext) -> list[str]:
    """The departments whose list is to be read now, the longest due first. Raises DatabaseError."""
    with context.reading() as session:
        return due_addresses(session, now())


def try_address(context: UseCaseContext, department: str, directory: Directory, fetcher: ListFetcher) -> ListResult:
    """Read a department's list and say what would become of it; nothing is written.

    Raises ReadingFailedError or DatabaseError.
    """
    address = _address(context, department)
    try:
        return try_list(context, _judged(context, address, directory, fetcher), _sender(address))
    except FAILURES as error:
        raise _failure(error) from error


def pull(context: UseCaseContext, department: str, directory: Directory, fetcher: ListFetcher) -> ListResult:
    """Read a department's list and take it; how that went is kept for the department's desk.

    No transaction is open while the network is asked. Raises ReadingFailedError or DatabaseError.
    """
    address = _address(context, department)
    try:
        result = take_list(context, _judged(context, address, directory, fetcher), _sender(address))
    except FAILURES as error:
        failure = _failure(error)
        _note_failure(context, address, failure)
        raise failure from error
    _note_success(context, address, result)
    return result


FAILURES = (
    ProbeFailedError, BadFileError, BusyError, NoZonesYetError, NotManagerError, StaleVersionError,
    PublishingRefusedError, DraftFullError,
)  # fmt: skip
"""What can go wrong with one list, and says nothing about the next one."""


def _address(context: UseCaseContext, department: str) -> ShownAddress:
    address = address_of(context, department)
    if address is None:
        raise ReadingFailedError(translatable("No address is set"), translatable("Set one."))
    return address


def _sender(address: ShownAddress) -> ListSender:
    return ListSender(address.row.person_id, Channel.PULL, f"read at {_host(address.row.url)}")


def _host(url: str) -> str:
    """What the log says of an address, which may hold a key of the department's own in its path or query."""
    return urlsplit(url).hostname or ""


def _judged(context: UseCaseContext, address: ShownAddress, directory: Directory, fetcher: ListFetcher) -> JudgedList:
    if not address.entitled:
        raise NotManagerError
    content = fetcher.fetch_list(address.row.url)
    return judge(content, address.row.department, directory, context.places)


def _failure(error: DirectoryError) -> ReadingFailedError:
    """Why a list was not taken, in words."""
    if isinstance(error, ProbeFailedError):
        return ReadingFailedError(error.why, translatable("Check the address, and that everybody may read it."))
    if isinstance(error, BadFileError):
        return ReadingFailedError(error.reason, error.fix)
    if isinstance(error, NotManagerError):
        reason = translatable("Whoever set the address is no manager of the department any more.")
        return ReadingFailedError(reason, translatable("A manager has to set it again."))
    if isinstance(error, NoZonesYetError):
        reason = translatable("The directory has no zone of the department yet.")
        return ReadingFailedError(reason, translatable("Send the first one by the form."))
    reason = translatable("The list could not be taken just now.")
    return ReadingFailedError(reason, translatable("Nothing to do: it will be read again."))


def _note_failure(context: UseCaseContext, address: ShownAddress, failure: ReadingFailedError) -> None:
    failures = address.row.failures + 1
    at = now()
    _note(context, address, {
        "tried_at": at, "failures": failures, "failing_since": address.row.failing_since or at,
        "next_at": at + min(EVERY * 2 ** min(failures - 1, 10), LONGEST_PAUSE),
        "problem": {"reason": _stored(failure.reason), "fix": _stored(failure.fix)},
    })  # fmt: skip


def _note_success(context: UseCaseContext, address: ShownAddress, result: ListResult) -> None:
    at = now()
    _note(context, address, {
        "tried_at": at, "read_at": at, "next_at": at + EVERY, "failures": 0, "failing_since": None, "problem": {},
        "counts": result.counts,
    })  # fmt: skip


def _note(context: UseCaseContext, address: ShownAddress, values: dict[str, Any]) -> None:
    """Note how a reading went, unless another address was set meanwhile."""
    with context.writing() as session:
        row = session.get(ZoneListAddress, address.row.department)
        if row is None or row.set_at != address.row.set_at:
            return
        for name, value in values.items():
            setattr(row, name, value)
        session.add(row)


def _stored(text: str) -> dict[str, Any]:
    """A sentence for the database, so that a page can translate it later."""
    if not isinstance(text, TranslatableText):
        return {"template": text, "values": {}}
    return {"template": text.template, "values": {name: str(value) for name, value in text.values.items()}}


def _text(stored: dict[str, Any]) -> TranslatableText:
    template, values = stored["template"], stored["values"]
    return translatable(template, **values)
