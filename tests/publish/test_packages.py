"""The package beside a version: archive, deltas and index, written before the version counts as published."""

from __future__ import annotations

import hashlib
from collections.abc import Callable
from dataclasses import replace

import pytest

from miniprogram.delivery.documents import kinds
from miniprogram.delivery.documents.cache_control import IMMUTABLE
from miniprogram.errors import PublishError, StoreError
from miniprogram.packages.delta import apply_delta
from miniprogram.packages.limits import MAX_ARCHIVE_BYTES
from miniprogram.packages.package_file import open_archive, package_of
from miniprogram.packages.package_index import PackageIndex, read_index
from miniprogram.packages.package_options import PackageOptions
from miniprogram.packages.zstd import decompress
from miniprogram.publish.layouts.cloud import CloudLocation, cloud_layout
from miniprogram.publish.layouts.layout import Layout
from miniprogram.publish.layouts.local import local_layout
from miniprogram.publish.layouts.packaging import is_of_package
from miniprogram.publish.layouts.static import static_layout
from miniprogram.publish.to_store import plan_to_store, publish_to_store
from miniprogram.seams.object_store import ObjectStore
from miniprogram.seams.publish_target import Release
from miniprogram.stores.memory import MemoryObjectStore
from miniprogram.testing import FaultyStore, InterleavingStore
from publish.versions import release

PLACE = CloudLocation("aws", "prod", "b", "eu-west-1", api_base_url="https://api.example/prod/api")
LAYOUTS: dict[str, Callable[[Release], Layout]] = {
    "local": lambda given: local_layout(given, base_url=given.base_url),
    "static": static_layout,
    "cloud": lambda given: cloud_layout(given, PLACE),
}
PACKED = PackageOptions()


@pytest.fixture(params=list(LAYOUTS))
def lay_out(request: pytest.FixtureRequest) -> Callable[..., Layout]:
    made = LAYOUTS[request.param]
    return lambda version="1.0.0", text="Welcome", packages=PACKED, **more: made(
        release(version, text, packages=packages, **more)
    )


def index_in(store: ObjectStore, layout: Layout) -> PackageIndex:
    found = store.get(layout.keys.key(kinds.PACKAGE_INDEX, layout.program_id, layout.version))
    assert found is not None
    return read_index(found.body, name=found.key)


def body_of(store: ObjectStore, layout: Layout, kind: kinds.DocumentKind, *values: str) -> bytes:
    found = store.get(layout.keys.key(kind, layout.program_id, layout.version, *values))
    assert found is not None
    return found.body


def archive_in(store: ObjectStore, layout: Layout) -> bytes:
    return decompress(body_of(store, layout, kinds.PACKAGE), max_size=MAX_ARCHIVE_BYTES, name="package")


def package_keys(store: MemoryObjectStore, layout: Layout) -> set[str]:
    return {info.key for info in store.list("") if is_of_package(layout.keys, info.key)}


def assert_packed(store: ObjectStore, layout: Layout) -> None:
    """Whatever the index of `layout` says is there, and gives the version."""
    index = index_in(store, layout)
    assert layout.packaging is not None
    bundle = layout.packaging.bundle
    archive = archive_in(store, layout)
    assert archive == package_of(bundle).archive
    assert (index.archive.size, index.archive.sha256) == (len(archive), hashlib.sha256(archive).hexdigest())
    assert open_archive(archive, name="archive").bundle.digest == index.digest == layout.digest
    for file in index.files:
        key = layout.keys.bundle_file_key(layout.program_id, layout.version, file.path)
        if file.filled:
            body = body_of(store, layout, kinds.AUTHORED_SCREEN, file.path.split("/")[-1].removesuffix(".json"))
        else:
            found = store.get(key)
            assert found is not None
            body = found.body
        assert hashlib.sha256(body).hexdigest() == file.sha256
    for delta in index.deltas:
        base = decompress(
            store.get(layout.keys.key(kinds.PACKAGE, layout.program_id, delta.base_version)).body,  # type: ignore[union-attr]
            max_size=MAX_ARCHIVE_BYTES,
            name="base",
        )
        body = body_of(store, layout, kinds.PACKAGE_DELTA, delta.base)
        assert (len(body), hashlib.sha256(body).hexdigest()) == (delta.size, delta.sha256)
        assert apply_delta(base, body, size=index.archive.size, sha256=index.archive.sha256) == archive


def test_the_package_gives_the_version_whole_by_files_and_by_each_delta(lay_out: Callable[..., Layout]) -> None:
    store = MemoryObjectStore()
    for number in range(8):
        layout = lay_out(f"1.{number}.0", f"Text {number}")
        publish_to_store(store, layout)
        assert_packed(store, layout)

    assert [delta.base_version for delta in index_in(store, layout).deltas] == [
        f"1.{n}.0" for n in (6, 5, 4, 3, 2)
    ]
    assert [file.path for file in index_in(store, layout).files if file.filled] == ["screens/shop_picture.json"]


def test_the_package_is_stored_for_ever_and_says_what_it_is() -> None:
    store = MemoryObjectStore()
    for version in ("1.0.0", "1.1.0"):
        publish_to_store(store, cloud_layout(release(version, packages=PACKED), PLACE))

    base = hashlib.sha256(archive_in(store, cloud_layout(release("1.0.0"), PLACE))).hexdigest()
    folder = "artifacts/shop/1.1.0/packages"
    assert {key: store.headers[key] for key in store.headers if key.startswith(f"{folder}/")} == {
        f"{folder}/package.tar.zst": ("application/zstd", IMMUTABLE),
        f"{folder}/deltas.json": ("application/json", IMMUTABLE),
        f"{folder}/screens/shop_picture.json": ("application/json", IMMUTABLE),
        f"{folder}/{base}.dcz": ("application/octet-stream", IMMUTABLE),
    }


def test_the_served_version_comes_first_and_named_ones_are_added(lay_out: Callable[..., Layout]) -> None:
    store = MemoryObjectStore()
    for version in ("1.0.0", "1.1.0", "1.2.0", "1.3.0"):
        publish_to_store(store, lay_out(version, version))
    publish_to_store(store, lay_out("1.1.0", "1.1.0"), allow_older=True)

    layout = lay_out("2.0.0", packages=PackageOptions(2, ("1.0.0",)))
    publish_to_store(store, layout)

    assert [delta.base_version for delta in index_in(store, layout).deltas] == ["1.1.0", "1.3.0", "1.0.0"]
    assert_packed(store, layout)


def test_a_delta_that_saves_too_little_is_left_out(lay_out: Callable[..., Layout]) -> None:
    store = MemoryObjectStore()
    publish_to_store(store, lay_out("1.0.0"))
    noise = "".join(hashlib.sha256(str(number).encode()).hexdigest() for number in range(400))
    layout = lay_out("1.1.0", noise, more=True)

    outcome = publish_to_store(store, layout)

    assert index_in(store, layout).deltas == ()
    assert outcome.package is not None
    assert outcome.package.deltas == ()
    assert_packed(store, layout)


def test_the_index_comes_after_what_it_names_and_before_the_manifest(lay_out: Callable[..., Layout]) -> None:
    store = FaultyStore()
    publish_to_store(store, lay_out("1.0.0"))
    store.writes.clear()
    layout = lay_out("1.1.0", "New")

    publish_to_store(store, layout)

    of_package = [key for key in store.writes if is_of_package(layout.keys, key)]
    assert of_package[-1] == layout.keys.key(kinds.PACKAGE_INDEX, "shop", "1.1.0")
    assert len(of_package) == 4
    after = store.writes[store.writes.index(of_package[-1]) + 1 :]
    assert after[:2] == [layout.files[-1].key, layout.record_key]


def test_killed_anywhere_and_run_again_the_package_is_whole(lay_out: Callable[..., Layout]) -> None:
    old, new = lay_out("1.0.0"), lay_out("1.1.0", "New")
    counting = FaultyStore()
    publish_to_store(counting, old)
    before = len(counting.writes)
    publish_to_store(counting, new)

    for fail_at in range(len(counting.writes) - before):
        kept = MemoryObjectStore()
        publish_to_store(kept, old)
        with pytest.raises(StoreError):
            publish_to_store(FaultyStore(kept, fail_at=fail_at), new)
        publish_to_store(kept, new)
        assert_packed(kept, new)
        assert not publish_to_store(kept, new).changed


def test_other_content_leaves_nothing_of_a_package_that_was_begun(lay_out: Callable[..., Layout]) -> None:
    given_up, kept_one = lay_out("1.1.0", "Given up", more=True), lay_out("1.1.0", "Kept", picture=False)
    counting = FaultyStore()
    publish_to_store(counting, lay_out("1.0.0"))
    before = len(counting.writes)
    publish_to_store(counting, given_up)
    record = max(number for number, key in enumerate(counting.writes) if key == given_up.record_key)

    for fail_at in range(record - before):
        store = MemoryObjectStore()
        publish_to_store(store, lay_out("1.0.0"))
        with pytest.raises(StoreError):
            publish_to_store(FaultyStore(store, fail_at=fail_at), given_up)
        publish_to_store(store, kept_one)
        assert_packed(store, kept_one)
        fresh = MemoryObjectStore()
        publish_to_store(fresh, lay_out("1.0.0"))
        publish_to_store(fresh, kept_one)
        assert package_keys(store, kept_one) == package_keys(fresh, kept_one)


def test_a_plan_says_what_is_written(lay_out: Callable[..., Layout]) -> None:
    store = FaultyStore()
    publish_to_store(store, lay_out("1.0.0"))
    store.writes.clear()
    layout = lay_out("1.1.0", "New")

    planned = plan_to_store(store, layout)
    assert store.writes == []
    done = publish_to_store(store, layout)

    assert planned.package == done.package is not None
    assert set(done.package.written) | set(done.written) == set(store.writes)  # type: ignore[union-attr]
    assert planned.written == done.written
    again = plan_to_store(store, layout)
    assert again.package == replace(done.package, written=())  # type: ignore[type-var]
    assert not again.changed


def test_without_a_package_nothing_is_stored_of_one(lay_out: Callable[..., Layout]) -> None:
    store = MemoryObjectStore()
    layout = lay_out(packages=None)

    assert publish_to_store(store, layout).package is None
    assert package_keys(store, layout) == set()


def test_a_version_without_a_package_gets_it_when_it_is_published_again(lay_out: Callable[..., Layout]) -> None:
    store = FaultyStore()
    publish_to_store(store, lay_out(packages=None))
    store.writes.clear()
    layout = lay_out()

    outcome = publish_to_store(store, layout)

    assert outcome.changed
    assert outcome.package is not None
    assert set(outcome.package.written) == set(store.writes)
    assert layout.record_key not in store.writes, "what is served stays as it is meanwhile"
    assert_packed(store, layout)


@pytest.mark.parametrize("base", ["0.9.0", "1.0.0"], ids=["not there", "without a package"])
def test_a_delta_that_was_asked_for_is_made_or_refused(lay_out: Callable[..., Layout], base: str) -> None:
    store = FaultyStore()
    publish_to_store(store, lay_out("1.0.0", packages=None))
    store.writes.clear()
    layout = lay_out("1.1.0", packages=PackageOptions(bases=(base,)))

    for act in (plan_to_store, publish_to_store):
        with pytest.raises(PublishError, match=base):
            act(store, layout)

    assert store.writes == []


def test_a_published_version_gets_no_further_deltas(lay_out: Callable[..., Layout]) -> None:
    store = MemoryObjectStore()
    for version in ("1.0.0", "1.1.0"):
        publish_to_store(store, lay_out(version, packages=PackageOptions(0)))
    publish_to_store(store, lay_out("1.1.0", packages=PackageOptions(0)))

    with pytest.raises(PublishError, match=r"published already, without a delta from 1\.0\.0"):
        publish_to_store(store, lay_out("1.1.0", packages=PackageOptions(bases=("1.0.0",))))


def test_a_base_that_cannot_be_read_is_passed_over(lay_out: Callable[..., Layout]) -> None:
    store = MemoryObjectStore()
    old = lay_out("1.0.0")
    publish_to_store(store, old)
    store.put(old.keys.key(kinds.PACKAGE, "shop", "1.0.0"), b"damaged")
    layout = lay_out("1.1.0")

    publish_to_store(store, layout)

    assert index_in(store, layout).deltas == ()


def test_who_loses_the_version_to_other_content_leaves_the_winners_package(
    lay_out: Callable[..., Layout],
) -> None:
    ours, theirs = lay_out("1.1.0", "Ours", more=True), lay_out("1.1.0", "Theirs", picture=False)
    plain = FaultyStore()
    publish_to_store(plain, ours)
    puts = [key for key in dict.fromkeys(plain.writes) if key not in {p.key for p in ours.pointers}]

    for key in puts:
        store = InterleavingStore()
        store.before("put", key, lambda inner: publish_to_store(inner, theirs))
        try:
            publish_to_store(store, ours)
        except PublishError:
            assert_packed(store, theirs)
        else:
            assert_packed(store, ours)


def test_versions_without_a_package_do_not_count(lay_out: Callable[..., Layout]) -> None:
    store = MemoryObjectStore()
    publish_to_store(store, lay_out("1.0.0"))
    for version in ("1.1.0", "1.2.0"):
        publish_to_store(store, lay_out(version, packages=None))
    layout = lay_out("1.3.0", packages=PackageOptions(1))

    publish_to_store(store, layout)

    assert [delta.base_version for delta in index_in(store, layout).deltas] == ["1.0.0"]


def test_a_leftover_that_the_winner_needs_is_put_back(lay_out: Callable[..., Layout]) -> None:
    """Ours takes a file of a package away that theirs, given up once, needs after all."""
    ours, theirs = lay_out("1.1.0", "Ours", picture=False), lay_out("1.1.0", "Theirs")
    key = theirs.keys.key(kinds.AUTHORED_SCREEN, "shop", "1.1.0", "shop_picture")
    counting = FaultyStore()
    publish_to_store(counting, theirs)
    kept = MemoryObjectStore()
    with pytest.raises(StoreError):
        publish_to_store(FaultyStore(kept, fail_at=counting.writes.index(theirs.files[-1].key)), theirs)
    assert kept.get(key) is not None
    store = InterleavingStore(kept)
    store.before("delete", key, lambda inner: publish_to_store(inner, theirs))

    with pytest.raises(PublishError):
        publish_to_store(store, ours)

    assert_packed(kept, theirs)


def published(store: ObjectStore, layout: Layout) -> list[str]:
    publish_to_store(store, layout)
    return [delta.base_version for delta in index_in(store, layout).deltas]


def test_what_hosts_have_embedded_is_a_delta_base_of_every_later_version(lay_out: Callable[..., Layout]) -> None:
    store, few = MemoryObjectStore(), PackageOptions(deltas=1)
    for version in ("1.0.0", "1.1.0"):
        published(store, lay_out(version, packages=few))

    named = published(store, lay_out("1.2.0", packages=PackageOptions(deltas=1, bases=("1.0.0",))))
    later = [published(store, lay_out(version, packages=few)) for version in ("1.3.0", "1.4.0")]

    assert named == ["1.1.0", "1.0.0"]
    assert later == [["1.2.0", "1.0.0"], ["1.3.0", "1.0.0"]]


def test_until_no_host_has_it_embedded_any_more(lay_out: Callable[..., Layout]) -> None:
    store, few = MemoryObjectStore(), PackageOptions(deltas=1)
    published(store, lay_out("1.0.0", packages=few))
    published(store, lay_out("1.1.0", packages=PackageOptions(deltas=1, bases=("1.0.0",))))

    ended = published(store, lay_out("1.2.0", packages=PackageOptions(deltas=1, no_longer=("1.0.0",))))
    later = published(store, lay_out("1.3.0", packages=few))

    assert (ended, later) == (["1.1.0"], ["1.2.0"])


def test_an_embedded_version_that_is_gone_does_not_stop_the_next(lay_out: Callable[..., Layout]) -> None:
    store, few = MemoryObjectStore(), PackageOptions(deltas=1)
    published(store, lay_out("1.0.0", packages=few))
    second = lay_out("1.1.0", packages=PackageOptions(deltas=1, bases=("1.0.0",)))
    published(store, second)
    for info in list(store.list("")):
        if "1.0.0" in info.key and "1.1.0" not in info.key and "latest" not in info.key:
            store.delete(info.key)

    assert published(store, lay_out("1.2.0", packages=few)) == ["1.1.0"]
