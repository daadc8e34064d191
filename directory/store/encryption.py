"""Values that can be found and read only by somebody who knows the site's secret and the text they belong to."""

import base64
import hmac
import json
from typing import Any

from cryptography.fernet import Fernet, InvalidToken

from directory.errors import DirectoryError

PADDING = 256
"""Sealed values are filled up to a multiple of so many bytes: their length tells next to nothing."""


class AnswerCipher:
    """Keys and seals made of a secret and a text, both by HMAC-SHA256 with a label of its own.

    Whoever has the secret, too, has to guess the text. With another secret nothing is found, nor read.
    """

    def __init__(self, secret: str) -> None:
        self._secret = secret.encode()

    def key(self, text: str) -> str:
        """Under which key the value of a text is kept: 64 hexadecimal digits."""
        return self._digest("key", text).hex()

    def seal(self, text: str, value: Any) -> str:
        """A JSON value, sealed. The token tells no time: Fernet would note the second."""
        content = json.dumps(value).encode()
        padded = content.ljust(-len(content) // PADDING * -PADDING)
        return self._fernet(text).encrypt_at_time(padded, current_time=0).decode()

    def open(self, text: str, sealed: str) -> Any:
        """The sealed value. Raises DecryptionError."""
        try:
            return json.loads(self._fernet(text).decrypt(sealed))
        except (InvalidToken, ValueError) as error:
            raise DecryptionError from error

    def _fernet(self, text: str) -> Fernet:
        return Fernet(base64.urlsafe_b64encode(self._digest("seal", text)))

    def _digest(self, label: str, text: str) -> bytes:
        return hmac.digest(self._secret, f"geocode answer {label}\0{text}".encode(), "sha256")


class DecryptionError(DirectoryError):
    """The value was sealed with another secret or for another text, or altered."""
