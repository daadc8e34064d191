"""A domain of the table proves somebody for the department whose own government holds it."""

import pytest
from sqlalchemy import Engine

from directory.clock import now
from directory.db.tables.domains import OfficialDomain
from directory.db.transaction import transaction
from directory.verification.mail_domains import is_dropped, registered_for
from directory.zones.departments.owner import Owner
from tests.conftest import only_sqlite


@only_sqlite
@pytest.mark.parametrize(
    ("domain", "department", "state", "proves"),
    [
        ("westonct.gov", "Weston Police Department", "CT", True),
        ("westonct.gov", "Weston Police Department", "MA", False),
        ("westonct.gov", "Wilton Police Department", "CT", False),
        ("westonct.org", "Weston Police Department", "CT", False),
    ],
)
def test_a_domain_proves_a_department_that_is_not_in_the_directory_by_its_name_and_state(
    engine: Engine, domain: str, department: str, state: str, proves: bool
) -> None:
    with transaction(engine) as session:
        session.add(OfficialDomain(domain="westonct.gov", place="Town of Weston", state="CT", source="x", kind="city"))
        session.flush()
        row = registered_for(session, domain, Owner(department, "Weston", state))
        assert (row is not None) is proves


@only_sqlite
def test_a_domain_is_dropped_since_the_day_it_left_the_registry(engine: Engine) -> None:
    dropped_at = now()
    with transaction(engine) as session:
        session.add(OfficialDomain(domain="a.gov", place="A", state="CT", source="x", dropped_at=dropped_at))
        session.add(OfficialDomain(domain="b.gov", place="B", state="CT", source="x"))
        session.flush()
        assert is_dropped(session, "a.gov") and not is_dropped(session, "b.gov")
        assert not is_dropped(session, "a.gov", since=dropped_at) and not is_dropped(session, "unknown.gov")
