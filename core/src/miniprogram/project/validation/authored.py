"""Authored manifests: those of a monorepo, and the one of a mini-program that stands alone."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, field
from pathlib import Path

from miniprogram.delivery.documents.layouts.keys import local_keys
from miniprogram.packages.manifest import Manifest
from miniprogram.project.location import MANIFEST_NAME
from miniprogram.project.manifest.document import read_manifest_document
from miniprogram.project.manifest.rules import check_manifest
from miniprogram.project.validation.report import ValidationMessage, error, of_finding, warning
from miniprogram.project.validation.workspace_view import Unreadable, WorkspaceView, subfolders


@dataclass(slots=True)
class Authored:
    """The authored mini-programs that were readable, by id, and what was found on the way."""

    manifests: dict[str, Manifest] = field(default_factory=dict)
    messages: list[ValidationMessage] = field(default_factory=list)


def read_authored(view: WorkspaceView) -> Authored:
    """Read and check every authored manifest in `view`."""
    authored = Authored()
    if view.programs is not None:
        for folder in subfolders(view.programs):
            if view.wants(folder.name) and (folder / MANIFEST_NAME).is_file():
                _add_managed(authored, folder, view)
    if view.program_root is not None:
        _add_external(authored, view.program_root, view)
    return authored


def manifest_messages(manifest: Manifest, path: str) -> Iterator[ValidationMessage]:
    """The rules every manifest has to keep, as findings about `path`."""
    for problem in check_manifest(manifest):
        yield ValidationMessage(severity=problem.severity, code=problem.code, path=path, message=problem.message)


def _add_managed(authored: Authored, folder: Path, view: WorkspaceView) -> None:
    path = folder / MANIFEST_NAME
    name = view.shown(path)
    manifest, messages = _read(path, name, view)
    if manifest is None:
        authored.messages.extend(messages)
        return
    authored.manifests[manifest.id] = manifest
    if manifest.id != folder.name:
        text = f"the manifest's id {manifest.id!r} is not the name of its folder {folder.name!r}"
        authored.messages.append(error("manifest_directory_mismatch", name, text))
    authored.messages.extend(messages)
    authored.messages.extend(_unpublished(manifest, name, view))


def _unpublished(manifest: Manifest, name: str, view: WorkspaceView) -> Iterator[ValidationMessage]:
    if view.api is None:
        return
    published = view.api / local_keys().manifest_key(manifest.id, manifest.version)
    if not published.is_file():
        text = f"version {manifest.version} of {manifest.id} is not published here"
        yield warning("authored_manifest_not_published", name, text)


def _add_external(authored: Authored, folder: Path, view: WorkspaceView) -> None:
    path = folder / MANIFEST_NAME
    if not folder.is_dir():
        text = f"the mini-program folder {folder} does not exist"
        authored.messages.append(error("external_mini_program_root_missing", folder.as_posix(), text))
        return
    if not path.is_file():
        text = f"{folder} has no {MANIFEST_NAME}"
        authored.messages.append(error("external_manifest_missing", path.as_posix(), text))
        return
    manifest, messages = _read(path, path.as_posix(), view)
    if manifest is None or view.wants(manifest.id):
        authored.messages.extend(messages)
    if manifest is not None and view.wants(manifest.id):
        authored.manifests[manifest.id] = manifest


def _read(path: Path, name: str, view: WorkspaceView) -> tuple[Manifest | None, list[ValidationMessage]]:
    """The manifest at `path`, None when it does not fit, and what is to be said about it under `name`."""
    try:
        view.read(path)
        document = read_manifest_document(path)
    except Unreadable as unreadable:
        return None, [unreadable.message.model_copy(update={"path": name})]
    return document.manifest, [of_finding(finding, name) for finding in document.findings()]
