"""What is withdrawn or protected is dropped from a CDN, by whichever door it was changed."""

from __future__ import annotations

from collections.abc import Callable, Sequence

import pytest

from miniprogram.delivery.documents import kinds
from miniprogram.errors import MiniProgramError, PreconditionFailed, StoreError
from miniprogram.provider_kit.cdn_store import CLOSING, CdnStore, answered_paths
from miniprogram.seams.cloud_provider import StoreAddress
from miniprogram.seams.object_store import ObjectStore
from miniprogram.stores.memory import MemoryObjectStore
from miniprogram.testing import ObjectStoreContract

KEYS = StoreAddress("programs", "here").keys
ACCESS_KEYS = KEYS.key(kinds.ACCESS_KEYS, "shop")


class RecordingCdn:
    """Notes what it is told, then does `then`."""

    keeps_s = 77

    def __init__(self, then: Callable[[], object] = lambda: None) -> None:
        self.told: list[list[str]] = []
        self._then = then

    def invalidate(self, keys: Sequence[str]) -> None:
        self.told.append([*keys])
        self._then()


def refuse(error: Exception) -> Callable[[], object]:
    def refusing() -> None:
        raise error

    return refusing


class TestCdnStore(ObjectStoreContract):
    def make_store(self) -> ObjectStore:
        return CdnStore(MemoryObjectStore(), RecordingCdn(refuse(ValueError())), KEYS)


@pytest.mark.parametrize(
    "kind",
    [kind for kind in kinds.KINDS if kind.cloud and kind.scope == "program" and kind.written == "conditionally"],
    ids=lambda kind: kind.name,
)
def test_what_may_close_something_is_told(kind: kinds.DocumentKind) -> None:
    cdn = RecordingCdn()
    store = CdnStore(MemoryObjectStore(), cdn, KEYS)
    fields = ("shop", "w") if "{window}" in kind.cloud else ("shop",)
    key = KEYS.key(kind, *fields)

    store.put(key, b"{}")
    assert cdn.told == [[key]] * (kind.name in CLOSING)
    cdn.told.clear()
    store.delete(key)
    assert cdn.told == [[key]] * (kind.name in CLOSING or kind is kinds.CATALOG_POINTER)


@pytest.mark.parametrize("key", [KEYS.key(kinds.MANIFEST, "shop", "1.0.0"), "notes.txt"])
def test_what_closes_nothing_is_not_told(key: str) -> None:
    cdn = RecordingCdn()
    store = CdnStore(MemoryObjectStore(), cdn, KEYS)

    store.put(key, b"{}")
    store.delete(key)

    assert cdn.told == []


def test_it_is_told_when_the_change_is_done() -> None:
    inner = MemoryObjectStore()
    seen: list[object] = []
    store = CdnStore(inner, RecordingCdn(lambda: seen.append(inner.get(ACCESS_KEYS) is not None)), KEYS)

    store.put(ACCESS_KEYS, b"{}")
    store.delete(ACCESS_KEYS)

    assert seen == [True, False]


def test_of_a_change_that_was_refused_nobody_is_told() -> None:
    cdn = RecordingCdn()
    store = CdnStore(MemoryObjectStore(), cdn, KEYS)

    with pytest.raises(PreconditionFailed):
        store.put(ACCESS_KEYS, b"{}", if_match="another")
    with pytest.raises(PreconditionFailed):
        store.delete(ACCESS_KEYS, if_match="another")

    assert cdn.told == []


@pytest.mark.parametrize(
    ("error", "said"),
    [(MiniProgramError("access denied for shop"), "access denied for shop"), (KeyError("s3cret"), "KeyError")],
    ids=["refused", "broken"],
)
def test_a_cdn_that_cannot_be_told_is_said_and_the_change_is_done(
    error: Exception, said: str, capsys: pytest.CaptureFixture[str]
) -> None:
    store = CdnStore(MemoryObjectStore(), RecordingCdn(refuse(error)), KEYS)

    etag = store.put(ACCESS_KEYS, b"{}")

    found = store.get(ACCESS_KEYS)
    assert found is not None
    assert (found.body, found.etag) == (b"{}", etag)
    logged = capsys.readouterr().err
    assert said in logged
    assert "77" in logged
    assert "s3cret" not in logged
    store.delete(ACCESS_KEYS)
    assert store.get(ACCESS_KEYS) is None


def test_a_store_that_has_to_check_its_server_still_does() -> None:
    class Unfit(MemoryObjectStore):
        def require_conditions(self) -> None:
            raise StoreError("this server ignores preconditions")

    with pytest.raises(StoreError, match="ignores preconditions"):
        CdnStore(Unfit(), RecordingCdn(), KEYS).require_conditions()
    CdnStore(MemoryObjectStore(), RecordingCdn(), KEYS).require_conditions()


def test_paths_are_those_of_all_mini_programs_and_of_lists() -> None:
    other = KEYS.key(kinds.WITHDRAWN, "bank")

    assert answered_paths(KEYS, [ACCESS_KEYS, other, ACCESS_KEYS, "notes.txt"]) == [
        "/api/manifests/bank/*",
        "/api/screens/bank/*",
        "/api/assets/bank/*",
        "/api/packages/bank/*",
        "/api/manifests/shop/*",
        "/api/screens/shop/*",
        "/api/assets/shop/*",
        "/api/packages/shop/*",
        "/api/discovery/*",
    ]
    assert answered_paths(KEYS, ["notes.txt"]) == []
