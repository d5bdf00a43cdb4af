"""A delivery function's source: how seldom it asks its store, and what it answers when the store does not."""

from __future__ import annotations

import json
import threading
import time
from pathlib import Path

import pytest

from miniprogram.delivery.documents.bounded_looks import MOST_LOOKS
from miniprogram.delivery.documents.contents.program_index import (
    IndexedPointer,
    ProgramIndex,
    ProgramRow,
    format_index,
)
from miniprogram.delivery.documents.profile import cloud_profile
from miniprogram.delivery.documents.remote_source import (
    FETCHED_AT_ONCE,
    MAX_LIST_BYTES,
    MOST_PENDING,
    MOST_REMEMBERED,
    Fetched,
    Freshness,
    RemoteSource,
)
from miniprogram.delivery.evaluation.errors import BrokenDocument, SourceUnavailable
from miniprogram.delivery.function.delivery_function import DeliveryFunction
from testbed.folder_objects import MAX_BYTES, QUIET, Clock, FolderObjects, Function, get_request, write_shop


@pytest.fixture
def shop(tmp_path: Path) -> Path:
    return write_shop(tmp_path)


def test_warm_requests_read_nothing_and_never_more_than_once(shop: Path) -> None:
    function = Function(shop)
    assert function.get("/api/manifests/shop/latest")[0] == 200
    assert function.reads() == 7  # five that decide, fetched at once; the release; the manifest

    counts = []
    for _ in range(400):
        function.clock.now += 0.25
        assert function.get("/api/manifests/shop/latest")[0] == 200
        counts.append(function.reads())
    assert max(counts) == 1
    assert sum(counts) / len(counts) < 0.3


def test_screens_share_what_is_known_and_are_read_once(shop: Path) -> None:
    function = Function(shop)
    function.get("/api/screens/shop/1.0.0/home")
    function.reads()
    counts = []
    for _ in range(100):
        function.clock.now += 0.25
        function.get("/api/screens/shop/1.0.0/home")
        counts.append(function.objects.calls)
        function.objects.calls = []
    assert max(map(len, counts)) == 1
    assert not any(key.startswith("artifacts/") for keys in counts for key in keys)


@pytest.mark.parametrize("gap_s", [0.5, 4.0, 20.0, 600.0])
def test_a_moved_pointer_and_a_new_key_are_noticed_in_time(gap_s: float, shop: Path) -> None:
    function = Function(shop)
    assert function.get("/api/manifests/shop/latest")[0] == 200
    (shop / "metadata/access_keys").mkdir()
    (shop / "metadata/access_keys/shop.json").write_text('{"keys": []}')
    changed_at = function.clock.now
    while True:
        function.clock.now += gap_s
        status = function.get("/api/manifests/shop/latest")[0]
        if function.clock.now - changed_at >= 15:
            break
    assert status == 401


def test_with_no_age_allowed_every_request_looks(shop: Path) -> None:
    function = Function(shop, Freshness(0, 0))
    function.get("/api/manifests/shop/latest")
    (shop / "metadata/catalog/shop.json").unlink()
    assert function.get("/api/manifests/shop/latest")[0] == 404


class Hanging(FolderObjects):
    """A store that takes a request and never answers it, until it is let go."""

    def __init__(self, folder: Path) -> None:
        super().__init__(folder)
        self.go = threading.Event()

    def fetch(self, key: str, *, known: str | None, max_bytes: int) -> Fetched | None:
        self.calls.append(key)
        self.go.wait(60)
        return super().fetch(key, known=known, max_bytes=max_bytes)


@pytest.mark.parametrize("remaining_s", [1.3, 3.0])
def test_a_hanging_store_is_a_503_within_the_functions_own_time_after_one_round(
    shop: Path, remaining_s: float
) -> None:
    hanging = Hanging(shop)
    source = RemoteSource(hanging, Freshness(), max_bytes=MAX_BYTES)
    function = DeliveryFunction(source, cloud_profile(), QUIET)
    try:
        for _ in range(2):
            started = time.monotonic()
            assert function.answer(get_request("/api/manifests/shop/latest"), remaining_s).status == 503
            assert time.monotonic() - started < remaining_s
        assert len(hanging.calls) == len(set(hanging.calls)), "nothing is asked twice while it hangs"
    finally:
        hanging.go.set()


@pytest.mark.parametrize("age", [5.1, 14.9, 15.1, 3600.0])
def test_a_store_that_stops_answering_leaves_what_is_known(shop: Path, age: float) -> None:
    function = Function(shop)
    assert function.get("/api/manifests/shop/latest")[0] == 200
    function.objects.fails_with = SourceUnavailable("SlowDown")
    function.clock.now += age

    assert function.get("/api/manifests/shop/latest")[0] == 200
    function.reads()
    assert [function.get("/api/manifests/shop/latest")[0] for _ in range(20)] == [200] * 20
    assert function.reads() <= 5, "a store that fails is not asked by every request"


@pytest.mark.parametrize(("age", "status"), [(14.9, 200), (15.1, 503)])
def test_keys_are_not_used_beyond_their_age_while_the_store_fails(shop: Path, age: float, status: int) -> None:
    keys = shop / "metadata/access_keys/shop.json"
    keys.parent.mkdir(parents=True, exist_ok=True)
    keys.write_text(json.dumps({"keys": ["k"]}))
    function = Function(shop)
    assert function.get("/api/manifests/shop/latest", **{"x-mini-program-access-key": "k"})[0] == 200
    function.objects.fails_with = SourceUnavailable("SlowDown")
    function.clock.now += age

    assert function.get("/api/manifests/shop/latest", **{"x-mini-program-access-key": "k"})[0] == status


def test_a_cold_function_lists_many_programs_from_two_requests_and_a_warm_one_from_none(shop: Path) -> None:
    rows = [
        ProgramRow(f"p{number:04}", IndexedPointer("1.0.0", "m", "r"), manifests={"1.0.0": {"entry": "home"}})
        for number in range(500)
    ]
    (shop / "metadata/index").mkdir()
    (shop / "metadata/index/programs.json").write_bytes(format_index(ProgramIndex(tuple(rows))))
    function = Function(shop)

    status, _, body = function.get("/api/discovery/mini-programs")
    assert (status, json.loads(body)["entryCount"]) == (200, 500)
    assert function.reads() <= 3
    assert function.get("/api/discovery/mini-programs")[0] == 200
    assert function.reads() == 0


@pytest.mark.parametrize(
    ("text", "soft"), [("2", 2.0), ("0", 0.0), ("-1", 5.0), ("301", 5.0), ("soon", 5.0), ("nan", 5.0)]
)
def test_the_age_of_pointers_comes_from_the_environment(text: str, soft: float) -> None:
    assert Freshness.of({"POINTER_MAX_AGE_SECONDS": text}).soft_s == soft


@pytest.mark.slow
def test_memory_stays_bounded_whatever_is_asked_for(shop: Path) -> None:
    source = RemoteSource(FolderObjects(shop), Freshness(), max_bytes=MAX_BYTES)
    for number in range(MOST_REMEMBERED + 100):
        source.begin_request()
        source.marker(f"metadata/catalog/nobody{number}.json")
        source.marker("artifacts/shop/1.0.0/manifest.json")
    assert len(source._seen) <= MOST_REMEMBERED
    assert len(source._turn.bodies) <= MOST_PENDING


def test_an_object_too_large_for_an_answer_is_refused_unread(shop: Path) -> None:
    with (shop / "artifacts/shop/1.0.0/assets/big.bin").open("wb") as file:
        file.truncate(MAX_BYTES + 1)
    status, _, body = Function(shop).get("/api/assets/shop/1.0.0/big.bin")
    assert status == 500
    assert len(body) < 1000


def test_a_function_in_which_too_many_looks_hang_still_answers(shop: Path) -> None:
    hanging = Hanging(shop)
    source = RemoteSource(hanging, Freshness(), max_bytes=MAX_BYTES)
    function = DeliveryFunction(source, cloud_profile(), QUIET)
    try:
        for number in range(MOST_LOOKS // FETCHED_AT_ONCE + 2):
            assert function.answer(get_request(f"/api/manifests/shop{number}/latest"), 1.01).status == 503
        assert len(hanging.calls) == MOST_LOOKS
    finally:
        hanging.go.set()


def test_an_answer_that_comes_too_late_is_not_taken_for_a_later_one(tmp_path: Path) -> None:
    key, path = "metadata/catalog/shop.json", tmp_path / "metadata/catalog/shop.json"
    path.parent.mkdir(parents=True)
    path.write_bytes(b"new")
    hanging, clock = Hanging(tmp_path), Clock()
    hanging.go.set()
    source = RemoteSource(hanging, Freshness(), max_bytes=MAX_BYTES, clock=clock)
    marker = source.marker(key)
    assert source.read(key) == b"new"

    hanging.go.clear()
    path.write_bytes(b"withdrawn soon after")
    clock.now += 60
    source.begin_request(0.01)
    with pytest.raises(SourceUnavailable):
        source.marker(key)
    hanging.go.set()
    while source._looks._under_way:
        time.sleep(0.001)

    path.write_bytes(b"new")
    source.begin_request()
    assert source.marker(key) == marker
    assert source.read(key) == b"new"


@pytest.mark.parametrize(
    ("key", "size", "is_read"),
    [
        ("metadata/segments/demo/vip/1.ids", MAX_LIST_BYTES, True),
        ("metadata/segments/demo/vip/1.ids", MAX_LIST_BYTES + 1, False),
        ("metadata/segmentsx", MAX_BYTES + 1, False),
        ("artifacts/segments/1.0.0/assets/1.ids", MAX_BYTES + 1, False),
    ],
    ids=["list", "too long a list", "beside the lists", "asset"],
)
def test_only_lists_may_be_larger_than_an_answer(key: str, size: int, is_read: bool) -> None:
    class OfSize(FolderObjects):
        def fetch(self, key: str, *, known: str | None, max_bytes: int) -> Fetched | None:
            if size > max_bytes:
                raise BrokenDocument(key, f"larger than {max_bytes} bytes")
            return Fetched("e", b"x")

    source = RemoteSource(OfSize(Path()), Freshness(), max_bytes=MAX_BYTES, lists_prefix="metadata/segments/")
    if is_read:
        assert source.read(key) == b"x"
    else:
        with pytest.raises(BrokenDocument, match="larger than"):
            source.read(key)


def test_a_thread_that_comes_just_after_a_look_gets_what_it_found(shop: Path) -> None:
    """Its body was handed to another request, whose document nobody keeps yet."""
    objects = FolderObjects(shop)
    source = RemoteSource(objects, Freshness(), max_bytes=MAX_BYTES)
    key = "metadata/catalog/shop.json"
    marker, found = source.marker(key), []

    later = threading.Thread(target=lambda: found.extend([source.marker(key), source.read(key)]))
    later.start()
    later.join(10)

    assert found == [marker, source.read(key)]
    assert objects.calls == [key]
