"""Documents that a newer version wrote are read without what is not known, and never written over."""

from __future__ import annotations

import json
from collections.abc import Callable
from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from miniprogram.delivery.evaluation.policy.parse import read_policy
from miniprogram.errors import DocumentError, MiniProgramError
from miniprogram.identity.environment_document import read_environment
from miniprogram.identity.members import add_member
from miniprogram.identity.roles import Grant, Role
from miniprogram.refusals import Refused, Unacceptable
from miniprogram.releases.commands.switches import set_switch
from miniprogram.releases.execution import perform
from miniprogram.releases.queries.history import verify_trail
from miniprogram.releases.queries.listing import list_releases, show_release
from miniprogram.releases.storage.release_documents import require_releases
from miniprogram.stores.memory import MemoryObjectStore
from testbed.examples import examples

KEY = "metadata/releases/shop.json"
SETTINGS = "metadata/admin/environment.json"


def _edit(world: Any, key: str, change: Callable[[dict[str, Any]], None]) -> bytes:
    found = world.store.get(key)
    document = json.loads(found.body)
    change(document)
    body = json.dumps(document).encode()
    world.store.put(key, body, content_type="application/json", if_match=found.etag)
    return body


NEWER: dict[str, Callable[[dict[str, Any]], None]] = {
    "document": lambda document: document.update(colour="red"),
    "release": lambda document: document["releases"][0].update(colour="red"),
    "configuration": lambda document: document["releases"][0]["configuration"].update(colour={"a": [1]}),
    "target": lambda document: document["targets"][0].update(colour=None),
    "upgrade": lambda document: document["releases"][0]["configuration"]["upgrade"].update(colour=1),
    "two": lambda document: (document.update(colour="red"), document["trail"].update(shape="round")),
}


@pytest.mark.parametrize("change", NEWER.values(), ids=NEWER)
def test_what_is_not_known_is_left_out_and_not_written_over(world: Any, change: Any) -> None:
    world.full("1.0.0")
    before = list_releases(world.storage, "shop")
    body = _edit(world, KEY, change)

    assert list_releases(world.storage, "shop") == before
    assert show_release(world.storage, "shop", "1.0.0", world.target).release.version == "1.0.0"
    with pytest.raises(Refused) as caught:
        perform(world.context, "shop", "halt", "1.0.0", world.target, reason="crashes")

    assert caught.value.rule == "newer_document"
    assert "Upgrade miniprogram" in str(caught.value.hint)
    assert world.store.get(KEY).body == body


def test_another_schema_is_not_guessed_at(world: Any) -> None:
    world.full("1.0.0")
    _edit(world, KEY, lambda document: document.update(schemaVersion=2))

    with pytest.raises(DocumentError, match="newer version") as caught:
        list_releases(world.storage, "shop")

    assert "Upgrade miniprogram" in str(caught.value.hint)


def test_members_and_tokens_of_a_newer_version_are_read(world: Any) -> None:
    add_member(world.context, "bob", [Grant(role=Role.REVIEWER)])
    _edit(world, SETTINGS, lambda document: document["members"][0].update(colour="red"))

    assert read_environment(world.storage).member("bob") is not None
    with pytest.raises(Refused, match=r"members\[0\]\.colour"):
        add_member(world.context, "eve", [Grant(role=Role.REVIEWER)])


def test_an_event_of_a_newer_version_keeps_its_hash(world: Any) -> None:
    world.full("1.0.0")
    assert verify_trail(world.storage, "shop").sound
    _edit(world, "metadata/audit/shop/000000000002.json", lambda event: event.update(colour="red"))

    assert [each.position for each in verify_trail(world.storage, "shop").findings] == [2], "the hash covers it"


json_values = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats() | st.text(st.characters(), max_size=20),
    lambda below: st.lists(below, max_size=4) | st.dictionaries(st.text(max_size=8), below, max_size=4),
    max_leaves=12,
)


@settings(max_examples=examples(150), deadline=None, suppress_health_check=list(HealthCheck))
@given(
    kind=st.sampled_from(["json", "string", "number", "boolean"]),
    value=json_values,
    title=st.text(st.characters(), max_size=12),
    leaf=st.lists(json_values, max_size=3),
)
def test_whatever_a_change_takes_everybody_can_read(
    world_over: Any, kind: str, value: Any, title: str, leaf: list[Any]
) -> None:
    world = world_over(MemoryObjectStore())
    perform(world.context, "shop", "create", "1.0.0", world.target)
    audience = {"any": [{"attribute": "custom.n", "operator": "in", "values": leaf}]}
    for change in (
        lambda: set_switch(world.context, "shop", {"key": "x", "type": kind, "default": value}),
        lambda: perform(world.context, "shop", "configure", "1.0.0", world.target, title=title, audience=audience),
    ):
        before = world.store.get(KEY).body
        try:
            change()
        except MiniProgramError:
            assert world.store.get(KEY).body == before
        document = require_releases(world.storage, "shop")
        if document.policy is not None:
            read_policy(document.policy)


DEEP: Any = 1
for _ in range(40):
    DEEP = [DEEP]


@pytest.mark.parametrize(
    "value", [float("nan"), float("inf"), 10**400, "\ud800", {"a": ["\udfff"]}, DEEP, "x" * 17_000],
    ids=["nan", "inf", "digits", "pair", "pair inside", "deep", "large"],
)  # fmt: skip
@pytest.mark.parametrize("where", ["default", "rules[0].value"])
def test_the_model_itself_refuses_what_cannot_be_kept(world: Any, value: Any, where: str) -> None:
    world.full("1.0.0")
    members = {"default": value} if where == "default" else {"default": 1, "rules": [{"value": value}]}

    with pytest.raises(Unacceptable, match=where.replace("[", r"\[").replace("]", r"\]")):
        set_switch(world.context, "shop", {"key": "x", "type": "json", **members})
