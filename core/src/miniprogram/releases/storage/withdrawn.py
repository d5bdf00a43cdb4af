"""What of a mini-program's releases outlives its deletion: withdrawn versions, and where its audit trail ended.

A version that an inspector removed stays refused whatever is deleted and published again, and the trail of a
program that comes back goes on where it ended:

    {"schemaVersion": 1, "miniProgramId": "shop", "withdrawnVersions": ["1.0.0"],
     "revision": 12, "nextNumber": 4, "trailLength": 14, "trailHash": "9f86…"}

The release document is what is changed; this copies it, before anything that would remove it. Older stores have no
such document: then the withdrawn versions in the release document hold.
"""

from __future__ import annotations

from typing import Any, Literal

from pydantic import Field

from miniprogram.delivery.documents.kinds import WITHDRAWN
from miniprogram.documents.audit_event import START, Trail
from miniprogram.documents.environment_storage import EnvironmentStorage
from miniprogram.documents.json_documents import change_document, read_document
from miniprogram.models import FrozenModel
from miniprogram.refusals import Refused
from miniprogram.releases.model.document import ReleaseDocument
from miniprogram.strict_json import parse_model


class Withdrawn(FrozenModel):
    """`withdrawn/{id}.json`. Revision, number and trail are those of the release document deleted last."""

    schema_version: Literal[1] = 1
    mini_program_id: str
    withdrawn_versions: tuple[str, ...] = ()
    revision: int = Field(default=0, ge=0)
    next_number: int = Field(default=1, ge=1)
    trail_length: int = Field(default=0, ge=0)
    trail_hash: str = START

    @property
    def trail(self) -> Trail:
        """The end of the trail as the next release document goes on from it."""
        return Trail(length=self.trail_length, hash=self.trail_hash)


def read_withdrawn(storage: EnvironmentStorage, program_id: str) -> Withdrawn:
    """What was withdrawn of `program_id`; blank when nothing ever was. Raises DocumentError."""
    key = storage.keys.withdrawn_key(program_id)
    found = read_document(storage.store, key)
    return Withdrawn(mini_program_id=program_id) if found is None else parse_model(Withdrawn, found, name=key)


def first_document(storage: EnvironmentStorage, program_id: str) -> ReleaseDocument:
    """The release document of a program that has none: what a deleted one left goes on."""
    stored = read_withdrawn(storage, program_id)
    return ReleaseDocument(
        mini_program_id=program_id,
        withdrawn_versions=stored.withdrawn_versions,
        revision=stored.revision,
        next_number=stored.next_number,
        trail=stored.trail,
    )


def refuse_withdrawn(storage: EnvironmentStorage, program_id: str, version: str) -> None:
    """Raises Refused when an inspector removed `version`: neither publishing nor a pointer brings it back."""
    if version in read_withdrawn(storage, program_id).withdrawn_versions:
        raise Refused(
            "not_withdrawn",
            f"{version} of {program_id} was removed by an inspector in {storage.environment}",
            hint="Publish what is right now under a higher version.",
        )


def copy_withdrawn(storage: EnvironmentStorage, document: ReleaseDocument) -> None:
    """Store which versions `document` says are withdrawn. Doing it again changes nothing."""
    _change(storage, document.mini_program_id, withdrawn_versions=document.withdrawn_versions)


def copy_ended(storage: EnvironmentStorage, document: ReleaseDocument) -> None:
    """Store all of `document` that outlives it, before it is deleted."""
    _change(
        storage,
        document.mini_program_id,
        withdrawn_versions=document.withdrawn_versions,
        revision=document.revision,
        next_number=document.next_number,
        trail_length=document.trail.length,
        trail_hash=document.trail.hash,
    )


def _change(storage: EnvironmentStorage, program_id: str, **members: Any) -> None:
    key = storage.keys.withdrawn_key(program_id)

    def change(found: dict[str, Any] | None) -> dict[str, Any]:
        blank = Withdrawn(mini_program_id=program_id)
        stored = blank if found is None else parse_model(Withdrawn, found, name=key)
        return stored.model_copy(update=members).model_dump(mode="json", by_alias=True)

    change_document(storage.store, WITHDRAWN, key, change)
