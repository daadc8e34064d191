"""What the running site says of itself, asked as the proxy of deploy/ asks it."""

import http.client
import json
import os
import socket
from pathlib import Path
from typing import Any

from directory.errors import UnavailableError

SITE_SOCKET = Path("/run/safezones/site.sock")
"""What leads the proxy to the server that answers; the unit makes it before the server starts."""
PATIENCE_SECONDS = 10.0


class NoAnswerError(UnavailableError):
    """Nothing of the site's answers there."""


class _Connection(http.client.HTTPConnection):
    def connect(self) -> None:
        self.sock = socket.socket(socket.AF_UNIX)
        self.sock.settimeout(PATIENCE_SECONDS)
        self.sock.connect(str(SITE_SOCKET))


def readiness() -> dict[str, Any] | None:
    """The object that `/readyz` answers; None where the site is not served as deploy/safezones.service does.

    Raises NoAnswerError.
    """
    if not os.path.lexists(SITE_SOCKET):
        return None
    connection = _Connection("localhost")
    try:
        connection.request("GET", "/readyz")
        answer: dict[str, Any] = json.loads(connection.getresponse().read())
    except (OSError, http.client.HTTPException, ValueError) as error:
        raise NoAnswerError(str(error)) from error
    finally:
        connection.close()
    return answer
