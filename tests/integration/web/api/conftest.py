"""Programs that ask the API, each from an address of its own: the limit of a minute counts by address."""

from itertools import count

import pytest
from flask import Flask
from flask.testing import FlaskClient

_NUMBERS = count(1)


@pytest.fixture
def client(app: Flask) -> FlaskClient:
    program = app.test_client()
    number = next(_NUMBERS)
    program.environ_base["REMOTE_ADDR"] = f"198.18.{number // 250}.{number % 250 + 1}"
    return program
