"""`embed init`: put what a host app needs into its folder, without taking away what its developers wrote."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

from miniprogram.errors import MiniProgramError
from miniprogram.hosts.file_changes import FileChange, WrittenFiles, apply_changes, read_current
from miniprogram.hosts.host_entries import entry_changes, read_entries, render_entries
from miniprogram.hosts.host_lock import host_lock
from miniprogram.seams.endpoint import Endpoint
from miniprogram.seams.host_generator import EmbedPlan, EmbedRequest, HostGenerator, PlannedFile

DEMO_APP_ID = "profile"
DEMO_TITLE = "Public Demo"
DEMO_CONSTANT = "publicDemo"
DEMO_API_BASE_URL = "http://127.0.0.1:8080/api"
"""The local backend: the demo needs no account and no network."""


@dataclass(frozen=True, slots=True)
class EmbedReport:
    """What embedding did. `left_alone` are files that the app has changed; paths are in the order of the plan."""

    plan: EmbedPlan
    written: WrittenFiles
    left_alone: tuple[Path, ...]


def embed_host(
    generator: HostGenerator, request: EmbedRequest, *, force: bool, demo_url: str = DEMO_API_BASE_URL
) -> EmbedReport:
    """Embed mini-programs into the app in `request.project_root`. Repeating it changes nothing.

    Raises MiniProgramError, and writes nothing, when a file of ours was changed by hand or the folder for them
    holds somebody else's; with `force` such files are replaced and kept as backups.
    """
    plan = generator.plan_embedding(request)
    with host_lock(request.project_root):
        if not force:
            _refuse_foreign_folder(generator, request.project_root)
        changes, left_alone = _changes(plan.files, force=force)
        if request.with_demo:
            changes += _demo_changes(generator, request.project_root, demo_url, force=force)
        return EmbedReport(plan, apply_changes(changes), tuple(left_alone))


def _refuse_foreign_folder(generator: HostGenerator, project_root: Path) -> None:
    setup = generator.files(project_root).runtime_setup
    if setup.is_file() or not setup.parent.is_dir():
        return
    found = sorted(setup.parent.iterdir())
    if found:
        raise MiniProgramError(
            f"{setup.parent} already holds {found[0].name}, and embed init did not write it",
            hint="With --force files in the way are replaced, and kept beside the new ones as .bak files.",
        )


def _changes(files: Sequence[PlannedFile], *, force: bool) -> tuple[list[FileChange], list[Path]]:
    changes, left_alone, edited = [], [], []
    for file in files:
        current = read_current(file.path)
        differs = current is not None and current != file.body
        if differs and file.owner == "app" and not force:
            left_alone.append(file.path)
            continue
        if differs and file.owner == "tool" and not force:
            edited.append(file.path)
        changes.append(FileChange(file.path, file.body, backup=file.owner != "shared"))
    if edited:
        raise MiniProgramError(
            f"{', '.join(map(str, edited))} would change, and may hold somebody's edits",
            hint="With --force it is replaced, and kept beside the new one as a .bak file.",
        )
    return changes, left_alone


def _demo_changes(generator: HostGenerator, project_root: Path, url: str, *, force: bool) -> list[FileChange]:
    files = generator.files(project_root)
    entries = read_entries(generator, files, force=force)
    if entries.find(DEMO_APP_ID) is None:
        demo = Endpoint.model_validate({"appId": DEMO_APP_ID, "apiBaseUri": url})
        entries = entries.with_endpoint(demo, DEMO_TITLE, constant=DEMO_CONSTANT)
    return entry_changes(render_entries(generator, entries), files, entries)
