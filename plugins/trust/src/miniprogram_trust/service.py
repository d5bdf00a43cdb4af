"""The use cases: begin to sign, give a role other keys, sign again, withdraw, say how things stand."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from functools import partial
from typing import Any

from securesystemslib.signer import Key
from tuf.api.metadata import DelegatedRole, Delegations, Metadata, Root, Targets

from miniprogram.errors import UsageError
from miniprogram.seams.version_signing import VersionToSign
from miniprogram_trust import plans
from miniprogram_trust.errors import TrustError
from miniprogram_trust.repository import Repository, load
from miniprogram_trust.role_names import LIVES, LIVES_FIELD, ONLINE, TOP_LEVEL, expiry, role_of
from miniprogram_trust.signed_list import list_of
from miniprogram_trust.writing import Change, TooFewKeysError, Writer, unsigned


@dataclass(frozen=True)
class Beginning:
    """A repository to be made: the keys of each role, how many signatures, and how long they live, in days."""

    keys: Mapping[str, Sequence[Key]]
    """By role of the top level."""
    thresholds: Mapping[str, int]
    programs: Mapping[str, Sequence[Key]] = field(default_factory=dict)
    days: Mapping[str, int] = field(default_factory=dict)

    def root(self, now: datetime) -> Metadata[Root]:
        lives = {**LIVES, **self.days}
        root = Root(1, expires=now, consistent_snapshot=True, unrecognized_fields={LIVES_FIELD: lives})
        for role in TOP_LEVEL:
            threshold = self.thresholds.get(role, 1)
            plans.check_threshold(role, len({key.keyid for key in self.keys[role]}), threshold)
            plans.set_keys(root.keys, root.roles, role, self.keys[role], threshold)
        root.expires = expiry("root", root.unrecognized_fields, now)
        return Metadata(root)

    def targets(self, now: datetime) -> Metadata[Targets]:
        roles: dict[str, Any] = {}
        delegations = Delegations({}, roles)
        for program_id, keys in sorted(self.programs.items()):
            name = role_of(program_id)
            roles[name] = DelegatedRole(name, [], 1, terminating=True, paths=[f"{program_id}/*"])
            plans.set_keys(delegations.keys, roles, name, keys, 1)
        return Metadata(Targets(1, expires=now, delegations=delegations))


def begin(writer: Writer, beginning: Beginning, now: datetime) -> Metadata[Root]:
    """Write the first trust metadata. The root that hosts pin. Raises TrustError where there is some already."""
    root = beginning.root(now)
    writer.sign("root", root, root.signed)
    return writer.first(root, beginning.targets(now))


def rotate(writer: Writer, rotation: plans.Rotation) -> None:
    """Give a role other keys. Hosts follow by themselves, however far back the root lies that they pin.

    Where the old keys are at hand, what they vouch for is signed by old and new keys before the root moves, so no
    host finds a moment in which something is missing. Stolen keys sign nothing any more: the root moves first.
    """
    if not rotation.is_top_level:
        _require(writer.change(rotation.delegation), writer)
        return
    found = _require(load(writer.files, writer.pinned), writer)
    following = rotation.next_root(found)
    writer.sign("root", following, found.root, following.signed)
    if not following.signed.get_verification_result("root", following.signed_bytes, following.signatures):
        raise TrustError(
            "the new root needs signatures of its own keys too, and they are not at hand",
            hint="Name them with --signer, besides those of the root in force.",
        )
    if rotation.role == "root":
        writer.put_root(following)
        return
    if not rotation.stolen and writer.try_write(
        found, Change(_targets(found, rotation), True, next_root=following)
    ):
        writer.put_root(following)
        return
    writer.put_root(following)
    found.roots.append(following)
    starts = frozenset({rotation.role}) if rotation.stolen else frozenset()
    if not writer.write(found, Change(_targets(found, rotation), True, restarts=starts)):
        raise TrustError(
            "somebody else signed while the root moved", hint="Run `miniprogram trust sign --recover` now."
        )


def _targets(found: Repository, rotation: plans.Rotation) -> dict[str, Metadata[Targets]]:
    return {"targets": found.targets} if rotation.role == "targets" else {}


def sign_again(writer: Writer, renewal: plans.Renewal, *, recover: bool = False) -> None:
    """Sign what is due, as far as keys are at hand; the root last, since it needs to be seldom."""
    found = _require(writer.change(renewal, recover=recover), writer)
    if not renewal.root_is_due:
        return
    following = plans.same_keys(found, renewal.now)
    try:
        writer.sign("root", following, found.root)
    except TooFewKeysError:
        renewal.left.append("root")
        return
    writer.put_root(following)
    renewal.renewed.append("root")


def sign_version(writer: Writer, version: VersionToSign) -> bool:
    """Vouch for a version that is published. Whether anything was written."""
    _require(writer.change(partial(plans.sign_version, version=version, listed=list_of(version))), writer)
    return bool(writer.files.written)


def withdraw(writer: Writer, program_id: str, version: str) -> bool:
    """Vouch no longer for a version. Whether anybody did.

    Its lists go once the metadata without it is in force; cut off before, running it again removes them.
    """
    plan = partial(plans.withdraw_version, program_id=program_id, version=version)
    _require(writer.change(plan), writer)
    writer.files.remove_signed_versions(program_id, version)
    return bool(writer.files.written)


def read_days(texts: Sequence[str]) -> dict[str, int]:
    """`root=365` and the like. Raises UsageError for a role that is none, and a number that is no life."""
    days: dict[str, int] = {}
    for text in texts:
        role, _, number = text.partition("=")
        if role not in LIVES or not number.isdecimal() or not 1 <= int(number) <= 3650:
            raise UsageError(
                f"--days {text}: give a role and whole days up to 3650, such as {ONLINE[1]}=1",
                hint=f"Roles: {', '.join(LIVES)}.",
            )
        days[role] = int(number)
    return days


def _require(found: Repository | None, writer: Writer) -> Repository:
    if found is None:
        raise unsigned(writer.files)
    return found
