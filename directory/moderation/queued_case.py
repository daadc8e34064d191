"""One case in the queue of the review desk, of whatever kind, as a list shows it."""

from dataclasses import dataclass
from datetime import datetime, timedelta
from enum import StrEnum

from directory.clock import now
from directory.db.tables.contributions.submissions import Submission
from directory.submissions.risk.wait_reasons import HIGH_RISK, MIDDLE_RISK


class CaseKind(StrEnum):
    """What somebody has to decide on: a submission by its gravest item, or something else than a submission."""

    NEW_ZONE = "new"
    CHANGE = "change"
    CLOSURE = "closure"
    CONFIRMATION = "confirmation"
    TOWN_PAGE = "town_page"
    REPORT = "report"
    DATA = "data"


class QueueState(StrEnum):
    """Whether a case waits for a decision, or is live already and to be looked at."""

    WAITING = "waiting"
    LIVE = "live"


class Risk(StrEnum):
    """How grave the gravest reason or finding of a submission is."""

    LOW = "low"
    MIDDLE = "middle"
    HIGH = "high"

    @classmethod
    def of(cls, weight: int) -> "Risk":
        """The word for a weight on the scale of `risk/wait_reasons.py`."""
        return cls.HIGH if weight >= HIGH_RISK else cls.MIDDLE if weight >= MIDDLE_RISK else cls.LOW


class BulkStep(StrEnum):
    """What can be done with several cases at once. `CLOSE`: look at it, or end a report or a case of the data."""

    APPROVE = "approve"
    REQUEST_CHANGES = "request_changes"
    DECLINE = "decline"
    CLOSE = "close"


@dataclass(frozen=True, slots=True)
class QueuedCase:
    """One case in the queue.

    `subject` names what it is about: a department's name, a town's slug, a zone's id or a department's slug; `detail`
    is what a report or a case of the data says of it. `number` and `version` are those of its row (a version is 0
    where the kind has none); `search_text` is that by which it is found. `row` is the submission, if it is one; `risk`
    and `verified` are known of submissions alone. `together`: it may be approved with others, for the queue shows all
    of it and nothing grave is seen.
    """

    kind: CaseKind
    number: int
    since: datetime
    subject: str
    state: QueueState = QueueState.WAITING
    version: int = 0
    sender: str = ""
    detail: str = ""
    search_text: str = ""
    risk: Risk | None = None
    verified: bool = False
    together: bool = False
    row: Submission | None = None

    @property
    def key(self) -> str:
        """What names the case, as its list showed it, in a form."""
        return f"{self.kind}-{self.number}-{self.version}"

    @property
    def age(self) -> timedelta:
        """How long it waits."""
        return now() - self.since

    @property
    def steps(self) -> frozenset[BulkStep]:
        """What can be done with it together with others."""
        if self.kind in (CaseKind.REPORT, CaseKind.DATA) or self.state is QueueState.LIVE:
            return frozenset({BulkStep.CLOSE})
        if self.kind is CaseKind.TOWN_PAGE:
            return frozenset({BulkStep.DECLINE})
        steps = frozenset({BulkStep.REQUEST_CHANGES, BulkStep.DECLINE})
        return steps | {BulkStep.APPROVE} if self.together else steps
