"""`release`: how things stand, who gets what and why, and what would be if."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any

import typer

from miniprogram.cli.commands.release_command import (
    Work,
    on_program,
    on_release,
    on_target,
)
from miniprogram.cli.commands.release_lines import bar, event_lines, release_lines, table
from miniprogram.cli.commands.release_options import (
    AudienceOption,
    OtherVersion,
    basis_points,
    read_audience,
)
from miniprogram.cli.commands.unknown_target import unknown_target
from miniprogram.cli.framework.output import Report, tell
from miniprogram.cli.framework.parsing.options import trimmed
from miniprogram.errors import UsageError

if TYPE_CHECKING:
    from miniprogram.releases.queries.why import Tried

Count = Annotated[int, typer.Option("--limit", metavar="N", min=1, help="How many events, the newest first.")]
Before = Annotated[
    int | None, typer.Option("--before", metavar="N", min=2, help="Only events before this position.")
]


def _show_lines(report: Any) -> Iterator[str]:
    release = report.release
    yield f"{report.mini_program_id} {release.label} ({release.kind}, attempt {release.attempt})"
    yield from release_lines(release)
    if report.window_usage is not None:
        from miniprogram.releases.queries.windows import usage_text

        yield f"  Window use: {usage_text(report.window_usage)}"
    configuration = release.configuration
    yield f"  Title: {configuration.title or '-'}"
    yield f"  Description: {configuration.description or '-'}"
    domains = configuration.server_domains
    yield f"  Server domains: {', '.join(domains) or 'none' if domains is not None else '- (not said yet)'}"
    yield f"  Web views: {', '.join(configuration.webview_domains) or 'none'}"
    yield f"  Upgrade: {configuration.upgrade.mode}, over {configuration.upgrade.network}"
    yield f"  Audience: {'everybody' if configuration.audience is None else configuration.audience}"
    yield f"  Review digest: {report.review_digest}"
    if release.possible:
        yield f"  Possible: {', '.join(release.possible)}"


@on_release(_show_lines)
def show(work: Work) -> Report:
    """Show one release: where it stands, what it says, what can be done."""
    from miniprogram.releases.queries.listing import show_release

    return show_release(work.storage, work.program, work.version, work.target)


def _tester_lines(report: Any) -> Iterator[str]:
    yield from report.testers or ("No testers.",)


@on_release(_tester_lines)
def list_testers(work: Work) -> Report:
    """List the testers."""
    from miniprogram.releases.queries.testers import list_testers as listed

    return listed(work.storage, work.program, work.version, work.target)


def _why_lines(report: Any) -> Iterator[str]:
    from miniprogram.delivery.evaluation.policy.model import ROLLED_BACK

    without = {"legacy": "what is published", ROLLED_BACK: "what the host was built with"}
    got = report.version or without.get(report.decision_reason, "nothing")
    yield f"{report.mini_program_id} on {report.host_app}:{report.environment}: {got} ({report.decision_reason})"
    if report.stickiness_key is None:
        yield "  Neither userId nor deviceId was sent: out of every percentage and window."
    rows = [
        (
            "=>" if each.decides else "yes" if each.holds else "no",
            each.step,
            each.version or "everything",
            _because(each),
        )
        for each in report.tried
    ]
    yield from (f"  {line}" for line in table(("", "STEP", "VERSION", "BECAUSE"), rows))
    if report.upgrade is not None:
        yield f"  Upgrade: {report.upgrade.mode} ({report.upgrade.reason})"
    yield from (f"  Switch {key} = {value}" for key, value in report.switches.items())


def _because(tried: Tried) -> str:
    clause = f"{tried.clause} ({tried.asks})" if tried.clause else ""
    missing = ", which was not sent" if tried.attribute_missing else ""
    return " ".join(filter(None, [tried.reason or "holds", clause])) + missing


@on_target(_why_lines)
def why(
    work: Work,
    *,
    user: Annotated[str | None, typer.Option(parser=trimmed, metavar="ID", help="The userId.")] = None,
    device: Annotated[str | None, typer.Option(parser=trimmed, metavar="ID", help="The deviceId.")] = None,
    attribute: Annotated[
        list[str] | None, typer.Option(metavar="NAME=TEXT", help="Another attribute; may be repeated.")
    ] = None,
    link: Annotated[str | None, typer.Option(parser=trimmed, metavar="TOKEN", help="Of a signed link.")] = None,
) -> Report:
    """Say what a user gets, and why."""
    from miniprogram.releases.queries.why import why as explain
    from miniprogram.releases.simulation.population import attributes_of

    pairs = dict(_pair(text) for text in attribute or ())
    pairs |= {name: text for name, text in (("userId", user), ("deviceId", device)) if text}
    if note := unknown_target(work.storage, work.about):
        tell(note)
    ledger = work.storage.open_ledger()
    attributes = attributes_of(pairs)
    return explain(
        work.storage, work.program, work.target, attributes, now=work.context.now, link=link, ledger=ledger
    )


def _pair(text: str) -> tuple[str, str]:
    name, sign, value = text.partition("=")
    if not sign or not name.strip():
        raise UsageError(f"--attribute {text!r} must be NAME=TEXT")
    return name.strip(), value.strip()


def _simulation_lines(report: Any) -> Iterator[str]:
    share = round(report.moving * 10_000 / report.visitors) if report.visitors else 0
    yield f"{report.moving} of {report.visitors} visitors would move: {bar(share)}"
    rows = [(move.before or "nothing", move.after or "nothing", str(move.visitors)) for move in report.moves]
    yield from (f"  {line}" for line in table(("FROM", "TO", "VISITORS"), rows))
    yield f"  {report.seconds:g} s, {report.visitors_per_second:,.0f} visitors/s"


@on_release(_simulation_lines)
def simulate(
    work: Work,
    *,
    ratio: Annotated[
        str | None, typer.Option(parser=trimmed, metavar="PERCENT", help="If this were its percentage.")
    ] = None,
    audience: AudienceOption = None,
    full: Annotated[bool, typer.Option("--full", help="If it were the full release.")] = False,
    halted: Annotated[bool, typer.Option("--halted", help="If it were halted.")] = False,
    embedded: Annotated[
        bool, typer.Option("--embedded", help="If it were rolled back to what hosts were built with.")
    ] = False,
    visitors: Annotated[
        int, typer.Option(metavar="N", min=1, max=10_000_000, help="How many visitors to make up.")
    ] = 100_000,
    file: Annotated[
        Path | None, typer.Option(metavar="PATH", help="Visitors instead: .jsonl, or .csv with attribute columns.")
    ] = None,
) -> Report:
    """Count who would move if the release were otherwise. Changes nothing."""
    from miniprogram.releases.simulation.population import made_up, read_visitors
    from miniprogram.releases.simulation.simulate import Proposal
    from miniprogram.releases.simulation.simulate import simulate as run_simulation

    points = None if ratio is None else basis_points(ratio)
    tree = read_audience(work.tools, audience) if audience is not None else None
    proposal = Proposal(
        work.version,
        work.target,
        points,
        tree,
        everybody=audience == "none",
        full=full,
        halted=halted,
        embedded=embedded,
    )
    people = read_visitors(work.tools.cwd / file) if file else made_up(visitors, host_app=work.target.host_app)
    return run_simulation(work.storage, work.program, proposal, people, now=work.context.now)


def _lint_lines(report: Any) -> Iterator[str]:
    for found in report.findings:
        path = f" {found.path}" if found.path else ""
        yield f"{found.subject}{path}: {found.message} [{found.code}]"
    if not report.findings:
        yield f"{report.mini_program_id}: nothing to remark"


@on_program(_lint_lines, lambda report: 1 if report.findings else 0)
def lint(work: Work) -> Report:
    """Find conditions that match nobody and entries nobody reaches."""
    from miniprogram.releases.lint.lint import lint as check

    return check(work.storage, work.program, now=work.context.now)


def _history_lines(report: Any) -> Iterator[str]:
    yield f"{report.mini_program_id or report.environment_name}: {len(report.events)} of {report.total} events"
    yield from event_lines(report.events)


@on_program(_history_lines)
def history(work: Work, *, version: OtherVersion = None, limit: Count = 50, before: Before = None) -> Report:
    """Show what happened, the newest first."""
    from miniprogram.documents.audit_search import EventFilter
    from miniprogram.releases.queries.history import history as read

    return read(work.storage, work.program, limit=limit, before=before, only=EventFilter(version=version))
