"""What the store knows that a command depends on: the target's rules, the package, what went before."""

from __future__ import annotations

import secrets

from miniprogram.attestations.stored_provenance import why_not_proven
from miniprogram.documents.environment_storage import EnvironmentStorage
from miniprogram.documents.published_versions import NotPublished, require_published
from miniprogram.errors import DocumentError
from miniprogram.identity.environment_document import EnvironmentDocument
from miniprogram.releases.model.document import ReleaseDocument
from miniprogram.releases.model.release import Release
from miniprogram.releases.state_machine.abilities import limits_of
from miniprogram.releases.state_machine.transition_input import NO_RELEASE, Command, LoadedInputs
from miniprogram.releases.storage.finished import finished_attempts
from miniprogram.releases.version_comparison import widened_by
from miniprogram.targets import AppEnvironment

SALT_BYTES = 8
PROVEN_VERBS = frozenset({"apply", "approve"})
"""Verbs that let a version further towards users, each asked for provenance where a target demands it."""


def load_inputs(
    storage: EnvironmentStorage, settings: EnvironmentDocument, document: ReleaseDocument, command: Command
) -> LoadedInputs:
    """The facts for `command`. Raises StoreError, or DocumentError for a broken document."""
    environment = settings.rules_of(command.target)
    earlier = last_attempt(storage, document, command.version, command)
    destination = _destination(storage, document, command) if command.verb == "rollback" else None
    below = last_attempt(storage, document, destination.replaced, command) if destination else None
    about = destination.version if destination else command.version
    applied = document.live(command.version, command.target) if command.verb == "apply" else None
    digest = package_digest(storage, document.mini_program_id, about)
    asks_more = applied is not None and environment is not None and environment.extra_reviewers > 0
    return LoadedInputs(
        environment=environment,
        package_digest=digest,
        earlier=earlier,
        destination=destination,
        below=below,
        cannot=limits_of(environment, storage.cannot),
        widened=widened_by(storage, document, applied) if applied is not None and asks_more else (),
        unproven=_unproven(storage, document, command, environment, digest),
        salt=secrets.token_hex(SALT_BYTES),
    )


def _unproven(
    storage: EnvironmentStorage,
    document: ReleaseDocument,
    command: Command,
    environment: AppEnvironment | None,
    digest: str | None,
) -> str | None:
    """Why the version has not the provenance its target demands, for the verbs that let it further."""
    demanded = environment.provenance_keys if environment is not None else ()
    if command.verb not in PROVEN_VERBS or not demanded:
        return None
    return why_not_proven(storage, document.mini_program_id, command.version, digest, demanded)


def last_attempt(
    storage: EnvironmentStorage, document: ReleaseDocument, version: str | None, command: Command
) -> Release | None:
    """The last finished attempt at `version` on the command's target."""
    attempts = finished_attempts(storage, document, version, command.target) if version else []
    return attempts[-1] if attempts else None


def package_digest(storage: EnvironmentStorage, program_id: str, version: str) -> str | None:
    """Digest of a published version; None when it is not published, unfinished, or has lost its manifest."""
    try:
        return require_published(storage, program_id, version).digest
    except (NotPublished, DocumentError):
        return None


def _destination(storage: EnvironmentStorage, document: ReleaseDocument, command: Command) -> Release | None:
    if command.destination in NO_RELEASE:
        return None
    full = document.full(command.target)
    fallback = document.fallback(command.target)
    version = command.destination or (fallback.version if fallback else full.replaced if full else None)
    return last_attempt(storage, document, version, command)
