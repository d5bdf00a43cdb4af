"""`trust list`, `status`, `root` and `verify`: how things stand."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import Annotated

import typer

from miniprogram.cli.framework.app_context import AppContext
from miniprogram.cli.framework.output import emit, emit_lines
from miniprogram.cli.framework.parsing.options import AsJson, EnvName, trimmed
from miniprogram.errors import DocumentError, UsageError
from miniprogram.files import write_atomic
from miniprogram_trust.commands.making import role_lines
from miniprogram_trust.commands.options import Target, opened
from miniprogram_trust.reports import RolesReport, StatusReport, VerifyReport


def list_roles(
    context: typer.Context,
    *,
    target: Target = None,
    env: EnvName = None,
    as_json: AsJson = False,
    settings: Mapping[str, object],
) -> None:
    """List the roles, how many of which keys have to sign for each, and what is signed. Nothing is changed."""
    tools: AppContext = context.obj
    with opened(tools, target, env, settings, message="Look") as trust:
        report = RolesReport.of(trust.writer.look(), command="trust list")
    emit(report, as_json=as_json, lines=_listed)


def status(
    context: typer.Context,
    *,
    target: Target = None,
    env: EnvName = None,
    as_json: AsJson = False,
    settings: Mapping[str, object],
) -> None:
    """Say until when everything is signed. Exits with 1 when something has expired: hosts refuse it."""
    tools: AppContext = context.obj
    with opened(tools, target, env, settings, message="Look") as trust:
        report = StatusReport.of(trust.writer.look(), tools.now())
    emit(report, as_json=as_json, lines=_calendar)
    if report.verdict == "expired":
        raise typer.Exit(1)


def root(
    context: typer.Context,
    *,
    root_file: Annotated[
        Path | None, typer.Option("--root-file", metavar="FILE", help="Write it there instead of printing it.")
    ] = None,
    target: Target = None,
    env: EnvName = None,
    settings: Mapping[str, object],
) -> None:
    """Print the newest root: the one file that hosts pin. Any root ever made will do; they follow from it."""
    tools: AppContext = context.obj
    with opened(tools, target, env, settings, message="Look") as trust:
        body = trust.writer.look().roots[-1].to_bytes()
    if root_file is None:
        emit_lines(body.decode().splitlines())
        return
    write_atomic(tools.cwd / root_file, body)


def verify(
    context: typer.Context,
    address: Annotated[
        str | None,
        typer.Argument(metavar="<url>", parser=trimmed, help="What hosts are given as API base URL."),
    ] = None,
    *,
    root_file: Annotated[
        Path | None,
        typer.Option("--root", metavar="FILE", help="The root a host pins; else the one in miniprogram.toml."),
    ] = None,
    access_key: Annotated[
        str | None,
        typer.Option("--access-key", parser=trimmed, metavar="KEY", help="For protected mini-programs."),
    ] = None,
    as_json: AsJson = False,
) -> None:
    """Load everything that is signed from where hosts load it, and check it as they do. Nothing is kept.

    Exits with 1 naming the first thing that a host would refuse.
    """
    from miniprogram_trust.settings import read_settings
    from miniprogram_trust.verifying import verify_address

    tools: AppContext = context.obj
    if address is None:
        raise UsageError("the address to verify is required", hint="Such as https://programs.example.com/api/.")
    settings = read_settings(tools.cwd, tools.environ)
    path = tools.cwd / root_file if root_file is not None else settings.root
    if path is None:
        raise UsageError(
            "no root is pinned: without one nothing can be verified",
            hint="Name it with --root, or as `root` in miniprogram.toml below [trust].",
        )
    try:
        pinned = path.read_bytes()
    except OSError as error:
        raise DocumentError(f"the root {path} cannot be read: {error.strerror}") from None
    emit(verify_address(address, pinned, access_key=access_key), as_json=as_json, lines=_verified)


def _listed(report: RolesReport) -> Iterator[str]:
    yield f"Root {report.root_version} of {report.location}"
    yield from role_lines(report)
    for each in report.roles:
        if each.signed_versions:
            yield f"Signed of {each.role}: {', '.join(each.signed_versions)}"


def _calendar(report: StatusReport) -> Iterator[str]:
    yield f"{report.location}, root {report.root_version}: {_VERDICTS[report.verdict]}"
    width = max(len(each.role) for each in report.roles)
    for each in report.roles:
        when = (
            f"{(each.expires_at_utc or '')[:16].replace('T', ' ')}, {each.days_left} days"
            if each.expires_at_utc
            else ""
        )
        yield f"  {each.role.ljust(width)}  {each.state:8}  {when}".rstrip()


def _verified(report: VerifyReport) -> Iterator[str]:
    yield f"{report.address} is what was signed (root {report.root_version})"
    for each in report.versions:
        yield f"  {each.mini_program_id} {each.version}: {each.file_count} files, {each.digest[:19]}"


_VERDICTS = {
    "good": "everything is signed",
    "due": "something is to be signed again: `miniprogram trust sign`",
    "expired": "hosts refuse what has expired: `miniprogram trust sign`",
}
