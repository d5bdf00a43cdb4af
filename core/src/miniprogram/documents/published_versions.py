"""Whether a version is published whole: its record is finished, and the manifest it names is there."""

from __future__ import annotations

from dataclasses import dataclass

from miniprogram.documents.environment_storage import EnvironmentStorage
from miniprogram.errors import DocumentError, MiniProgramError
from miniprogram.packages.release_record import read_record


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
        raise NotPublished(f"{program_id} {version} was never published to {storage.environment}")
    record = read_record(found.body)
    if record is None:
        raise DocumentError(f"{key} is not a release record: it is no JSON object")
    if record.manifest_key is None:
        raise NotPublished(f"{program_id} {version} was never published whole; publish it again")
    if storage.store.get(record.manifest_key) is None:
        raise NotPublished(f"{program_id} {version} cannot be served: {record.manifest_key} is gone")
    return PublishedVersion(key, record.manifest_key, record.digest or found.etag)
