"""A published version as its author made it, put together again from what a store holds."""

from __future__ import annotations

from miniprogram.delivery.documents import kinds
from miniprogram.delivery.documents.layouts.keys import Keys
from miniprogram.errors import DocumentError, MiniProgramError
from miniprogram.packages.bundle import Bundle, BundleFile
from miniprogram.packages.limits import MAX_ARCHIVE_BYTES
from miniprogram.packages.manifest import Manifest
from miniprogram.packages.package_file import open_archive
from miniprogram.packages.package_index import read_index
from miniprogram.packages.release_record import ReleaseRecord
from miniprogram.packages.zstd import decompress
from miniprogram.publish.versions.held import require_whole
from miniprogram.seams.object_store import ObjectStore
from miniprogram.strict_json import parse_json, parse_model


def stored_bundle(store: ObjectStore, keys: Keys, program_id: str, version: str) -> Bundle:
    """The version, from its package, or from its files where none of them was filled with an address.

    Raises MiniProgramError when it cannot be put together, or is not what its release record says.
    """
    name = f"{program_id} {version}"
    record = require_whole(store, keys, program_id, version)
    if record is None or record.digest is None:
        raise MiniProgramError(f"{name} was published by another tool: nobody knows its digest")
    found = store.get(keys.key(kinds.PACKAGE, program_id, version))
    if found is not None:
        archive = decompress(found.body, max_size=MAX_ARCHIVE_BYTES, name=found.key)
        bundle = open_archive(archive, name=found.key).bundle
    else:
        _refuse_sealed(store, keys, program_id, version)
        bundle = _from_files(store, keys, program_id, version, record)
    if (bundle.program_id, bundle.version, bundle.digest) != (program_id, version, record.digest):
        raise DocumentError(f"what is stored of {name} is not what its release record says")
    return bundle


def _refuse_sealed(store: ObjectStore, keys: Keys, program_id: str, version: str) -> None:
    index = store.get(keys.key(kinds.PACKAGE_INDEX, program_id, version))
    if index is not None and read_index(index.body, name=index.key).sealed is not None:
        raise MiniProgramError(
            f"{program_id} {version} is sealed, and nothing here can open it",
            hint="Publish the same sources where it is to go: they give the same digest.",
        )


def _from_files(store: ObjectStore, keys: Keys, program_id: str, version: str, record: ReleaseRecord) -> Bundle:
    filled = sorted(record.files.keys() - record.plain.keys())
    if filled:
        raise MiniProgramError(
            f"{program_id} {version} was published without a package, and addresses were written into {filled[0]}",
            hint="Publish it again without --no-package: that adds one.",
        )
    stored = {path: store.get(keys.bundle_file_key(program_id, version, path)) for path in record.files}
    files = [BundleFile.of(path, found.body) for path, found in stored.items() if found is not None]
    location = f"{program_id} {version}: manifest.json"
    manifest = next((file for file in files if file.path == "manifest.json"), None)
    if manifest is None:
        raise DocumentError(f"{program_id} {version} has no manifest")
    return Bundle.of(parse_model(Manifest, parse_json(manifest.body, name=location), name=location), files)
