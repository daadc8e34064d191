"""The site itself, asked as the proxy of deploy/ asks it."""

import http.client
import json
import os
import socket
from pathlib import Path

from directory.doctor.diagnosis import Diagnoses, problem, warning, well
from directory.doctor.installation import Installation

SITE_SOCKET = Path("/run/safezones/site.sock")
"""What leads the proxy to the server that answers; the unit makes it before the server starts."""
PATIENCE_SECONDS = 10.0


class _Connection(http.client.HTTPConnection):
    def connect(self) -> None:
        self.sock = socket.socket(socket.AF_UNIX)
        self.sock.settimeout(PATIENCE_SECONDS)
        self.sock.connect(str(SITE_SOCKET))


def check_site(_installation: Installation) -> Diagnoses:
    """Nothing where it is not served as deploy/safezones.service does."""
    if not os.path.lexists(SITE_SOCKET):
        return
    connection = _Connection("localhost")
    try:
        connection.request("GET", "/readyz")
        said = json.loads(connection.getresponse().read())
    except (OSError, http.client.HTTPException, ValueError) as error:
        yield problem(
            f"nothing answers at {SITE_SOCKET} ({error})",
            "systemctl restart safezones; where it does not stay up, journalctl -u safezones says why",
        )
        return
    finally:
        connection.close()
    troubles = [
        f"{name}: {check.get('problem', check['status'])}"
        for name, check in said["checks"].items()
        if check["status"] != "ok"
    ]
    if troubles:
        yield warning(
            f"release {said['release']} answers, {said['status']}: {' '.join(troubles)}",
            "mend what the lines below say of it; the rest is in docs/operating.md, Watch",
        )
    else:
        yield well(f"release {said['release']} answers at {SITE_SOCKET}")
