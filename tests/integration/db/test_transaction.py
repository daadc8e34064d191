"""One unit of work: what it read or wrote is a plain value afterwards."""

import pytest
from sqlmodel import select

from directory.clock import now
from directory.db.tables.accounts import BarredKind, BarredSender
from tests.support.site import Site


def test_rows_are_readable_after_the_unit_of_work_that_wrote_or_read_them(site: Site) -> None:
    row = BarredSender(value="example.org", kind=BarredKind.DOMAIN, at=now(), by="moderator@example.org", reason="spam")
    with site.context.writing() as session:
        session.add(row)
    with site.context.reading() as session:
        stored = session.exec(select(BarredSender)).one()
    assert (row.value, row.reason) == (stored.value, stored.reason) == ("example.org", "spam")


def test_nothing_is_kept_of_a_unit_of_work_that_fails(site: Site) -> None:
    with pytest.raises(ZeroDivisionError), site.context.writing() as session:
        session.add(BarredSender(value="example.org", kind=BarredKind.DOMAIN, at=now(), by="me", reason=""))
        session.flush()
        1 / 0  # noqa: B018
    assert site.rows("SELECT value FROM barred_sender") == []
