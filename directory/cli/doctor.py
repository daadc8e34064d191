"""The command that looks at an installation and names a remedy for whatever is wrong."""

import json
import sys

import click

from directory import __version__, logs
from directory.doctor.diagnosis import Diagnosis, DiagnosisStatus
from directory.doctor.examination import examine
from directory.doctor.installation import read_installation

EXIT_STATUS = dict(zip(DiagnosisStatus, (0, 1, 1, 2), strict=True))
"""As monitoring plugins count."""
COLORS = dict(zip(DiagnosisStatus, ("green", "cyan", "yellow", "red"), strict=True))


@click.command()
@click.option("--json", "as_json", is_flag=True, help="for monitoring: one JSON object")
def doctor(as_json: bool) -> None:
    """Look at this installation: settings, database, mail, disk, backups and more. Nothing is changed or sent.

    A line for each check, and below it what to do where something is wrong.

    Exit status: 0 all is well, 1 there are warnings, 2 there are problems.
    """
    logs.set_up()
    lines: list[tuple[str, Diagnosis]] = []
    installation = read_installation()
    click.get_current_context().call_on_close(installation.close)
    for name, diagnosis in examine(installation):
        lines.append((name, diagnosis))
        if not as_json:
            _print(name, diagnosis)
    worst = max((diagnosis.status for _, diagnosis in lines), key=EXIT_STATUS.__getitem__)
    if as_json:
        checks = [
            {"check": name, "status": one.status, "finding": one.finding}
            | ({"remedy": one.remedy} if one.remedy else {})
            for name, one in lines
        ]
        click.echo(
            json.dumps({"status": worst, "release": __version__, "checks": checks}, ensure_ascii=False, indent=2)
        )
    sys.exit(EXIT_STATUS[worst])


def _print(name: str, diagnosis: Diagnosis) -> None:
    click.echo(f"{click.style(f'{diagnosis.status:8}', COLORS[diagnosis.status])} {name:15} {diagnosis.finding}")
    if diagnosis.remedy:
        click.echo(f"{'':24} → {diagnosis.remedy}")
