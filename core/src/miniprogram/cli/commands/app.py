"""`app`: host apps, and how releases go in their environments."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Annotated, Any

import typer

from miniprogram.cli.commands.release_command import Work, on_environment
from miniprogram.cli.commands.release_options import Reason, required
from miniprogram.cli.commands.stages import wanted_stage
from miniprogram.cli.framework.output import Report
from miniprogram.cli.framework.parsing.options import trimmed
from miniprogram.errors import UsageError

Name = Annotated[
    str | None,
    typer.Argument(metavar="<app>", parser=trimmed, help="A host app, or `*` for hosts without an own one."),
]


@on_environment(lambda report: [f"Added {report.subject['name']}: {_stages(report.subject)}"])
def add(
    work: Work,
    name: Name = None,
    *,
    title: Annotated[str, typer.Option(metavar="TEXT", help="What people call it.")] = "",
    platform: Annotated[
        list[str] | None,
        typer.Option(metavar="NAME", help="android, ios, web, desktop, harmony; may be repeated."),
    ] = None,
    stage: Annotated[
        list[str] | None,
        typer.Option(metavar="NAME", help="Further environments: development, test, sandbox; may be repeated."),
    ] = None,
) -> Report:
    """Add a host app; its production environment is always there."""
    from miniprogram.identity.host_apps import add_app

    stages = [wanted_stage(each) for each in stage or ()]
    wanted = required(name, "the name of a host app")
    return add_app(work.context, wanted, title=title, platforms=platform or (), stages=stages)


@on_environment(lambda report: [f"{report.subject['name']}: {_rules(report.subject)}"])
def set_environment(
    work: Work,
    name: Name = None,
    stage: Annotated[
        str | None,
        typer.Argument(metavar="<environment>", parser=trimmed, help="development, test, sandbox, production."),
    ] = None,
    *,
    review: Annotated[bool | None, typer.Option("--review/--no-review", help="A second person approves.")] = None,
    pilot: Annotated[bool | None, typer.Option("--pilot/--no-pilot", help="Testers can get it first.")] = None,
    pilot_demanded: Annotated[
        bool | None, typer.Option("--demand-pilot/--pilot-optional", help="A pilot may not be skipped.")
    ] = None,
    static: Annotated[
        bool | None,
        typer.Option("--static/--no-static", help="Served as plain files: no windows, lists or links."),
    ] = None,
    extra_reviewers: Annotated[
        int | None,
        typer.Option(metavar="N", min=0, max=5, help="More approvals where a version may do more than before."),
    ] = None,
    require_provenance: Annotated[
        list[str] | None,
        typer.Option(
            parser=trimmed,
            metavar="KEY",
            help="Only versions whose provenance this key signed, as `provenance keys` prints it; replaces all; "
            "may be repeated.",
        ),
    ] = None,
    accept_promotions: Annotated[
        list[str] | None,
        typer.Option(
            parser=trimmed,
            metavar="KEY",
            help="Take over what is exported with this key, approvals included; replaces all; may be repeated.",
        ),
    ] = None,
    no_promotions: Annotated[bool, typer.Option("--no-promotions", help="Take nothing over any more.")] = False,
    no_provenance: Annotated[bool, typer.Option("--no-provenance", help="Demand no provenance any more.")] = False,
) -> Report:
    """Add an environment to a host app, or change its rules."""
    from miniprogram.identity.host_apps import set_environment as put

    given: dict[str, Any] = {"requires_review": review, "supports_pilot": pilot, "demands_pilot": pilot_demanded,
             "static_host": static, "extra_reviewers": extra_reviewers}  # fmt: skip
    changes = {member: value for member, value in given.items() if value is not None}
    changes |= _keys("provenance_keys", require_provenance, none=no_provenance)
    changes |= _keys("promotion_keys", accept_promotions, none=no_promotions)
    wanted = required(name, "the name of a host app")
    return put(work.context, wanted, wanted_stage(required(stage, "an environment")), changes)


_KEY_OPTIONS = {
    "provenance_keys": ("--require-provenance", "--no-provenance"),
    "promotion_keys": ("--accept-promotions", "--no-promotions"),
}


def _keys(member: str, given: list[str] | None, *, none: bool) -> dict[str, Any]:
    """What a pair of options says about keys. Raises UsageError when they contradict each other."""
    if none and given:
        raise UsageError(f"{' and '.join(_KEY_OPTIONS[member])} are opposites: give one of them")
    return {member: list(dict.fromkeys(given or ()))} if none or given else {}


@on_environment(lambda report: [f"{report.subject['name']}: {report.subject['title'] or 'no title'}"])
def update(
    work: Work,
    name: Name = None,
    *,
    title: Annotated[str | None, typer.Option(metavar="TEXT", help="What people call it.")] = None,
    platform: Annotated[
        list[str] | None,
        typer.Option(metavar="NAME", help="android, ios, web, desktop, harmony; replaces all; may be repeated."),
    ] = None,
) -> Report:
    """Change what people call a host app; the name that hosts send stays."""
    from miniprogram.identity.host_apps import update_app

    return update_app(work.context, required(name, "the name of a host app"), title=title, platforms=platform)


@on_environment(lambda report: [f"Removed {report.subject['name']}"])
def remove(work: Work, name: Name = None, *, reason: Reason = None) -> Report:
    """Remove a host app to which nothing is released and for which no member has an own role."""
    from miniprogram.releases.commands.host_apps import remove_app

    return remove_app(work.context, required(name, "the name of a host app"), reason=reason)


def _list_lines(report: Any) -> Iterator[str]:
    for app in report.apps:
        yield f"{app.name}{f' ({app.title})' if app.title else ''}"
        for each in app.environments:
            yield f"  {each.name}: {_rules(each.model_dump(by_alias=True))}"
    if not report.apps:
        yield "No host app yet; `app add NAME` adds one."


@on_environment(_list_lines)
def list_apps(work: Work) -> Report:
    """List the host apps and their environments."""
    from miniprogram.identity.host_apps import list_apps as listed

    return listed(work.storage)


def _stages(app: dict[str, Any]) -> str:
    return ", ".join(each["name"] for each in app["environments"])


def _rules(environment: dict[str, Any]) -> str:
    pilot = (
        "pilot demanded"
        if environment["demandsPilot"]
        else "pilot"
        if environment["supportsPilot"]
        else "no pilot"
    )
    static = ", static host" if environment["staticHost"] else ""
    extra = environment["extraReviewers"]
    more = f" with {extra} more where a version may do more" if extra else ""
    proven = ", provenance demanded" if environment["provenanceKeys"] else ""
    taken = ", takes over what is exported" if environment["promotionKeys"] else ""
    return f"{'review' if environment['requiresReview'] else 'no review'}{more}, {pilot}{static}{proven}{taken}"
