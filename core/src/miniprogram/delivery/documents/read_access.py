"""What keeps callers who know a version's address from getting round a program's restrictions.

Versioned manifests, screens and assets come without a context, so only what holds for every context is asked:
is the program offline, is the version switched off for everybody, and, when the request names its host in
`x-host-app`, is there any context in which that host would be served.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from miniprogram.delivery.documents.access_keys import HEADER, broken_policy, check_access
from miniprogram.delivery.documents.program_documents import ProgramDocuments
from miniprogram.delivery.evaluation.decide import broken_document, host_not_declared, withdrawn
from miniprogram.delivery.evaluation.errors import BrokenDocument
from miniprogram.delivery.evaluation.refusals import DELIVERY_ERROR, Refusal, not_found
from miniprogram.delivery.evaluation.rollout_rules import Rollout
from miniprogram.delivery.http.responses import ResponseBuilder

if TYPE_CHECKING:
    from miniprogram.delivery.evaluation.policy.model import ReleasePolicy


def refuse_without_key(program: ProgramDocuments, builder: ResponseBuilder) -> Refusal | None:
    """The answer to a caller who lacks the program's access key."""
    try:
        policy = program.access_policy()
    except BrokenDocument as error:
        return broken_policy(program.id, error)
    return check_access(
        program.id, policy, builder.header(HEADER), key_required=builder.profile.requires_access_keys
    )


def is_protected(program: ProgramDocuments, builder: ResponseBuilder) -> bool:
    """Whether only callers with a key get the program, so that shared caches must not keep it."""
    try:
        return builder.profile.requires_access_keys or program.access_policy() is not None
    except BrokenDocument:
        return True


def refuse_direct_read(program: ProgramDocuments, version: str, builder: ResponseBuilder) -> Refusal | None:
    """Why nobody, or not this host, may read files of `version` by their address."""
    if not builder.profile.strictness.direct_reads_obey_rules:
        return None
    if program.is_offline():
        return not_found(f"Mini-program {program.id} has no published version.")
    try:
        releases = program.release_policy()
        if releases is not None and version in releases.withdrawn:
            return withdrawn(program, version)
        if releases is not None and not releases.is_legacy_otherwise:
            return _refuse_by_releases(program, releases, version, builder)
        rollout = program.rollout()
    except BrokenDocument as error:
        return broken_document(program, error)
    return None if rollout is None else _refuse_by_rules(program, rollout, version, builder)


def _refuse_by_releases(
    program: ProgramDocuments, releases: ReleasePolicy, version: str, builder: ResponseBuilder
) -> Refusal | None:
    host_app = (builder.header("x-host-app") or "").strip()
    if not host_app or releases.serves_host(host_app):
        return None
    message = f"Mini-program {program.id} is not available for host {host_app}."
    details = {"miniProgramId": program.id, "hostApp": host_app, "resolvedVersion": version}
    return Refusal(412, "host_not_enabled", message, DELIVERY_ERROR, {**details, "decisionReason": "no_target"})


def _refuse_by_rules(
    program: ProgramDocuments, rollout: Rollout, version: str, builder: ResponseBuilder
) -> Refusal | None:
    if rollout.has_withdrawn(version):
        return withdrawn(program, version)
    host_app = (builder.header("x-host-app") or "").strip()
    if host_app and rollout.shuts_out(host_app):
        return host_not_declared(program, rollout, host_app, {"resolvedVersion": version})
    return None
