"""`embed preset`: a version that a host app is built with, so that its first start needs no network."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path

from miniprogram.errors import MiniProgramError
from miniprogram.files import write_atomic
from miniprogram.hosts.file_changes import WrittenFiles, apply_changes
from miniprogram.hosts.host_entries import HostEntries, entry_changes, read_entries, render_entries
from miniprogram.hosts.host_lock import host_lock
from miniprogram.packages.package_file import Package
from miniprogram.seams.endpoint import Endpoint
from miniprogram.seams.host_generator import HostFiles, HostGenerator

SUFFIX = ".tar"
"""Uncompressed: no host has to bring a decompressor, and apps and web servers compress by themselves."""


@dataclass(frozen=True, slots=True)
class PresetReport:
    """What became of a preset. `file` is where its package lies, or lay."""

    file: Path
    written: WrittenFiles
    notes: tuple[str, ...]


def known_endpoint(generator: HostGenerator, project_root: Path, app_id: str) -> Endpoint:
    """The endpoint of a mini-program in an app's map. Raises MiniProgramError when there is none."""
    files = generator.files(project_root)
    return _endpoint(read_entries(generator, files), files, app_id)


def embed_preset(
    generator: HostGenerator, project_root: Path, package: Package, *, digest: str | None = None
) -> PresetReport:
    """Put `package` into the app and say in its endpoint map that it is there. Repeating it changes nothing.

    With `digest` the version has to have it; an app that pins a root asks for one, as the package alone does not
    say who made it. Raises MiniProgramError, with nothing changed, when the app has no endpoint for it.
    """
    bundle = package.bundle
    files, folder = _files(generator, project_root)
    with host_lock(project_root):
        before = read_entries(generator, files)
        endpoint = _endpoint(before, files, bundle.program_id)
        _require_digest(endpoint, bundle.digest, digest)
        file = folder / f"{bundle.program_id}{SUFFIX}"
        known = {"preset_version": bundle.version, "preset_digest": bundle.digest}
        after = before.with_endpoint(endpoint.model_copy(update=known), before.title_of(endpoint.app_id))
        rendered = render_entries(generator, after)
        is_there = file.is_file() and file.read_bytes() == package.archive
        if not is_there:
            write_atomic(file, package.archive, mode=0o644)
        changed = apply_changes(entry_changes(rendered, files, after))
    written = WrittenFiles((*(() if is_there else (file,)), *changed.written), changed.backups)
    return PresetReport(file, written, rendered.notes)


def remove_preset(generator: HostGenerator, project_root: Path, app_id: str) -> PresetReport:
    """Take the version an app is built with out again. Raises MiniProgramError when it is built with none."""
    files, folder = _files(generator, project_root)
    with host_lock(project_root):
        before = read_entries(generator, files)
        endpoint = _endpoint(before, files, app_id)
        if endpoint.preset_version is None:
            raise MiniProgramError(f"{files.endpoint_map} names no version of {app_id} that the app is built with")
        without = endpoint.model_copy(update={"preset_version": None, "preset_digest": None})
        after = before.with_endpoint(without, before.title_of(app_id))
        rendered = render_entries(generator, after)
        written = apply_changes(entry_changes(rendered, files, after))
        file = folder / f"{app_id}{SUFFIX}"
        file.unlink(missing_ok=True)
    return PresetReport(file, written, rendered.notes)


def _files(generator: HostGenerator, project_root: Path) -> tuple[HostFiles, Path]:
    files = generator.files(project_root)
    if files.presets is None:
        raise MiniProgramError(f"apps of the kind in {project_root} are built with no versions of mini-programs")
    return files, files.presets


def _endpoint(entries: HostEntries, files: HostFiles, app_id: str) -> Endpoint:
    endpoint = entries.find(app_id)
    if endpoint is None:
        known = ", ".join(each.app_id for each in entries.endpoints) or "none"
        raise MiniProgramError(
            f"{files.endpoint_map} has no endpoint {app_id!r}; it has: {known}",
            hint=f"`host endpoint add {app_id}` adds one.",
        )
    return endpoint


def _require_digest(endpoint: Endpoint, found: str, wanted: str | None) -> None:
    name = endpoint.app_id
    if wanted is not None and wanted != found:
        raise MiniProgramError(f"the package of {name} has the digest {found}, not {wanted}")
    if wanted is None and endpoint.trust_root is not None:
        raise MiniProgramError(
            f"the app pins a root for {name}, so the version it is built with has to be the signed one",
            hint=f"Say which: --digest {found}, if that is what `verify` or the publisher says of it.",
        )
