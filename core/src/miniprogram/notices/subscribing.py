"""Who is told: subscriptions are made, shown, tried, switched and removed by those who administer them."""

from __future__ import annotations

import json
import secrets
from collections.abc import Callable, Iterable
from datetime import timedelta
from typing import Any

from pydantic import ValidationError

from miniprogram.clock import to_iso
from miniprogram.delivery.documents.kinds import NOTICE_DISPATCHES
from miniprogram.documents.environment_storage import EnvironmentStorage
from miniprogram.identity.changes import put_environment
from miniprogram.identity.command_context import CommandContext, require_role
from miniprogram.identity.environment_document import EnvironmentDocument, read_environment
from miniprogram.identity.roles import ADMIN, EVERYWHERE, Actor
from miniprogram.identity.subscription import CHOSEN_TYPES, SigningSecret, Subscription
from miniprogram.notices.dispatches import Dispatch, Dispatches, change_dispatches, read_dispatches
from miniprogram.notices.reports import (
    DispatchLog,
    ListedDispatch,
    ListedSubscription,
    NewSecret,
    QueuedNotice,
    SubscriptionChange,
    SubscriptionList,
)
from miniprogram.notices.signing import new_secret
from miniprogram.refusals import NotFound, Refused, Unacceptable, unacceptable

MAX_SUBSCRIPTIONS = 100
DEFAULT_OVERLAP_HOURS = 24
MAX_OVERLAP_HOURS = 24 * 30


def add_subscription(
    context: CommandContext,
    url: str,
    *,
    events: Iterable[str] = (),
    program: str = EVERYWHERE,
    description: str = "",
) -> NewSecret:
    """Tell `url` from now on. The answer holds the secret, this once.

    Raises Denied, Unacceptable naming what does not fit, Refused when there are too many.
    """
    _require_administrator(context, program, "notice add")
    wanted = tuple(dict.fromkeys(events))
    strange = next((each for each in wanted if each not in CHOSEN_TYPES), None)
    if strange is not None:
        raise Unacceptable(
            f"there is no event {strange!r}; there are {', '.join(CHOSEN_TYPES)}", member=("events",)
        )
    secret = new_secret()
    try:
        made = Subscription(
            id=secrets.token_hex(5),
            url=url,
            events=wanted,
            program=program,
            description=description,
            secrets=(SigningSecret(text=secret, created_at=context.stamp),),
            created_by=context.actor.name,
            created_at=context.stamp,
            since=context.stamp,
        )
    except ValidationError as error:
        raise unacceptable(error) from None

    def add(document: EnvironmentDocument) -> tuple[EnvironmentDocument, Subscription]:
        if len(document.subscriptions) >= MAX_SUBSCRIPTIONS:
            what = f"there are {MAX_SUBSCRIPTIONS} subscriptions, and no room for more"
            raise Refused("subscriptions_bounded", what, hint="Remove one that nobody needs: `notice list`.")
        return document.model_copy(update={"subscriptions": (*document.subscriptions, made)}), made

    details = {"host": made.host, "program": program, "events": list(wanted)}
    changed = _put(context, "notice add", add, made.id, details)
    return NewSecret(**changed.model_dump(exclude={"command"}), command="notice add", secret=secret)


def rotate_secret(
    context: CommandContext, subscription_id: str, *, overlap_hours: int = DEFAULT_OVERLAP_HOURS
) -> NewSecret:
    """Sign with a new secret; the one before signs as well for `overlap_hours`, and no older one does."""
    if not 0 <= overlap_hours <= MAX_OVERLAP_HOURS:
        raise Unacceptable(f"the old secret can sign for 0 to {MAX_OVERLAP_HOURS} more hours, not {overlap_hours}")
    secret = new_secret()
    ends_at = to_iso(context.now + timedelta(hours=overlap_hours))

    def rotate(subscription: Subscription) -> Subscription:
        newest = subscription.secrets[0].model_copy(update={"ends_at": ends_at})
        first = SigningSecret(text=secret, created_at=context.stamp)
        return subscription.model_copy(update={"secrets": (first, *([newest] if overlap_hours else []))})

    changed = _change(context, "notice rotate", subscription_id, rotate, {"overlapHours": overlap_hours})
    return NewSecret(**changed.model_dump(exclude={"command"}), command="notice rotate", secret=secret)


def disable_subscription(
    context: CommandContext, subscription_id: str, *, reason: str | None = None
) -> SubscriptionChange:
    """Send nothing more. What waits stays, and goes out when it is enabled."""
    because = reason or f"{context.actor.name} switched it off"

    def switch(subscription: Subscription) -> Subscription:
        if not subscription.is_on:
            return subscription
        return subscription.model_copy(update={"off_because": because, "off_since": context.stamp})

    return _change(context, "notice disable", subscription_id, switch, {}, reason=reason)


def enable_subscription(context: CommandContext, subscription_id: str) -> SubscriptionChange:
    """Send again. What happened while it was off is not told."""

    def switch(subscription: Subscription) -> Subscription:
        if subscription.is_on:
            return subscription
        return subscription.model_copy(update={"off_because": None, "off_since": None, "since": context.stamp})

    changed = _change(context, "notice enable", subscription_id, switch, {})
    change_dispatches(
        context.storage, subscription_id, lambda found: found.model_copy(update={"failing_since": None})
    )
    return changed


def remove_subscription(context: CommandContext, subscription_id: str) -> SubscriptionChange:
    """Forget it, with its secrets and its log."""
    wanted = _administered(context, subscription_id, "notice remove")

    def remove(document: EnvironmentDocument) -> tuple[EnvironmentDocument, Subscription]:
        found = require_subscription(document, subscription_id)
        others = tuple(each for each in document.subscriptions if each.id != subscription_id)
        return document.model_copy(update={"subscriptions": others}), found

    changed = _put(context, "notice remove", remove, subscription_id, {"host": wanted.host})
    context.storage.store.delete(context.storage.keys.key(NOTICE_DISPATCHES, subscription_id))
    return changed


def list_subscriptions(storage: EnvironmentStorage, reader: Actor | None = None) -> SubscriptionList:
    """Those that `reader` administers; all for None, who works with the store's own credentials."""
    document = read_environment(storage)
    mine = [
        each for each in document.subscriptions if reader is None or reader.has(ADMIN, None, _about(each.program))
    ]
    listed = tuple(ListedSubscription.of(each, read_dispatches(storage, each.id)) for each in mine)
    return SubscriptionList(environment_name=storage.environment, revision=document.revision, subscriptions=listed)


def read_log(context: CommandContext, subscription_id: str) -> DispatchLog:
    """What was sent to a subscriber, and what waits; the newest first."""
    wanted = _administered(context, subscription_id, "notice log")
    found = read_dispatches(context.storage, subscription_id)
    return DispatchLog(
        environment_name=context.storage.environment,
        subscription=ListedSubscription.of(wanted, found),
        missed=found.missed,
        dispatches=tuple(ListedDispatch.of(each) for each in reversed(found.dispatches)),
    )


def send_test(context: CommandContext, subscription_id: str) -> QueuedNotice:
    """Queue a notice that says nothing but that it is a test. A server of the environment sends it."""
    wanted = _administered(context, subscription_id, "notice test")
    _require_on(wanted)
    data = {"environment": context.storage.environment, "actor": context.actor.name}
    body = json.dumps({"type": "notice.test", "timestamp": context.stamp, "data": data}, separators=(",", ":"))
    made = Dispatch(
        id=f"msg_{secrets.token_hex(16)}", type="notice.test", at=context.stamp, body=body, next_at=context.stamp
    )
    change_dispatches(context.storage, subscription_id, lambda found: found.with_dispatch(made))
    return _queued(context, "notice test", subscription_id, made)


def resend(context: CommandContext, subscription_id: str, message: str) -> QueuedNotice:
    """Queue a notice of the log again, with its id: now, and with as many tries as a new one."""
    _require_on(_administered(context, subscription_id, "notice resend"))
    sent: list[Dispatch] = []

    def again(found: Dispatches) -> Dispatches:
        known = found.find(message)
        if known is None:
            raise NotFound(
                f"the log of {subscription_id} has no {message!r}", hint="`notice log` shows what it has."
            )
        fresh = known.model_copy(update={"state": "waiting", "attempts": 0, "next_at": context.stamp})
        sent[:] = [fresh]
        return found.with_dispatch(fresh)

    change_dispatches(context.storage, subscription_id, again)
    return _queued(context, "notice resend", subscription_id, sent[0])


def require_subscription(document: EnvironmentDocument, subscription_id: str) -> Subscription:
    """Raises NotFound."""
    found = document.subscription(subscription_id)
    if found is None:
        raise NotFound(f"there is no subscription {subscription_id!r}", hint="`notice list` shows what there is.")
    return found


def _queued(context: CommandContext, command: str, subscription_id: str, dispatch: Dispatch) -> QueuedNotice:
    return QueuedNotice(
        command=command,
        environment_name=context.storage.environment,
        subscription_id=subscription_id,
        message=dispatch.id,
    )


def _require_on(subscription: Subscription) -> None:
    if not subscription.is_on:
        what = f"{subscription.id} is switched off: {subscription.off_because}"
        raise Refused("subscription_off", what, hint=f"Switch it on first: `notice enable {subscription.id}`.")


def _about(program: str) -> str | None:
    return None if program == EVERYWHERE else program


def _require_administrator(context: CommandContext, program: str, what: str) -> None:
    require_role(context, ADMIN, what, program_id=_about(program))


def _administered(context: CommandContext, subscription_id: str, what: str) -> Subscription:
    """The subscription, which the actor administers. Raises NotFound, Denied."""
    found = require_subscription(read_environment(context.storage), subscription_id)
    _require_administrator(context, found.program, what)
    return found


def _change(
    context: CommandContext,
    command: str,
    subscription_id: str,
    change: Callable[[Subscription], Subscription],
    details: dict[str, Any],
    *,
    reason: str | None = None,
) -> SubscriptionChange:
    wanted = _administered(context, subscription_id, command)

    def replace(document: EnvironmentDocument) -> tuple[EnvironmentDocument, Subscription]:
        changed = change(require_subscription(document, subscription_id))
        merged = tuple(changed if each.id == subscription_id else each for each in document.subscriptions)
        return document.model_copy(update={"subscriptions": merged}), changed

    return _put(context, command, replace, subscription_id, {"host": wanted.host, **details}, reason=reason)


def _put(
    context: CommandContext,
    command: str,
    change: Callable[[EnvironmentDocument], tuple[EnvironmentDocument, Subscription]],
    subscription_id: str,
    details: dict[str, Any],
    *,
    reason: str | None = None,
) -> SubscriptionChange:
    about: list[Subscription] = []

    def write(document: EnvironmentDocument) -> tuple[EnvironmentDocument, ListedSubscription]:
        changed, subscription = change(document)
        about[:] = [subscription]
        return changed, ListedSubscription.of(subscription, Dispatches())

    written = put_environment(context, command, write, subject=subscription_id, details=details, reason=reason)
    return SubscriptionChange(
        command=command,
        environment_name=written.environment_name,
        revision=written.revision,
        subscription=ListedSubscription.of(about[-1], Dispatches()),
    )
