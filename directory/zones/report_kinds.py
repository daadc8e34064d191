"""What a visitor may find wrong with a zone."""

from enum import StrEnum

from directory.text import TranslatableText, translatable


class ReportKind(StrEnum):
    """The kind of a problem report."""

    GONE = "gone"
    HOURS = "hours"
    PLACE = "place"
    TURNED_AWAY = "turned_away"
    OTHER = "other"


REPORT_KIND_NAMES: dict[ReportKind, TranslatableText] = {
    ReportKind.GONE: translatable("There is no safe zone here any more"),
    ReportKind.HOURS: translatable("The hours are wrong"),
    ReportKind.PLACE: translatable("The place on the map or the address is wrong"),
    ReportKind.TURNED_AWAY: translatable("I was turned away"),
    ReportKind.OTHER: translatable("Something else"),
}
"""Each kind as a visitor chooses it."""
