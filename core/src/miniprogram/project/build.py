"""Build a mini-program: check its screens and write them as Stac JSON, whole or not at all."""

from __future__ import annotations

import gc
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass, replace
from functools import partial
from pathlib import Path

from miniprogram.packages.manifest import Manifest
from miniprogram.plugins.specs import ScreenSourceSpec
from miniprogram.project.check import CheckedProgram, check_program
from miniprogram.project.findings import BuildError, BuildFinding, errors_in
from miniprogram.project.location import ProgramLocation
from miniprogram.project.memory import BuildMemory
from miniprogram.project.output.output_folder import build_lock, output_folder, replace_output
from miniprogram.seams.screen_source import ScreenDraft, SourceContext


@dataclass(frozen=True, slots=True)
class BuildReport:
    """What a build made. `files` are the bytes it wrote, by path below `output_directory`: `screens/<id>.json`."""

    location: ProgramLocation
    manifest: Manifest
    output_directory: Path
    files: Mapping[str, bytes]
    findings: tuple[BuildFinding, ...]
    """Warnings only: errors fail the build."""
    changed: bool
    """False when the output was already exactly this; nothing was written then."""
    read_as: frozenset[str] = frozenset()
    """The suffixes of the file types that its screens were written in."""
    drafts: tuple[ScreenDraft, ...] = ()
    """Its screens and themes, which know where their authors wrote what."""

    @property
    def screens_directory(self) -> Path:
        return self.output_directory / "screens"

    @property
    def entry_screen_path(self) -> Path:
        return self.screens_directory / f"{self.manifest.entry}.json"

    @property
    def unpublished_note(self) -> str | None:
        """What is built and checked and goes no further; None when everything does."""
        themes = sorted(name for name in self.files if name.startswith("themes/"))
        if not themes:
            return None
        names = ", ".join(Path(name).stem for name in themes)
        verb = "is" if len(themes) == 1 else "are"
        plural = "" if len(themes) == 1 else "s"
        what = f"The theme{plural} {names} {verb}"
        return f"{what} built and checked, and not published: hosts bring their own theme."

    @property
    def screen_count(self) -> int:
        return sum(name.startswith("screens/") for name in self.files)


def build_program(
    location: ProgramLocation,
    *,
    sources: Mapping[str, ScreenSourceSpec],
    context: SourceContext | None = None,
    memory: BuildMemory | None = None,
) -> BuildReport:
    """Check the mini-program at `location` and replace its build output in one step.

    `sources` are by suffix, as the plugin registry hands them out. With a `memory`, what has not changed since the
    last build with it is not read, checked and written anew. Raises BuildError for wrong sources,
    ProjectError for what cannot be read, run or written; the old output stays then. Concurrent builds wait
    for each other.
    """
    folder = output_folder(location.root, location.build_dir)
    with build_lock(location.root, location.build_dir), _no_collection():
        if memory:
            context = replace(context or SourceContext(repo_root=location.repo_root), memory=memory)
        checked = check_program(location, sources=sources, context=context, memory=memory)
        if memory:
            memory.keep(checked.drafts)
        if errors_in(checked.findings):
            raise BuildError(location.program_id, checked.findings, folder=location.shown_folder)
        files = built_files(checked, memory)
        changed = replace_output(folder, files)
    read_as = frozenset(
        suffix for suffix in sources if any(draft.origin.name.endswith(suffix) for draft in checked.drafts)
    )
    return BuildReport(
        location, checked.manifest, folder, files, checked.findings, changed, read_as, checked.drafts
    )


@contextmanager
def _no_collection() -> Iterator[None]:
    """No search for circles of garbage: a build makes hundreds of thousands of objects, and next to no circles.

    What it leaves counts as long-lived: the first search after it would go through all of that for nothing.
    """
    was_on = gc.isenabled()
    gc.disable()
    try:
        yield
    finally:
        if was_on and not gc.get_freeze_count():  # what somebody else has frozen stays so
            gc.freeze()
            gc.unfreeze()
        if was_on:
            gc.enable()


def built_files(checked: CheckedProgram, memory: BuildMemory | None = None) -> dict[str, bytes]:
    """The output of a build by path below its folder, with `/`."""
    from miniprogram.stac.serialize import to_screen_json

    def body(draft: ScreenDraft) -> bytes:
        write = partial(to_screen_json, draft.node)
        return memory.about(draft.node, "json", None, write) if memory else write()

    return {_output_name(draft): body(draft) for draft in checked.drafts}


def _output_name(draft: ScreenDraft) -> str:
    return f"{draft.kind}s/{draft.name}.json"
