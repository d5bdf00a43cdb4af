"""Published manifests and screens: `backend/api/manifests` and `backend/api/screens`."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, field
from pathlib import Path

from miniprogram.delivery.documents.kinds import LATEST_MANIFEST, SCREEN
from miniprogram.delivery.documents.layouts.keys import local_keys
from miniprogram.delivery.evaluation.versions.semver import Version
from miniprogram.files import is_inside
from miniprogram.packages.manifest import Manifest
from miniprogram.project.manifest.rules import parses
from miniprogram.project.validation.authored import manifest_messages
from miniprogram.project.validation.report import ValidationMessage, error, warning
from miniprogram.project.validation.workspace_view import Unreadable, WorkspaceView, json_files, subfolders

LATEST = "latest.json"


@dataclass(slots=True)
class Published:
    """The servable versions of every published mini-program, by id, and what was found on the way.

    A program without a readable version has an empty set. A version only `latest.json` names cannot be served and
    does not count.
    """

    versions: dict[str, set[str]] = field(default_factory=dict)
    messages: list[ValidationMessage] = field(default_factory=list)

    def newest(self, program_id: str) -> str | None:
        """The highest version of a program; None when it has none that is a semantic version."""
        texts = [text for text in self.versions.get(program_id, ()) if parses(Version.parse, text)]
        return max(texts, key=Version.parse) if texts else None


def read_published(view: WorkspaceView, *, thorough: bool) -> Published:
    """Read and check every published manifest in `view`; with `thorough` the screens behind them too."""
    published, keys = Published(), local_keys()
    if view.api is None:
        return published
    for folder in subfolders(view.api / keys.folder(LATEST_MANIFEST)):
        if view.wants(folder.name):
            versions = published.versions.setdefault(folder.name, set())
            published.messages.extend(_check_program(folder, versions, view))
            if thorough:
                published.messages.extend(_check_latest(folder, published, view))
                published.messages.extend(
                    _check_screens(view.api / keys.folder(SCREEN, folder.name), versions, view)
                )
    return published


def _check_program(folder: Path, versions: set[str], view: WorkspaceView) -> Iterator[ValidationMessage]:
    latest, versions_folder = folder / LATEST, folder / "versions"
    if latest.is_file():
        yield from _check_file(latest, folder.name, view)
    else:
        text = f"{folder.name} has no {LATEST}: nothing is delivered without rollout rules"
        yield warning("latest_manifest_missing", view.shown(latest), text)
    if not versions_folder.is_dir():
        text = f"{folder.name} has no versions folder"
        yield error("manifest_versions_missing", view.shown(versions_folder), text)
        return
    for path in json_files(versions_folder):
        yield from _check_file(path, folder.name, view, version=path.stem)
        versions.add(path.stem)


def _check_file(
    path: Path, program_id: str, view: WorkspaceView, *, version: str | None = None
) -> Iterator[ValidationMessage]:
    name = view.shown(path)
    try:
        manifest = view.read_manifest(path)
    except Unreadable as unreadable:
        yield unreadable.message
        return
    if manifest.id != program_id:
        text = f"the manifest's id {manifest.id!r} is not the name of its folder {program_id!r}"
        yield error("published_manifest_id_mismatch", name, text)
    if version is not None and manifest.version != version:
        text = f"the manifest's version {manifest.version!r} is not the name of its file {version!r}"
        yield error("published_manifest_version_mismatch", name, text)
    yield from manifest_messages(manifest, name)
    yield from _entry_screen(manifest, name, view)


def _entry_screen(manifest: Manifest, name: str, view: WorkspaceView) -> Iterator[ValidationMessage]:
    api = view.api
    if api is None or not manifest.entry.strip():
        return
    screen = api / local_keys().screen_key(manifest.id, manifest.version, manifest.entry)
    inside = is_inside(screen, api)
    if not (inside and screen.is_file()):
        text = f"the entry screen {manifest.entry!r} is not at {view.shown(screen)}"
        yield error("entry_screen_missing", name, text)


def _check_latest(folder: Path, published: Published, view: WorkspaceView) -> Iterator[ValidationMessage]:
    """`latest.json` should be one of the versions, byte for byte, and the newest."""
    path = folder / LATEST
    try:
        version = view.read_manifest(path).version if path.is_file() else None
    except Unreadable:
        return
    if version is None:
        return
    twin = folder / "versions" / f"{version}.json"
    if version not in published.versions[folder.name]:
        text = f"{LATEST} names {version!r}, which has no file in versions/ and cannot be served"
        yield warning("latest_manifest_not_servable", view.shown(path), text)
    elif twin.read_bytes() != path.read_bytes():
        text = f"{LATEST} and {view.shown(twin)} differ; what is served is the latter"
        yield warning("latest_manifest_differs", view.shown(path), text)
    newest = published.newest(folder.name)
    if newest is not None and parses(Version.parse, version) and Version.parse(version) < Version.parse(newest):
        text = f"{LATEST} names {version!r}, but {newest!r} is published too"
        yield warning("latest_manifest_not_newest", view.shown(path), text)


def _check_screens(screens: Path, versions: set[str], view: WorkspaceView) -> Iterator[ValidationMessage]:
    for folder in subfolders(screens):
        if folder.name not in versions:
            text = f"no manifest has the version {folder.name!r} of {screens.name}"
            yield warning("screens_orphaned", view.shown(folder), text)
            continue
        for path in json_files(folder):
            try:
                view.read(path)
            except Unreadable as unreadable:
                found = unreadable.message
                yield warning("published_screen_unreadable", found.path, found.message)
