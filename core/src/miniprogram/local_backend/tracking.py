"""Which releases local publishes put into a workspace."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import datetime

from miniprogram.clock import to_iso
from miniprogram.delivery.documents.kinds import ASSET, SCREEN
from miniprogram.delivery.documents.layouts.keys import local_keys
from miniprogram.packages.release_record import read_record
from miniprogram.state.published_artifacts import (
    PublishedArtifact,
    PublishedArtifacts,
    published_artifacts_file,
)
from miniprogram.state.workspace_location import BackendWorkspace
from miniprogram.stores.filesystem import FilesystemObjectStore


def records(workspace: BackendWorkspace) -> tuple[PublishedArtifact, ...]:
    """All tracked releases, sorted by program id and version. Raises DocumentError for a broken record."""
    tracked = published_artifacts_file(workspace.root).read()
    return tracked.artifacts if tracked else ()


def addresses_of_images(workspace: BackendWorkspace) -> Iterator[tuple[PublishedArtifact, str]]:
    """Tracked releases with images, and below which URL their screens look for them."""
    store, keys = FilesystemObjectStore(workspace.api_root), local_keys()
    for artifact in records(workspace):
        found = store.get(keys.release_record_key(artifact.mini_program_id, artifact.version))
        record = read_record(found.body) if found is not None else None
        if artifact.assets_directory_path and record is not None and record.assets_url:
            yield artifact, record.assets_url


def find(workspace: BackendWorkspace, program_id: str, version: str) -> PublishedArtifact | None:
    """The tracked release `version` of a program."""
    return next((found for found in records(workspace) if found.key == (program_id, version)), None)


def record(
    workspace: BackendWorkspace,
    program_id: str,
    version: str,
    *,
    published_at: datetime,
    digest: str | None = None,
    has_assets: bool = False,
) -> PublishedArtifact:
    """Track a release that was just written; an earlier record of it is replaced."""
    api, keys = workspace.api_root, local_keys()
    published = PublishedArtifact(
        mini_program_id=program_id,
        version=version,
        latest_manifest_path=str(api / keys.latest_manifest_key(program_id)),
        versioned_manifest_path=str(api / keys.manifest_key(program_id, version)),
        screens_directory_path=str(api / keys.folder(SCREEN, program_id, version)),
        published_at_utc=to_iso(published_at),
        assets_directory_path=str(api / keys.folder(ASSET, program_id, version)) if has_assets else None,
        digest=digest,
    )
    published_artifacts_file(workspace.root).update(lambda tracked: _with(tracked, published))
    return published


def _with(tracked: PublishedArtifacts | None, published: PublishedArtifact) -> PublishedArtifacts:
    if tracked is None:
        return PublishedArtifacts(artifacts=(published,))
    others = [found for found in tracked.artifacts if found.key != published.key]
    artifacts = tuple(sorted([*others, published], key=lambda found: found.key))
    return tracked.model_copy(update={"artifacts": artifacts})
