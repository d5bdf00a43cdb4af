"""The use cases behind `versions` and `rollback`: ask a target what it holds, and point it back."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path

from miniprogram.catalogue.rollback import check_version
from miniprogram.errors import PluginError, UsageError
from miniprogram.object_keys import require_segment
from miniprogram.plugins.run_context import RunContext
from miniprogram.project.location import find_monorepo, infer_program_id, program_folders
from miniprogram.publish.target_choice import ChosenTarget, TargetChoice, choose_target, open_target
from miniprogram.publish.versions.reports import ListedVersion, RollbackReport, VersionsReport
from miniprogram.seams.version_keeping import HeldVersions, KeepsVersions, RollbackReceipt


@dataclass(frozen=True, slots=True)
class HeldProgram:
    """A mini-program as a target keeps it. Its sources need not be here once its id is given."""

    program_id: str | None
    program_root: Path | None
    repo_root: Path | None


def list_versions(program: HeldProgram, choice: TargetChoice, run_context: RunContext) -> VersionsReport:
    """What the target holds. Raises UsageError when it cannot tell, StoreError when it cannot be read."""
    program_id, chosen, target = _open(program, choice, run_context)
    held = target.held_versions(program_id)
    if not isinstance(held, HeldVersions):
        raise PluginError(f"the publish target {chosen.name!r} returned {type(held).__name__}, not a HeldVersions")
    return VersionsReport(
        target=chosen.name,
        environment_name=chosen.environment,
        mini_program_id=program_id,
        location=held.location,
        latest_version=held.latest,
        versions=tuple(map(ListedVersion.of, held.versions)),
        notes=chosen.unused(choice),
    )


def roll_back(
    version: str, program: HeldProgram, choice: TargetChoice, run_context: RunContext, *, dry_run: bool
) -> RollbackReport:
    """Point hosts to `version`. Raises UsageError when the target cannot do it, PublishError when it refuses."""
    wanted = check_version(version)
    program_id, chosen, target = _open(program, choice, run_context)
    done = target.roll_back(program_id, wanted, now=run_context.now(), dry_run=dry_run)
    if not isinstance(done, RollbackReceipt):
        name = type(done).__name__
        raise PluginError(f"the publish target {chosen.name!r} returned {name}, not a RollbackReceipt")
    return RollbackReport(
        target=chosen.name,
        environment_name=chosen.environment,
        mini_program_id=program_id,
        location=done.location,
        previous_version=done.previous,
        version=done.version,
        dry_run=dry_run,
        changed=bool(done.written),
        written_files=done.written,
        notes=(*done.notes, *chosen.unused(choice)),
    )


def _open(
    program: HeldProgram, choice: TargetChoice, run_context: RunContext
) -> tuple[str, ChosenTarget, KeepsVersions]:
    explicit = program.program_root
    program_id = program.program_id or infer_program_id(explicit_root=explicit, cwd=run_context.cwd)
    require_segment(program_id, what="a mini-program id")
    monorepo = find_monorepo(program.repo_root, cwd=run_context.cwd)
    root = explicit or next(program_folders(program_id, monorepo, run_context.cwd), run_context.cwd)
    run_context.registry.require_pins_of(root, run_context.environ)
    chosen = choose_target(choice, run_context, root, *([monorepo] if monorepo else []))
    opened = open_target(chosen, choice, run_context, program_root=root, repo_root=monorepo)
    if not isinstance(opened, KeepsVersions):
        raise UsageError(
            f"the target {chosen.name!r} cannot list versions or go back to one: "
            "the plugin it comes from does not offer it"
        )
    return program_id, chosen, opened
