"""Trust metadata that travels with a version: what has to come along, and whether it vouches for it on arrival.

What has expired still counts on arrival, since a stick may lie for weeks: hosts get signatures of the environment
they load from, which are made there.
"""

from __future__ import annotations

from miniprogram.delivery.documents.kinds import SIGNED_VERSION, TRUST_METADATA, TRUST_TIMESTAMP
from miniprogram.delivery.documents.layouts.keys import Keys
from miniprogram.seams.object_store import ObjectStore
from miniprogram_trust.errors import TrustError, tuf_errors
from miniprogram_trust.files import TrustFiles
from miniprogram_trust.repository import Repository, load
from miniprogram_trust.role_names import role_of
from miniprogram_trust.signed_list import read_list


def carried(store: ObjectStore, keys: Keys, version: tuple[str, str], pinned: bytes | None) -> tuple[str, ...]:
    """Keys of everything that leads from the store's first root to the list of the version's files, sorted."""
    found = load(TrustFiles(store, keys), pinned)
    if found is None:
        return ()
    program_id, number = version
    sha256 = _signed_sha256(found, program_id, number)
    listed = found.snapshot.signed.meta
    names = ("targets", *sorted(found.roles))
    numbers = [(listed[f"{name}.json"].version, name) for name in names if f"{name}.json" in listed]
    roots = range(1, found.root.version + 1)
    metadata = [
        *((each, "root") for each in roots),
        (found.timestamp.signed.snapshot_meta.version, "snapshot"),
        *numbers,
    ]
    return tuple(
        sorted(
            {
                keys.key(TRUST_TIMESTAMP),
                keys.key(SIGNED_VERSION, program_id, sha256, number),
                *(keys.key(TRUST_METADATA, each, name) for each, name in metadata),
            }
        )
    )


def check_carried(
    store: ObjectStore, keys: Keys, version: tuple[str, str], digest: str, pinned: bytes | None
) -> bool | None:
    """Whether what came vouches for `version`, a mini-program and its version, from the pinned root on.

    None when none is pinned. Raises TrustError when it does not.
    """
    if pinned is None:
        return None
    program_id, number = version
    files = TrustFiles(store, keys)
    found = load(files, pinned) if files.timestamp() is not None else None
    if found is None:
        raise TrustError(f"no trust metadata came with {program_id} {number}, and a root is pinned here")
    sha256 = _signed_sha256(found, program_id, number)
    body = found.files.signed_version(program_id, number, sha256)
    target = found.signed_as(program_id, number)
    if body is None or target is None:
        raise TrustError(f"the signed list of {program_id} {number} did not come with it")
    with tuf_errors(f"the signed list of {program_id} {number}"):
        target.verify_length_and_hashes(body)
    if read_list(body, program_id=program_id, version=number).digest != digest:
        raise TrustError(f"what is signed as {program_id} {number} is other content")
    return True


def _signed_sha256(found: Repository, program_id: str, version: str) -> str:
    target = found.signed_as(program_id, version)
    sha256 = target.hashes.get("sha256") if target is not None else None
    if sha256 is None:
        raise TrustError(
            f"nobody vouches for {program_id} {version}: it is not among what {role_of(program_id)} signed",
            hint=f"`miniprogram trust sign {program_id} {version}` signs it.",
        )
    return str(sha256)
