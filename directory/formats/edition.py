"""What a file says beside its zones: whose it is, under which licence, where each zone has its page."""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import UTC, datetime

from directory.zones.schemas import ZoneRecord

LICENCE = "https://opendatacommons.org/licenses/by/1-0/"
"""Of the data: ODC-BY 1.0."""
LICENCE_NAME = "ODC-BY 1.0"
ATTRIBUTION = "Safe Zone Directory, and the source of each entry"
"""Whom to name who uses the data."""
PAGE = "url"
"""The column, or the property, of a zone's page."""


@dataclass(frozen=True, slots=True)
class Edition:
    """One writing of a file.

    `page` gives the address of a zone's page, None where the site's own address is not known; `changed` is when the
    directory changed last; `byte_order_mark` begins a CSV file so that Excel reads it as UTF-8.
    """

    page: Callable[[str], str] | None = None
    changed: datetime | None = None
    byte_order_mark: bool = False

    @classmethod
    def of_site(cls, site: str, changed: datetime | None, *, byte_order_mark: bool = False) -> "Edition":
        """That of the site at this address, without a slash at its end."""
        return cls(lambda zone_id: f"{site}/zones/{zone_id}", changed, byte_order_mark)

    @property
    def day(self) -> datetime:
        """The moment that a file of this edition bears: it must not be that of the clock, else equal zones differ."""
        return (self.changed or datetime(2000, 1, 1, tzinfo=UTC)).astimezone(UTC)

    def page_of(self, zone: ZoneRecord) -> str:
        """The address of a zone's page; empty where it is not known."""
        return self.page(zone.zone_id) if self.page else ""


PLAIN = Edition()
