"""People and tokens under two hands, at every moment of each other: nobody keeps what was taken away."""

from __future__ import annotations

from collections.abc import Callable

from miniprogram.documents.environment_storage import EnvironmentStorage
from miniprogram.identity.command_context import CommandContext
from miniprogram.identity.environment_document import read_environment
from miniprogram.identity.host_apps import add_app, set_environment
from miniprogram.identity.members import add_member, remove_member
from miniprogram.identity.roles import Grant, Role, store_owner
from miniprogram.identity.tokens import authenticate, create_token, revoke_token
from miniprogram.refusals import Denied, NotFound
from miniprogram.seams.object_store import ObjectStore
from miniprogram.stores.memory import MemoryObjectStore
from miniprogram.targets import Stage
from miniprogram.testing import NOON, interleavings

REVIEWER, OPERATOR = Grant(role=Role.REVIEWER), Grant(role=Role.OPERATOR)
Act = Callable[[ObjectStore], object]


def owner_of(store: ObjectStore) -> CommandContext:
    return CommandContext(EnvironmentStorage(store), store_owner("root"), NOON)


def with_member(*grants: Grant) -> Callable[[], ObjectStore]:
    def make() -> ObjectStore:
        store = MemoryObjectStore()
        add_member(owner_of(store), "ann", grants or [REVIEWER])
        return store

    return make


def test_roles_given_by_two_are_both_held() -> None:
    acts: list[Act] = [
        lambda store, grant=grant: add_member(owner_of(store), "ann", [grant])  # type: ignore[misc]
        for grant in (REVIEWER, OPERATOR)
    ]

    for store in interleavings(MemoryObjectStore, *acts):
        member = read_environment(owner_of(store).storage).member("ann")
        assert member is not None
        assert set(member.grants) == {REVIEWER, OPERATOR}


def test_apps_and_their_rules_set_by_two_are_both_there() -> None:
    def app(store: ObjectStore) -> None:
        add_app(owner_of(store), "wallet")

    def rules(store: ObjectStore) -> None:
        set_environment(owner_of(store), "shop", Stage.SANDBOX, {"supports_pilot": False})

    def start() -> ObjectStore:
        store = MemoryObjectStore()
        add_app(owner_of(store), "shop")
        return store

    for one, other in ((app, rules), (rules, app)):
        for store in interleavings(start, one, other):
            document = read_environment(owner_of(store).storage)
            shop = document.app("shop")
            assert document.app("wallet") is not None
            assert shop is not None
            sandbox = shop.environment(Stage.SANDBOX)
            assert sandbox is not None
            assert not sandbox.supports_pilot


def test_a_token_made_while_its_member_leaves_opens_nothing() -> None:
    made: list[str] = []

    def make(store: ObjectStore) -> None:
        try:
            made.append(create_token(owner_of(store), "ann").token)
        except NotFound:
            made.append("mpt_none_none")

    def leave(store: ObjectStore) -> None:
        remove_member(owner_of(store), "ann")

    for one, other in ((make, leave), (leave, make)):
        for store in interleavings(with_member(), one, other):
            storage = owner_of(store).storage
            document = read_environment(storage)
            assert document.member("ann") is None
            assert all(token.revoked_at for token in document.tokens)
            assert not opens(storage, made[-1])


def test_a_token_is_revoked_whatever_happens_meanwhile() -> None:
    tokens: dict[str, str] = {}

    def start() -> ObjectStore:
        store = with_member()()
        new = create_token(owner_of(store), "ann")
        tokens["old"], tokens["id"] = new.token, new.id
        return store

    def revoke(store: ObjectStore) -> None:
        revoke_token(owner_of(store), tokens["id"])

    def another(store: ObjectStore) -> None:
        tokens["new"] = create_token(owner_of(store), "ann").token

    for one, other in ((revoke, another), (another, revoke)):
        for store in interleavings(start, one, other):
            storage = owner_of(store).storage
            assert not opens(storage, tokens["old"])
            assert opens(storage, tokens["new"])


def opens(storage: EnvironmentStorage, token: str) -> bool:
    try:
        authenticate(storage, token, now=NOON)
    except Denied:
        return False
    return True
