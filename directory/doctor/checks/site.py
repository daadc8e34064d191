"""The site itself: whether it answers, and what it says of itself."""

from directory.doctor import site_answer
from directory.doctor.diagnosis import Diagnoses, problem, warning, well
from directory.doctor.installation import Installation
from directory.doctor.site_answer import NoAnswerError

SAID_ELSEWHERE = "proxies"
"""It has a line of its own, with its remedy."""


def check_site(installation: Installation) -> Diagnoses:
    """Nothing where it is not served as deploy/safezones.service does."""
    try:
        readiness = installation.readiness
    except NoAnswerError as error:
        yield problem(
            f"nothing answers at {site_answer.SITE_SOCKET} ({error})",
            "systemctl restart safezones; where it does not stay up, journalctl -u safezones says why",
        )
        return
    if readiness is None:
        return
    troubles = [
        f"{name}: {check.get('problem', check['status'])}"
        for name, check in readiness["checks"].items()
        if check["status"] != "ok" and name != SAID_ELSEWHERE
    ]
    if troubles:
        yield warning(
            f"release {readiness['release']} answers, {readiness['status']}: {' '.join(troubles)}",
            "mend what the lines below say of it; the rest is in docs/operating.md, Watch",
        )
    else:
        yield well(f"release {readiness['release']} answers at {site_answer.SITE_SOCKET}")
