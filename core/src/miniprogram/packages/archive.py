"""A bundle as one file: a tar with an index in front, byte for byte the same wherever it is made."""

from __future__ import annotations

import io
import tarfile
from collections.abc import Iterator
from typing import Any

from pydantic import BaseModel, ConfigDict, Field

from miniprogram.errors import DocumentError, ProjectError, StoreError
from miniprogram.models import CamelModel
from miniprogram.object_keys import check_key
from miniprogram.packages.bundle import Bundle, BundleFile
from miniprogram.packages.limits import MAX_ARCHIVE_BYTES, MAX_FILES, Allowance
from miniprogram.packages.manifest import Manifest
from miniprogram.packages.publishable import check_manifest
from miniprogram.strict_json import parse_json, parse_model, to_canonical_json

INDEX = "bundle.json"
FORMAT = 1


class _Entry(BaseModel):
    model_config = ConfigDict(frozen=True, strict=True)

    path: str
    sha256: str = Field(pattern=r"^[0-9a-f]{64}$")
    size: int = Field(ge=0)


class BundleIndex(CamelModel):
    """The index of an archive: what is in it, in the order it lies there."""

    model_config = ConfigDict(strict=True)

    schema_version: int = Field(ge=FORMAT, le=FORMAT)
    mini_program_id: str
    version: str
    digest: str
    files: tuple[_Entry, ...] = Field(strict=False, max_length=MAX_FILES)


def index_of(bundle: Bundle) -> dict[str, Any]:
    """The index document: id, version, digest, and path, sha256 and size of every file."""
    return {
        "schemaVersion": FORMAT,
        "miniProgramId": bundle.program_id,
        "version": bundle.version,
        "digest": bundle.digest,
        "files": [{"path": file.path, "sha256": file.sha256, "size": file.size} for file in bundle.files],
    }


def write_archive(bundle: Bundle) -> bytes:
    """`bundle` as an uncompressed tar. The same bundle gives the same bytes on every machine."""
    out = io.BytesIO()
    with tarfile.open(fileobj=out, mode="w", format=tarfile.PAX_FORMAT) as archive:
        _add(archive, INDEX, to_canonical_json(index_of(bundle)))
        for file in bundle.files:
            _add(archive, file.path, file.body)
    return out.getvalue()


def read_archive(body: bytes, *, name: str = "the archive") -> Bundle:
    """The bundle in an archive, checked against its index. Nothing is written to disk.

    Raises DocumentError for anything `write_archive` would not have made: links, foreign or missing files, paths
    that lead out, sizes beyond the limits, bytes that do not have the digest.
    """
    if len(body) > MAX_ARCHIVE_BYTES:
        raise DocumentError(f"{name} is too large")
    try:
        members = list(_members(body, name))
    except (tarfile.TarError, EOFError, UnicodeError, ValueError, StoreError, ProjectError) as error:
        raise DocumentError(f"{name} is not a bundle archive: {error}") from error
    if not members or members[0].path != INDEX:
        raise DocumentError(f"{name} does not begin with {INDEX}")
    index = parse_model(BundleIndex, parse_json(members[0].body, name=f"{name}: {INDEX}"), name=f"{name}: {INDEX}")
    return _checked(index, members[1:], name)


def _add(archive: tarfile.TarFile, path: str, body: bytes) -> None:
    member = tarfile.TarInfo(path)
    member.size, member.mode = len(body), 0o644
    archive.addfile(member, io.BytesIO(body))


def _members(body: bytes, name: str) -> Iterator[BundleFile]:
    allowance = Allowance()
    with tarfile.open(fileobj=io.BytesIO(body), mode="r:") as archive:
        for member in archive:
            if not member.isreg():
                raise DocumentError(f"{name}: {member.name} is not a file")
            check_key(member.name)
            if member.name != INDEX:
                allowance.take(member.name, member.size)
            stream = archive.extractfile(member)
            content = stream.read() if stream else b""
            if len(content) != member.size:
                raise DocumentError(f"{name} ends within {member.name}")
            yield BundleFile.of(member.name, content)


def _checked(index: BundleIndex, files: list[BundleFile], name: str) -> Bundle:
    listed = [(entry.path, entry.sha256, entry.size) for entry in index.files]
    if listed != [(file.path, file.sha256, file.size) for file in files]:
        raise DocumentError(f"{name} does not hold the files its index lists")
    manifests = [file for file in files if file.path == "manifest.json"]
    if len(manifests) != 1:
        raise DocumentError(f"{name} holds {len(manifests)} manifests")
    location = f"{name}: manifest.json"
    manifest = parse_model(Manifest, parse_json(manifests[0].body, name=location), name=location)
    check_manifest(manifest)
    bundle = Bundle.of(manifest, files)
    if (bundle.digest, bundle.program_id, bundle.version) != (index.digest, index.mini_program_id, index.version):
        raise DocumentError(f"{name} is not what its index says: the digest, id or version differs")
    return bundle
