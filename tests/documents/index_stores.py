"""Stores with an index, small and large."""

from __future__ import annotations

from functools import cache
from typing import Any

from miniprogram.delivery.documents.contents.program_index import ProgramRow
from miniprogram.documents.environment_storage import EnvironmentStorage
from miniprogram.documents.index.index_document import replace_index
from miniprogram.documents.index.indexing import compile_rows, indexed, program_ids
from miniprogram.documents.index.listing import ProgramQuery, list_page
from miniprogram.publish.layouts.cloud import CloudLocation, cloud_layout
from miniprogram.publish.to_store import publish_to_store
from miniprogram.seams.object_store import ObjectStore
from miniprogram.stores.memory import MemoryObjectStore
from miniprogram.testing import sample_release

LOCATION = CloudLocation("test", "dev", "bucket", "here")


def storage_of(store: ObjectStore) -> EnvironmentStorage:
    return EnvironmentStorage(store, environment="dev")


def publish(store: ObjectStore, program_id: str = "shop", version: str = "1.0.0", *, make: bool = True) -> None:
    publish_to_store(
        store,
        cloud_layout(sample_release(program_id, version), LOCATION),
        around=lambda: indexed(storage_of(store), program_id, make=make),
    )


def truth(store: ObjectStore) -> list[ProgramRow]:
    storage = storage_of(store)
    return compile_rows(storage, program_ids(storage))


def listed(store: ObjectStore, **query: Any) -> list[ProgramRow]:
    return list(list_page(storage_of(store), ProgramQuery(**query)).rows)


def many(count: int) -> MemoryObjectStore:
    """An index of `count` programs whose documents nobody needs to read."""
    made, store = index_of(count), MemoryObjectStore()
    for each in made.list(""):
        store.put(each.key, made.get(each.key).body)  # type: ignore[union-attr]
    return store


@cache
def index_of(count: int) -> MemoryObjectStore:
    store = MemoryObjectStore()
    rows = [
        ProgramRow(
            f"program_{number:05}",
            policy=None,
            manifests={
                "1.0.0": {"id": f"program_{number:05}", "version": "1.0.0", "entry": "home", "title": "T" * 40}
            },
            compiled_from={f"metadata/catalog/program_{number:05}.json": "0" * 16},
            listing={"state": "shown", "latestVersion": "1.0.0", "updatedAtUtc": "2030-01-02T03:04:05.000Z"},
        )
        for number in range(count)
    ]
    replace_index(storage_of(store), lambda _: rows)
    return store
