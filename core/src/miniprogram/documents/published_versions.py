"""Which versions are recorded, and whether one is whole: its record is finished, and its manifest is there."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from functools import cmp_to_key, lru_cache

from miniprogram.delivery.documents.kinds import RELEASE_RECORD
from miniprogram.delivery.documents.layouts.keys import Keys
from miniprogram.delivery.evaluation.versions.semver import Version
from miniprogram.documents.environment_storage import EnvironmentStorage
from miniprogram.errors import DocumentError, MiniProgramError
from miniprogram.packages.release_record import read_record
from miniprogram.seams.object_store import ObjectStore

NAMED_AT_MOST = 5
"""How many versions a sentence names."""


class NotPublished(MiniProgramError):  # noqa: N818 - what is the case, not what is wrong
    """A version that cannot be served, and why."""


@dataclass(frozen=True, slots=True)
class PublishedVersion:
    """A version that can be served. `digest` tells its content from any other."""

    release_key: str
    manifest_key: str
    digest: str


def require_published(storage: EnvironmentStorage, program_id: str, version: str) -> PublishedVersion:
    """The version, when it is published whole. Raises NotPublished, and DocumentError for a broken record."""
    key = storage.keys.release_record_key(program_id, version)
    found = storage.store.get(key)
    if found is None:
        there = recorded_versions(storage.store, storage.keys, program_id)
        raise NotPublished(
            f"{program_id} {version} was never published to {storage.environment}{named_versions(there)}"
        )
    record = read_record(found.body)
    if record is None:
        raise DocumentError(f"{key} is not a release record: it is no JSON object")
    if record.manifest_key is None:
        raise NotPublished(f"{program_id} {version} was never published whole; publish it again")
    if storage.store.get(record.manifest_key) is None:
        raise NotPublished(f"{program_id} {version} cannot be served: {record.manifest_key} is gone")
    return PublishedVersion(key, record.manifest_key, record.digest or found.etag)


def recorded_versions(store: ObjectStore, keys: Keys, program_id: str) -> tuple[str, ...]:
    """Every version a publish recorded, the highest first. Raises StoreError."""
    names = store.list_names(keys.folder(RELEASE_RECORD, program_id))
    return highest_first(name.removesuffix(".json") for name in names if name.endswith(".json"))


def highest_first(versions: Iterable[str]) -> tuple[str, ...]:
    """`versions` by the rules hosts compare them by; names that are no versions by their letters."""
    return tuple(sorted(versions, key=cmp_to_key(_compare), reverse=True))


def named_versions(versions: tuple[str, ...]) -> str:
    """The end of a sentence that says which versions there are; nothing when there are none."""
    shown = ", ".join(versions[:NAMED_AT_MOST]) + (", …" if len(versions) > NAMED_AT_MOST else "")
    return f"; there {'is' if len(versions) == 1 else 'are'} {shown}" if versions else ""


_parsed = lru_cache(maxsize=8_192)(Version.parse)
"""Sorting compares each of them several times."""


def _compare(left: str, right: str) -> int:
    try:
        one, other = _parsed(left), _parsed(right)
    except ValueError:
        return (left > right) - (left < right)
    return (one > other) - (one < other)
