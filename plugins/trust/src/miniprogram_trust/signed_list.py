"""What is signed of a version: the list of its files, as hosts are sent them."""

from __future__ import annotations

import hashlib
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from pydantic import ConfigDict, Field

from miniprogram.delivery.documents.kinds import PACKAGE_INDEX
from miniprogram.delivery.documents.layouts.keys import Keys
from miniprogram.models import CamelModel
from miniprogram.packages.release_record import read_record
from miniprogram.seams.object_store import ObjectStore
from miniprogram.seams.version_signing import SignedFile, VersionToSign
from miniprogram.strict_json import parse_json, parse_model, to_canonical_json
from miniprogram_trust.errors import TrustError

FORMAT = 1
MOST_BYTES = 4 * 1024 * 1024


class SignedEntry(CamelModel):
    """A file by its digest, in lower-case hex, and its size in bytes."""

    model_config = ConfigDict(strict=True)

    sha256: str = Field(pattern=r"^[0-9a-f]{64}$")
    size: int = Field(ge=0)


class SignedList(CamelModel):
    """The document, as it is read."""

    model_config = ConfigDict(strict=True)

    schema_version: int = Field(ge=FORMAT, le=FORMAT)
    mini_program_id: str
    version: str
    digest: str
    files: Mapping[str, SignedEntry]
    package_index: SignedEntry | None = None
    """The index of the version's package, where it has one."""


@dataclass(frozen=True, slots=True)
class ListBytes:
    """The list of a version as it is stored, and what metadata says of it."""

    body: bytes

    @property
    def sha256(self) -> str:
        return hashlib.sha256(self.body).hexdigest()


def list_of(version: VersionToSign) -> ListBytes:
    """The list of the files of `version`. The same version gives the same bytes."""
    document: dict[str, Any] = {
        "schemaVersion": FORMAT,
        "miniProgramId": version.program_id,
        "version": version.version,
        "digest": version.digest,
        "files": {path: {"sha256": file.sha256, "size": file.size} for path, file in version.files.items()},
    }
    if version.package_index is not None:
        index = version.package_index
        document["packageIndex"] = {"sha256": index.sha256, "size": index.size}
    return ListBytes(to_canonical_json(document))


def read_list(body: bytes, *, program_id: str, version: str) -> SignedList:
    """A list whose bytes were verified. Raises DocumentError or TrustError when it is about something else."""
    name = f"the signed list of {program_id} {version}"
    found = parse_model(SignedList, parse_json(body, name=name), name=name)
    if (found.mini_program_id, found.version) != (program_id, version):
        raise TrustError(f"{name} is about {found.mini_program_id} {found.version}")
    return found


def stored_version(store: ObjectStore, keys: Keys, program_id: str, version: str) -> VersionToSign:
    """A version that was published before, read from the store. Raises TrustError when it is not there whole."""
    name = f"{program_id} {version}"
    found = store.get(keys.release_record_key(program_id, version))
    record = read_record(found.body) if found is not None else None
    if record is None or not record.finished or record.digest is None:
        raise TrustError(
            f"{name} was never published whole to {store.location}", hint="Publish it: that signs it."
        )
    files: dict[str, SignedFile] = {}
    for path, recorded in record.files.items():
        stored = store.get(keys.bundle_file_key(program_id, version, path))
        if stored is None:
            raise TrustError(f"{name} cannot be signed: {path} is gone from {store.location}")
        sha256 = hashlib.sha256(stored.body).hexdigest()
        if path in record.plain and sha256 != recorded:
            raise TrustError(f"{name} cannot be signed: {path} is not what was published")
        files[path] = SignedFile(sha256, len(stored.body))
    index = store.get(keys.key(PACKAGE_INDEX, program_id, version))
    packed = SignedFile(hashlib.sha256(index.body).hexdigest(), len(index.body)) if index is not None else None
    return VersionToSign(program_id, version, record.digest, files, packed)
