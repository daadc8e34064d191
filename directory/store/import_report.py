"""What an import did, in numbers and findings."""

from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass, field
from typing import Any

from directory.zones.findings import Finding, Severity

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
    prune_skipped: bool = False
    dry_run: bool = False
    columns: dict[str, str] = field(default_factory=dict)
    findings: list[Finding] = field(default_factory=list)
    counts: Counter[str] = field(default_factory=Counter)

    def note(self, findings: Sequence[Finding]) -> None:
        """Count findings; a file with millions of them keeps the first thousand."""
        for finding in findings:
            self.counts[finding.severity.value] += 1
        self.findings.extend(findings[: max(0, FINDINGS_KEPT - len(self.findings))])

    def to_json(self) -> dict[str, Any]:
        """Plain values, for `--report`."""
        return {
            "file": self.path, "format": self.format, "dry_run": self.dry_run, "added": self.added,
            "changed": self.changed, "unchanged": self.unchanged, "retired": self.retired, "refused": self.refused,
            "prune_skipped": self.prune_skipped, "errors": self.counts[Severity.ERROR],
            "warnings": self.counts[Severity.WARNING], "notes": self.counts[Severity.NOTE],
            "columns": self.columns, "findings": [finding.to_json() for finding in self.findings],
        }  # fmt: skip
