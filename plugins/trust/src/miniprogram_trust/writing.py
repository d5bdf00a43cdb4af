"""Write trust metadata so that hosts always find a whole: what is named first, what names it after that.

Delegated roles and targets, then the snapshot, then the time stamp by compare-and-swap. A crash before that leaves
files that nothing names. Of two who sign at once, the second reads again and builds on what the first wrote.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any, NamedTuple

from tuf.api.metadata import Metadata, Root, Snapshot, Targets, Timestamp

from miniprogram.stores.backoff import Backoff
from miniprogram_trust.errors import TrustError
from miniprogram_trust.files import TrustFiles
from miniprogram_trust.keyring import Keyring
from miniprogram_trust.repository import Repository, copy_of, load, meta_file
from miniprogram_trust.role_names import expiry


@dataclass
class Change:
    """What is to be written next. Nothing in it: nothing is written."""

    roles: dict[str, Metadata[Targets]] = field(default_factory=dict)
    """Delegated roles and `targets`, by name, changed."""
    renew: bool = False
    """Whether the snapshot and the time stamp are signed again though nothing else changed."""
    before: Callable[[], object] | None = None
    """What has to be there before anything names it."""
    next_root: Metadata[Root] | None = None
    """The root that will hold afterwards: what is written is signed for both, as far as keys are at hand."""
    restarts: frozenset[str] = frozenset()
    """Roles that begin to count at one again: a thief may have counted far ahead."""


Plan = Callable[[Repository], Change | None]
"""Given what is stored, what to change; None when all is well. Called again when somebody else was faster."""


class Signers(NamedTuple):
    """Who says whose signatures count."""

    by: Root | Targets
    """As it must be signed."""
    also: Root | Targets
    """As it is signed too, as far as keys are at hand."""
    root: Root
    """Says how long what is signed lives."""


class Writer:
    """Signs with the keys of `keyring`, as of `now`."""

    def __init__(self, files: TrustFiles, keyring: Keyring, now: datetime, *, pinned: bytes | None = None) -> None:
        self.files, self.pinned, self._keyring, self._now = files, pinned, keyring, now

    def change(self, plan: Plan, *, recover: bool = False) -> Repository | None:
        """Have the store be as `plan` wants it. What it changed from; None when it has no trust metadata.

        Raises TrustError when keys are missing; the store then says what it said before.
        """
        backoff = Backoff(f"{self.files.location}: trust metadata")
        while True:
            found = load(self.files, self.pinned, recover=recover)
            if found is None:
                return None
            wanted = plan(found)
            if wanted is None or self.write(found, wanted):
                return found
            backoff.pause()

    def look(self) -> Repository:
        """The metadata as it stands, verified. Raises TrustError where there is none."""
        found = load(self.files, self.pinned)
        if found is None:
            raise unsigned(self.files)
        return found

    def write(self, found: Repository, wanted: Change) -> bool:
        """Whether it was written; False when somebody else wrote since `found` was read."""
        if wanted.before is not None:
            wanted.before()
        root, after = found.root, wanted.next_root.signed if wanted.next_root else found.root
        snapshot = copy_of(found.snapshot)
        for name, role in _parents_last(wanted.roles):
            parent = root if name == "targets" else wanted.roles.get("targets", found.targets).signed
            signers = Signers(parent, after if name == "targets" else parent, after)
            body = self._put(name, role, signers, wanted)
            snapshot.signed.meta[f"{name}.json"] = meta_file(role.signed.version, body)
        snapshot_body = self._put("snapshot", snapshot, Signers(root, after, after), wanted)
        return self._put_timestamp(found, snapshot, snapshot_body, after, wanted)

    def try_write(self, found: Repository, wanted: Change) -> bool:
        """As `write`; False also when keys of the root in force are missing: nothing that counts was written."""
        try:
            return self.write(found, wanted)
        except TooFewKeysError:
            return False

    def put_root(self, root: Metadata[Root]) -> None:
        """Write a signed root, the next one. Raises TrustError when somebody else was faster."""
        if not self.files.put_metadata("root", root.signed.version, root.to_bytes()):
            raise TrustError(
                f"somebody else wrote root {root.signed.version} to {self.files.location}",
                hint="Look at it with `miniprogram trust list`, then run this again.",
            )

    def first(self, root: Metadata[Root], targets: Metadata[Targets]) -> Metadata[Root]:
        """Write a repository where there is none; the root that holds, which an attempt before may have left.

        Raises TrustError when there is one, or somebody else is making it.
        """
        files = self.files
        if files.timestamp() is not None:
            raise TrustError(f"versions in {files.location} are signed already", hint="Keys change with `rotate`.")
        root = self._first_root(root)
        signed, wanted = root.signed, Change()
        targets.signed.version = 0
        snapshot = Metadata(Snapshot(1))
        snapshot.signed.version = 0
        body = self._put("targets", targets, Signers(signed, signed, signed), wanted)
        snapshot.signed.meta["targets.json"] = meta_file(targets.signed.version, body)
        body = self._put("snapshot", snapshot, Signers(signed, signed, signed), wanted)
        listed = meta_file(snapshot.signed.version, body)
        expires = expiry("timestamp", signed.unrecognized_fields, self._now)
        timestamp = Metadata(Timestamp(1, expires=expires, snapshot_meta=listed))
        self.sign("timestamp", timestamp, signed)
        if not files.put_timestamp(timestamp.to_bytes(), None):
            raise TrustError(f"somebody else began to sign {files.location} at the same time")
        return root

    def _first_root(self, root: Metadata[Root]) -> Metadata[Root]:
        if self.files.put_metadata("root", 1, root.to_bytes()):
            return root
        left: Metadata[Root] = Metadata.from_bytes(self.files.metadata("root", 1) or b"")
        if (left.signed.roles, left.signed.keys) == (root.signed.roles, root.signed.keys):
            return left
        raise TrustError(
            f"an attempt before left a root with other keys in {self.files.location}",
            hint="If no host pins it, delete the folder of the trust metadata there, then run this again.",
        )

    def sign(
        self, role: str, metadata: Metadata[Any], by: Root | Targets, also: Root | Targets | None = None
    ) -> None:
        """Sign `metadata` for `role` as `by` wants it, and for `also` as far as keys are at hand.

        Raises TrustError when too few keys are at hand.
        """
        wanted = by.get_delegated_role(role)
        others = also.get_delegated_role(role).keyids if also is not None else []
        self._keyring.sign(metadata, [*wanted.keyids, *others])
        result = by.get_verification_result(role, metadata.signed_bytes, metadata.signatures)
        if not result:
            raise too_few(role, len(result.signed), wanted.threshold)

    def _put(self, name: str, metadata: Metadata[Any], signers: Signers, wanted: Change) -> bytes:
        metadata.signed.expires = expiry(name, signers.root.unrecognized_fields, self._now)
        for number in self.files.free_numbers(0 if name in wanted.restarts else metadata.signed.version):
            metadata.signed.version = number
            self.sign(name, metadata, signers.by, signers.also)
            body = metadata.to_bytes()
            if self.files.put_metadata(name, number, body):
                return body
        raise TrustError(f"no number is left for {name} in {self.files.location}")

    def _put_timestamp(
        self, found: Repository, snapshot: Metadata[Snapshot], body: bytes, after: Root, wanted: Change
    ) -> bool:
        timestamp = copy_of(found.timestamp)
        timestamp.signed.version = 1 if "timestamp" in wanted.restarts else timestamp.signed.version + 1
        timestamp.signed.expires = expiry("timestamp", after.unrecognized_fields, self._now)
        timestamp.signed.snapshot_meta = meta_file(snapshot.signed.version, body)
        self.sign("timestamp", timestamp, found.root, after)
        return self.files.put_timestamp(timestamp.to_bytes(), found.stored)


def unsigned(files: TrustFiles) -> TrustError:
    """Why nothing can be said of a store."""
    return TrustError(
        f"versions in {files.location} are not signed", hint="`miniprogram trust init` begins to sign them."
    )


class TooFewKeysError(TrustError):
    """Something was not signed for want of keys."""


def too_few(role: str, signed: int, threshold: int) -> TooFewKeysError:
    """Why `role` was not signed."""
    return TooFewKeysError(
        f"{role} needs {threshold} signature{'s' if threshold > 1 else ''}, and the keys at hand give {signed}",
        hint="Name keys that may sign with --signer, in MINIPROGRAM_SIGNERS or in miniprogram.toml below [trust]; "
        "`miniprogram trust list` shows which may.",
    )


def _parents_last(roles: dict[str, Metadata[Targets]]) -> Iterable[tuple[str, Metadata[Targets]]]:
    return sorted(roles.items(), key=lambda item: item[0] == "targets")
