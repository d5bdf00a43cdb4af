"""What the store knows that a command depends on: the target's rules, the package, what went before."""

from __future__ import annotations

import secrets
from typing import Any

from miniprogram.documents import parse_json, require_object
from miniprogram.errors import DocumentError
from miniprogram.publish.release_record import read_record
from miniprogram.releases.abilities import limits_of
from miniprogram.releases.command import NO_VERSION, Command, Facts
from miniprogram.releases.document import ReleaseDocument
from miniprogram.releases.environment_document import EnvironmentDocument
from miniprogram.releases.place import ReleasePlace
from miniprogram.releases.release import Release
from miniprogram.releases.release_store import finished_attempts

SALT_BYTES = 8


def gather(
    place: ReleasePlace, settings: EnvironmentDocument, document: ReleaseDocument, command: Command
) -> Facts:
    """The facts for `command`. Raises StoreError, or DocumentError for a broken document."""
    environment = settings.rules_of(command.target)
    earlier = last_attempt(place, document, command.version, command)
    destination = _destination(place, document, command) if command.verb == "rollback" else None
    below = last_attempt(place, document, destination.replaced, command) if destination else None
    about = destination.version if destination else command.version
    return Facts(
        environment=environment,
        package_digest=package_digest(place, document.mini_program_id, about),
        earlier=earlier,
        destination=destination,
        below=below,
        cannot=limits_of(environment, place.cannot),
        salt=secrets.token_hex(SALT_BYTES),
    )


def last_attempt(
    place: ReleasePlace, document: ReleaseDocument, version: str | None, command: Command
) -> Release | None:
    """The last finished attempt at `version` on the command's target."""
    attempts = finished_attempts(place, document, version, command.target) if version else []
    return attempts[-1] if attempts else None


def package_digest(place: ReleasePlace, program_id: str, version: str) -> str | None:
    """Digest of a published version; None when it is not published, unfinished, or has lost its manifest."""
    key = place.published(program_id, version)
    found = place.store.get(key)
    if found is None:
        return None
    record = read_record(found.body)
    if record is None or not record.finished:
        return None
    manifest = _manifest_key(found.body, key)
    if manifest is None or place.store.get(manifest) is None:
        return None
    return record.digest or found.etag


def _manifest_key(body: bytes, key: str) -> str | None:
    try:
        members: dict[str, Any] = require_object(parse_json(body, name=key), name=key)
    except DocumentError:
        return None
    artifacts = members.get("artifacts")
    manifest = artifacts.get("manifestKey") if isinstance(artifacts, dict) else None
    return manifest if isinstance(manifest, str) and manifest else None


def _destination(place: ReleasePlace, document: ReleaseDocument, command: Command) -> Release | None:
    if command.destination == NO_VERSION:
        return None
    full = document.full(command.target)
    fallback = document.fallback(command.target)
    version = command.destination or (fallback.version if fallback else full.replaced if full else None)
    return last_attempt(place, document, version, command)
