"""`release`: from a published version to an approved one."""

from __future__ import annotations

from typing import Annotated, Any, Literal

import typer

from miniprogram.cli.commands.release_command import Work, on_release
from miniprogram.cli.commands.release_lines import transition_lines
from miniprogram.cli.commands.release_options import AudienceOption, Reason, read_audience, required
from miniprogram.cli.framework.options import trimmed
from miniprogram.cli.framework.output import Report
from miniprogram.errors import UsageError


@on_release(transition_lines)
def create(
    work: Work,
    *,
    kind: Annotated[
        Literal["official", "trial", "test"],
        typer.Option(help="Trial and test versions go to testers and links only."),
    ] = "official",
) -> Report:
    """Start bringing a published version to a host app."""
    from miniprogram.releases.commands.drafting import create as start
    from miniprogram.targets import Kind

    return start(work.context, work.program, work.version, work.target, kind=Kind(kind))


@on_release(transition_lines)
def reopen(work: Work, *, reason: Reason = None) -> Report:
    """Start another attempt after one that was rejected, withdrawn or canceled."""
    from miniprogram.releases.commands.drafting import reopen as start

    why = required(reason, "--reason")
    return start(work.context, work.program, work.version, work.target, reason=why)


@on_release(transition_lines)
def configure(
    work: Work,
    *,
    title: Annotated[
        str | None, typer.Option(parser=trimmed, metavar="TEXT", help="What users see as its name.")
    ] = None,
    description: Annotated[
        str | None, typer.Option(parser=trimmed, metavar="TEXT", help="What it does, for users and reviewers.")
    ] = None,
    server_domain: Annotated[
        list[str] | None,
        typer.Option(metavar="URL", help="Domain it talks to, as https://HOST; may be repeated, at most 30."),
    ] = None,
    no_server_domains: Annotated[
        bool, typer.Option("--no-server-domains", help="It talks to no server of its own.")
    ] = False,
    webview_domain: Annotated[
        list[str] | None,
        typer.Option(metavar="URL", help="Domain it may show in a web view; may be repeated, at most 30."),
    ] = None,
    upgrade: Annotated[
        Literal["silent", "prompt_once", "prompt_always", "forced"] | None,
        typer.Option(help="How hosts move to it."),
    ] = None,
    upgrade_network: Annotated[
        Literal["any", "wifi"] | None, typer.Option(help="Over which networks it is downloaded.")
    ] = None,
    minimum_version: Annotated[
        str | None, typer.Option(parser=trimmed, metavar="VERSION", help="Whoever has less must upgrade.")
    ] = None,
    audience: AudienceOption = None,
    window_start: Annotated[
        str | None, typer.Option(parser=trimmed, metavar="TIME", help="First come, first admitted: from then on.")
    ] = None,
    window_end: Annotated[
        str | None,
        typer.Option(parser=trimmed, metavar="TIME", help="Until before then, as 2030-03-01T08:00:00Z."),
    ] = None,
    max_users: Annotated[int | None, typer.Option(metavar="N", help="How many the window admits.")] = None,
    on_end: Annotated[
        Literal["stop", "promote", "revert"],
        typer.Option(help="After the window: nobody new, everybody, or nobody."),
    ] = "stop",
    no_window: Annotated[bool, typer.Option("--no-window", help="Without a time window.")] = False,
) -> Report:
    """Say what the release is: name, domains, how hosts upgrade, who may have it."""
    from miniprogram.releases.commands.drafting import configure as put

    changes: dict[str, Any] = {"title": title, "description": description}
    changes["server_domains"] = () if no_server_domains else tuple(server_domain) if server_domain else None
    changes["webview_domains"] = tuple(webview_domain) if webview_domain else None
    changes = {name: value for name, value in changes.items() if value is not None}
    if audience is not None:
        changes["audience"] = read_audience(work.tools, audience)
    changes |= _window(window_start, window_end, max_users, on_end, no_window=no_window)
    changes |= _upgrade(work, upgrade, upgrade_network, minimum_version)
    if not changes:
        raise UsageError("nothing to configure was given")
    return put(work.context, work.program, work.version, work.target, changes)


@on_release(transition_lines)
def apply(work: Work) -> Report:
    """Ask a reviewer to let it through; where none is needed it is approved at once."""
    from miniprogram.releases.commands.reviewing import apply as ask

    return ask(work.context, work.program, work.version, work.target)


@on_release(transition_lines)
def withdraw(work: Work) -> Report:
    """Take an application back."""
    from miniprogram.releases.commands.reviewing import withdraw as take_back

    return take_back(work.context, work.program, work.version, work.target)


@on_release(transition_lines)
def approve(
    work: Work,
    *,
    digest: Annotated[
        str | None,
        typer.Option(
            parser=trimmed, metavar="HEX", help="Only if what was applied for still has this review digest."
        ),
    ] = None,
) -> Report:
    """Let it through, or agree to taking a full release offline."""
    from miniprogram.releases.commands.reviewing import approve as let_through

    return let_through(work.context, work.program, work.version, work.target, seen_digest=digest)


@on_release(transition_lines)
def reject(work: Work, *, reason: Reason = None) -> Report:
    """Refuse it, with a reason."""
    from miniprogram.releases.commands.reviewing import reject as refuse

    why = required(reason, "--reason")
    return refuse(work.context, work.program, work.version, work.target, reason=why)


def _window(
    start: str | None, end: str | None, max_users: int | None, on_end: str, *, no_window: bool
) -> dict[str, Any]:
    if no_window:
        return {"window": None}
    given = (start, end, max_users)
    if all(each is None for each in given):
        return {}
    if any(each is None for each in given):
        raise UsageError("a window takes --window-start, --window-end and --max-users together")
    return {"window": {"start": start, "end": end, "max_users": max_users, "on_end": on_end}}


def _upgrade(work: Work, mode: str | None, network: str | None, minimum: str | None) -> dict[str, Any]:
    """The upgrade policy with what was given changed; nothing when nothing was."""
    from miniprogram.releases.storage.release_documents import require_releases

    given = {"mode": mode, "network": network, "minimum_version": minimum}
    given = {name: value for name, value in given.items() if value is not None}
    if not given:
        return {}
    release = require_releases(work.storage, work.program).live(work.version, work.target)
    before = release.configuration.upgrade.model_dump() if release else {}
    return {"upgrade": {**before, **given}}
