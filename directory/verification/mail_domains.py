"""Which domain belongs to which town or agency: exact names only, never parts of names."""

import re
from datetime import datetime

from email_validator import EmailNotValidError, validate_email

from directory.db.tables.domains import OfficialDomain
from directory.db.transaction import Session
from directory.store.repository import department_by_slug
from directory.verification.domain_ownership import why_own
from directory.zones.departments.agencies import kind_of_agency
from directory.zones.departments.owner import Owner
from directory.zones.keys import department_slug, name_in_slug

LONGEST_EMAIL = 200
DOMAIN = re.compile(r"([a-z0-9]([a-z0-9-]{0,61}[a-z0-9])?\.)+[a-z]{2,63}")


def clean_email(raw_text: str) -> str | None:
    """An address in lower case, or None when it is none."""
    text = raw_text.strip()
    if len(text) > LONGEST_EMAIL or not text.isascii():
        return None
    try:
        email = validate_email(
            text, check_deliverability=False, allow_smtputf8=False, strict=True, test_environment=True
        )
    except EmailNotValidError:
        return None
    return (email.ascii_email or "").lower()


PUBLIC_PROVIDERS = frozenset({
    "aol.com", "att.net", "bellsouth.net", "charter.net", "comcast.net", "cox.net", "duck.com", "earthlink.net",
    "fastmail.com", "frontier.com", "gmail.com", "gmx.com", "gmx.net", "googlemail.com", "hey.com", "hotmail.ca",
    "hotmail.com", "icloud.com", "live.ca", "live.com", "mac.com", "mail.com", "me.com", "msn.com", "optimum.net",
    "optonline.net", "outlook.com", "pm.me", "proton.me", "protonmail.com", "rogers.com", "sbcglobal.net", "shaw.ca",
    "sympatico.ca", "telus.net", "tutanota.com", "verizon.net", "yahoo.ca", "yahoo.com", "ymail.com", "zoho.com",
})  # fmt: skip
"""Domains at which anybody gets an address: they prove nothing about anybody."""


def domain_of(email: str) -> str:
    """What stands behind the @."""
    return email.rpartition("@")[2].lower()


def registered_for(session: Session, domain: str, owner: Owner) -> OfficialDomain | None:
    """The table's row when exactly this domain is registered for the department itself, or for its own government."""
    row = session.get(OfficialDomain, domain)
    if row is None:
        return None
    slug = department_slug(owner.department, owner.state)
    record = department_by_slug(session, slug)
    # What the sender typed may read otherwise and yet be the same department: "Boulder (County Sheriff's Office)".
    name = record.name if record else name_in_slug(slug)
    return row if why_own(row, name, owner.state, kind_of_agency(name, record.kind if record else "")) else None


def is_dropped(session: Session, domain: str, since: datetime | None = None) -> bool:
    """Whether the domain proves nothing new: removed, or no longer in the registry; `since` then, where given."""
    row = session.get(OfficialDomain, domain)
    return row is not None and row.dropped_at is not None and (since is None or row.dropped_at > since)
