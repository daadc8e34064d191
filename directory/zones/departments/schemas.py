"""What the directory records of the department and the town of a zone."""

from enum import StrEnum
from typing import Annotated

from sqlmodel import JSON, SQLModel
from sqlmodel import Field as column

from directory.text import translatable
from directory.zones.fields import Field, Kind, fields_of, no_items, no_members


class AgencyKind(StrEnum):
    """Whose police a department is."""

    MUNICIPAL = "municipal"
    COUNTY = "county"
    STATE = "state"
    CAMPUS = "campus"
    TRIBAL = "tribal"
    TRANSIT = "transit"
    OTHER = "other"


class DepartmentRecord(SQLModel):
    """A department: who answers for its zones, how to reach it, and what happened to it.

    `kind` corrects the kind of agency that its name tells; empty where the name is right.
    `channels` are {"label", "value"} pairs (an anonymous tip line, an app); `history` are
    {"from", "until", "text", "source_url"} entries, partial ISO dates.
    """

    name: Annotated[str, Field(Kind.TEXT, "with the state it identifies the department", translatable("Name"),
        limit=120, always=True)]  # fmt: skip
    state: Annotated[str, Field(Kind.STATE, "as of zones", translatable("State or province"), always=True)]
    country: Annotated[str, Field(Kind.COUNTRY, "as of zones", translatable("Country"), always=True)]
    kind: Annotated[str, Field(Kind.AGENCY_KIND, "corrects the kind of agency that the name tells",
        translatable("Kind of agency"))] = ""  # fmt: skip
    phone: Annotated[str, Field(Kind.PHONE, "the number that is published", translatable("Telephone"))] = ""
    contact_phone: Annotated[str, Field(Kind.PHONE, "for questions about the zones",
        translatable("Questions about the zone"))] = ""  # fmt: skip
    web_page: Annotated[str, Field(Kind.URL, "where it writes about itself", translatable("Web page"))] = ""
    channels: Annotated[list[dict[str, str]], Field(Kind.CHANNELS, "other ways to reach it, each a label and a value",
        translatable("Other ways to reach it"))] = column(default_factory=no_items, sa_type=JSON)  # fmt: skip
    note: Annotated[str, Field(Kind.TEXT, "free text", translatable("Note for readers"), limit=500)] = ""
    history: Annotated[list[dict[str, str]], Field(Kind.HISTORY, "what happened, each from, until, text and source_url",
        translatable("History"))] = column(default_factory=no_items, sa_type=JSON)  # fmt: skip
    sources: Annotated[list[dict[str, str]], Field(Kind.SOURCES, "as of zones", translatable("Sources"))
    ] = column(default_factory=no_items, sa_type=JSON)  # fmt: skip
    evidence: Annotated[dict[str, int], Field(Kind.EVIDENCE, "facts with the number of their source, from 1",
        translatable("Source of each fact"))] = column(default_factory=no_members, sa_type=JSON)  # fmt: skip


class TownRecord(SQLModel):
    """A town and the other names under which people look for it (mailing towns, its county)."""

    name: Annotated[str, Field(Kind.TEXT, "with the state it identifies the town", translatable("Name"), limit=120,
        always=True)]  # fmt: skip
    state: Annotated[str, Field(Kind.STATE, "as of zones", translatable("State or province"), always=True)]
    country: Annotated[str, Field(Kind.COUNTRY, "as of zones", translatable("Country"), always=True)]
    other_names: Annotated[list[str], Field(Kind.TEXTS, "mailing towns, the county", translatable("Other names"))
    ] = column(default_factory=no_items, sa_type=JSON)  # fmt: skip


DEPARTMENT_FIELDS = fields_of(DepartmentRecord)
TOWN_FIELDS = fields_of(TownRecord)
