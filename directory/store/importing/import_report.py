"""What an import did, in numbers and findings."""

from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass, field
from typing import Any

from directory.zones.findings import Finding, Severity
from directory.zones.schemas import Status, ZoneRecord

FINDINGS_KEPT = 1_000


@dataclass(slots=True)
class ImportReport:
    """What an import did."""

    path: str
    format: str = ""
    added: int = 0
    changed: int = 0
    unchanged: int = 0
    retired: int = 0
    refused: int = 0
    cases: int = 0
    """New questions for a moderator."""
    prune_skipped: bool = False
    dry_run: bool = False
    columns: dict[str, str] = field(default_factory=dict)
    findings: list[Finding] = field(default_factory=list)
    counts: Counter[str] = field(default_factory=Counter)
    changes: list[tuple[str, str, Any, Any]] = field(default_factory=list)
    """(zone_id, field, old, new) of every changed field in a dry run, else of about the first thousand.

    A zone that comes or goes stands there with its status.
    """
    more_changes: int = 0
    """Fields beyond, and zones that come or go."""
    _errors_kept: int = 0

    def note_change(self, zone_id: str, before: ZoneRecord, after: ZoneRecord) -> bool:
        """Count a zone that the file has, and keep what became of its fields; returns whether anything did."""
        if before == after:
            self.unchanged += 1
            return False
        self.changed += 1
        names = [name for name in ZoneRecord.model_fields if getattr(before, name) != getattr(after, name)]
        if self._lists_changes:
            old, new = (record.model_dump(mode="json", include=set(names)) for record in (before, after))
            self.changes += [(zone_id, name, old[name], new[name]) for name in names]
        else:
            self.more_changes += len(names)
        return True

    @property
    def _lists_changes(self) -> bool:
        return self.dry_run or len(self.changes) < FINDINGS_KEPT

    def note_added(self, zone_id: str, status: Status) -> None:
        """Count a zone that the directory did not have."""
        self.added += 1
        self._note_status(zone_id, None, status)

    def note_retired(self, zone_id: str, status: Status) -> None:
        """Count a zone that the file no longer has; `status` is what it was."""
        self.retired += 1
        self._note_status(zone_id, status, Status.WITHDRAWN)

    def _note_status(self, zone_id: str, before: Status | None, after: Status) -> None:
        if self._lists_changes:
            self.changes.append((zone_id, "status", before and before.value, after.value))
        else:
            self.more_changes += 1

    def note(self, findings: Sequence[Finding]) -> None:
        """Count findings; a file with millions of them keeps the first thousand, errors before all others."""
        for finding in findings:
            self.counts[finding.severity.value] += 1
            if len(self.findings) < FINDINGS_KEPT:
                self.findings.append(finding)
            elif finding.severity is Severity.ERROR and self._errors_kept < FINDINGS_KEPT:
                last = next(at for at in reversed(range(FINDINGS_KEPT)) if not _refuses(self.findings[at]))
                del self.findings[last]
                self.findings.append(finding)
            self._errors_kept += _refuses(finding)

    def to_json(self) -> dict[str, Any]:
        """Plain values, for `--report`."""
        return {
            "file": self.path, "format": self.format, "dry_run": self.dry_run, "added": self.added,
            "changed": self.changed, "unchanged": self.unchanged, "retired": self.retired, "refused": self.refused,
            "cases": self.cases, "prune_skipped": self.prune_skipped, "errors": self.counts[Severity.ERROR],
            "warnings": self.counts[Severity.WARNING], "notes": self.counts[Severity.NOTE],
            "columns": self.columns, "changes": [
                dict(zip(("zone_id", "field", "old", "new"), change, strict=True)) for change in self.changes
            ],
            "more_changes": self.more_changes, "findings": [finding.to_json() for finding in self.findings],
        }  # fmt: skip


def _refuses(finding: Finding) -> bool:
    """Whether it refuses its row."""
    return finding.severity is Severity.ERROR
