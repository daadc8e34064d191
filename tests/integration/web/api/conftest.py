"""Programs that ask the API, each from an address of its own: the limit of a minute counts by address."""

from itertools import count

import pytest
from flask import Flask
from flask.testing import FlaskClient

from tests.support.site import Site
from tests.support.zone_lists import CHIEF, new_token

_NUMBERS = count(1)


@pytest.fixture
def client(app: Flask) -> FlaskClient:
    program = app.test_client()
    number = next(_NUMBERS)
    program.environ_base["REMOTE_ADDR"] = f"198.18.{number // 250}.{number % 250 + 1}"
    return program


@pytest.fixture
def chief(site: Site) -> FlaskClient:
    """A verified and accepted manager of the Darien police, signed in."""
    return site.accepted_clerk(CHIEF)


@pytest.fixture
def token(chief: FlaskClient) -> str:
    """A token of that department."""
    return new_token(chief)
