"""Who says it, and when: what stands beside a statement that the department has not confirmed, or has."""

import re
from urllib.parse import urlsplit

from directory.store.repository import StoredZone
from directory.submissions.publishing import BY_MAIL
from directory.web.i18n.translate import _
from directory.web.presenters.dates import month_words
from directory.web.presenters.zone_facts.sources import name_or_host, source_words
from directory.zones.evidence.zone_evidence import evidence_of

_PUBLIC_BODY = re.compile(
    r"(\.gov|\.us|\.mil|\.edu|\.gc\.ca|\.gov\.\w\w|\.qc\.ca|\.on\.ca)$|police|sheriff|rcmp|county|cityof|townof"
)
_ARTICLE = re.compile(
    r"/(news|articles?|story|stories|local|crime|archives?)\b|article|/\d{4}/\d{1,2}(/|$)|-\d{5,}|\d{6,}"
)


def says(zone: StoredZone) -> str:
    """ "says a 2016 article", "says the department, June 2026": who states the hours. Never empty."""
    if "opening_hours" in zone.evidence:
        return _("says %(who)s", who=source_words(evidence_of(zone)["opening_hours"]))
    if zone.confirmed_on:
        month = month_words(zone.confirmed_on)
        if zone.confirmed_by in ("", zone.department):
            return _("says the department, %(month)s", month=month)
        return _("says %(who)s, %(month)s", who=zone.confirmed_by, month=month)
    year = zone.source_date[:4]
    if zone.source_name == BY_MAIL:
        return _("says somebody who wrote to us in %(year)s", year=year) if year else _("says somebody who wrote to us")
    if zone.source_name:
        who = name_or_host(zone.source_name, "")
        return _("says %(who)s, %(year)s", who=who, year=year) if year else _("says %(who)s, undated", who=who)
    if not zone.source_url:
        return _("says a source of %(year)s", year=year) if year else _("says an unnamed source")
    if is_article(zone.source_url):
        return _("says a %(year)s article", year=year) if year else _("says an undated article")
    return _("says a %(year)s web page", year=year) if year else _("says an undated web page")


def is_article(address: str) -> bool:
    """Whether an address looks like a news report's; a page of a town or a department is a page."""
    parts = urlsplit(address)
    host = (parts.hostname or "").lower()
    return not _PUBLIC_BODY.search(host) and bool(_ARTICLE.search(parts.path.lower()))
