"""Denials: on record, counted, bounded, and in nobody's way."""

from __future__ import annotations

import json
from collections.abc import Callable
from dataclasses import replace
from datetime import timedelta
from functools import partial
from typing import Any

import pytest

from miniprogram.documents.environment_storage import EnvironmentStorage
from miniprogram.errors import PreconditionFailed, StoreError
from miniprogram.identity import denials
from miniprogram.identity.command_context import CommandContext, record_denial
from miniprogram.identity.denials import Denials, list_denials, note_denial, read_denials
from miniprogram.identity.members import add_member, remove_member
from miniprogram.identity.roles import Actor, Grant, Role, store_owner
from miniprogram.identity.tokens import authenticate, create_token, revoke_token
from miniprogram.refusals import Denied
from miniprogram.seams.object_store import ObjectStore
from miniprogram.stores.backoff import Backoff
from miniprogram.stores.memory import MemoryObjectStore
from miniprogram.testing import NOON, FaultyStore, interleavings


def owner_of(store: ObjectStore) -> CommandContext:
    return CommandContext(EnvironmentStorage(store), store_owner("root"), NOON)


def denied(context: CommandContext, command: str = "member add", *, name: str = "eve", **about: str) -> None:
    eve = Actor(name=name, authenticated=True, via="api", token="t1", token_created_by="root")
    record_denial(replace(context, actor=eve), command, Denied("role", "eve may not"), **about)


def everything(store: ObjectStore, *, but: str = "denials") -> dict[str, bytes]:
    """All objects except the denials."""
    return {info.key: store.get(info.key).body for info in store.list("") if but not in info.key}  # type: ignore[union-attr]


@pytest.fixture
def context() -> CommandContext:
    context = owner_of(MemoryObjectStore())
    add_member(context, "eve", [Grant(role=Role.DEVELOPER)])
    return context


def test_a_denial_says_who_what_about_and_with_which_token(context: CommandContext) -> None:
    denied(context, "release halt", program_id="shop", target="wallet:production", version="1.0.0")

    (found,) = read_denials(context.storage).denials
    event = found.event
    assert (event.actor, event.via, event.token, event.token_created_by) == ("eve", "api", "t1", "root")
    assert (event.command, event.outcome, event.reason) == ("release halt", "denied", "eve may not")
    assert (event.subject, event.target, event.version) == ("shop", "wallet:production", "1.0.0")
    assert (event.details, found.count) == ({"rule": "role"}, 1)


def test_however_often_somebody_is_denied_nothing_else_changes_and_little_is_kept(context: CommandContext) -> None:
    store = context.storage.store
    before = everything(store)

    for second in range(3_000):
        denied(replace(context, now=NOON + timedelta(seconds=second)), program_id=f"p{second}")

    (found,) = read_denials(context.storage).denials
    assert found.count == 50  # once a minute
    assert found.last_about[0] == "p2940"
    assert everything(store) == before


def test_a_moment_later_nothing_is_written(context: CommandContext) -> None:
    denied(context)
    counted = FaultyStore(context.storage.store)

    denied(replace(context, storage=EnvironmentStorage(counted), now=NOON + timedelta(seconds=59)))

    assert counted.writes == []


@pytest.mark.parametrize("other", [{"command": "app add"}, {"name": "mallory"}], ids=["command", "actor"])
def test_another_denial_is_another_event(context: CommandContext, other: dict[str, Any]) -> None:
    denied(context)
    denied(context, **other)

    assert len(read_denials(context.storage).denials) == 2


def test_after_a_day_it_is_told_anew(context: CommandContext) -> None:
    denied(context)
    denied(replace(context, now=NOON + timedelta(hours=23, minutes=59)))
    denied(replace(context, now=NOON + timedelta(days=1)))

    assert [each.count for each in read_denials(context.storage).denials] == [2, 1]


def test_the_oldest_go_when_there_are_too_many(context: CommandContext, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(denials, "MAX_DENIALS", 5)
    for number in range(12):
        denied(context, f"command {number}")

    listed = list_denials(context.storage)

    assert listed.total == 12
    assert [each.event.command for each in listed.denials] == [f"command {number}" for number in range(11, 6, -1)]
    assert listed.sound
    assert [each.event.seq for each in list_denials(context.storage, limit=2).denials] == [12, 11]


def test_five_hundred_are_on_record_and_no_more(context: CommandContext) -> None:
    denied(context)
    found = read_denials(context.storage)
    full = found.model_copy(update={"denials": found.denials * 500, "length": 500})
    key = next(info.key for info in context.storage.store.list("") if "denials" in info.key)
    context.storage.store.put(key, full.model_dump_json(by_alias=True).encode())

    denied(context, "app add")

    listed = list_denials(context.storage)
    assert (len(listed.denials), listed.total) == (500, 501)
    assert listed.denials[0].event.command == "app add"


@pytest.mark.parametrize(
    ("about", "kept"),
    [
        ({}, ("", "", "")),
        (
            {"program_id": "shop", "target": "wallet:production", "version": "1.0.0"},
            ("shop", "wallet:production", "1.0.0"),
        ),
    ],
    ids=["nothing", "a release"],
)
def test_what_it_was_about_last_is_kept(
    context: CommandContext, about: dict[str, str], kept: tuple[str, str, str]
) -> None:
    denied(context, **about)

    (found,) = read_denials(context.storage).denials
    assert (found.last_about, found.event.revision) == (kept, 0)


def test_a_denial_about_nothing_is_kept_too(context: CommandContext) -> None:
    note_denial(context.storage, {"command": "x", "actor": "eve", "via": "api", "outcome": "denied"}, now=NOON)

    (found,) = read_denials(context.storage).denials
    assert (found.event.command, found.last_about) == ("x", ("", "", ""))


def test_the_document_is_spelled_as_the_others_are(context: CommandContext) -> None:
    denied(context)

    key = next(info.key for info in context.storage.store.list("") if "denials" in info.key)
    document = json.loads(context.storage.store.get(key).body)  # type: ignore[union-attr]
    assert document.keys() == {"schemaVersion", "length", "hash", "denials"}
    assert document["denials"][0].keys() == {"event", "count", "lastAt", "lastAbout"}
    assert document["denials"][0]["event"]["tokenCreatedBy"] == "root"


class BusyStore(MemoryObjectStore):
    """Somebody else is always faster, and each attempt takes a while."""

    def __init__(self, takes_s: float, monkeypatch: pytest.MonkeyPatch) -> None:
        super().__init__()
        self.attempts, self._takes_s, self._now_s = 0, takes_s, 0.0
        monkeypatch.setattr(denials, "Backoff", partial(Backoff, sleep=lambda _: None, clock=lambda: self._now_s))

    def put(self, key: str, body: bytes, **options: Any) -> str:
        self.attempts += 1
        self._now_s += self._takes_s
        raise PreconditionFailed(key)


@pytest.mark.parametrize(("takes_s", "attempts"), [(0.0, 5), (0.4, 3)], ids=["five attempts", "one second"])
def test_who_is_denied_does_not_wait_for_the_record(
    monkeypatch: pytest.MonkeyPatch, takes_s: float, attempts: int
) -> None:
    store = BusyStore(takes_s, monkeypatch)

    denied(owner_of(store))

    assert store.attempts == attempts


def edited(document: Denials, position: int, **members: Any) -> Denials:
    each = document.denials[position]
    changed = each.model_copy(update={"event": each.event.model_copy(update=members)})
    return document.model_copy(
        update={"denials": (*document.denials[:position], changed, *document.denials[position + 1 :])}
    )


@pytest.mark.parametrize(
    "tamper",
    [
        lambda found: edited(found, 0, actor="bob"),
        lambda found: edited(found, 2, reason="other"),
        lambda found: found.model_copy(update={"denials": (found.denials[0], found.denials[2])}),
        lambda found: found.model_copy(update={"denials": found.denials[:2]}),
        lambda found: found.model_copy(update={"denials": found.denials[::-1]}),
    ],
    ids=["first", "last", "one is gone", "the last is gone", "order"],
)
def test_a_denial_that_was_changed_or_removed_shows(
    context: CommandContext, tamper: Callable[[Denials], Denials]
) -> None:
    for number in range(3):
        denied(context, f"command {number}")
    found = read_denials(context.storage)

    assert found.is_sound
    assert not tamper(found).is_sound


def test_denials_of_two_at_once_are_both_there(context: CommandContext) -> None:
    acts = [
        lambda store, command=command: denied(owner_of(store), command) for command in ("member add", "app add")
    ]

    for store in interleavings(MemoryObjectStore, *acts):
        found = read_denials(EnvironmentStorage(store))
        assert sorted(each.event.command for each in found.denials) == ["app add", "member add"]
        assert found.is_sound


def test_who_is_denied_hears_it_even_if_it_cannot_be_put_on_record(context: CommandContext) -> None:
    broken = FaultyStore(context.storage.store, fail_at=0)
    with pytest.raises(StoreError):
        broken.put("k", b"")
    eve = replace(context, storage=EnvironmentStorage(broken), actor=Actor(name="eve", authenticated=True))

    with pytest.raises(Denied, match="takes the role admin"):
        add_member(eve, "bob", [Grant(role=Role.ADMIN)])


def test_a_broken_document_keeps_nobody_from_being_denied(context: CommandContext) -> None:
    denied(context)
    key = next(info.key for info in context.storage.store.list("") if "denials" in info.key)
    context.storage.store.put(key, b"[")

    note_denial(context.storage, {"command": "x", "actor": "eve"}, now=NOON)

    assert context.storage.store.get(key).body == b"["  # type: ignore[union-attr]


def test_tokens_that_do_not_count_write_nothing(context: CommandContext) -> None:
    old, gone, left = (create_token(context, "eve", days=1) for _ in range(3))
    revoke_token(context, gone.id)
    add_member(context, "bob", [Grant(role=Role.REVIEWER)])
    bobs = create_token(context, "bob")
    remove_member(context, "bob")
    store = context.storage.store
    before = everything(store, but="nothing")
    late = NOON + timedelta(days=2)

    for token in (old.token, gone.token, left.token, bobs.token, "mpt_unknown_x", "", "é"):
        for _ in range(20):
            with pytest.raises(Denied):
                authenticate(context.storage, token, now=late)

    assert everything(store, but="nothing") == before
