"""`cloud app`: the mini-programs of an environment."""

from __future__ import annotations

from collections.abc import Iterator
from typing import TYPE_CHECKING, Annotated, Any

import typer

from miniprogram.cli.commands.actor import ActorName, actor_name
from miniprogram.cli.commands.cloud_session import SelectedEnvironment, in_environment
from miniprogram.cli.commands.page_options import After, Limit, Search, State, page_query
from miniprogram.cli.framework.output import emit
from miniprogram.cli.framework.parsing.options import NOTHING_DONE, AsJson, Yes, trimmed
from miniprogram.errors import UsageError

if TYPE_CHECKING:
    from miniprogram.catalogue.apps import AppInfo, AppList
    from miniprogram.cli.commands.outcomes import ProgramDeleted, ProgramDisabled
    from miniprogram.environments.session import CloudSession

ProgramId = Annotated[
    str | None, typer.Argument(metavar="<mini-program-id>", parser=trimmed, help="The mini-program.")
]


@in_environment
def list_apps(
    selected: SelectedEnvironment,
    *,
    limit: Limit = None,
    after: After = None,
    search: Search = None,
    state: State = None,
    as_json: AsJson = False,
) -> int:
    """List the mini-programs that are served; exit code 1 when a document of one cannot be read."""
    from miniprogram.catalogue.apps import list_apps as listed

    session = selected.open()
    report = listed(session, page_query(limit=limit, after=after, search=search, state=state))
    emit(report, as_json=as_json, lines=_list_lines)
    return 1 if report.has_unreadable else 0


@in_environment
def reindex(
    selected: SelectedEnvironment,
    *,
    as_json: AsJson = False,
) -> None:
    """Compile the index of the mini-programs anew, such as after documents were edited by hand."""
    from miniprogram.cli.commands.outcomes import ProgramsReindexed
    from miniprogram.documents.index.indexing import reindex as compile_again
    from miniprogram.environments.session import storage_of

    session = selected.open()
    count = compile_again(storage_of(session))
    report = ProgramsReindexed(**_where("cloud app reindex", session), mini_program_count=count)
    emit(
        report,
        as_json=as_json,
        lines=lambda _: [f"The index of {session.environment.name} has {count} mini-programs"],
    )


@in_environment
def info(
    selected: SelectedEnvironment,
    program_id: ProgramId = None,
    *,
    as_json: AsJson = False,
) -> None:
    """Show what is served of a mini-program."""
    from miniprogram.catalogue.apps import app_info

    wanted = required_id(program_id)
    session = selected.open()
    emit(app_info(session, wanted), as_json=as_json, lines=_info_lines)


@in_environment
def disable(
    selected: SelectedEnvironment,
    program_id: ProgramId = None,
    *,
    yes: Yes = False,
    as_json: AsJson = False,
) -> None:
    """Stop serving a mini-program; `enable` undoes it."""
    from miniprogram.catalogue.disable import disable as take_away
    from miniprogram.catalogue.disable import plan_disable
    from miniprogram.cli.commands.outcomes import ProgramDisabled

    tools = selected.tools
    wanted = required_id(program_id)
    session = selected.open()
    report = take_away(session, wanted, now=tools.now()) if yes else plan_disable(session, wanted)
    outcome = ProgramDisabled(
        **_where("cloud app disable", session),
        mini_program_id=wanted,
        done=yes,
        catalog_key=report.catalog_key,
        disabled_key=report.disabled_key,
    )
    emit(outcome, as_json=as_json, lines=_disabled_lines)


@in_environment
def enable(
    selected: SelectedEnvironment,
    program_id: ProgramId = None,
    *,
    as_json: AsJson = False,
) -> None:
    """Serve a disabled mini-program again."""
    from miniprogram.catalogue.disable import enable as put_back
    from miniprogram.cli.commands.outcomes import ProgramEnabled

    tools = selected.tools
    wanted = required_id(program_id)
    session = selected.open()
    version = put_back(session, wanted, now=tools.now())
    report = ProgramEnabled(**_where("cloud app enable", session), mini_program_id=wanted, version=version)
    emit(report, as_json=as_json, lines=lambda _: [f"{wanted} {version} is served in {session.environment.name}"])


@in_environment
def delete(
    selected: SelectedEnvironment,
    program_id: ProgramId = None,
    *,
    actor: ActorName = None,
    yes: Yes = False,
    as_json: AsJson = False,
) -> None:
    """Delete everything stored about a mini-program but its audit trail and what an inspector withdrew."""
    from miniprogram.catalogue.delete import delete_program, plan_delete
    from miniprogram.cli.commands.outcomes import ProgramDeleted
    from miniprogram.environments.session import storage_of
    from miniprogram.identity.command_context import CommandContext
    from miniprogram.identity.roles import store_owner

    tools = selected.tools
    wanted = required_id(program_id)
    session = selected.open()
    storage = storage_of(session)
    if yes:
        owner = CommandContext(storage, store_owner(actor_name(tools, actor)), tools.now())
        done = delete_program(owner, wanted)
        outcome = ProgramDeleted(
            **_where("cloud app delete", session),
            mini_program_id=wanted,
            done=True,
            keys=done.removed,
            remaining_trail_length=done.remaining.trail_length,
            withdrawn_versions=done.remaining.withdrawn_versions,
        )
    else:
        planned = tuple(plan_delete(storage, wanted))
        outcome = ProgramDeleted(
            **_where("cloud app delete", session), mini_program_id=wanted, done=False, keys=planned
        )
    emit(outcome, as_json=as_json, lines=_deleted_lines)


def _where(command: str, session: CloudSession) -> dict[str, Any]:
    """What every document of a command in an environment starts with."""
    return {"command": command, "environment_name": session.name, "provider": session.provider_name}


def _disabled_lines(report: ProgramDisabled) -> Iterator[str]:
    if report.done:
        yield f"Disabled {report.mini_program_id} in {report.environment_name}"
        yield f"Its pointer is kept as {report.disabled_key}"
    else:
        yield f"Would disable {report.mini_program_id} in {report.environment_name}"
        yield f"Would move {report.catalog_key} to {report.disabled_key}"
        yield NOTHING_DONE


def _deleted_lines(report: ProgramDeleted) -> Iterator[str]:
    if not report.done:
        yield from (f"Would delete {key}" for key in report.keys)
        yield NOTHING_DONE
        return
    yield from (f"Deleted {key}" for key in report.keys)
    yield f"{report.mini_program_id}: {len(report.keys)} objects are gone from {report.environment_name}"
    if report.remaining_trail_length:
        yield f"Its audit trail of {report.remaining_trail_length} events stays."
    if report.withdrawn_versions:
        yield f"Removed by an inspector, and still refused: {', '.join(report.withdrawn_versions)}"


def required_id(program_id: str | None) -> str:
    """The mini-program id of a command that cannot do without. Raises UsageError."""
    from miniprogram.object_keys import require_segment

    if program_id is None:
        raise UsageError("the id of a mini-program is required")
    return require_segment(program_id, what="a mini-program id")


def _list_lines(report: AppList) -> Iterator[str]:
    yield f"Environment: {report.environment_name} ({report.provider}), store {report.bucket_name}"
    for app in report.apps:
        version, updated = app.latest_version or "unknown", app.updated_at_utc or "unknown"
        yield f"{app.mini_program_id} {version} (updated {updated})"
        if app.unreadable:
            yield f"  unreadable: {app.unreadable}"
    if not report.apps:
        yield "No mini-program is served."
    if report.disabled_ids:
        yield f"Disabled: {', '.join(report.disabled_ids)}"
    if report.next_after is not None:
        yield f"There are more: --after {report.next_after}"


def _info_lines(report: AppInfo) -> Iterator[str]:
    yield f"{report.mini_program_id} in {report.environment_name} ({report.provider})"
    yield f"Latest version: {report.latest_version or 'unknown'}"
    yield f"Updated: {report.updated_at_utc or 'unknown'}"
    yield f"Published: {report.published_at_utc or 'unknown'}"
    yield f"Pointer: {report.catalog_key}"
    yield f"Release: {report.release_key or 'unknown'}"
    if report.access_policy_key is None:
        closed = "closed to everybody: the environment refuses mini-programs without access keys"
        yield f"Access: {closed if report.access_keys_required else 'public'}"
    else:
        yield f"Access: protected, {report.active_access_key_count} of {report.access_key_count} keys active"
