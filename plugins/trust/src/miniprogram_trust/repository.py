"""The trust metadata of a store as it stands, verified from the root on.

Whoever signs builds on what is there, so nothing unverified may be among it: a thief of the store alone must not
get words of his signed by us. What has expired still counts here, since it is about to be signed again.
"""

from __future__ import annotations

import hashlib
from collections.abc import Iterator
from copy import deepcopy
from dataclasses import dataclass, field
from typing import Any, TypeVar

from tuf.api.metadata import (
    DelegatedRole,
    Delegations,
    Metadata,
    MetaFile,
    Root,
    Snapshot,
    TargetFile,
    Targets,
    Timestamp,
)

from miniprogram.seams.object_store import StoredObject
from miniprogram_trust.errors import TrustError, tuf_errors
from miniprogram_trust.files import TrustFiles
from miniprogram_trust.role_names import program_of, role_of, target_path

S = TypeVar("S", Root, Targets, Snapshot, Timestamp)
MOST_ROOTS = 256


@dataclass
class Repository:
    """What was verified. `stored` is the time stamp as it was read, None before there is one."""

    files: TrustFiles
    roots: list[Metadata[Root]]
    """The newest last."""
    targets: Metadata[Targets]
    snapshot: Metadata[Snapshot]
    timestamp: Metadata[Timestamp]
    stored: StoredObject | None
    roles: dict[str, Metadata[Targets]] = field(default_factory=dict)
    """Delegated roles, by name, as far as the snapshot lists them."""

    @property
    def root(self) -> Root:
        return self.roots[-1].signed

    @property
    def delegations(self) -> Delegations:
        return self.targets.signed.delegations or Delegations({}, {})

    def delegated(self, program_id: str) -> DelegatedRole | None:
        """Who may speak for a mini-program; None when nobody may."""
        found = (self.delegations.roles or {}).get(role_of(program_id))
        return found if isinstance(found, DelegatedRole) else None

    def signed_as(self, program_id: str, version: str) -> TargetFile | None:
        """What is signed of a version; None when it is not."""
        role = self.roles.get(role_of(program_id))
        return role.signed.targets.get(target_path(program_id, version)) if role is not None else None

    def programs(self) -> Iterator[tuple[str, Metadata[Targets] | None]]:
        """The mini-programs somebody may speak for, and what was said."""
        for name in sorted(self.delegations.roles or {}):
            program_id = program_of(name)
            if program_id is not None:
                yield program_id, self.roles.get(name)


def load(files: TrustFiles, pinned: bytes | None = None, *, recover: bool = False) -> Repository | None:
    """The metadata of a store; None when it has none.

    `pinned` is the root to begin with; else the store's first, which only says that the store agrees with itself.
    With `recover` the keys of the root before the newest count too, as after a rotation that was cut off before
    everything was signed with the new keys.

    Raises TrustError for what cannot be trusted.
    """
    stored = files.timestamp()
    roots = _roots(files, pinned)
    if stored is None and not roots:
        return None
    if not roots:
        raise TrustError(f"{files.location} has a time stamp of trust metadata and no root")
    if stored is None:
        raise TrustError(
            f"the time stamp of the trust metadata in {files.location} is gone",
            hint="Put it back from a copy of the store; where it never was, run `miniprogram trust init` again.",
        )
    with tuf_errors(f"the trust metadata in {files.location}"):
        return _verified(files, roots, stored, recover=recover)


def _verified(
    files: TrustFiles, roots: list[Metadata[Root]], stored: StoredObject, *, recover: bool
) -> Repository:
    trusted = roots[-2:] if recover else roots[-1:]
    timestamp: Metadata[Timestamp] = Metadata.from_bytes(stored.body)
    snapshot_file = timestamp.signed.snapshot_meta
    snapshot: Metadata[Snapshot] = Metadata.from_bytes(_body(files, "snapshot", snapshot_file))
    _require_one(trusted, "timestamp", timestamp)
    _require_one(trusted, "snapshot", snapshot)
    listed = snapshot.signed.meta
    targets: Metadata[Targets] = Metadata.from_bytes(_body(files, "targets", listed["targets.json"]))
    _require_one(trusted, "targets", targets)
    found = Repository(files, roots, targets, snapshot, timestamp, stored)
    for name in found.delegations.roles or {}:
        meta = listed.get(f"{name}.json")
        if meta is not None:
            role: Metadata[Targets] = Metadata.from_bytes(_body(files, name, meta))
            _require(targets.signed, name, role)
            found.roles[name] = role
    return found


def _roots(files: TrustFiles, pinned: bytes | None) -> list[Metadata[Root]]:
    body = pinned if pinned is not None else files.metadata("root", 1)
    if body is None:
        return []
    with tuf_errors("the root to begin with"):
        first: Metadata[Root] = Metadata.from_bytes(body)
        _require(first.signed, "root", first)
    roots = [first]
    while len(roots) <= MOST_ROOTS:
        number = roots[-1].signed.version + 1
        next_body = files.metadata("root", number)
        if next_body is None:
            return roots
        with tuf_errors(f"root {number} in {files.location}"):
            following: Metadata[Root] = Metadata.from_bytes(next_body)
            _require(roots[-1].signed, "root", following)
            _require(following.signed, "root", following)
        if following.signed.version != number:
            raise TrustError(f"root {number} in {files.location} says that it is {following.signed.version}")
        roots.append(following)
    raise TrustError(f"{files.location} has more than {MOST_ROOTS} roots after the one to begin with")


def _require(by: Root | Targets, role: str, metadata: Metadata[Any]) -> None:
    wanted = role if role in {"root", "timestamp", "snapshot"} else "targets"
    if metadata.signed.type != wanted:
        raise TrustError(f"what should be the {role} is of the type {metadata.signed.type}")
    by.verify_delegate(role, metadata.signed_bytes, metadata.signatures)


def _require_one(roots: list[Metadata[Root]], role: str, metadata: Metadata[Any]) -> None:
    """Verify metadata of the top level with one of `roots`."""
    *others, newest = roots
    for root in others:
        if root.signed.get_verification_result(role, metadata.signed_bytes, metadata.signatures):
            return
    _require(newest.signed, role, metadata)


def _body(files: TrustFiles, role: str, meta: MetaFile) -> bytes:
    body = files.metadata(role, meta.version)
    if body is None:
        raise TrustError(f"{meta.version}.{role}.json is gone from {files.location}, and it is what counts")
    meta.verify_length_and_hashes(body)
    return body


def copy_of(metadata: Metadata[S]) -> Metadata[S]:
    """A copy to be changed and signed."""
    return deepcopy(metadata)


def meta_file(number: int, body: bytes) -> MetaFile:
    """How a snapshot or time stamp lists a file."""
    return MetaFile(number, len(body), {"sha256": hashlib.sha256(body).hexdigest()})
