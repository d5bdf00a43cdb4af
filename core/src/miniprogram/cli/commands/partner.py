"""`partner package`: hand a mini-program to a host team."""

from __future__ import annotations

from collections.abc import Iterator
from typing import TYPE_CHECKING, Annotated

import typer

from miniprogram.cli.commands.host_options import (
    AccessKey,
    ApiBaseUrl,
    BackendBaseUrl,
    Public,
    RequiredAppId,
    Title,
    check_access_choice,
    environments,
    required_app_id,
)
from miniprogram.cli.framework.app_context import AppContext
from miniprogram.cli.framework.output import emit
from miniprogram.cli.framework.parsing.options import AsJson, EnvName, RepoRoot, StateRoot, trimmed

if TYPE_CHECKING:
    from miniprogram.cli.commands.outcomes import PackageWritten


def package(
    context: typer.Context,
    app_id: RequiredAppId = None,
    *,
    title: Title = None,
    api_base_url: ApiBaseUrl = None,
    backend_base_url: BackendBaseUrl = None,
    access_key: AccessKey = None,
    public: Public = False,
    output: Annotated[
        str | None, typer.Option("--output", "-o", parser=trimmed, metavar="FILE", help="The file to write.")
    ] = None,
    expires_in: Annotated[
        str | None,
        typer.Option(
            "--expires-in", parser=trimmed, metavar="30d", help="How long it can be imported (m, h, d, w)."
        ),
    ] = None,
    expires_at: Annotated[
        str | None,
        typer.Option("--expires-at", parser=trimmed, metavar="DATE", help="Until when it can be imported."),
    ] = None,
    env: EnvName = None,
    root: StateRoot = None,
    repo_root: RepoRoot = None,
    as_json: AsJson = False,
) -> None:
    """Write the file a host team imports to load this mini-program."""
    from pydantic import SecretStr

    from miniprogram.cli.commands.outcomes import PackageWritten
    from miniprogram.clock import to_iso
    from miniprogram.hosts.handoff.expiry import expiry
    from miniprogram.hosts.handoff.making import Handoff, check_handoff_id, environment_url, make_package
    from miniprogram.hosts.handoff.notes import handoff_notes

    tools: AppContext = context.obj
    wanted = required_app_id(app_id)
    check_access_choice(access_key, public=public)
    until = expiry(expires_in=expires_in, expires_at=expires_at, now=tools.now())
    check_handoff_id(wanted)
    known = environments(tools, root=root, repo_root=repo_root)
    url = api_base_url or environment_url(known, env)
    path = tools.cwd / (output or f"{wanted}.partner.json")
    handoff = Handoff(
        app_id=wanted,
        api_base_url=url,
        title=title,
        backend_base_url=backend_base_url,
        access_key=SecretStr(access_key) if access_key else None,
        expires_at=until,
    )
    written = make_package(handoff, path, now=tools.now())
    outcome = PackageWritten(
        command="partner package",
        path=str(path),
        app_id=written.app_id,
        title=written.title,
        api_base_url=written.api_base_url,
        backend_base_url=written.backend_base_url,
        access_mode=written.access_mode,
        generated_at_utc=to_iso(written.generated_at_utc),
        expires_at_utc=to_iso(written.expires_at) if written.expires_at is not None else None,
        notes=handoff_notes(written, known, env),
    )
    emit(outcome, as_json=as_json, lines=_lines)


def _lines(report: PackageWritten) -> Iterator[str]:
    yield f"Wrote {report.path}"
    yield f"Mini-program: {report.app_id} ({report.title})"
    yield f"Delivery: {report.api_base_url} ({report.access_mode})"
    yield f"Backend: {report.backend_base_url or 'none'}"
    yield f"Made: {report.generated_at_utc}"
    if report.expires_at_utc is not None:
        yield f"Can be imported until: {report.expires_at_utc}"
    if report.access_mode == "protected":
        yield "The file holds the access key in clear: send it over a private channel."
    yield from report.notes
    yield f"In the host app: miniprogram host endpoint import {_quoted(report.path)}"


def _quoted(path: str) -> str:
    import os
    import shlex
    import subprocess

    return subprocess.list2cmdline([path]) if os.name == "nt" else shlex.quote(path)
