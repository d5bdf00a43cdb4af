"""What is to change in trust metadata: a version signed or withdrawn, what is due signed again, other keys."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any

from securesystemslib.signer import Key
from tuf.api.metadata import DelegatedRole, Delegations, Metadata, Role, Root, TargetFile, Targets

from miniprogram.errors import UsageError
from miniprogram.seams.version_signing import VersionToSign
from miniprogram_trust.errors import TrustError
from miniprogram_trust.keyring import Keyring
from miniprogram_trust.repository import Repository, copy_of
from miniprogram_trust.role_names import ONLINE, TOP_LEVEL, expiry, is_due, program_of, role_of, target_path
from miniprogram_trust.signed_list import ListBytes
from miniprogram_trust.writing import Change


def sign_version(found: Repository, version: VersionToSign, listed: ListBytes) -> Change | None:
    """Vouch for `version`. Raises TrustError when nobody may speak for its mini-program."""
    require_delegated(found, version.program_id)
    role, path = role_of(version.program_id), target_path(version.program_id, version.version)
    custom = {"version": version.version, "digest": version.digest}
    target = TargetFile(len(listed.body), {"sha256": listed.sha256}, path, {"custom": custom})
    stored = found.files.signed_version(version.program_id, version.version, listed.sha256)
    if found.signed_as(version.program_id, version.version) == target and stored == listed.body:
        return None
    changed = _role(found, role)
    changed.signed.targets[path] = target
    return Change(
        {role: changed},
        before=lambda: found.files.put_signed_version(version.program_id, version.version, listed.body),
    )


def withdraw_version(found: Repository, program_id: str, version: str) -> Change | None:
    """Vouch no longer for a version; None when nobody does."""
    require_delegated(found, program_id)
    if found.signed_as(program_id, version) is None:
        return None
    role = role_of(program_id)
    changed = _role(found, role)
    del changed.signed.targets[target_path(program_id, version)]
    return Change({role: changed})


@dataclass
class Renewal:
    """What is due is signed again, as far as keys are at hand; `left` is what is not."""

    keyring: Keyring
    now: datetime
    everything: bool = False
    recovers: bool = False
    renewed: list[str] = field(default_factory=list)
    left: list[str] = field(default_factory=list)
    root_is_due: bool = False
    """Told by the call. A root is not signed without need: hosts that slept load every one there ever was."""

    def __call__(self, found: Repository) -> Change | None:
        self.renewed.clear()
        self.left.clear()
        roles = {
            name: role
            for name, role in (("targets", found.targets), *found.roles.items())
            if self._due(found, name, role)
        }
        if not found.root.get_verification_result("targets", found.targets.signed_bytes, found.targets.signatures):
            roles["targets"] = found.targets  # signed for the root before: a rotation was cut off
        changed = {name: copy_of(role) for name, role in roles.items() if self._can(found, name)}
        self.left += sorted(set(roles) - set(changed))
        root = found.roots[-1].signed
        self.root_is_due = is_due("root", root.unrecognized_fields, root.expires, self.now)
        top = [name for name in ONLINE if self.recovers or self._due(found, name, getattr(found, name))]
        self.renewed += [*changed, *(ONLINE if changed else top)]
        return Change(changed, renew=True) if changed or top else None

    def _due(self, found: Repository, name: str, metadata: Metadata[Any]) -> bool:
        fields = found.root.unrecognized_fields
        return self.everything or is_due(name, fields, metadata.signed.expires, self.now)

    def _can(self, found: Repository, name: str) -> bool:
        by: Root | Targets = found.root if name == "targets" else found.targets.signed
        role = by.get_delegated_role(name)
        return len(set(role.keyids) & set(self.keyring.keys())) >= role.threshold


def same_keys(found: Repository, now: datetime) -> Metadata[Root]:
    """The root that follows the one in force with the same keys, unsigned."""
    following = copy_of(found.roots[-1])
    following.signed.version += 1
    following.signed.expires = expiry("root", following.signed.unrecognized_fields, now)
    return following


@dataclass(frozen=True)
class Rotation:
    """Other keys for a role. `stolen`: the old ones sign nothing any more, and counting begins anew."""

    role: str
    """One of the top level, or a mini-program's id."""
    keys: Sequence[Key]
    threshold: int
    now: datetime
    stolen: bool = False

    def __post_init__(self) -> None:
        check_threshold(self.role, len({key.keyid for key in self.keys}), self.threshold)

    @property
    def is_top_level(self) -> bool:
        return self.role in TOP_LEVEL

    def next_root(self, found: Repository) -> Metadata[Root]:
        """The root that follows the one in force, unsigned."""
        following = same_keys(found, self.now)
        root = following.signed
        set_keys(root.keys, root.roles, self.role, self.keys, self.threshold)
        return following

    def delegation(self, found: Repository) -> Change:
        """A mini-program's role with other keys, or its first."""
        role, targets = role_of(self.role), copy_of(found.targets)
        delegations = targets.signed.delegations or Delegations({}, {})
        roles: dict[str, Any] = dict(delegations.roles or {})
        roles[role] = DelegatedRole(role, [], self.threshold, terminating=True, paths=[f"{self.role}/*"])
        set_keys(delegations.keys, roles, role, self.keys, self.threshold)
        delegations.roles = roles
        targets.signed.delegations = delegations
        known = {role: _role(found, role)}
        return Change({**known, "targets": targets}, restarts=frozenset({role}) if self.stolen else frozenset())


def set_keys(
    known: dict[str, Key], roles: Mapping[str, Role], name: str, keys: Sequence[Key], threshold: int
) -> None:
    """Give the role `name` these keys, and forget those that nobody has any more."""
    role = roles[name]
    role.keyids, role.threshold = [key.keyid for key in keys], threshold
    known.update({key.keyid: key for key in keys})
    used = {key_id for each in roles.values() for key_id in each.keyids}
    for key_id in set(known) - used:
        del known[key_id]


def check_threshold(role: str, keys: int, threshold: int) -> None:
    """Raises UsageError when so many keys cannot give so many signatures."""
    if not 1 <= threshold <= keys:
        raise UsageError(
            f"{role}: {keys} key{'' if keys == 1 else 's'} cannot give {threshold} signatures",
            hint="Name more keys, or a lower --threshold, at least 1.",
        )


def require_delegated(found: Repository, program_id: str) -> None:
    """Raises TrustError when nobody may speak for a mini-program."""
    if found.delegated(program_id) is None:
        raise TrustError(
            f"nobody may sign {program_id} in {found.files.location}",
            hint=f"Whoever has the key of `targets` says who: `miniprogram trust rotate {program_id} --key URI`.",
        )


def _role(found: Repository, role: str) -> Metadata[Targets]:
    """A copy of a mini-program's role, or a first one."""
    known = found.roles.get(role)
    if known is not None:
        return copy_of(known)
    first = Metadata(Targets(1))
    first.signed.version = 0
    return first


def shown(role: str) -> str:
    """A role as people name it: a mini-program by its id."""
    return program_of(role) or role
