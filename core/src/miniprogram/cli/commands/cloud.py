"""`cloud`: the delivery service of an environment."""

from __future__ import annotations

from collections.abc import Iterator
from typing import TYPE_CHECKING, Annotated, Literal

import typer

from miniprogram.cli.commands.cloud_session import SelectedEnvironment, in_environment
from miniprogram.cli.framework.output import emit, emit_json, emit_lines, emit_slowly
from miniprogram.cli.framework.parsing.options import (
    AsJson,
    OptionalProgramId,
    ProgramRoot,
    trimmed,
)
from miniprogram.errors import UsageError

if TYPE_CHECKING:
    from miniprogram.deployments.doctor import DoctorReport
    from miniprogram.deployments.status import CloudStatus

Yes = Annotated[bool, typer.Option("--yes", help="Do it; without, only tell what would be done.")]


@in_environment
def deploy(selected: SelectedEnvironment) -> int:
    """Put the delivery service of an environment up, or bring it up to date."""
    from miniprogram.deployments.deploy import deploy as deploy_environment

    tools = selected.tools
    session = selected.open()
    report = deploy_environment(session, progress=lambda line: emit_slowly([line]), now=tools.now())
    emit_lines(_status_lines(report.status))
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
    from miniprogram.deployments.outputs import as_dart_define, as_text, deployment_outputs

    session = selected.open()
    found = deployment_outputs(session)
    if as_json:
        names = {"provider": session.environment.provider, "environmentName": session.environment.name}
        emit_json({"schemaVersion": 1, "command": "cloud outputs", **names, "outputs": found})
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
    from miniprogram.deployments.log_window import window_seconds

    since_s = window_seconds(since)
    session = selected.open()
    emit_slowly(session.provider.deployment().logs(since_s=since_s, follow=follow))


@in_environment
def destroy(
    selected: SelectedEnvironment,
    *,
    yes: Yes = False,
) -> None:
    """Take the delivery service down; what was published stays."""
    session = selected.open()
    deployment = session.provider.deployment()
    if yes:
        deployment.destroy(lambda line: emit_slowly([line]))
        emit_lines([f"Removed the delivery service of {session.environment.name}; published objects stay."])
        return
    planned = list(deployment.plan_destroy())
    emit_lines(f"Would remove {line}" for line in planned)
    emit_lines(["Nothing was changed; repeat with --yes to do it." if planned else "There is nothing to remove."])


@in_environment
def doctor(
    selected: SelectedEnvironment,
    *,
    as_json: AsJson = False,
) -> int:
    """Check what the environment needs to be deployed and published to."""
    from miniprogram.deployments.doctor import cloud_doctor

    report = cloud_doctor(selected.open())
    emit(report, as_json=as_json, lines=_doctor_lines)
    return 1 if report.has_errors else 0


@in_environment
def rollback(
    selected: SelectedEnvironment,
    version: Annotated[
        str | None, typer.Argument(metavar="<version>", parser=trimmed, help="A version that was published.")
    ] = None,
    program_id: OptionalProgramId = None,
    *,
    mini_program_root: ProgramRoot = None,
) -> None:
    """Serve another version that was published, older or newer."""
    from miniprogram.catalogue.rollback import check_version
    from miniprogram.catalogue.rollback import rollback as roll_back
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
    if report.previous_version == report.version:
        emit_lines([f"{named} is at {report.version} already"])
        return
    emit_lines(
        [
            f"{named}: {report.previous_version} -> {report.version}",
            f"Pointer: {report.catalog_key}",
            f"Release: {report.release_key}",
        ]
    )


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
