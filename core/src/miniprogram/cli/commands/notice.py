"""`notice`: who is told what happens, by signed webhooks."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Annotated, Any

import typer

from miniprogram.cli.commands.release_command import Work, on_environment
from miniprogram.cli.commands.release_lines import table
from miniprogram.cli.commands.release_options import Reason, required
from miniprogram.cli.framework.output import Report
from miniprogram.cli.framework.parsing.options import trimmed

Subscription = Annotated[
    str | None,
    typer.Argument(metavar="<subscription-id>", parser=trimmed, help="As `notice list` shows it."),
]
A_SUBSCRIPTION = "the id of a subscription"


def _secret_lines(report: Any) -> Iterator[str]:
    yield f"Secret: {report.secret}"
    old = report.subscription.old_secret_until
    yield f"Subscription: {report.subscription.id}" + (
        f"; the old secret signs as well until {old}" if old else ""
    )
    yield "Keep the secret now: it is not shown again."


@on_environment(_secret_lines)
def add(
    work: Work,
    url: Annotated[
        str | None, typer.Argument(metavar="<url>", parser=trimmed, help="Who is told: an https:// address.")
    ] = None,
    *,
    event: Annotated[
        list[str] | None,
        typer.Option(
            parser=trimmed, metavar="EVENT", help="What it is told of, such as review.waits; may be repeated."
        ),
    ] = None,
    program: Annotated[
        str,
        typer.Option(
            parser=trimmed,
            metavar="ID",
            help="Only of this mini-program, or of those whose ids begin so: `acme_*`.",
        ),
    ] = "*",
    description: Annotated[str, typer.Option(metavar="TEXT", help="What it is for.")] = "",
) -> Report:
    """Send notices to an address from now on; the secret that signs them is printed, this once."""
    from miniprogram.notices.subscribing import add_subscription

    return add_subscription(
        work.context, required(url, "an address"), events=event or (), program=program, description=description
    )


def _list_lines(report: Any) -> Iterator[str]:
    rows = [
        (each.id, each.url, ", ".join(each.events) or "everything", each.program, _state(each))
        for each in report.subscriptions
    ]
    yield from table(("SUBSCRIPTION", "ADDRESS", "EVENTS", "MINI-PROGRAMS", "STATE"), rows)
    if not rows:
        yield "Nobody is told yet; `notice add URL` adds an address."


def _state(subscription: Any) -> str:
    if not subscription.is_on:
        return f"off: {subscription.off_because}"
    waiting = f", {subscription.waiting} waiting" if subscription.waiting else ""
    failing = f", failing since {subscription.failing_since}" if subscription.failing_since else ""
    return f"on{waiting}{failing}"


@on_environment(_list_lines)
def list_notices(work: Work) -> Report:
    """List the subscriptions, without their secrets."""
    from miniprogram.notices.subscribing import list_subscriptions

    return list_subscriptions(work.storage)


def _log_lines(report: Any) -> Iterator[str]:
    rows = [
        (
            each.id, each.type, each.mini_program_id or "-", each.state, str(each.attempts),
            str(each.status or "-"), each.problem or "-", each.next_at or "-",
        )
        for each in report.dispatches
    ]  # fmt: skip
    yield from table(("MESSAGE", "EVENT", "MINI-PROGRAM", "STATE", "TRIES", "STATUS", "PROBLEM", "NEXT TRY"), rows)
    if not rows:
        yield "Nothing was sent yet."
    if report.missed:
        yield f"{report.missed} notices were never queued: too many waited."


@on_environment(_log_lines)
def log(work: Work, subscription_id: Subscription = None) -> Report:
    """Show what was sent to a subscriber, what waits, and what was answered."""
    from miniprogram.notices.subscribing import read_log

    return read_log(work.context, required(subscription_id, A_SUBSCRIPTION))


def _queued_lines(report: Any) -> Iterator[str]:
    yield f"Queued {report.message}; a server of the environment sends it."


@on_environment(_queued_lines)
def send_test(work: Work, subscription_id: Subscription = None) -> Report:
    """Queue a notice that only says that it is a test."""
    from miniprogram.notices.subscribing import send_test as queue_test

    return queue_test(work.context, required(subscription_id, A_SUBSCRIPTION))


@on_environment(_queued_lines)
def resend(
    work: Work,
    subscription_id: Subscription = None,
    message: Annotated[
        str | None, typer.Argument(metavar="<message>", parser=trimmed, help="As `notice log` shows it.")
    ] = None,
) -> Report:
    """Queue a notice of the log again, with the id it had."""
    from miniprogram.notices.subscribing import resend as queue_again

    return queue_again(work.context, required(subscription_id, A_SUBSCRIPTION), required(message, "a message"))


@on_environment(_secret_lines)
def rotate(
    work: Work,
    subscription_id: Subscription = None,
    *,
    overlap_hours: Annotated[
        int, typer.Option(metavar="N", help="How long the old secret signs as well; 0 ends it now.")
    ] = 24,
) -> Report:
    """Sign with a new secret, which is printed, this once."""
    from miniprogram.notices.subscribing import rotate_secret

    return rotate_secret(work.context, required(subscription_id, A_SUBSCRIPTION), overlap_hours=overlap_hours)


@on_environment(lambda report: [f"{report.subscription.id} is on"])
def enable(work: Work, subscription_id: Subscription = None) -> Report:
    """Send again; what happened meanwhile is not told."""
    from miniprogram.notices.subscribing import enable_subscription

    return enable_subscription(work.context, required(subscription_id, A_SUBSCRIPTION))


@on_environment(lambda report: [f"{report.subscription.id} is off"])
def disable(work: Work, subscription_id: Subscription = None, *, reason: Reason = None) -> Report:
    """Send nothing more until it is enabled."""
    from miniprogram.notices.subscribing import disable_subscription

    return disable_subscription(work.context, required(subscription_id, A_SUBSCRIPTION), reason=reason)


@on_environment(lambda report: [f"Removed {report.subscription.id}"])
def remove(work: Work, subscription_id: Subscription = None) -> Report:
    """Remove a subscription with its secret and its log."""
    from miniprogram.notices.subscribing import remove_subscription

    return remove_subscription(work.context, required(subscription_id, A_SUBSCRIPTION))
