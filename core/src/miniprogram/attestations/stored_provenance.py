"""The provenance of a published version: where it lies, and whether it does what a target demands."""

from __future__ import annotations

from collections.abc import Iterable, Sequence

from miniprogram.attestations.key_texts import parse_key_text
from miniprogram.attestations.provenance import Provenance, read_provenance
from miniprogram.delivery.documents.kinds import PROVENANCE
from miniprogram.delivery.documents.layouts.keys import Keys
from miniprogram.documents.environment_storage import EnvironmentStorage
from miniprogram.errors import MiniProgramError, StoreError
from miniprogram.seams.object_store import ObjectStore
from miniprogram.seams.signing_key import PublicKey


def stored_provenance(store: ObjectStore, keys: Keys, program_id: str, version: str) -> bytes | None:
    """The signed statement that lies beside a version; None where there is none."""
    found = store.get(keys.key(PROVENANCE, program_id, version))
    return found.body if found is not None else None


def checked_provenance(
    body: bytes, trusted: Iterable[PublicKey], *, program_id: str, version: str, digest: str
) -> Provenance:
    """What `body` says of exactly this version. `digest` is that of what is published.

    Raises NotBelieved when nobody signed it whose word counts, MiniProgramError when it is about something else.
    """
    name = f"the provenance of {program_id} {version}"
    found = read_provenance(body, trusted, name=name)
    if (found.mini_program_id, found.version) != (program_id, version):
        raise MiniProgramError(f"{name} is about {found.mini_program_id} {found.version}")
    if found.digest != digest:
        raise MiniProgramError(f"{name} is about other content: {found.digest[:19]}…, and {digest[:19]}… is there")
    return found


def why_not_proven(
    storage: EnvironmentStorage, program_id: str, version: str, digest: str | None, demanded: Sequence[str]
) -> str | None:
    """Why a version does not have the provenance that a target demands; None when it has.

    `demanded` are the keys whose word counts, as texts. What cannot be found out is a reason too; only StoreError
    is raised.
    """
    try:
        trusted = [parse_key_text(text) for text in demanded]
        body = stored_provenance(storage.store, storage.keys, program_id, version)
        if body is None:
            return f"{program_id} {version} has no provenance; publish it with --provenance"
        found = checked_provenance(body, trusted, program_id=program_id, version=version, digest=digest or "")
    except StoreError:
        raise
    except MiniProgramError as error:
        return str(error)
    if found.commit is None:
        return f"the provenance of {program_id} {version} names no commit it was built from"
    if found.dirty:
        return f"{program_id} {version} was built from changes that are not in commit {found.commit[:12]}"
    return None
