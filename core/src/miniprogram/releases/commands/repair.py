"""Repairing a release document that nobody can read, by going back to its last good revision.

What is offered is the copy that every change leaves. Documents from before there were copies, whose only fault is
in a switch, are offered without that switch: that takes nothing from anybody but its value.
"""

from __future__ import annotations

import hashlib
from dataclasses import dataclass
from typing import Any

from pydantic import ValidationError

from miniprogram.delivery.documents.kinds import RELEASE_DOCUMENT
from miniprogram.documents.audit_chain import extended
from miniprogram.documents.conditional_write import conditional_write, encode_document
from miniprogram.documents.environment_storage import EnvironmentStorage
from miniprogram.documents.index.damage import note_damage
from miniprogram.documents.last_good import end_of_trail, read_copy
from miniprogram.documents.stored_models import NewerDocument
from miniprogram.errors import DocumentError
from miniprogram.identity.command_context import CommandContext, require_role
from miniprogram.identity.roles import ADMIN
from miniprogram.models import FrozenModel
from miniprogram.names import check_name
from miniprogram.refusals import NotFound, Refused, Unacceptable
from miniprogram.releases.model.document import ReleaseDocument
from miniprogram.releases.storage.compile import compile_policy
from miniprogram.releases.storage.release_documents import releases_of
from miniprogram.releases.storage.withdrawn import read_withdrawn
from miniprogram.seams.object_store import StoredObject
from miniprogram.strict_json import STORED, parse_json

COMMAND = "release repair"


class RepairReport(FrozenModel):
    """The document of `release repair --json`. `problem` None: it can be read, and nothing was done.

    `offered_revision` is the good one, `loses` what is not in it. `revision` was written; None: nothing was.
    """

    schema_version: int = 1
    command: str = COMMAND
    environment_name: str
    mini_program_id: str
    problem: str | None
    offered_revision: int | None = None
    offered_from: str | None = None
    loses: tuple[str, ...] = ()
    revision: int | None = None


@dataclass(frozen=True, slots=True)
class _Offer:
    document: ReleaseDocument
    source: str
    loses: tuple[str, ...]


def examine_document(storage: EnvironmentStorage, program_id: str) -> RepairReport:
    """What is wrong with the release document, and what could be restored. Changes no document. Raises NotFound.

    Raises NewerDocument for one that an older copy must not replace.
    """
    stored = _stored(storage, program_id)
    problem = _problem(storage, program_id, stored.body)
    if problem is None:
        return _report(storage, program_id, None, None)
    note_damage(storage, program_id, stored.key, problem)
    return _report(storage, program_id, problem, _offer(storage, program_id, stored.body))


def repair_document(context: CommandContext, program_id: str, *, reason: str) -> RepairReport:
    """Restore the last good revision of a document that cannot be read, and put that on record.

    Raises Unacceptable without a reason, Refused when it can be read or when there is nothing to restore,
    NewerDocument for one that only a newer version reads.
    """
    check_name("program", program_id)
    if not reason.strip():
        raise Unacceptable("a repair needs a reason")
    require_role(context, ADMIN, COMMAND, program_id=program_id)
    storage = context.storage
    key = storage.keys.release_document_key(program_id)
    documents = releases_of(storage, program_id)
    done: list[tuple[str, _Offer, ReleaseDocument]] = []

    def body(stored: StoredObject | None) -> bytes:
        if stored is None:
            raise NotFound(f"{program_id} has no releases in {storage.environment}")
        problem = _problem(storage, program_id, stored.body)
        if problem is None:
            raise Refused("repair_needed", f"the releases of {program_id} can be read; there is nothing to repair")
        offer = _offer(storage, program_id, stored.body)
        if offer is None:
            hint = "Bring the object back from the store's own versions or backups."
            raise Refused("good_revision", f"there is no good revision of the releases of {program_id}", hint=hint)
        documents.flush(offer.document)
        restored = _restored(context, offer, stored.body, reason)
        done[:] = [(problem, offer, restored)]
        return encode_document(key, lambda: restored.model_dump(mode="json", by_alias=True))

    conditional_write(
        storage.store, key, body, check=documents.parse, around=documents.around, **RELEASE_DOCUMENT.headers()
    )
    problem, offer, restored = done[0]
    documents.flush(restored)
    return _report(storage, program_id, problem, offer, revision=restored.revision)


def _restored(context: CommandContext, offer: _Offer, broken: bytes, reason: str) -> ReleaseDocument:
    """The good document as its next revision, with the trail as far as it was written."""
    document = offer.document
    trail, revision = end_of_trail(context.storage, document.mini_program_id, document.trail, document.revision)
    revision += 1
    details = {
        "restoredRevision": offer.document.revision,
        "restoredFrom": offer.source,
        "loses": list(offer.loses),
        "brokenSha256": hashlib.sha256(broken).hexdigest(),
    }
    event = context.event(COMMAND, subject=offer.document.mini_program_id, reason=reason, details=details)
    longer = extended(trail, [{**event, "revision": revision, "at": context.stamp}])
    removed = read_withdrawn(context.storage, offer.document.mini_program_id).withdrawn_versions
    withdrawn = tuple(dict.fromkeys((*offer.document.withdrawn_versions, *removed)))  # whatever else is lost
    changes: dict[str, Any] = {
        "revision": revision,
        "updated_at_utc": context.stamp,
        "trail": longer,
        "outbox": (),
    }
    changes["withdrawn_versions"] = withdrawn
    document = offer.document.model_copy(update=changes)
    return document.model_copy(update={"policy": compile_policy(document)})


def _offer(storage: EnvironmentStorage, program_id: str, body: bytes) -> _Offer | None:
    copy = read_copy(storage, storage.keys.last_good_key(program_id), ReleaseDocument)
    if copy is not None and copy.mini_program_id == program_id:
        return _Offer(copy, "copy", ())
    return _without_broken_switches(body)


def _without_broken_switches(body: bytes) -> _Offer | None:
    """The document without the switches it fails by; None when anything else is wrong with it."""
    try:
        members = parse_json(body, name="the document")
        switches = members["switches"]
        ReleaseDocument.model_validate({**members, "switches": []}, context=STORED)
    except (DocumentError, ValidationError, LookupError, TypeError):
        return None
    good, lost = [], []
    for index, switch in enumerate(switches if isinstance(switches, list) else ()):
        fits = _fits({**members, "switches": [switch]})
        good += [switch] if fits else []
        lost += [] if fits else [_switch_name(switch, index)]
    document = ReleaseDocument.model_validate({**members, "switches": good}, context=STORED)
    return _Offer(document, "the document itself", tuple(lost))


def _fits(members: dict[str, Any]) -> bool:
    try:
        ReleaseDocument.model_validate(members, context=STORED)
    except ValidationError:
        return False
    return True


def _switch_name(switch: Any, index: int) -> str:
    key = switch.get("key") if isinstance(switch, dict) else None
    return f"switch {key}" if isinstance(key, str) else f"switches[{index}]"


def _stored(storage: EnvironmentStorage, program_id: str) -> StoredObject:
    check_name("program", program_id)
    found = storage.store.get(storage.keys.release_document_key(program_id))
    if found is None:
        raise NotFound(f"{program_id} has no releases in {storage.environment}")
    return found


def _problem(storage: EnvironmentStorage, program_id: str, body: bytes) -> str | None:
    """Why the document cannot be read, or its policy not be compiled. Raises NewerDocument."""
    try:
        compile_policy(releases_of(storage, program_id).parse(body))
    except NewerDocument:
        raise
    except (DocumentError, Refused) as error:
        return str(error)
    return None


def _report(
    storage: EnvironmentStorage,
    program_id: str,
    problem: str | None,
    offer: _Offer | None,
    *,
    revision: int | None = None,
) -> RepairReport:
    return RepairReport(
        environment_name=storage.environment,
        mini_program_id=program_id,
        problem=problem,
        offered_revision=offer.document.revision if offer else None,
        offered_from=offer.source if offer else None,
        loses=offer.loses if offer else (),
        revision=revision,
    )
