"""From one case of the queue to the next, in the same filter and order."""

from typing import Any

from flask import request, url_for

from directory.moderation.queue import Queue, read_queue
from directory.moderation.queued_case import CaseKind, QueuedCase
from directory.web.http.container import container, snapshot
from directory.web.moderation.queue_parameters import filter_arguments, read_filter


def queue_of_request() -> Queue:
    """The queue as the address of the page filters it. Raises DatabaseError."""
    return read_queue(container().context, snapshot(), read_filter(request.args))


def kept_filter(**others: object) -> dict[str, Any]:
    """The filter of the request at hand as parameters of an address, with others in place of its own."""
    return filter_arguments(read_filter(request.args), **others)


def case_url(case: QueuedCase, done: str = "") -> str:
    """The page on which a case is decided, which keeps the filter of the request at hand."""
    if case.kind is CaseKind.TOWN_PAGE:
        return url_for("staff_towns.change", number=case.number, **kept_filter(done=done))
    if case.kind is CaseKind.REPORT:
        return url_for("staff_reports.listing", done=done or None, _anchor=f"report-{case.number}")
    if case.kind is CaseKind.DATA:
        return url_for("staff_data.listing", after=case.number - 1, _anchor=f"case-{case.number}")
    return url_for("review.case", number=case.number, **kept_filter(done=done))


def after_decision(queue: Queue, number: int, done: str, kind: CaseKind | None = None) -> str:
    """Where to go on: to the case behind this one in the queue as it stood before, else to the queue.

    Without a kind the number is a submission's.
    """
    following = queue.beside(number, kind).following
    return case_url(following, done) if following else url_for("review_queue.listing", **kept_filter(done=done))
