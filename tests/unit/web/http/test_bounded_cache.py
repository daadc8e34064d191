"""A cache holds so many values and no more."""

from directory.web.http.bounded_cache import BoundedCache


def test_the_value_that_nobody_used_for_longest_makes_room() -> None:
    cache: BoundedCache[int] = BoundedCache(2)
    cache.keep("a", 1)
    cache.keep("b", 2)
    assert (cache.get("b"), cache.get("a")) == (2, 1)
    cache.keep("c", 3)
    assert (cache.get("a"), cache.get("b"), cache.get("c")) == (1, None, 3)


def test_a_value_that_is_kept_again_is_the_newest() -> None:
    cache: BoundedCache[int] = BoundedCache(2)
    for key, value in (("a", 1), ("b", 2), ("a", 3), ("c", 4)):
        cache.keep(key, value)
    assert (cache.get("a"), cache.get("b"), cache.get("c")) == (3, None, 4)


def test_heavy_values_make_several_others_go_and_none_is_counted_twice() -> None:
    cache: BoundedCache[str] = BoundedCache(6, weigh=len)
    for key, value in (("a", "xx"), ("b", "xx"), ("b", "xx"), ("c", "xx")):
        cache.keep(key, value)
    assert (cache.get("a"), cache.get("b"), cache.get("c")) == ("xx", "xx", "xx")
    cache.keep("d", "xxx")
    assert (cache.get("a"), cache.get("b"), cache.get("c"), cache.get("d")) == (None, None, "xx", "xxx")
