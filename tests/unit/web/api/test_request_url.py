"""The addresses of an answer's links."""

from urllib.parse import parse_qsl, urlsplit

from hypothesis import given
from hypothesis import strategies as st
from werkzeug.datastructures import MultiDict

from directory.web.api.request_url import RequestUrl

TEXT = st.text(st.characters(codec="utf-8"), max_size=12)
NAMED = st.dictionaries(TEXT, TEXT, max_size=4)


@given(NAMED, st.dictionaries(st.sampled_from(("f", "limit", "offset")), TEXT | st.integers(), max_size=2))
def test_a_link_has_the_parameters_of_its_request_but_for_those_that_change(
    given_ones: dict[str, str], changed: dict[str, str | int]
) -> None:
    address = RequestUrl("https://zones.example", "/api/v1/nearest", MultiDict(given_ones)).address(**changed)
    parts = urlsplit(address)
    assert address.startswith("https://zones.example/api/v1/nearest") and not parts.fragment
    read = dict(parse_qsl(parts.query, keep_blank_values=True))
    assert read == given_ones | {name: str(value) for name, value in changed.items()}


QUERIES = st.text("abf=&%+;4/:'é", max_size=16) | st.sampled_from(("lat=41.5&lon=-73", "lat=1&lat=2", "a=b=c&d", "=&="))


@given(QUERIES)
def test_a_query_that_is_used_as_it_came_says_what_its_parameters_say(query: str) -> None:
    sent = query.encode()
    args = MultiDict(parse_qsl(query, keep_blank_values=True))
    as_it_came = RequestUrl("https://zones.example", "/api/v1/nearest", args, sent)
    written_anew = RequestUrl("https://zones.example", "/api/v1/nearest", args)
    assert as_it_came.address() == written_anew.address()
    assert as_it_came.in_form("html") == written_anew.in_form("html") == written_anew.address(f="html")
