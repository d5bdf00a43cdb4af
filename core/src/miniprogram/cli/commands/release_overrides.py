"""`release`: overrides, which always or never give some people something, and what other hosts get."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Annotated, Any, Literal

import typer

from miniprogram.cli.commands.release_command import Work, on_program, on_target
from miniprogram.cli.commands.release_lines import table
from miniprogram.cli.commands.release_options import AudienceOption, OtherVersion, Reason, read_audience, required
from miniprogram.cli.framework.output import Report
from miniprogram.cli.framework.parsing.options import trimmed
from miniprogram.errors import UsageError


def _list_lines(report: Any) -> Iterator[str]:
    rows = [
        (each.id, each.kind, str(each.target), each.release or "everything", each.created_by, each.reason)
        for each in report.overrides
    ]
    yield from table(("OVERRIDE", "KIND", "TARGET", "RELEASE", "BY", "REASON"), rows)
    if not rows:
        yield f"{report.mini_program_id} has no overrides."


@on_program(_list_lines)
def list_overrides(work: Work) -> Report:
    """List the overrides in force."""
    from miniprogram.releases.queries.overrides import list_overrides as listed

    return listed(work.storage, work.program)


def _override_lines(report: Any) -> Iterator[str]:
    what = report.subject
    yield f"{report.command.removeprefix('release ')} {what['id']}: {what['reason']}"


def _add_override(work: Work, kind: Any, audience: str | None, version: str | None, reason: str | None) -> Report:
    from miniprogram.releases.commands.overrides import add_override

    tree = read_audience(work.tools, required(audience, "--audience"))
    if tree is None:
        raise UsageError("an override is for an audience, not for everybody")
    why = required(reason, "--reason")
    return add_override(
        work.context, work.program, work.target, kind=kind, audience=tree, version=version, reason=why
    )


@on_target(_override_lines)
def deny(
    work: Work, *, audience: AudienceOption = None, version: OtherVersion = None, reason: Reason = None
) -> Report:
    """Keep some people from a release, or from everything."""
    return _add_override(work, "deny", audience, version, reason)


@on_target(_override_lines)
def pin(
    work: Work, *, audience: AudienceOption = None, version: OtherVersion = None, reason: Reason = None
) -> Report:
    """Always give some people one release."""
    return _add_override(work, "pin", audience, version, reason)


@on_program(_override_lines)
def lift(
    work: Work,
    override: Annotated[str | None, typer.Argument(metavar="<id>", parser=trimmed, help="As `o-7`.")] = None,
    *,
    reason: Reason = None,
) -> Report:
    """Take a `deny` or a `pin` back."""
    from miniprogram.releases.commands.overrides import remove_override

    return remove_override(
        work.context,
        work.program,
        required(override, "the id of an override"),
        reason=required(reason, "--reason"),
    )


@on_program(lambda report: [f"Hosts without a target: {report.subject['otherwise']}"])
def otherwise(
    work: Work,
    *,
    give: Annotated[
        Literal["refuse", "legacy"] | None,
        typer.Option("--give", help="refuse: nothing; legacy: what rollout rules or the latest publish give."),
    ] = None,
) -> Report:
    """Say what hosts get that no release is for."""
    from miniprogram.releases.commands.overrides import set_otherwise

    if give is None:
        raise UsageError("--give is required: refuse or legacy")
    return set_otherwise(work.context, work.program, give)
