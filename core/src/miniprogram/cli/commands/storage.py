"""`storage`: what an environment's store holds, and what of it may go."""

from __future__ import annotations

from collections.abc import Iterator
from typing import TYPE_CHECKING, Annotated

import typer

from miniprogram.cli.commands.actor import ActorName, actor_name
from miniprogram.cli.commands.cloud_session import SelectedEnvironment, in_environment
from miniprogram.cli.framework.output import emit
from miniprogram.cli.framework.parsing.options import NOTHING_DONE, AsJson, OptionalProgramId, Yes
from miniprogram.errors import UsageError
from miniprogram.number_words import number_of

if TYPE_CHECKING:
    from miniprogram.catalogue.prune import ProgramPlan
    from miniprogram.cli.commands.outcomes import PrunedProgram, StoragePruned


@in_environment
def prune(
    selected: SelectedEnvironment,
    program_id: OptionalProgramId = None,
    *,
    keep: Annotated[
        int | None,
        typer.Option("--keep", min=1, metavar="NUMBER", help="How many of the highest versions stay anyway."),
    ] = None,
    dry_run: Annotated[
        bool, typer.Option("--dry-run", help="Only tell what would go; the same as without --yes.")
    ] = False,
    actor: ActorName = None,
    yes: Yes = False,
    as_json: AsJson = False,
) -> None:
    """Delete old versions that nothing refers to: of one mini-program, or of all.

    What hosts are given stays, and what releases and rollout rules name or may go back to; so do versions from
    which deltas lead to what hosts are given. The environment's trail tells of each run.
    """
    from miniprogram.catalogue.prune import plan_prune, programs_with_versions
    from miniprogram.catalogue.prune import prune as delete_old
    from miniprogram.cli.commands.outcomes import StoragePruned
    from miniprogram.environments.session import storage_of
    from miniprogram.identity.command_context import CommandContext
    from miniprogram.identity.roles import store_owner
    from miniprogram.object_keys import require_segment

    if keep is None:
        raise UsageError("--keep is required: how many of the highest versions stay, whatever refers to them")
    if dry_run and yes:
        raise UsageError("--dry-run and --yes are opposites: give one of them")
    tools = selected.tools
    session = selected.open()
    storage = storage_of(session)
    wanted = programs_with_versions(storage) if program_id is None else [program_id]
    for each in wanted:
        require_segment(each, what="a mini-program id")
    if yes:
        owner = CommandContext(storage, store_owner(actor_name(tools, actor)), tools.now())
        plans = delete_old(owner, wanted, keep=keep)
    else:
        plans = plan_prune(storage, wanted, keep=keep)
    report = StoragePruned(
        command="storage prune",
        environment_name=session.name,
        provider=session.provider_name,
        keep=keep,
        done=yes,
        mini_programs=tuple(map(_outcome, plans)),
    )
    emit(report, as_json=as_json, lines=_lines)


def _outcome(plan: ProgramPlan) -> PrunedProgram:
    from miniprogram.cli.commands.outcomes import PrunedProgram, PrunedVersion, StayingVersion

    return PrunedProgram(
        mini_program_id=plan.mini_program_id,
        pruned=tuple(
            PrunedVersion(
                version=each.version, digest=each.digest, object_count=len(each.keys) + 1, size=each.size
            )
            for each in plan.going
        ),
        staying=tuple(StayingVersion(version=each.version, because=each.because) for each in plan.staying),
    )


def _lines(report: StoragePruned) -> Iterator[str]:
    word = "deleted" if report.done else "would go"
    for program in report.mini_programs:
        yield f"{program.mini_program_id}:"
        for gone in program.pruned:
            yield f"  {gone.version}  {word}: {gone.object_count} objects, {gone.size:,} bytes"
        for each in program.staying:
            yield f"  {each.version}  stays: {', '.join(each.because)}"
    pruned = [each for program in report.mini_programs for each in program.pruned]
    total = sum(each.size for each in pruned)
    verdict = "are gone from" if report.done else "would go from"
    yield f"{number_of(len(pruned), 'version')} of {total:,} bytes {verdict} {report.environment_name}"
    if pruned and not report.done:
        yield NOTHING_DONE
