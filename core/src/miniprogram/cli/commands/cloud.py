"""`cloud`: the delivery service of an environment."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from typing import TYPE_CHECKING, Annotated, Literal

import typer

from miniprogram.cli.commands.cloud_session import SelectedEnvironment, in_environment
from miniprogram.cli.framework.output import emit, emit_json, emit_lines, emit_slowly, tell
from miniprogram.cli.framework.parsing.options import (
    NOTHING_DONE,
    AsJson,
    OptionalProgramId,
    ProgramRoot,
    Yes,
    trimmed,
)
from miniprogram.errors import UsageError

if TYPE_CHECKING:
    from miniprogram.cli.commands.outcomes import CloudDeployPlanned, CloudDestroyed, CloudRolledBack
    from miniprogram.deployments.doctor import DoctorReport
    from miniprogram.deployments.status import CloudStatus
    from miniprogram.environments.session import CloudSession


@in_environment
def deploy(
    selected: SelectedEnvironment,
    *,
    rollback: Annotated[
        bool, typer.Option("--rollback", help="Put back the code that was deployed before.")
    ] = False,
    dry_run: Annotated[
        bool, typer.Option("--dry-run", help="Say what would be done, checked by the cloud, and do nothing.")
    ] = False,
    as_json: AsJson = False,
) -> int:
    """Put the delivery service of an environment up, or bring it up to date."""
    from miniprogram.deployments.deploy import deploy as deploy_environment

    if dry_run and rollback:
        raise UsageError("--dry-run says what a deploy would do, and nothing about --rollback")
    tools = selected.tools
    session = selected.open()
    if dry_run:
        _say_plan(session, as_json=as_json)
        return 0
    report = deploy_environment(session, progress=_progress(as_json=as_json), now=tools.now(), rolls_back=rollback)
    status = report.status.model_copy(update={"command": "cloud deploy"})
    emit(status, as_json=as_json, lines=_status_lines)
    return 0 if report.status.ok else 1


@in_environment
def status(
    selected: SelectedEnvironment,
    *,
    as_json: AsJson = False,
) -> int:
    """Show the state and health of the delivery service."""
    from miniprogram.deployments.status import cloud_status

    report = cloud_status(selected.open())
    emit(report, as_json=as_json, lines=_status_lines)
    return 0 if report.ok else 1


@in_environment
def outputs(
    selected: SelectedEnvironment,
    *,
    output_format: Annotated[
        Literal["text", "dart-define"], typer.Option("--format", help="How to print them.")
    ] = "text",
    as_json: AsJson = False,
) -> None:
    """Print what the delivery service is reached by."""
    from miniprogram.cli.commands.outcomes import CloudOutputs
    from miniprogram.deployments.outputs import as_dart_define, as_text, deployment_outputs

    session = selected.open()
    found = deployment_outputs(session)
    if as_json:
        where = {"environment_name": session.name, "provider": session.provider_name}
        report = CloudOutputs(command="cloud outputs", **where, outputs=found)
        emit_json(report.model_dump(mode="json", by_alias=True))
    elif output_format == "dart-define":
        emit_lines([as_dart_define(found)])
    else:
        emit_lines(as_text(found))


@in_environment
def logs(
    selected: SelectedEnvironment,
    *,
    since: Annotated[
        str, typer.Option("--since", metavar="WINDOW", help="How far back, such as 10m, 1h or 1d.")
    ] = "1h",
    follow: Annotated[bool, typer.Option("--follow", help="Go on with new lines until interrupted.")] = False,
) -> None:
    """Print the logs of the delivery service."""
    from miniprogram.deployments.account import require_same_account
    from miniprogram.deployments.log_window import window_seconds

    since_s = window_seconds(since)
    session = selected.open()
    require_same_account(session)
    emit_slowly(session.provider.deployment().logs(since_s=since_s, follow=follow))


@in_environment
def destroy(
    selected: SelectedEnvironment,
    *,
    yes: Yes = False,
    as_json: AsJson = False,
) -> None:
    """Take the delivery service down; what was published stays."""
    from miniprogram.cli.commands.outcomes import CloudDestroyed
    from miniprogram.deployments.account import require_same_account
    from miniprogram.deployments.deploy import forget

    session = selected.open()
    require_same_account(session)
    deployment = session.provider.deployment()
    planned = () if yes else tuple(deployment.plan_destroy())
    notes: tuple[str, ...] = ()
    if yes:
        deployment.destroy(_progress(as_json=as_json))
        notes = forget(session, now=selected.tools.now())
    outcome = CloudDestroyed(
        command="cloud destroy",
        environment_name=session.name,
        provider=session.provider_name,
        done=yes,
        planned=planned,
        notes=notes,
    )
    emit(outcome, as_json=as_json, lines=_destroyed_lines)


@in_environment
def doctor(
    selected: SelectedEnvironment,
    *,
    as_json: AsJson = False,
) -> int:
    """Check what the environment needs to be deployed and published to."""
    from miniprogram.deployments.doctor import cloud_doctor

    report = cloud_doctor(selected.open(), now=selected.tools.now())
    emit(report, as_json=as_json, lines=_doctor_lines)
    return 1 if report.has_errors else 0


@in_environment
def permissions(
    selected: SelectedEnvironment,
    *,
    as_json: AsJson = False,
) -> None:
    """Print the permissions that publishing and deploying need, as a policy of the environment's cloud."""
    from miniprogram.deployments.permissions import permissions_report

    report = permissions_report(selected.open())
    emit_json(report.model_dump(mode="json", by_alias=True) if as_json else report.policy)


@in_environment
def rollback(
    selected: SelectedEnvironment,
    version: Annotated[
        str | None, typer.Argument(metavar="<version>", parser=trimmed, help="A version that was published.")
    ] = None,
    program_id: OptionalProgramId = None,
    *,
    mini_program_root: ProgramRoot = None,
    as_json: AsJson = False,
) -> None:
    """Serve another version that was published, older or newer."""
    from miniprogram.catalogue.rollback import check_version
    from miniprogram.catalogue.rollback import rollback as roll_back
    from miniprogram.cli.commands.outcomes import CloudRolledBack
    from miniprogram.environments.session import storage_of
    from miniprogram.object_keys import require_segment
    from miniprogram.project.location import infer_program_id

    tools = selected.tools
    if version is None:
        raise UsageError("the version to go to is required")
    wanted = check_version(version)
    explicit = tools.cwd / mini_program_root if mini_program_root else None
    named = program_id or infer_program_id(explicit_root=explicit, cwd=tools.cwd)
    named = require_segment(named, what="a mini-program id")
    starts = [explicit] if explicit else []
    session = selected.open(starts)
    report = roll_back(storage_of(session), named, wanted, now=tools.now())
    outcome = CloudRolledBack(
        command="cloud rollback",
        environment_name=session.name,
        provider=session.provider_name,
        mini_program_id=named,
        previous_version=report.previous_version,
        version=report.version,
        changed=report.previous_version != report.version,
        catalog_key=report.catalog_key,
        release_key=report.release_key,
    )
    emit(outcome, as_json=as_json, lines=_rolled_back_lines)


def _say_plan(session: CloudSession, *, as_json: bool) -> None:
    from miniprogram.cli.commands.outcomes import CloudDeployPlanned
    from miniprogram.deployments.deploy import plan_deploy

    planned = plan_deploy(session)
    where = {"environment_name": session.name, "provider": session.provider_name}
    outcome = CloudDeployPlanned(command="cloud deploy", **where, planned=planned)
    emit(outcome, as_json=as_json, lines=_planned_lines)


def _planned_lines(report: CloudDeployPlanned) -> Iterator[str]:
    yield from (f"Would {line}" for line in report.planned)
    yield "Nothing was done." if report.planned else "There is nothing to do."


def _progress(*, as_json: bool) -> Callable[[str], None]:
    """Where lines go about what is happening: beside the document when there is one."""
    return tell if as_json else (lambda line: emit_slowly([line]))


def _destroyed_lines(report: CloudDestroyed) -> Iterator[str]:
    if report.done:
        yield f"Removed the delivery service of {report.environment_name}; published objects stay."
        yield from report.notes
        return
    yield from (f"Would remove {line}" for line in report.planned)
    yield NOTHING_DONE if report.planned else "There is nothing to remove."


def _rolled_back_lines(report: CloudRolledBack) -> Iterator[str]:
    if not report.changed:
        yield f"{report.mini_program_id} is at {report.version} already"
        return
    yield f"{report.mini_program_id}: {report.previous_version} -> {report.version}"
    yield f"Pointer: {report.catalog_key}"
    yield f"Release: {report.release_key}"


def _status_lines(report: CloudStatus) -> Iterator[str]:
    state = report.stack_status or ("deployed" if report.stack_exists else "not deployed")
    yield f"Environment: {report.environment_name} ({report.provider})"
    yield f"Deployment: {report.stack_name} ({report.stage_name}, {report.region}): {state}"
    if report.stack_status_reason:
        yield f"Reason: {report.stack_status_reason}"
    if report.healthy is not None:
        yield f"Health: {'healthy' if report.healthy else report.health_error or 'not healthy'}"
    for name, value in report.outputs.items():
        yield f"{name}: {value}"


def _doctor_lines(report: DoctorReport) -> Iterator[str]:
    for check in report.checks:
        yield f"[{check.status}] {check.label}: {check.summary}"
        if check.detail:
            yield f"    {check.detail}"
