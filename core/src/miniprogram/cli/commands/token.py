"""`token`: bearer tokens for the web API and the console."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Annotated, Any

import typer

from miniprogram.cli.commands.member import OnlyApp, OnlyProgram, OnlyStage, RoleNames, grants_of
from miniprogram.cli.commands.release_command import Work, on_environment
from miniprogram.cli.commands.release_lines import table
from miniprogram.cli.commands.release_options import Reason, required
from miniprogram.cli.framework.output import Report
from miniprogram.cli.framework.parsing.options import trimmed


def _new_lines(report: Any) -> Iterator[str]:
    yield f"Token: {report.token}"
    yield f"Id: {report.id}, for {report.member}: {', '.join(report.grants)}; until {report.expires_at}"
    yield "Keep it now: only its hash is stored, so it cannot be shown again."


@on_environment(_new_lines)
def create(
    work: Work,
    *,
    member: Annotated[
        str | None, typer.Option(parser=trimmed, metavar="NAME", help="Whom it stands for; required.")
    ] = None,
    role: RoleNames = None,
    app: OnlyApp = None,
    stage: OnlyStage = None,
    program: OnlyProgram = None,
    days: Annotated[int, typer.Option(metavar="N", help="How long it is valid, up to 366.")] = 90,
    description: Annotated[str, typer.Option(metavar="TEXT", help="What it is for.")] = "",
) -> Report:
    """Make a token and print it, this once. Without --role it carries all the member has."""
    from miniprogram.identity.tokens import create_token

    grants = grants_of(role, app, stage, program)
    return create_token(
        work.context, required(member, "--member"), grants=grants, days=days, description=description
    )


def _list_lines(report: Any) -> Iterator[str]:
    rows = [
        (
            each.id, each.member, each.state, each.expires_at, each.last_used or "never", each.created_by,
            each.description or "-", ", ".join(each.grants),
        )
        for each in report.tokens
    ]  # fmt: skip
    yield from table(("TOKEN", "MEMBER", "STATE", "EXPIRES", "LAST USED", "MADE BY", "FOR", "ROLES"), rows)
    if not rows:
        yield "No tokens yet."


@on_environment(_list_lines)
def list_tokens(work: Work) -> Report:
    """List the tokens, without their secrets."""
    from miniprogram.identity.tokens import list_tokens as listed

    return listed(work.storage, now=work.context.now)


@on_environment(lambda report: [f"Revoked {report.id} of {report.member}"])
def revoke(
    work: Work,
    token_id: Annotated[
        str | None, typer.Argument(metavar="<token-id>", parser=trimmed, help="As `token list` shows it.")
    ] = None,
    *,
    reason: Reason = None,
) -> Report:
    """Revoke a token, and those made with it: from now on they open nothing."""
    from miniprogram.identity.tokens import revoke_token

    return revoke_token(work.context, required(token_id, "the id of a token"), reason=reason)
