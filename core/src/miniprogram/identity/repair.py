"""Repairing an environment's own document that nobody can read, by going back to its last good revision.

Nobody can sign in while it is broken, so only who holds the store's own credentials can do it.
"""

from __future__ import annotations

import hashlib

from miniprogram.delivery.documents.kinds import ENVIRONMENT_DOCUMENT
from miniprogram.documents.audit_chain import extended
from miniprogram.documents.conditional_write import conditional_write, encode_document
from miniprogram.documents.environment_storage import ENVIRONMENT_CHAIN, EnvironmentStorage
from miniprogram.documents.last_good import end_of_trail, events_after, read_copy
from miniprogram.documents.stored_models import NewerDocument, parse_stored
from miniprogram.errors import DocumentError
from miniprogram.identity.command_context import CommandContext, require_role
from miniprogram.identity.environment_document import EnvironmentDocument, environment_documents
from miniprogram.identity.roles import ADMIN
from miniprogram.models import FrozenModel
from miniprogram.refusals import NotFound, Refused, Unacceptable
from miniprogram.seams.object_store import StoredObject

COMMAND = "env repair"


class EnvironmentRepair(FrozenModel):
    """The document of `env repair --json`. `problem` None: it can be read, and nothing was done.

    `offered_revision` is the good one, `loses` what was done after it and has to be done again. `revision` was
    written; None: nothing was.
    """

    schema_version: int = 1
    command: str = COMMAND
    environment_name: str
    problem: str | None
    offered_revision: int | None = None
    loses: tuple[str, ...] = ()
    revision: int | None = None


def examine_environment(storage: EnvironmentStorage) -> EnvironmentRepair:
    """What is wrong with the document, and what could be restored. Changes nothing.

    Raises NotFound when there is none, NewerDocument for one that an older copy must not replace.
    """
    stored = storage.store.get(storage.keys.environment_document_key)
    if stored is None:
        raise _nothing_there(storage)
    problem = _problem(storage, stored.body)
    return _report(storage, problem, None if problem is None else _offered(storage))


def repair_environment(context: CommandContext, *, reason: str) -> EnvironmentRepair:
    """Restore the last good revision of a document that cannot be read, and put that on record.

    Raises Unacceptable without a reason, Refused when it can be read or when there is nothing to restore.
    """
    if not reason.strip():
        raise Unacceptable("a repair needs a reason")
    require_role(context, ADMIN, COMMAND)
    storage = context.storage
    documents = environment_documents(storage)
    done: list[tuple[str, EnvironmentDocument, EnvironmentRepair]] = []

    def body(stored: StoredObject | None) -> bytes:
        if stored is None:
            raise _nothing_there(storage)
        problem = _problem(storage, stored.body)
        if problem is None:
            raise Refused("repair_needed", f"the document of {storage.environment} can be read; nothing to repair")
        good = _offered(storage)
        if good is None:
            hint = "Bring the object back from the store's own versions or backups."
            raise Refused("good_revision", f"there is no good revision of {documents.key}", hint=hint)
        restored = _restored(context, good, stored.body, reason)
        done[:] = [(problem, restored, _report(storage, problem, good, revision=restored.revision))]
        return encode_document(documents.key, lambda: restored.model_dump(mode="json", by_alias=True))

    conditional_write(storage.store, documents.key, body, check=documents.parse, **ENVIRONMENT_DOCUMENT.headers())
    _, restored, report = done[0]
    documents.flush(restored)
    return report


def _restored(
    context: CommandContext, good: EnvironmentDocument, broken: bytes, reason: str
) -> EnvironmentDocument:
    """The good document as its next revision, with the trail as far as it was written."""
    trail, revision = end_of_trail(context.storage, ENVIRONMENT_CHAIN, good.trail, good.revision)
    revision += 1
    details = {"restoredRevision": good.revision, "brokenSha256": hashlib.sha256(broken).hexdigest()}
    event = context.event(COMMAND, subject=context.storage.environment, reason=reason, details=details)
    longer = extended(trail, [{**event, "revision": revision, "at": context.stamp}])
    return good.model_copy(update={"revision": revision, "updated_at_utc": context.stamp, "trail": longer})


def _offered(storage: EnvironmentStorage) -> EnvironmentDocument | None:
    return read_copy(storage, storage.keys.environment_copy_key, EnvironmentDocument)


def _problem(storage: EnvironmentStorage, body: bytes) -> str | None:
    """Why the document cannot be read. Raises NewerDocument."""
    try:
        parse_stored(EnvironmentDocument, body, name=storage.keys.environment_document_key)
    except NewerDocument:
        raise
    except DocumentError as error:
        return str(error)
    return None


def _report(
    storage: EnvironmentStorage,
    problem: str | None,
    good: EnvironmentDocument | None,
    *,
    revision: int | None = None,
) -> EnvironmentRepair:
    later = () if good is None else events_after(storage, ENVIRONMENT_CHAIN, good.trail)
    return EnvironmentRepair(
        environment_name=storage.environment,
        problem=problem,
        offered_revision=good.revision if good else None,
        loses=tuple(f"{each.command} {each.subject}" for each in later),
        revision=revision,
    )


def _nothing_there(storage: EnvironmentStorage) -> NotFound:
    return NotFound(f"{storage.environment} has no host apps, members or tokens yet")
