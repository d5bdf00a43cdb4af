"""What is shown of subscriptions and of what was sent: never a secret but a new one, and no bodies."""

from __future__ import annotations

from pydantic import Field

from miniprogram.identity.subscription import NoticeType, Subscription
from miniprogram.models import FrozenModel
from miniprogram.notices.dispatches import Dispatch, Dispatches


class ListedSubscription(FrozenModel):
    """A subscription without its secrets."""

    id: str
    url: str
    events: tuple[NoticeType, ...]
    """Everything when empty."""
    program: str
    description: str
    created_by: str
    created_at: str
    is_on: bool
    off_since: str | None
    off_because: str | None
    old_secret_until: str | None
    """Until when the secret before signs as well."""
    waiting: int
    failing_since: str | None

    @classmethod
    def of(cls, subscription: Subscription, found: Dispatches) -> ListedSubscription:
        same = (
            "id",
            "url",
            "events",
            "program",
            "description",
            "created_by",
            "created_at",
            "off_since",
            "off_because",
        )
        old = [each.ends_at for each in subscription.secrets if each.ends_at]
        return cls(
            **{name: getattr(subscription, name) for name in same},
            is_on=subscription.is_on,
            old_secret_until=max(old, default=None),
            waiting=found.waiting,
            failing_since=found.failing_since,
        )


class SubscriptionList(FrozenModel):
    """The subscriptions of an environment, the oldest first."""

    schema_version: int = 1
    command: str = "notice list"
    environment_name: str
    revision: int
    subscriptions: tuple[ListedSubscription, ...]


class SubscriptionChange(FrozenModel):
    """What a change to a subscription came to."""

    schema_version: int = 1
    command: str
    environment_name: str
    revision: int
    subscription: ListedSubscription


class NewSecret(SubscriptionChange):
    """The same with the secret that signs from now on. It is shown this once."""

    secret: str = Field(repr=False)


class ListedDispatch(FrozenModel):
    """A notice for a subscriber. `status` is what was answered last; `next_at` is None when nothing follows."""

    id: str
    type: NoticeType
    mini_program_id: str | None
    at: str
    state: str
    attempts: int
    next_at: str | None
    tried_at: str | None
    status: int | None
    problem: str | None
    took_ms: int | None

    @classmethod
    def of(cls, dispatch: Dispatch) -> ListedDispatch:
        return cls(
            id=dispatch.id,
            type=dispatch.type,
            mini_program_id=dispatch.mini_program_id,
            at=dispatch.at,
            state=dispatch.state,
            attempts=dispatch.attempts,
            next_at=dispatch.next_at if dispatch.state == "waiting" else None,
            tried_at=dispatch.last_at,
            status=dispatch.last_status,
            problem=dispatch.last_problem,
            took_ms=dispatch.last_ms,
        )


class DispatchLog(FrozenModel):
    """What was sent and what waits, the newest first. `missed` were too many to wait."""

    schema_version: int = 1
    command: str = "notice log"
    environment_name: str
    subscription: ListedSubscription
    missed: int
    dispatches: tuple[ListedDispatch, ...]


class QueuedNotice(FrozenModel):
    """A notice that a server of the environment sends as soon as it looks."""

    schema_version: int = 1
    command: str
    environment_name: str
    subscription_id: str
    message: str
