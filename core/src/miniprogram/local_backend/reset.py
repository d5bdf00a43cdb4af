"""Take back what local publishes wrote, and nothing else."""

from __future__ import annotations

import shutil
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from pathlib import Path

from miniprogram.delivery.documents.kinds import (
    ASSET,
    LATEST_MANIFEST,
    PACKAGE,
    PROVENANCE,
    RELEASE_RECORD,
    SCREEN,
)
from miniprogram.delivery.documents.layouts.keys import local_keys
from miniprogram.errors import MiniProgramError
from miniprogram.files import real_path
from miniprogram.state.published_artifacts import PublishedArtifact, published_artifacts_file
from miniprogram.state.workspace_location import BackendWorkspace


@dataclass(frozen=True, slots=True)
class ResetReport:
    """What was deleted: the tracked releases, and the paths that were still there."""

    releases: tuple[tuple[str, str], ...]
    removed: tuple[Path, ...]


@dataclass(frozen=True, slots=True)
class _Doomed:
    path: Path
    below: Path
    """The folder it must lie in, and up to which emptied parents go."""


def tracked_releases(workspace: BackendWorkspace) -> tuple[tuple[str, str], ...]:
    """The releases `reset_local` would delete, as id and version. Raises DocumentError for a broken record."""
    tracked = published_artifacts_file(workspace.root).read()
    return tuple(artifact.key for artifact in tracked.artifacts) if tracked else ()


def reset_local(workspace: BackendWorkspace) -> ResetReport:
    """Delete exactly what is tracked, then the record. Rules, policies and untracked files stay.

    Pointers go first: nobody is sent to a release that is half gone. Repeating after an interruption finishes
    the work. Raises MiniProgramError, before anything is deleted, for a recorded path outside its place.
    """
    file = published_artifacts_file(workspace.root)
    if file.read() is None:
        return ResetReport((), ())
    with file.locked():
        tracked = file.read()
        artifacts = tracked.artifacts if tracked else ()
        doomed = list(dict.fromkeys(_doomed(workspace, artifacts)))
        for entry in doomed:
            _check(entry, record=file.path)
        removed = [entry.path for entry in doomed if _remove(entry)]
        file.remove()
    return ResetReport(tuple(artifact.key for artifact in artifacts), tuple(removed))


def _doomed(workspace: BackendWorkspace, artifacts: Iterable[PublishedArtifact]) -> Iterator[_Doomed]:
    artifacts = tuple(artifacts)
    keys = local_keys()
    kinds = (LATEST_MANIFEST, SCREEN, ASSET, RELEASE_RECORD, PACKAGE, PROVENANCE)
    folders = [workspace.api_root / keys.folder(kind) for kind in kinds]
    manifests, screens, assets, releases, packages, provenance = folders
    yield from (_Doomed(Path(found.latest_manifest_path), manifests) for found in artifacts)
    yield from (_Doomed(Path(found.versioned_manifest_path), manifests) for found in artifacts)
    yield from (_Doomed(Path(found.screens_directory_path), screens) for found in artifacts)
    for found in artifacts:
        if found.assets_directory_path is not None:
            yield _Doomed(Path(found.assets_directory_path), assets)
        package = keys.folder(PACKAGE, found.mini_program_id, found.version)
        yield _Doomed(workspace.api_root / package, packages)
        which = (found.mini_program_id, found.version)
        yield _Doomed(workspace.api_root / keys.key(PROVENANCE, *which), provenance)
        yield _Doomed(workspace.api_root / keys.release_record_key(*which), releases)


def _check(entry: _Doomed, *, record: Path) -> None:
    # the last part may be a symlink, which is removed itself; the folders on the way may not lead out
    real = real_path(entry.path.parent) / entry.path.name
    root = real_path(entry.below)
    if entry.path.name in ("", "..") or real == root or not real.is_relative_to(root):
        raise MiniProgramError(
            f"{record} names {entry.path}, which is not inside {entry.below}; nothing was deleted"
        )


def _remove(entry: _Doomed) -> bool:
    try:
        if entry.path.is_dir() and not entry.path.is_symlink():
            shutil.rmtree(entry.path)
        elif entry.path.is_symlink() or entry.path.exists():
            entry.path.unlink()
        else:
            _prune(entry)
            return False
    except OSError as error:
        raise MiniProgramError(f"{error.filename or entry.path} cannot be deleted: {error.strerror}") from error
    _prune(entry)
    return True


def _prune(entry: _Doomed) -> None:
    """Remove parents that are empty now, below the root."""
    root = real_path(entry.below)
    folder = real_path(entry.path.parent)
    while folder != root and folder.is_relative_to(root):
        try:
            folder.rmdir()
        except FileNotFoundError:
            pass
        except OSError:
            return
        folder = folder.parent
