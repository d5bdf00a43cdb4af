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


def test_what_does_not_exist_takes_less_than_half_of_the_memory_allowed() -> None:
    """Strangers choose the names they ask for, and lists and objects are counted beside it."""

    class Empty:
        def marker(self, _key: str) -> None:
            return None

    limit = 4 * 1024 * 1024
    cache = DocumentCache(Empty(), max_staleness_s=60, max_bytes=limit)  # type: ignore[arg-type]
    tracemalloc.start()
    try:
        for number in range(15_000):
            assert cache.document(f"capability-policies/a-name-of-usual-length-{number}.json") is None
        _, most = tracemalloc.get_traced_memory()
    finally:
        tracemalloc.stop()
    assert limit / 10 < most < limit / 2
