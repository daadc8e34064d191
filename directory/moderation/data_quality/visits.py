"""Visits: one answer of somebody who was at a zone, as evidence or as a case for moderators."""

from datetime import date, timedelta

from directory.clock import now
from directory.db.log import Author
from directory.db.queries.photos import keep_photo
from directory.db.queries.visits import newest_visit, visits_of, visits_on
from directory.db.tables.contributions.data_cases import DataCaseKind
from directory.db.tables.contributions.visits import Visit, VisitAnswer
from directory.db.transaction import Session
from directory.search.zone_status import local_day
from directory.store.data_cases import NewCase, note_cases
from directory.store.writer import DirectoryWriter
from directory.submissions.photos import EncodedPhoto
from directory.use_case_context import UseCaseContext
from directory.zones.schemas import Status

VISITS_A_DAY = 20
"""How many answers about one zone are kept of a day."""
GONE_DAYS = 90
"""How long "gone" counts."""
GONE_OPENS = 3
"""How many "gone" open a case."""
MOST_PHOTOS = 10
"""How many visitors' photos of one zone are kept."""
VISITORS = "visitors"
"""The origin of cases that visits open."""
NOT_VISITED = (Status.PLANNED, Status.WITHDRAWN)
"""Of these zones nobody is asked whether they are still there."""
ANSWERS = {DataCaseKind.REPORTED_GONE: VisitAnswer.GONE, DataCaseKind.SIGN_DIFFERS: VisitAnswer.SIGN_DIFFERS}
"""The answers that each kind of case is about."""


def note_visit(context: UseCaseContext, zone_id: str, answer: VisitAnswer, photo: EncodedPhoto | None) -> bool:
    """Keep an answer, and what follows from it: a source of the zone, or a case.

    False when the zone has its answers for today. Raises DatabaseError.
    """
    with context.writing() as session:
        writer = DirectoryWriter(session, context.gazetteer, Author("visitor", "was there"))
        stored = writer.stored(zone_id)
        if stored is None:
            return False
        day = local_day(stored[0].time_zone, now())
        if visits_on(session, zone_id, day.isoformat()) >= VISITS_A_DAY:
            return False
        digest = _keep_photo(session, zone_id, photo) if photo else ""
        session.add(Visit(zone_id=zone_id, day=day.isoformat(), answer=answer, photo=digest))
        session.flush()
        if answer is VisitAnswer.STILL_THERE:
            writer.note_visit(zone_id, day.isoformat())
            writer.flush()
        elif answer is VisitAnswer.GONE:
            gone = _gone(session, zone_id, day)
            if len(gone) >= GONE_OPENS:
                _note_case(session, DataCaseKind.REPORTED_GONE, zone_id, gone)
        else:
            _note_case(session, DataCaseKind.SIGN_DIFFERS, zone_id, visits_of(session, zone_id, answer))
        return True


def _keep_photo(session: Session, zone_id: str, photo: EncodedPhoto) -> str:
    """The digest of the photo, which is kept for moderators; empty where they have enough of the zone."""
    if sum(bool(visit.photo) for visit in visits_of(session, zone_id, VisitAnswer.SIGN_DIFFERS)) >= MOST_PHOTOS:
        return ""
    keep_photo(session, photo.digest, photo.content, photo.width, photo.height)
    return photo.digest


def _gone(session: Session, zone_id: str, day: date) -> list[Visit]:
    """The visitors who missed the zone lately, since another saw it last."""
    since = (day - timedelta(days=GONE_DAYS)).isoformat()
    last_seen = newest_visit(session, zone_id, VisitAnswer.STILL_THERE)
    return visits_of(session, zone_id, VisitAnswer.GONE, since=since, after=last_seen)


def _note_case(session: Session, kind: DataCaseKind, zone_id: str, visits: list[Visit]) -> None:
    photos = list(dict.fromkeys(visit.photo for visit in visits if visit.photo))
    details = {"count": len(visits), "days": sorted({visit.day for visit in visits}), "photos": photos}
    note_cases(session, VISITORS, [zone_id], kind, [NewCase(kind, zone_id, "", details)])
