from __future__ import annotations

import json
from collections.abc import Callable

import pytest

from miniprogram.documents.environment_storage import EnvironmentStorage
from miniprogram.documents.published_versions import NotPublished, require_published
from miniprogram.errors import DocumentError
from miniprogram.publish.layouts.cloud import CloudLocation, cloud_layout
from miniprogram.publish.to_store import publish_to_store
from miniprogram.releases.input_loading import package_digest
from miniprogram.stores.memory import MemoryObjectStore
from miniprogram.testing import sample_release

LAYOUT = cloud_layout(sample_release("shop", "1.0.0"), CloudLocation("test", "dev", "bucket", "here"))


@pytest.fixture
def storage() -> EnvironmentStorage:
    store = MemoryObjectStore()
    publish_to_store(store, LAYOUT)
    return EnvironmentStorage(store, environment="dev")


def test_a_version_that_is_there_whole_is_found(storage: EnvironmentStorage) -> None:
    found = require_published(storage, "shop", "1.0.0")

    assert found.digest == LAYOUT.digest == package_digest(storage, "shop", "1.0.0")
    assert storage.store.get(found.manifest_key) is not None


Harm = Callable[[MemoryObjectStore], object]
ODD = b'{"artifacts": {"manifestKey": 7}}'


@pytest.mark.parametrize(
    ("harm", "said"),
    [
        (lambda store: store.delete(LAYOUT.record_key), "was never published to dev"),
        (lambda store: store.put(LAYOUT.record_key, LAYOUT.claim_body()), "was never published whole"),
        (lambda store: store.put(LAYOUT.record_key, b"{}"), "was never published whole"),
        (
            lambda store: store.put(LAYOUT.record_key, b'{"artifacts": {"manifestKey": 7}}'),
            "never published whole",
        ),
        (
            lambda store: store.put(
                LAYOUT.record_key, json.dumps({**json.loads(LAYOUT.record_body()), "unfinished": True}).encode()
            ),
            "was never published whole",
        ),
        (lambda store: store.delete(LAYOUT.files[-1].key), "manifest.json is gone"),
    ],
    ids=["no record", "claim", "no artifacts", "odd artifacts", "unfinished", "no manifest"],
)
def test_what_is_not_whole_is_not_published_for_anybody(
    storage: EnvironmentStorage, harm: Harm, said: str
) -> None:
    harm(storage.store)  # type: ignore[arg-type]

    with pytest.raises(NotPublished, match=said):
        require_published(storage, "shop", "1.0.0")
    assert package_digest(storage, "shop", "1.0.0") is None


@pytest.mark.parametrize("body", [b"[", b"[]", b'{"a": 1, "a": 2}', b"\xff"])
def test_a_broken_record_is_named(storage: EnvironmentStorage, body: bytes) -> None:
    storage.store.put(LAYOUT.record_key, body)

    with pytest.raises(DocumentError, match=r"metadata/releases/shop/1\.0\.0\.json"):
        require_published(storage, "shop", "1.0.0")
    assert package_digest(storage, "shop", "1.0.0") is None
