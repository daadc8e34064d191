"""Parts of downloads: what is not answered in part counts as a file; a part is one of the bytes as they are kept."""

from collections.abc import Iterator

import pytest
from flask.testing import FlaskClient

from directory.web.http.limits.rate_limits import limiter

PATH = "/downloads/ct/zones.geojson"


@pytest.fixture
def limited() -> Iterator[None]:
    limiter.enabled = True
    limiter.reset()
    yield
    limiter.enabled = False
    limiter.reset()


def test_a_part_is_never_compressed(client: FlaskClient) -> None:
    """Its place in the file is told in plain bytes: whoever joined parts that are compressed would have no file."""
    whole = client.get(PATH).data
    headers = {"Range": "bytes=100-4099", "Accept-Encoding": "br, gzip"}
    part = client.get(PATH, headers=headers)
    assert (part.status_code, part.headers.get("Content-Encoding")) == (206, None)
    assert part.data == whole[100:4100] and part.content_length == 4000
    assert client.get(PATH, headers={"Accept-Encoding": "br"}).headers["Content-Encoding"] == "br"


@pytest.mark.parametrize("given", ["bytes=0-1,5-6", "lines=1-2", "bytes=0-1 with a part of yesterday's file"])
@pytest.mark.usefixtures("limited")
def test_who_is_answered_the_whole_file_is_counted_for_it(client: FlaskClient, given: str) -> None:
    given, earlier, _ = given.partition(" with")
    headers = {"Range": given, **({"If-Range": 'W/"yesterday"'} if earlier else {})}
    statuses = [client.get(PATH, headers=headers).status_code for _ in range(61)]
    assert set(statuses[:60]) == {200} and statuses[-1] == 429
