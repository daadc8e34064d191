"""How deep a file of JSON is nested is told from its brackets outside of texts, wherever a block of it ends."""

import io
import json
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from directory.formats.readers.geojson import BLOCK_BYTES, DEEPEST, refuse_deep
from directory.formats.source import BadFileError

TEXTS = st.text(alphabet='"\\[]{}aé', max_size=8)
VALUES = st.recursive(
    TEXTS | st.integers(), lambda inner: st.lists(inner, max_size=3) | st.dictionaries(TEXTS, inner, max_size=3)
)


def depth(value: Any) -> int:
    inner = value.values() if isinstance(value, dict) else value if isinstance(value, list) else None
    return 0 if inner is None else 1 + max(map(depth, inner), default=0)


def is_refused(content: bytes) -> bool:
    try:
        refuse_deep(io.BytesIO(content))
    except BadFileError:
        return True
    return False


@given(VALUES, st.integers(DEEPEST - 4, DEEPEST), st.booleans())
def test_what_is_nested_deeper_than_allowed_is_refused_whatever_its_texts_hold(
    value: Any, around: int, escaped: bool
) -> None:
    content = "[" * around + json.dumps(value, ensure_ascii=escaped) + "]" * around
    assert is_refused(content.encode()) is (around + depth(value) > DEEPEST)


@pytest.mark.parametrize("before_end", range(6))
@pytest.mark.parametrize(
    ("text_end", "refused"), [(rb"\"", False), (rb"\\\"", False), (rb'\\"', True), (rb'"', True), (rb'\\\\"', True)]
)
def test_a_text_may_go_on_in_the_next_block(before_end: int, text_end: bytes, refused: bool) -> None:
    start = b'["' + b"x" * (BLOCK_BYTES - 2 - before_end)
    assert is_refused(start + text_end + b"[" * DEEPEST) is refused
