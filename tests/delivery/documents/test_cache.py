"""What is kept in memory, for how long, and how much of it."""

from __future__ import annotations

import tracemalloc

import pytest

from miniprogram.delivery.documents.cache.document_cache import DocumentCache
from miniprogram.delivery.documents.segmented_lru import SegmentedLru
from miniprogram.delivery.evaluation.errors import SourceUnavailable


class Remote:
    """A source in memory that counts."""

    def __init__(self, **objects: bytes) -> None:
        self.objects = dict(objects)
        self.reads = self.markers = 0
        self.is_down = False

    def read(self, key: str) -> bytes | None:
        self.reads += 1
        return self.objects.get(key)

    def marker(self, key: str) -> object | None:
        if self.is_down:
            raise SourceUnavailable("down")
        self.markers += 1
        return tuple(sorted(self.objects)) if key.endswith("/") else self.objects.get(key)

    def list(self, prefix: str) -> list[str]:
        return sorted(self.objects)


def test_an_unchanged_document_is_the_same_object() -> None:
    source = Remote(a=b"1")
    cache = DocumentCache(source)

    assert cache.document("a") is cache.document("a")
    assert (source.reads, source.markers) == (1, 2)


def test_a_change_shows_at_once_without_staleness() -> None:
    source = Remote(a=b"1")
    cache = DocumentCache(source)
    cache.document("a")

    source.objects["a"] = b"2"
    assert cache.document("a").body == b"2"
    del source.objects["a"]
    assert cache.document("a") is None


def test_a_pointer_is_asked_about_once_per_staleness() -> None:
    now = [100.0]
    source = Remote(a=b"1")
    cache = DocumentCache(source, max_staleness_s=5, clock=lambda: now[0])
    cache.document("a")
    source.objects["a"] = b"2"

    now[0] = 104.9
    assert cache.document("a").body == b"1"
    now[0] = 105.0
    assert cache.document("a").body == b"2"


def test_an_immutable_document_is_not_asked_about_again() -> None:
    now = [100.0]
    source = Remote(a=b"1")
    cache = DocumentCache(source, max_staleness_s=5, clock=lambda: now[0])
    cache.document("a", immutable=True)

    now[0] = 1e9
    assert cache.document("a", immutable=True).body == b"1"
    assert source.markers == 1


def test_an_absent_immutable_document_may_appear() -> None:
    now = [100.0]
    source = Remote()
    cache = DocumentCache(source, max_staleness_s=5, clock=lambda: now[0])
    assert cache.document("a", immutable=True) is None

    source.objects["a"] = b"1"
    assert cache.document("a", immutable=True) is None
    now[0] = 106.0
    assert cache.document("a", immutable=True).body == b"1"


def test_a_listing_is_kept_like_a_document() -> None:
    source = Remote(a=b"1")
    cache = DocumentCache(source)

    assert cache.listing("/") is cache.listing("/")
    source.objects["b"] = b"2"
    assert cache.listing("/") == ("a", "b")


def test_trouble_comes_through() -> None:
    source = Remote(a=b"1")
    cache = DocumentCache(source)
    cache.document("a")
    source.is_down = True

    with pytest.raises(SourceUnavailable):
        cache.document("a")


def test_memory_is_bounded_and_what_is_used_stays() -> None:
    kept: SegmentedLru[str, int] = SegmentedLru(100)
    kept.put("used", 0, 10)

    for number in range(1000):
        kept.put(f"once-{number}", number, 10)
        assert kept.get("used") == 0

    assert sum(kept.get(f"once-{number}") is not None for number in range(1000)) <= 10


def test_what_is_too_large_is_not_kept() -> None:
    kept: SegmentedLru[str, str] = SegmentedLru(100)
    kept.put("a", "small", 10)
    kept.put("a", "large", 30)

    assert kept.get("a") is None


def test_what_is_dropped_is_gone_and_makes_room() -> None:
    kept: SegmentedLru[str, int] = SegmentedLru(100)
    for name in ("a", "b", "c", "d", "e", "f"):
        kept.put(name, 1, 10)  # "f" begins another generation

    for name in ("a", "f"):
        kept.drop(name)
    kept.drop("never kept")

    assert [kept.get(name) for name in ("a", "f")] == [None, None]
    for name in ("f", "g", "h", "i", "j"):
        kept.put(name, 1, 10)
    assert [kept.get(name) for name in ("f", "g", "h", "i", "j", "b")] == [1] * 6


class Empty(dict):
    """Objects by key as a source, of which there are none to begin with."""

    def marker(self, key: str) -> bytes | None:
        return self.get(key)

    def read(self, key: str) -> bytes | None:
        return self.get(key)


def test_what_does_not_exist_takes_no_more_than_its_part_of_the_memory() -> None:
    """Strangers choose the names they ask for, and lists and objects are counted beside it."""
    limit = 16 * 1024 * 1024
    cache = DocumentCache(Empty(), max_staleness_s=60, max_bytes=limit)  # type: ignore[arg-type]
    tracemalloc.start()
    try:
        for number in range(15_000):
            assert cache.document(f"capability-policies/a-name-of-usual-length-{number}.json") is None
        _, most = tracemalloc.get_traced_memory()
    finally:
        tracemalloc.stop()
    assert limit / 16 < most < limit / 8


def test_what_does_not_exist_pushes_out_no_document() -> None:
    source = Remote(a=b"1")
    cache = DocumentCache(source, max_staleness_s=60, max_bytes=64 * 1024)
    cache.document("a")

    for number in range(5_000):
        assert cache.document(f"absent-{number}") is None

    assert (cache.document("a").body, source.reads) == (b"1", 1)


def test_what_came_and_went_is_never_known_as_both() -> None:
    now = [100.0]
    source = Empty()
    cache = DocumentCache(source, max_staleness_s=5, max_bytes=64 * 1024, clock=lambda: now[0])  # type: ignore[arg-type]
    for body in (None, b"1", None, b"2"):
        if body is None:
            source.pop("a", None)
        else:
            source["a"] = body
        now[0] += 6
        found = cache.document("a")
        assert (None if found is None else found.body) == body
        memory = cache._cached
        known = [each.get("a") is not None for each in (memory._present, memory._absent)]
        assert known == [body is not None, body is None]
