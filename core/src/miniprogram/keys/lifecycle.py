"""Create, revoke and rotate keys: one compare-and-swap each, so concurrent changes lose nothing."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import UTC, datetime
from typing import Any

from miniprogram.clock import to_iso
from miniprogram.delivery.documents.contents.access_keys import digest_of
from miniprogram.delivery.documents.kinds import ACCESS_KEYS
from miniprogram.documents.json_documents import change_document, read_document
from miniprogram.errors import MiniProgramError
from miniprogram.keys.policy import KeyEntry, KeyPolicy, parse_policy
from miniprogram.seams.object_store import ObjectStore


@dataclass(frozen=True, slots=True)
class PolicyLocation:
    """Where the keys of a mini-program are stored."""

    store: ObjectStore
    key: str
    program_id: str


@dataclass(frozen=True, slots=True)
class NewKey:
    """A key as it is shown once. `first` tells that it is the one that made the mini-program protected."""

    key_id: str
    key: str = field(repr=False)
    first: bool = False


def read_policy(location: PolicyLocation) -> KeyPolicy | None:
    """The stored policy, or None when the mini-program has none."""
    document = read_document(location.store, location.key)
    return None if document is None else parse_policy(document, program_id=location.program_id, name=location.key)


def create_key(location: PolicyLocation, key_id: str, key: str, *, now: datetime) -> NewKey:
    """Store the hash of `key` under `key_id`. The first key makes the mini-program protected at once.

    Raises MiniProgramError when the id or the key was ever used here: a revoked key must stay revoked.
    """
    first = False

    def add(policy: KeyPolicy) -> KeyPolicy:
        nonlocal first
        first = not policy.keys
        _refuse_used(policy, key_id, key)
        return policy.with_keys(*policy.keys, _entry(key_id, key, now))

    _change(location, add, now)
    return NewKey(key_id, key, first)


def revoke_key(location: PolicyLocation, key_id: str, *, now: datetime) -> KeyPolicy:
    """Make every entry called `key_id` useless, and keep it as a record. Repeating is fine.

    Raises MiniProgramError when there is none. Without another active key nobody can load the program.
    """

    def revoke(policy: KeyPolicy) -> KeyPolicy:
        return _revoked(policy, key_id, location, to_iso(now))

    return _change(location, revoke, now)


def rotate_key(location: PolicyLocation, key_id: str, *, new_id: str | None, key: str, now: datetime) -> NewKey:
    """Revoke `key_id` and store `key` under `new_id` in one write.

    `new_id` defaults to the old one with the time, `shop-20300102030405`. Raises MiniProgramError when the
    old id is not there, or the new one was ever used.
    """
    chosen = new_id or f"{key_id}-{now.astimezone(UTC):%Y%m%d%H%M%S}"
    if chosen == key_id:
        raise MiniProgramError(f"the new key needs another id than {key_id!r}")

    def rotate(policy: KeyPolicy) -> KeyPolicy:
        without = _revoked(policy, key_id, location, to_iso(now))
        _refuse_used(without, chosen, key)
        return without.with_keys(*without.keys, _entry(chosen, key, now))

    _change(location, rotate, now)
    return NewKey(chosen, key)


def _change(location: PolicyLocation, change: Callable[[KeyPolicy], KeyPolicy], now: datetime) -> KeyPolicy:
    changed = KeyPolicy(location.program_id)

    def document(found: dict[str, Any] | None) -> dict[str, Any]:
        nonlocal changed
        changed = change(parse_policy(found, program_id=location.program_id, name=location.key))
        return changed.to_document(to_iso(now))

    change_document(location.store, ACCESS_KEYS, location.key, document)
    return changed


def _entry(key_id: str, key: str, now: datetime) -> KeyEntry:
    return KeyEntry(key_id, digest_of(key), created_at=to_iso(now), updated_at=to_iso(now))


def _revoked(policy: KeyPolicy, key_id: str, location: PolicyLocation, now: str) -> KeyPolicy:
    if all(entry.id != key_id for entry in policy.keys):
        known = ", ".join(sorted({entry.id for entry in policy.keys})) or "none"
        raise MiniProgramError(f"{location.program_id} has no access key {key_id!r}; its keys: {known}")
    # an entry that is revoked already keeps its times; older documents may hold an active one of the same id
    return policy.with_keys(
        *(entry.revoked(now) if entry.id == key_id and entry.active else entry for entry in policy.keys)
    )


def _refuse_used(policy: KeyPolicy, key_id: str, key: str) -> None:
    same = [entry for entry in policy.keys if entry.id == key_id]
    if any(entry.active for entry in same):
        raise MiniProgramError(
            f"{policy.program_id} has an active access key {key_id!r} already",
            hint="Choose another --key-id, or replace the key with `access-key rotate`.",
        )
    if same:
        raise MiniProgramError(
            f"the access key {key_id!r} of {policy.program_id} was revoked, and its id is not given again",
            hint=f"Choose another --key-id, such as {_free_id(policy, key_id)}.",
        )
    digest = digest_of(key)
    twin = next((entry for entry in policy.keys if entry.sha256 == digest), None)
    if twin is not None:
        raise MiniProgramError(f"this very key was stored before, as {twin.id!r}; choose another key")


def _free_id(policy: KeyPolicy, key_id: str) -> str:
    used = {entry.id for entry in policy.keys}
    return next(name for number in range(2, len(used) + 3) if (name := f"{key_id}-{number}") not in used)
