"""What keeps callers who know a version's address from getting round a program's restrictions.

Versioned manifests, screens and assets come without a context, so only what holds for every context is asked:
is the program offline, is the version switched off for everybody, and, when the request names its host in
`x-host-app`, is there any context in which that host would be served.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Protocol

from miniprogram.delivery.documents.contents.access_keys import AccessPolicy, broken_policy, check_access
from miniprogram.delivery.documents.profile import Profile
from miniprogram.delivery.documents.program_documents import ProgramDocuments
from miniprogram.delivery.evaluation.errors import BrokenDocument
from miniprogram.delivery.evaluation.refusals import DELIVERY_ERROR, Refusal, not_found
from miniprogram.delivery.evaluation.verdicts import broken_document, host_not_declared, withdrawn

if TYPE_CHECKING:
    from miniprogram.delivery.evaluation.policy.model import ReleasePolicy
    from miniprogram.delivery.evaluation.rules.rollout_rules import Rollout


class Keyed(Protocol):
    """A program that may have access keys. Raises BrokenDocument when they cannot be read."""

    @property
    def id(self) -> str: ...

    def access_policy(self) -> AccessPolicy | None: ...


def refuse_without_key(program: Keyed, profile: Profile, presented: str | None) -> Refusal | None:
    """The answer to a caller who lacks the program's access key. `presented`: the key sent, if any."""
    try:
        policy = program.access_policy()
    except BrokenDocument as error:
        return broken_policy(program.id, error)
    return check_access(program.id, policy, presented, key_required=profile.requires_access_keys)


def is_protected(program: ProgramDocuments, profile: Profile) -> bool:
    """Whether only callers with a key get the program, so that shared caches must not keep it."""
    try:
        return profile.requires_access_keys or program.access_policy() is not None
    except BrokenDocument:
        return True


def refuse_direct_read(program: ProgramDocuments, version: str, profile: Profile, host_app: str) -> Refusal | None:
    """Why nobody, or not this host (blank if unknown), may read files of `version` by their address."""
    if not profile.strictness.direct_reads_obey_rules:
        return None
    if program.is_offline():
        return not_found(f"Mini-program {program.id} has no published version.")
    try:
        releases = program.release_policy()
        if releases is not None and version in releases.withdrawn:
            return withdrawn(program.id, version)
        if releases is not None and not releases.is_legacy_otherwise:
            return _refuse_by_releases(program.id, releases, version, host_app)
        rollout = program.rollout()
    except BrokenDocument as error:
        return broken_document(program.id, error)
    return None if rollout is None else _refuse_by_rules(program.id, rollout, version, host_app)


def _refuse_by_releases(program_id: str, releases: ReleasePolicy, version: str, host_app: str) -> Refusal | None:
    if not host_app or releases.serves_host(host_app):
        return None
    message = f"Mini-program {program_id} is not available for host {host_app}."
    details = {"miniProgramId": program_id, "hostApp": host_app, "resolvedVersion": version}
    return Refusal(412, "host_not_enabled", message, DELIVERY_ERROR, {**details, "decisionReason": "no_target"})


def _refuse_by_rules(program_id: str, rollout: Rollout, version: str, host_app: str) -> Refusal | None:
    if rollout.has_withdrawn(version):
        return withdrawn(program_id, version)
    if host_app and rollout.shuts_out(host_app):
        return host_not_declared(program_id, rollout, host_app, {"resolvedVersion": version})
    return None
