"""`trust init` and `trust rotate`: whose keys count."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from pathlib import Path
from typing import Annotated

import typer

from miniprogram.cli.framework.app_context import AppContext
from miniprogram.cli.framework.output import emit
from miniprogram.cli.framework.parsing.options import AsJson, EnvName, trimmed
from miniprogram.errors import UsageError
from miniprogram.files import write_atomic
from miniprogram_trust.commands.options import KEYS_HELP, Signers, Target, opened
from miniprogram_trust.reports import RolesReport


def _keys(name: str, what: str) -> typer.models.OptionInfo:
    option: typer.models.OptionInfo = typer.Option(name, parser=trimmed, metavar="URI", help=what)
    return option


def init(
    context: typer.Context,
    *,
    key: Annotated[
        list[str] | None,
        _keys("--key", f"Key of every role that is given none of its own, {KEYS_HELP}; repeatable."),
    ] = None,
    root: Annotated[
        list[str] | None, _keys("--root", "Key of the root, which gives all others; repeatable.")
    ] = None,
    threshold: Annotated[
        int, typer.Option("--threshold", min=1, metavar="N", help="How many keys of the root have to sign.")
    ] = 1,
    targets: Annotated[
        list[str] | None, _keys("--targets", "Key that says who may sign which mini-program; repeatable.")
    ] = None,
    online: Annotated[
        list[str] | None, _keys("--online", "Key of the snapshot and the time stamp, signed often; repeatable.")
    ] = None,
    program: Annotated[
        list[str] | None,
        typer.Option(
            "--program", parser=trimmed, metavar="ID", help="A mini-program that --key may sign; repeatable."
        ),
    ] = None,
    days: Annotated[
        list[str] | None,
        typer.Option(
            "--days", parser=trimmed, metavar="ROLE=N", help="How long a role's signatures hold, as timestamp=1."
        ),
    ] = None,
    root_file: Annotated[
        Path | None, typer.Option("--root-file", metavar="FILE", help="Write the root that hosts pin there.")
    ] = None,
    target: Target = None,
    env: EnvName = None,
    as_json: AsJson = False,
    settings: Mapping[str, object],
) -> None:
    """Begin to sign what a target holds, and make the root that hosts pin.

    Keep the keys of the root and of `targets` off machines that are always on; two of three for the root lets one
    be lost. What is published from now on is signed, or refused.
    """
    from miniprogram_trust.service import Beginning, begin, read_days

    tools: AppContext = context.obj
    uris = {"root": root or key, "targets": targets or key, "snapshot": online or key, "timestamp": online or key}
    if program and not key:
        raise UsageError("--program needs --key: who may sign it")
    for role, given in uris.items():
        if not given:
            raise UsageError(
                f"{role} needs a key", hint="Name one for all roles with --key, such as file:release.pem."
            )
    everything = list(dict.fromkeys(uri for given in uris.values() for uri in given or ()))
    with opened(tools, target, env, settings, message="Begin to sign", signers=everything) as trust:
        named = {role: [trust.keyring.named(uri) for uri in given or ()] for role, given in uris.items()}
        programs = {each: [trust.keyring.named(uri) for uri in key or ()] for each in program or ()}
        beginning = Beginning(named, {"root": threshold}, programs, read_days(days or ()))
        made = begin(trust.writer, beginning, tools.now())
        report = RolesReport.of(trust.writer.look(), command="trust init", written=trust.files.written)
    if root_file is not None:
        write_atomic(tools.cwd / root_file, made.to_bytes())
    emit(report, as_json=as_json, lines=_made)


def rotate(
    context: typer.Context,
    role: Annotated[
        str | None,
        typer.Argument(
            metavar="<role>", parser=trimmed, help="root, targets, snapshot, timestamp, or a mini-program's id."
        ),
    ] = None,
    *,
    key: Annotated[
        list[str] | None, _keys("--key", f"A key of the role from now on, {KEYS_HELP}; repeatable.")
    ] = None,
    threshold: Annotated[
        int | None, typer.Option("--threshold", min=1, metavar="N", help="How many of them have to sign; 1.")
    ] = None,
    stolen: Annotated[
        bool, typer.Option("--stolen", help="Sign nothing with the old keys, and count anew: a thief has them.")
    ] = False,
    signer: Signers = None,
    target: Target = None,
    env: EnvName = None,
    as_json: AsJson = False,
    settings: Mapping[str, object],
) -> None:
    """Give a role other keys, or a mini-program its first. Hosts follow by themselves.

    A role of the top level needs keys of the root; a mini-program's needs those of `targets` and its own new ones.
    """
    from miniprogram_trust.plans import Rotation
    from miniprogram_trust.service import rotate as give_keys

    tools: AppContext = context.obj
    if role is None:
        raise UsageError("say which role gets other keys", hint="`miniprogram trust list` lists them.")
    if not key:
        raise UsageError(f"{role} needs at least one key", hint="Name it with --key, such as file:release.pem.")
    signers = [*key, *(signer or ())]
    with opened(tools, target, env, settings, message=f"Rotate keys of {role}", signers=signers) as trust:
        keys = [trust.keyring.named(uri) for uri in key]
        give_keys(trust.writer, Rotation(role, keys, threshold or 1, tools.now(), stolen=stolen))
        report = RolesReport.of(trust.writer.look(), command="trust rotate", written=trust.files.written)
    emit(report, as_json=as_json, lines=_made)


def _made(report: RolesReport) -> Iterator[str]:
    yield f"Signed in {report.location}: {len(report.written_files)} files written"
    yield from role_lines(report)
    if report.single_key:
        yield "One key signs for everything: whoever gets it is you. `trust rotate` gives roles keys of their own."


def role_lines(report: RolesReport) -> Iterator[str]:
    """A line for each role: who may sign, and until when it is signed."""
    rows: Sequence[tuple[str, ...]] = [
        (
            each.role,
            f"{each.threshold} of {len(each.key_ids)}",
            ", ".join(key[:12] for key in each.key_ids),
            f"until {each.expires_at_utc[:10]}" if each.expires_at_utc else "signed nothing yet",
        )
        for each in report.roles
    ]
    widths = [max(map(len, column)) for column in zip(*rows, strict=True)]
    for row in rows:
        yield "  " + "  ".join(cell.ljust(width) for cell, width in zip(row, widths, strict=True)).rstrip()
