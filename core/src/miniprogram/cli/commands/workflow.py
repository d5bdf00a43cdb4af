"""`workflow status`."""

from __future__ import annotations

from collections.abc import Iterator
from typing import TYPE_CHECKING, Annotated

import typer

from miniprogram.cli.framework.app_context import AppContext
from miniprogram.cli.framework.output import emit_json, emit_lines
from miniprogram.cli.framework.parsing.options import AsJson, EnvName, trimmed
from miniprogram.number_words import number_of

if TYPE_CHECKING:
    from miniprogram.seams.version_signing import VersionSigner
    from miniprogram.workflow.report import WorkflowReport


def status(
    context: typer.Context,
    *,
    workspace: Annotated[
        str | None, typer.Option(parser=trimmed, metavar="DIR", help="Folder to look at; default: here.")
    ] = None,
    env: EnvName = None,
    remote: Annotated[bool, typer.Option("--remote", help="Also ask the environment's cloud.")] = False,
    as_json: AsJson = False,
) -> None:
    """Show what is ready, what is missing, and what to run next."""
    import os

    from miniprogram.workflow.report import Surroundings, workflow_report

    tools: AppContext = context.obj
    around = Surroundings(
        home=tools.home,
        environ=tools.environ,
        now=tools.now,
        find_provider=lambda name: tools.registry.provider(name),  # noqa: PLW0108 - the registry is made when first asked
        providers=lambda: tools.registry.providers(),  # noqa: PLW0108
        generators=lambda: tools.registry.host_generators(),  # noqa: PLW0108
        screen_sources=lambda: tools.registry.screen_sources(),  # noqa: PLW0108
        signers=lambda: _signers(tools),
    )
    # abspath, not resolve: an editor compares the path with the one it opened
    folder = tools.cwd / os.path.abspath(tools.cwd / workspace) if workspace else tools.cwd  # noqa: PTH100
    report = workflow_report(folder, environment=env, remote=remote, around=around)
    if as_json:
        emit_json(report.to_document())
    else:
        emit_lines(_lines(report))


def _lines(report: WorkflowReport) -> Iterator[str]:
    kinds = {"mini_program": "mini-program", "host_app": "host app", "unknown": "nothing we know"}
    yield f"Workspace:    {report.workspace} ({kinds[report.sections.type]})"
    yield from _program_lines(report)
    yield from _host_lines(report)
    environment = report.sections.environment
    shown = environment.error or environment.selected_environment or "none configured"
    yield f"Environment:  {shown}" + (f" ({environment.provider})" if environment.provider else "")
    yield f"Backend:      {_backend_line(report)}"
    yield from (f"Remote:       {error}" for error in report.sections.remote.errors)
    yield from _signed_lines(report)
    yield f"State:        {'ready' if report.ready else report.severity}"
    if report.next_actions:
        yield "Next:"
        yield from (f"  {action}" for action in report.next_actions)


def _signers(tools: AppContext) -> tuple[VersionSigner, ...]:
    from miniprogram.plugins.signer_context import signer_context

    context = signer_context(tools)
    return tuple(spec.open(context) for spec in tools.registry.version_signers())


def _signed_lines(report: WorkflowReport) -> Iterator[str]:
    told = {"good": "", "due": ", to be signed again", "expired": ", expired: hosts refuse it"}
    for each in report.sections.remote.signed_until:
        yield f"Signed until: {each.expires:%Y-%m-%d %H:%M} UTC, {each.role}{told[each.state]}"


def _program_lines(report: WorkflowReport) -> Iterator[str]:
    program = report.sections.program
    if not program.detected:
        return
    yield f"Mini-program: {program.manifest_error or f'{program.app_id} {program.version}'}"
    if program.build is not None:
        built = number_of(program.build.screen_count, "screen") if program.build.exists else "not built"
        yield f"Build:        {built}{', older than the sources' if program.build.stale else ''}"
    if program.validation is not None:
        errors = number_of(program.validation.error_count or 0, "error")
        counts = f"{errors}, {number_of(program.validation.warning_count or 0, 'warning')}"
        if program.build is not None and program.build.stale:
            counts += " in the last build; `miniprogram validate` checks the sources as they are"
        yield f"Validation:   {program.validation.reason or counts}"
    for package in program.partner_packages:
        yield f"Hand-off:     {package.error or f'{package.file_path} ({package.access_mode})'}"


def _host_lines(report: WorkflowReport) -> Iterator[str]:
    host = report.sections.host
    if not host.detected:
        return
    yield f"Endpoints:    {host.endpoint_map_error or ', '.join(host.endpoint_app_ids) or 'none'}"
    if host.host_cloud is not None and (host.host_cloud.error or host.host_cloud.configured):
        bound = f"{host.host_cloud.environment_name} ({host.host_cloud.backend_api_base_url})"
        yield f"Bound to:     {host.host_cloud.error or bound}"


def _backend_line(report: WorkflowReport) -> str:
    backend = report.backend
    if backend.error is not None:
        return backend.error
    if not backend.configured:
        return "no local backend workspace"
    return f"{backend.backend_root_path} ({'running' if backend.is_healthy else 'not running'})"
