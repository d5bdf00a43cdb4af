"""`qr`: a signed, expiring link to a release, as a QR code."""

from __future__ import annotations

import io
from collections.abc import Iterator
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from miniprogram.cli.commands.actor import ActorName
from miniprogram.cli.commands.release_options import (
    PRODUCTION,
    App,
    ProgramArgument,
    StageOption,
    VersionArgument,
    named,
    open_command_context,
    wanted_target,
)
from miniprogram.cli.commands.unknown_target import naming_target
from miniprogram.cli.framework.app_context import AppContext
from miniprogram.cli.framework.output import emit
from miniprogram.cli.framework.parsing.options import AsJson, EnvName, StateRoot, trimmed
from miniprogram.errors import UsageError

if TYPE_CHECKING:
    from segno import QRCode

    from miniprogram.releases.commands.links import IssuedLink

SUFFIXES = (".svg", ".png")
PNG_SCALE = 8
"""Pixels a module of the code."""


def qr(
    context: typer.Context,
    program_id: ProgramArgument = None,
    version: VersionArgument = None,
    *,
    app: App = None,
    stage: StageOption = PRODUCTION,
    hours: Annotated[float, typer.Option(metavar="N", help="How long the link is valid.")] = 72.0,
    output: Annotated[
        Path | None, typer.Option("--output", "-o", metavar="FILE", help="Write the code as .svg or .png.")
    ] = None,
    base_url: Annotated[
        str | None,
        typer.Option(parser=trimmed, metavar="URL", help="Delivery address, instead of the environment's."),
    ] = None,
    env: EnvName = None,
    root: StateRoot = None,
    actor: ActorName = None,
    as_json: AsJson = False,
) -> None:
    """Make a QR code that opens a release for whoever scans it, until it expires."""
    from miniprogram.releases.commands.links import issue_link

    tools: AppContext = context.obj
    program, wanted = named(program_id, version)
    target = wanted_target(app, stage)
    if output is not None and output.suffix.lower() not in SUFFIXES:
        raise UsageError(f"--output must end in {' or '.join(SUFFIXES)}, not {output.suffix or output.name!r}")
    command_context = open_command_context(tools, env=env, root=root, actor=actor)
    with naming_target(command_context.storage, target):
        issued = issue_link(command_context, program, wanted, target, hours=hours, base_url=base_url)
    if output is not None:
        _write(issued.url, tools.cwd / output)
    emit(issued, as_json=as_json, lines=lambda link: _lines(link, output))


def _lines(link: IssuedLink, output: Path | None) -> Iterator[str]:
    if output is None:
        yield _terminal(link.url)
    else:
        yield f"Wrote {output}"
    yield f"{link.mini_program_id} {link.version} on {link.host_app}:{link.environment}, until {link.expires_at}"
    yield link.url


def _terminal(url: str) -> str:
    text = io.StringIO()
    _code(url).terminal(out=text, compact=True)
    return text.getvalue().rstrip("\n")


def _write(url: str, path: Path) -> None:
    from miniprogram.files import write_atomic

    body = io.BytesIO()
    if path.suffix.lower() == ".svg":
        _code(url).save(body, kind="svg", scale=PNG_SCALE, xmldecl=True)
    else:
        _code(url).save(body, kind="png", scale=PNG_SCALE)
    write_atomic(path, body.getvalue())


def _code(url: str) -> QRCode:
    import segno

    return segno.make(url, error="m", micro=False)
