"""`member`: who is trusted with what."""

from __future__ import annotations

from collections.abc import Iterator
from typing import TYPE_CHECKING, Annotated, Any

import typer

from miniprogram.cli.commands.release_command import Work, on_environment
from miniprogram.cli.commands.release_lines import table
from miniprogram.cli.commands.release_options import Reason, required
from miniprogram.cli.commands.stages import wanted_stage
from miniprogram.cli.framework.output import Report
from miniprogram.cli.framework.parsing.options import trimmed
from miniprogram.errors import UsageError

if TYPE_CHECKING:
    from miniprogram.identity.roles import Grant

Name = Annotated[
    str | None,
    typer.Argument(metavar="<name>", parser=trimmed, help="A person or program, such as ann@example.com."),
]
RoleNames = Annotated[
    list[str] | None,
    typer.Option(
        "--role",
        metavar="ROLE",
        help="developer, developer-admin, admin, reviewer, operator, inspector, automation; may be repeated.",
    ),
]
OnlyApp = Annotated[
    str | None, typer.Option("--app", parser=trimmed, metavar="NAME", help="Only on this host app.")
]
OnlyStage = Annotated[
    str | None,
    typer.Option("--stage", parser=trimmed, metavar="NAME", help="Only in this environment of host apps."),
]

OnlyProgram = Annotated[
    str | None,
    typer.Option(
        "--program",
        parser=trimmed,
        metavar="ID",
        help="Only for this mini-program, or for those whose ids begin so: `acme_*`.",
    ),
]


def grants_of(roles: list[str] | None, app: str | None, stage: str | None, program: str | None) -> list[Grant]:
    """The roles of a command line, each where it holds. Raises UsageError for an unknown one."""
    from pydantic import ValidationError

    from miniprogram.identity.roles import EVERYWHERE, Grant, Role
    from miniprogram.refusals import unacceptable

    unknown = next((name for name in roles or () if name not in list(Role)), None)
    if unknown is not None:
        raise UsageError(f"{unknown!r} is not a role; there are {', '.join(Role)}")
    where = {
        "host_app": app or EVERYWHERE,
        "environment": wanted_stage(stage) if stage else None,
        "program": program or EVERYWHERE,
    }
    try:
        return [Grant(role=Role(name), **where) for name in roles or ()]
    except ValidationError as error:
        raise unacceptable(error) from None


@on_environment(lambda report: [f"Added {report.subject['name']}"])
def add(
    work: Work,
    name: Name = None,
    *,
    role: RoleNames = None,
    app: OnlyApp = None,
    stage: OnlyStage = None,
    program: OnlyProgram = None,
    title: Annotated[str, typer.Option(metavar="TEXT", help="What people call them.")] = "",
    reason: Reason = None,
) -> Report:
    """Add a member, or give one further roles."""
    from miniprogram.identity.members import add_member

    grants = grants_of(role, app, stage, program)
    return add_member(work.context, required(name, "a name"), grants, title=title, reason=reason)


@on_environment(lambda report: [f"{report.subject['name']} has: {_held(report.subject)}"])
def revoke(
    work: Work,
    name: Name = None,
    *,
    role: RoleNames = None,
    app: OnlyApp = None,
    stage: OnlyStage = None,
    program: OnlyProgram = None,
    reason: Reason = None,
) -> Report:
    """Take roles from a member, each where it was given; their tokens lose them too."""
    from miniprogram.identity.members import revoke_roles

    return revoke_roles(
        work.context, required(name, "a name"), grants_of(role, app, stage, program), reason=reason
    )


def _held(member: dict[str, Any]) -> str:
    from miniprogram.identity.roles import Grant

    return ", ".join(str(Grant.model_validate(each)) for each in member["grants"])


@on_environment(lambda report: [f"Removed {report.subject['name']}; their tokens are revoked"])
def remove(work: Work, name: Name = None, *, reason: Reason = None) -> Report:
    """Remove a member and revoke their tokens."""
    from miniprogram.identity.members import remove_member

    return remove_member(work.context, required(name, "a name"), reason=reason)


def _leaving_lines(report: Any) -> Iterator[str]:
    lost = "lost" if report.done else "would lose"
    yield f"{report.member} {lost}: {', '.join(report.grants) or 'no role'}"
    yield f"  Tokens that end: {_tokens(report.tokens)}"
    if report.tokens_they_made:
        yield f"  Tokens they made for others, and may know: {_tokens(report.tokens_they_made)}"
    for each in report.subscriptions_they_made:
        yield f"  Notices go on to {each.host}, as they had it; to end that: notice disable {each.id}"
    for each in report.work:
        on = f"{each.mini_program_id} {each.version} on {each.target} ({each.state.replace('_', ' ')})"
        heirs = ", ".join(each.falls_to) or "nobody: give somebody the role"
        yield f"  {on}: they {each.why}; it falls to {heirs}"
    if report.more_work:
        yield f"  and {report.more_work} more releases"
    if not report.work:
        yield "  Nothing waits for them."
    yield from (f"  {each}: its releases cannot be read" for each in report.unreadable)
    if not report.done:
        yield "Nothing was changed. Say --reason TEXT to do it."


def _tokens(tokens: Any) -> str:
    return ", ".join(f"{each.id} of {each.member}" for each in tokens) or "none"


@on_environment(_leaving_lines)
def offboard(
    work: Work,
    name: Name = None,
    *,
    reason: Reason = None,
    revoke_made: Annotated[
        bool, typer.Option("--revoke-made", help="End tokens that they made for others, too.")
    ] = False,
) -> Report:
    """Show what waits for somebody who leaves; with --reason take away roles, tokens and sessions at once."""
    from miniprogram.releases.commands.offboarding import offboard as done
    from miniprogram.releases.queries.leaving import leaving

    who = required(name, "a name")
    if reason is None:
        if revoke_made:
            raise UsageError("--revoke-made: nothing is revoked without --reason")
        return leaving(work.context, who)
    return done(work.context, who, reason=reason, revoke_made=revoke_made)


def _list_lines(report: Any) -> Iterator[str]:
    rows = [
        (each.name, each.title or "-", ", ".join(str(grant) for grant in each.grants)) for each in report.members
    ]
    yield from table(("MEMBER", "TITLE", "ROLES"), rows)
    if not rows:
        yield "No members yet; `member add NAME --role ROLE` adds one."


@on_environment(_list_lines)
def list_members(work: Work) -> Report:
    """List the members and their roles."""
    from miniprogram.identity.members import list_members as listed

    return listed(work.storage)
