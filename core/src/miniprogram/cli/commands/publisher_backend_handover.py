"""`publisher-backend <provider> host-command|handoff`: a deployed backend for a host team, for any provider."""

from __future__ import annotations

from collections.abc import Iterator
from typing import TYPE_CHECKING, Annotated

import typer

from miniprogram.cli.commands.host_options import (
    AccessKey,
    Public,
    Title,
    base_url,
    check_access_choice,
    project_root,
)
from miniprogram.cli.commands.publisher_backend_cloud import SelectedBackend
from miniprogram.cli.framework.output import emit
from miniprogram.cli.framework.parsing.options import AsJson, trimmed
from miniprogram.errors import UsageError

if TYPE_CHECKING:
    from miniprogram.hosts.handoff.backend_handover import HandoffReport, HostCommandReport

DeliveryUrl = Annotated[
    str | None,
    typer.Option(
        "--api-base-url", "--delivery-url", parser=base_url, metavar="URL", help="Delivery base URL; required."
    ),
]


def host_command(
    selected: SelectedBackend,
    *,
    api_base_url: DeliveryUrl = None,
    title: Title = None,
    access_key: AccessKey = None,
    public: Public = False,
    host_project_root: Annotated[
        str | None,
        typer.Option("--host-project-root", parser=trimmed, metavar="DIR", help="A host app to compare with."),
    ] = None,
    check: Annotated[
        bool, typer.Option("--check", help="Fail when the host app does not have it like this.")
    ] = False,
    as_json: AsJson = False,
) -> int:
    """Print the command that adds this mini-program, with its backend, to a host app."""
    from miniprogram.hosts.choice import require_host
    from miniprogram.hosts.handoff.backend_handover import Handover
    from miniprogram.hosts.handoff.backend_handover import host_command as command

    check_access_choice(access_key, public=public)
    if check and host_project_root is None:
        raise UsageError("--check needs --host-project-root")
    handover = Handover(_required(api_base_url, "--api-base-url"), title, access_key)
    host = None
    if host_project_root is not None:
        root = project_root(selected.tools, host_project_root)
        host = (require_host(selected.tools.registry.host_generators(), root), root)
    report = command(selected.open(), handover, host=host)
    emit(report, as_json=as_json, lines=_command_lines)
    return 1 if check and not report.host_endpoint_ready else 0


def handoff(
    selected: SelectedBackend,
    *,
    delivery_url: DeliveryUrl = None,
    title: Title = None,
    access_key: AccessKey = None,
    public: Public = False,
    output: Annotated[
        str | None, typer.Option("--output", "-o", parser=trimmed, metavar="FILE", help="The file to write.")
    ] = None,
    as_json: AsJson = False,
) -> None:
    """Write the file a host team imports to load this mini-program with its backend."""
    from miniprogram.hosts.handoff.backend_handover import Handover, hand_off

    check_access_choice(access_key, public=public)
    handover = Handover(_required(delivery_url, "--delivery-url"), title, access_key)
    tools = selected.tools
    path = tools.cwd / output if output else None
    report = hand_off(selected.open(), handover, output=path, now=tools.now())
    emit(report, as_json=as_json, lines=_handoff_lines)


def _required(url: str | None, option: str) -> str:
    if url is None:
        raise UsageError(f"{option} is required")
    return url


def _command_lines(report: HostCommandReport) -> Iterator[str]:
    yield report.host_endpoint_command_text
    if report.access_mode == "protected":
        yield "Put the access key where the command says ACCESS-KEY."
    if not report.host_endpoint_checked:
        return
    if report.host_endpoint_ready:
        yield f"{report.host_project_root_path} has it like this already."
    for issue in report.host_endpoint_issues:
        yield f"{report.host_project_root_path}: {issue}"


def _handoff_lines(report: HandoffReport) -> Iterator[str]:
    yield f"Wrote {report.package_path}"
    yield f"Mini-program: {report.mini_program_id} ({report.title})"
    yield f"Delivery: {report.delivery_api_base_url} ({report.access_mode})"
    yield f"Backend: {report.backend_base_url}"
    if report.access_key_included:
        yield "The file holds the access key in clear: send it over a private channel."
    yield f"In the host app: {report.host_import_command_text}"
