"""An environment's own document that nobody can read goes back to its last good revision."""

from __future__ import annotations

import json
import stat
from pathlib import Path
from typing import Any

import pytest

from miniprogram.documents.environment_storage import EnvironmentStorage
from miniprogram.errors import DocumentError
from miniprogram.identity.command_context import CommandContext
from miniprogram.identity.environment_document import EnvironmentDocument, environment_documents, read_environment
from miniprogram.identity.host_apps import add_app
from miniprogram.identity.members import add_member
from miniprogram.identity.repair import examine_environment, repair_environment
from miniprogram.identity.roles import Actor, Grant, Role, store_owner
from miniprogram.identity.tokens import authenticate, create_token, revoke_token
from miniprogram.refusals import Denied, NotFound, Refused, Unacceptable
from miniprogram.releases.queries.history import history, verify_trail
from miniprogram.stores.filesystem import FilesystemObjectStore
from miniprogram.stores.memory import MemoryObjectStore
from miniprogram.testing import NOON

KEY = "metadata/admin/environment.json"
COPY = "metadata/admin/last_good.json"


@pytest.fixture
def context() -> CommandContext:
    storage = EnvironmentStorage(MemoryObjectStore(), environment="team")
    made = CommandContext(storage, store_owner("ann"), NOON)
    add_app(made, "wallet")
    add_member(made, "olga", [Grant(role=Role.OPERATOR)])
    return made


def _edit(body: bytes, **members: Any) -> bytes:
    return json.dumps({**json.loads(body), **members}).encode()


BROKEN = {
    "cut": lambda body: body[: len(body) // 2],
    "no json": lambda _body: b"<html>gone</html>",
    "empty": lambda _body: b"",
    "a list": lambda _body: b"[]",
    "a key twice": lambda body: body.replace(b'"revision"', b'"revision": 1, "revision"', 1),
    "a role nobody knows": lambda body: body.replace(b'"operator"', b'"emperor"', 1),
    "no trail": lambda body: _edit(body, trail=None),
}


def _break(context: CommandContext, how: Any) -> None:
    found = context.storage.store.get(KEY)
    assert found is not None
    context.storage.store.put(KEY, how(found.body))


def _answers(context: CommandContext) -> EnvironmentDocument:
    return read_environment(context.storage)


@pytest.mark.parametrize("how", BROKEN.values(), ids=BROKEN)
def test_the_last_good_revision_comes_back(context: CommandContext, how: Any) -> None:
    token = create_token(context, "olga").token
    before = _answers(context)
    _break(context, how)
    with pytest.raises(DocumentError) as caught:
        _answers(context)
    assert caught.value.hint == "`env repair` says what can be restored."

    found = examine_environment(context.storage)
    assert (bool(found.problem), found.offered_revision, found.loses) == (True, before.revision, ())
    report = repair_environment(context, reason="the disk failed")

    after = _answers(context)
    assert (report.revision, after.revision) == (before.revision + 1, before.revision + 1)
    assert (after.apps, after.members, after.tokens) == (before.apps, before.members, before.tokens)
    assert authenticate(context.storage, token, now=NOON).name == "olga"
    assert verify_trail(context.storage, None).sound
    last = history(context.storage, None).events[0]
    assert (last.command, last.reason, last.details["restoredRevision"]) == (
        "env repair", "the disk failed", before.revision,
    )  # fmt: skip


def test_what_was_done_after_the_copy_is_named(context: CommandContext) -> None:
    """Whoever crashed between a change and its copy left an older one: what it lacks may be a brake."""
    made = create_token(context, "olga")
    old = context.storage.store.get(COPY)
    assert old is not None
    revoke_token(context, made.id, reason="lost")
    context.storage.store.put(COPY, old.body)
    _break(context, BROKEN["cut"])

    found = examine_environment(context.storage)
    report = repair_environment(context, reason="the disk failed")

    assert found.loses == report.loses == (f"token revoke {made.id}",)
    assert _answers(context).revision == report.revision == (found.offered_revision or 0) + 2
    assert verify_trail(context.storage, None).sound


def test_a_document_that_can_be_read_is_left_alone(context: CommandContext) -> None:
    before = context.storage.store.get(KEY)
    assert examine_environment(context.storage).problem is None
    with pytest.raises(Refused, match="can be read"):
        repair_environment(context, reason="just in case")
    assert context.storage.store.get(KEY) == before


@pytest.mark.parametrize(
    ("prepare", "error"),
    [
        (lambda c: _break(c, lambda body: _edit(body, schemaVersion=2)), DocumentError),
        (lambda c: (_break(c, BROKEN["cut"]), c.storage.store.delete(COPY)), Refused),
        (lambda c: c.storage.store.delete(KEY), NotFound),
    ],
    ids=["newer", "no copy", "nothing there"],
)
def test_what_cannot_be_restored_is_left_alone(
    context: CommandContext, prepare: Any, error: type[Exception]
) -> None:
    prepare(context)
    before = context.storage.store.get(KEY)
    with pytest.raises(error):
        repair_environment(context, reason="the disk failed")
    assert context.storage.store.get(KEY) == before


def test_a_repair_needs_a_reason_and_an_admin(context: CommandContext) -> None:
    _break(context, BROKEN["cut"])
    with pytest.raises(Unacceptable, match="reason"):
        repair_environment(context, reason=" ")
    somebody = Actor(name="olga", grants=(Grant(role=Role.OPERATOR),), authenticated=True, via="api")
    with pytest.raises(Denied):
        repair_environment(CommandContext(context.storage, somebody, NOON), reason="mine")


def test_the_copy_is_for_the_owner_alone(tmp_path: Path) -> None:
    keys = EnvironmentStorage(MemoryObjectStore()).keys
    storage = EnvironmentStorage(FilesystemObjectStore(tmp_path, is_private=keys.is_private), environment="team")
    add_app(CommandContext(storage, store_owner("ann"), NOON), "wallet")

    modes = {path.name: stat.S_IMODE(path.stat().st_mode) for path in (tmp_path / "metadata/admin").iterdir()}
    assert modes == {"environment.json": 0o600, "last_good.json": 0o600}
    assert environment_documents(storage).read() is not None
