"""One line of `safezones doctor`: a subject, its status, what was found, and what to do about it."""

from collections.abc import Iterator
from dataclasses import dataclass
from enum import StrEnum


class DiagnosisStatus(StrEnum):
    """The status of a subject. `unknown`: it could not be looked at, for the reason of another line."""

    OK = "ok"
    UNKNOWN = "unknown"
    WARNING = "warning"
    PROBLEM = "problem"


@dataclass(frozen=True, slots=True)
class Diagnosis:
    """What was found of one subject; `remedy` is one sentence, empty where there is none."""

    status: DiagnosisStatus
    finding: str
    remedy: str = ""


Diagnoses = Iterator[Diagnosis]
"""What a check yields: nothing where its subject does not exist here."""


def well(finding: str) -> Diagnosis:
    """Nothing to do."""
    return Diagnosis(DiagnosisStatus.OK, finding)


def warning(finding: str, remedy: str) -> Diagnosis:
    """The site goes on, and somebody should look."""
    return Diagnosis(DiagnosisStatus.WARNING, finding, remedy)


def problem(finding: str, remedy: str) -> Diagnosis:
    """Something does not work, or soon will not."""
    return Diagnosis(DiagnosisStatus.PROBLEM, finding, remedy)


def unknown(finding: str) -> Diagnosis:
    """It could not be looked at; another line has the remedy."""
    return Diagnosis(DiagnosisStatus.UNKNOWN, finding)
