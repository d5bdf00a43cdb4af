"""Who may say who is told, what is accepted, and that no secret shows anywhere but once."""

from __future__ import annotations

from collections.abc import Callable
from datetime import timedelta

import pytest

from miniprogram.identity.environment_document import read_environment
from miniprogram.identity.roles import Role
from miniprogram.identity.subscription import why_no_receiver
from miniprogram.notices.dispatches import read_dispatches
from miniprogram.notices.subscribing import (
    add_subscription,
    disable_subscription,
    enable_subscription,
    list_subscriptions,
    read_log,
    remove_subscription,
    resend,
    rotate_secret,
    send_test,
)
from miniprogram.refusals import Denied, NotFound, Refused, Unacceptable
from miniprogram.stores.memory import MemoryObjectStore
from miniprogram.testing import NOON
from notices.conftest import HOOK, at
from releases.conftest import World, make_world


@pytest.fixture
def world() -> World:
    return make_world(MemoryObjectStore())


@pytest.mark.parametrize(
    ("url", "problem"),
    [
        ("https://hooks.example.com/a?b=c", None),
        ("https://[2001:db8::1]:8443/", None),
        ("http://localhost:9000/hook", None),
        ("http://127.0.0.1:9000/hook", None),
        ("http://[::1]/hook", None),
        ("http://hooks.example.com/", "https"),
        ("http://localhost.example.com/", "https"),
        ("http://10.0.0.1/", "https"),
        ("ftp://hooks.example.com/", "address"),
        ("hooks.example.com", "address"),
        ("https:///path", "address"),
        ("https://hooks.example.com:99999/", "address"),
        ("https://hooks.example.com/a b", "address"),
        ("https://hooks.example.com/a\r\nx: y", "address"),
        ("https://ann:pw@hooks.example.com/", "password"),
        ("https://hooks.example.com/#a", "fragment"),
    ],
)
def test_an_address_is_one_that_can_be_asked(url: str, problem: str | None) -> None:
    found = why_no_receiver(url)

    assert (found is None) if problem is None else (found is not None and problem in found)


@pytest.mark.parametrize(
    ("members", "culprit"),
    [
        ({"url": "http://hooks.example.com/"}, "https"),
        ({"events": ["review.wait"]}, "review.wait"),
        ({"events": ["notice.test"]}, "notice.test"),
        ({"program": "a/b"}, "a/b"),
        ({"description": "a\x1b[31m"}, "U+001B"),
    ],
    ids=["address", "event", "test", "program", "description"],
)
def test_what_does_not_fit_is_refused_and_named(world: World, members: dict[str, object], culprit: str) -> None:
    with pytest.raises(Unacceptable) as refused:
        add_subscription(world.context, **{"url": HOOK, **members})  # type: ignore[arg-type]

    assert culprit in str(refused.value)
    assert list_subscriptions(world.storage).subscriptions == ()


DOORS: dict[str, Callable[[World, str], object]] = {
    "add": lambda world, _id: add_subscription(world.context, HOOK, program="shop"),
    "rotate": lambda world, found: rotate_secret(world.context, found),
    "disable": lambda world, found: disable_subscription(world.context, found),
    "enable": lambda world, found: enable_subscription(world.context, found),
    "log": lambda world, found: read_log(world.context, found),
    "test": lambda world, found: send_test(world.context, found),
    "resend": lambda world, found: resend(world.context, found, "msg_1"),
    "remove": lambda world, found: remove_subscription(world.context, found),
}


@pytest.mark.parametrize("door", DOORS)
@pytest.mark.parametrize(
    ("role", "scope"),
    [
        (Role.DEVELOPER_ADMIN, {}),
        (Role.INSPECTOR, {}),
        (Role.ADMIN, {"program": "other"}),
        (Role.ADMIN, {"host_app": "wallet"}),
    ],
    ids=["developer-admin", "inspector", "other-program", "one-app"],
)
def test_only_who_administers_the_program_says_who_is_told(
    world: World, door: str, role: Role, scope: dict[str, str]
) -> None:
    made = add_subscription(world.context, HOOK, program="shop").subscription.id
    before = read_environment(world.storage).subscriptions
    eve = World(world.store, world.as_person("eve", role, **scope), world.target)

    with pytest.raises(Denied):
        DOORS[door](eve, made)

    assert read_environment(world.storage).subscriptions == before
    assert list_subscriptions(world.storage, eve.context.actor).subscriptions == ()


def test_who_administers_a_program_adds_and_sees_what_is_about_it_only(world: World) -> None:
    add_subscription(world.context, HOOK)
    vera = world.as_person("vera", Role.ADMIN, program="shop*")
    mine = add_subscription(vera, HOOK, program="shop")
    with pytest.raises(Denied):
        add_subscription(vera, HOOK)

    assert [each.id for each in list_subscriptions(world.storage, vera.actor).subscriptions] == [
        mine.subscription.id
    ]


def test_secrets_show_once_and_stand_in_no_record(world: World) -> None:
    made = add_subscription(world.context, HOOK)
    rotated = rotate_secret(world.context, made.subscription.id)
    document = read_environment(world.storage)

    shown = [
        repr(document),
        repr(made),
        list_subscriptions(world.storage).model_dump_json(),
        read_log(world.context, made.subscription.id).model_dump_json(),
        document.trail.model_dump_json(),
    ]
    assert made.secret.startswith("whsec_")
    assert not [text for text in shown for secret in (made.secret, rotated.secret) if secret in text]
    assert "t0ps3cret" not in document.trail.model_dump_json()
    assert [event.command for event in document.trail.latest] == ["notice rotate"]


def test_two_secrets_sign_until_the_old_one_ends(world: World) -> None:
    made = add_subscription(world.context, HOOK)
    new = rotate_secret(world.context, made.subscription.id, overlap_hours=2)
    (found,) = read_environment(world.storage).subscriptions

    assert found.signing_at("2030-01-02T13:00:00.000Z") == (new.secret, made.secret)
    assert found.signing_at("2030-01-02T15:00:00.000Z") == (new.secret,)

    newest = rotate_secret(world.context, made.subscription.id, overlap_hours=0)
    (found,) = read_environment(world.storage).subscriptions
    assert found.signing_at("2030-01-02T12:00:01.000Z") == (newest.secret,)
    with pytest.raises(Unacceptable):
        rotate_secret(world.context, made.subscription.id, overlap_hours=721)


def test_what_is_off_is_neither_tried_nor_told_of_what_happens_meanwhile(world: World) -> None:
    made = add_subscription(world.context, HOOK).subscription.id
    disable_subscription(world.context, made, reason="It moves.")
    for refused in (lambda: send_test(world.context, made), lambda: resend(world.context, made, "msg_1")):
        with pytest.raises(Refused, match="It moves"):
            refused()

    later = at(world, NOON + timedelta(hours=1))
    enable_subscription(later.context, made)
    (found,) = read_environment(world.storage).subscriptions
    assert (found.is_on, found.since) == (True, "2030-01-02T13:00:00.123Z")


def test_a_removed_subscription_leaves_nothing(world: World) -> None:
    made = add_subscription(world.context, HOOK).subscription.id
    send_test(world.context, made)
    remove_subscription(world.context, made)

    assert read_dispatches(world.storage, made).dispatches == ()
    with pytest.raises(NotFound):
        read_log(world.context, made)


def test_a_message_that_is_not_in_the_log_cannot_be_sent_again(world: World) -> None:
    made = add_subscription(world.context, HOOK).subscription.id

    with pytest.raises(NotFound, match="msg_1"):
        resend(world.context, made, "msg_1")
