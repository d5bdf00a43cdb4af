"""The package of a version on its way into a store: archive, deltas from other versions, and their index.

It is made when the version is written, as only the store knows the other versions. Deltas come before the index
that names them, so that an index promises nothing that is not there.
"""

from __future__ import annotations

import hashlib
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field
from functools import partial

from miniprogram.delivery.documents import kinds
from miniprogram.delivery.documents.layouts.keys import Keys
from miniprogram.documents.published_versions import recorded_versions
from miniprogram.errors import DocumentError, PublishError
from miniprogram.logs import get_log
from miniprogram.packages.bundle import Bundle, BundleFile
from miniprogram.packages.limits import MAX_ARCHIVE_BYTES
from miniprogram.packages.package_index import (
    IndexedDelta,
    IndexedFile,
    IndexedSeal,
    PackageIndex,
    SizedDigest,
    read_index,
)
from miniprogram.packages.package_options import PackageOptions
from miniprogram.publish.layouts.layout import Layout, LayoutFile
from miniprogram.publish.layouts.packaging import Packaging, package_key
from miniprogram.seams.object_store import ObjectStore
from miniprogram.seams.publish_target import PackedDelta, PackedVersion
from miniprogram.strict_json import to_canonical_json

LOOKED_AT = 4
"""Times as many versions are looked at for a package as deltas are wanted: old tools stored none."""

log = get_log(__name__)


@dataclass(frozen=True, slots=True)
class PackedFiles:
    """`files` in the order they are written, the index last; `sizes` for who publishes."""

    files: tuple[LayoutFile, ...] = field(repr=False)
    sizes: PackedVersion


def pack(store: ObjectStore, packaging: Packaging, served: str | None) -> PackedFiles:
    """The package of a version. `served` is the version hosts get now.

    Raises PublishError when a version that deltas are wanted from has no package in the store.
    """
    from miniprogram.packages.package_file import package_of  # deferred: brings the compressor
    from miniprogram.packages.zstd import compress

    bundle = packaging.bundle
    package = package_of(bundle)
    packed = compress(package.archive)
    if packaging.sealed_for:
        return _sealed(packaging, package.archive, packed)
    embedded = _embedded(store, packaging, served)
    made = list(_deltas(store, packaging, served, embedded, package.archive, full_size=len(packed)))
    index = PackageIndex(
        mini_program_id=bundle.program_id,
        version=bundle.version,
        digest=bundle.digest,
        archive=_sized(package.archive),
        package=_sized(packed),
        files=tuple(_indexed(file, packaging.filled) for file in bundle.files),
        deltas=tuple(entry for entry, _ in made),
        embedded=tuple(embedded),
    )
    return PackedFiles(
        tuple(_files(packaging, packed, made, index)),
        PackedVersion(
            archive_size=len(package.archive),
            package_size=len(packed),
            deltas=tuple(PackedDelta(entry.base_version, entry.size) for entry, _ in made),
        ),
    )


def _sealed(packaging: Packaging, archive: bytes, packed: bytes) -> PackedFiles:
    """The package for whom it is sealed, and an index that names no file of the version."""
    from miniprogram.sealing.cipher import SealedVersion, seal
    from miniprogram.sealing.container import ALGORITHM
    from miniprogram.sealing.keys import parse_recipient

    bundle, keys = packaging.bundle, packaging.keys
    if packaging.options.bases:
        raise PublishError(
            f"{bundle.program_id} {bundle.version} is sealed, and no delta leads to a sealed version",
            hint="Leave out --delta-base.",
        )
    recipients = [parse_recipient(text) for text in packaging.sealed_for]
    body = seal(packed, SealedVersion(bundle.program_id, bundle.version, bundle.digest), recipients)
    index = PackageIndex(
        mini_program_id=bundle.program_id,
        version=bundle.version,
        digest=bundle.digest,
        archive=_sized(archive),
        package=_sized(body),
        files=(),
        sealed=IndexedSeal(algorithm=ALGORITHM, recipients=tuple(sorted(key.key_id for key in recipients))),
    )
    files = (
        _stored(keys, bundle, kinds.SEALED_PACKAGE, body, index.package.sha256),
        _stored(keys, bundle, kinds.PACKAGE_INDEX, _index_body(index)),
    )
    return PackedFiles(files, PackedVersion(archive_size=len(archive), package_size=len(body)))


def refuse_unsealing(store: ObjectStore, layout: Layout, served: str | None) -> None:
    """Raises PublishError for a version in plain that follows a sealed one, unless somebody said that it is so."""
    if layout.says_for_whom or served is None:
        return
    found = store.get(layout.keys.key(kinds.PACKAGE_INDEX, layout.program_id, served))
    try:
        sealed = found is not None and read_index(found.body, name=found.key).sealed is not None
    except DocumentError:
        return
    if sealed:
        raise PublishError(
            f"{layout.program_id} {served} is sealed, and nobody says for whom {layout.version} is",
            hint="Say so in miniprogram.toml below [sealing]; `recipients = []` publishes it for anybody.",
        )


def packed_already(store: ObjectStore, packaging: Packaging) -> PackedVersion | None:
    """What is stored of the version's package; None when it has none.

    Raises PublishError when a delta is wanted that was not made: a published version does not change.
    """
    bundle = packaging.bundle
    found = store.get(package_key(packaging.keys, kinds.PACKAGE_INDEX, bundle))
    if found is None:
        return None
    try:
        index = read_index(found.body, name=found.key)
    except DocumentError:
        return None
    there = {delta.base_version for delta in index.deltas}
    missing = [base for base in packaging.options.bases if base not in there and base != bundle.version]
    if missing and not _is_too_large(store, packaging, missing[0]):
        raise PublishError(
            f"{bundle.program_id} {bundle.version} is published already, without a delta from {missing[0]}",
            hint="Raise the version in manifest.json: hosts may have loaded what there is.",
        )
    deltas = tuple(PackedDelta(delta.base_version, delta.size) for delta in index.deltas)
    return PackedVersion(index.archive.size, index.package.size, deltas)


def _embedded(store: ObjectStore, packaging: Packaging, served: str | None) -> list[str]:
    """Versions that hosts have embedded: those that are named, and those the served version was told of."""
    named = [base for base in packaging.options.bases if base != packaging.bundle.version]
    found = (
        None
        if served is None
        else store.get(packaging.keys.key(kinds.PACKAGE_INDEX, packaging.bundle.program_id, served))
    )
    if found is None:
        return named
    try:
        known = read_index(found.body, name=found.key).embedded
    except DocumentError as error:
        log.warning("embedded_versions_unknown", program_id=packaging.bundle.program_id, reason=str(error))
        return named
    left_out = {packaging.bundle.version, *packaging.options.no_longer}
    return list(dict.fromkeys((*named, *(each for each in known if each not in left_out))))


def _deltas(
    store: ObjectStore,
    packaging: Packaging,
    served: str | None,
    embedded: list[str],
    archive: bytes,
    *,
    full_size: int,
) -> Iterator[tuple[IndexedDelta, bytes]]:
    from miniprogram.packages.delta import make_delta

    made = 0
    usual, named = _bases(store, packaging, served, embedded)
    for base in (*usual, *named):
        if base not in named and made == packaging.options.deltas:
            continue
        old = _archive_of(store, packaging, base)
        if old is None or old == archive:
            continue
        made += 1
        delta = make_delta(old, archive, full_size=full_size)
        if delta is None:
            log.info("delta_not_worthwhile", program_id=packaging.bundle.program_id, base=base)
            continue
        sized = _sized(delta)
        entry = IndexedDelta(
            base_version=base, base=hashlib.sha256(old).hexdigest(), size=sized.size, sha256=sized.sha256
        )
        yield entry, delta


def _bases(
    store: ObjectStore, packaging: Packaging, served: str | None, embedded: list[str]
) -> tuple[list[str], list[str]]:
    """Versions that deltas may be made from, what hosts have now first, and those that are embedded, each once."""
    options, own = packaging.options, packaging.bundle.version
    recorded = recorded_versions(store, packaging.keys, packaging.bundle.program_id)
    for base in options.bases:
        if base not in recorded:
            raise PublishError(
                f"there is no {packaging.bundle.program_id} {base} in {store.location} to make a delta from"
            )
    named = [base for base in embedded if base in recorded]
    usual = dict.fromkeys(version for version in (served, *recorded) if version in recorded and version != own)
    likely = [version for version in usual if version not in named]
    return likely[: options.deltas * LOOKED_AT], named


def _archive_of(store: ObjectStore, packaging: Packaging, version: str) -> bytes | None:
    """The archive of a stored version; None of one without a package that can be read.

    Raises PublishError when a delta from it was asked for by name.
    """
    from miniprogram.packages.zstd import decompress

    key = packaging.keys.key(kinds.PACKAGE, packaging.bundle.program_id, version)
    found = store.get(key)
    try:
        if found is not None:
            return decompress(found.body, max_size=MAX_ARCHIVE_BYTES, name=key)
        reason = "was published without a package"
    except DocumentError as error:
        reason = f"has no package that can be read: {error}"
    if version in packaging.options.bases:
        name = packaging.bundle.program_id
        raise PublishError(f"{name} {version} {reason}, so no delta can be made from it")
    log.info("delta_base_unusable", program_id=packaging.bundle.program_id, base=version, reason=reason)
    return None


def _is_too_large(store: ObjectStore, packaging: Packaging, base: str) -> bool:
    """Whether the delta from `base` is missing because it would not be worthwhile."""
    only = PackageOptions(deltas=0, bases=(base,))
    return not pack(store, Packaging(packaging.bundle, packaging.keys, only, packaging.filled), None).sizes.deltas


def _files(
    packaging: Packaging, packed: bytes, deltas: Iterable[tuple[IndexedDelta, bytes]], index: PackageIndex
) -> Iterator[LayoutFile]:
    bundle, keys = packaging.bundle, packaging.keys

    stored = partial(_stored, keys, bundle)

    for file in bundle.screens:
        if file.path in packaging.filled:
            name = file.path.removeprefix("screens/").removesuffix(".json")
            yield stored(kinds.AUTHORED_SCREEN, file.body, name)
    yield stored(kinds.PACKAGE, packed)
    for entry, delta in deltas:
        yield stored(kinds.PACKAGE_DELTA, delta, entry.base)
    yield stored(kinds.PACKAGE_INDEX, _index_body(index))


def _stored(keys: Keys, bundle: Bundle, kind: kinds.DocumentKind, body: bytes, *values: str) -> LayoutFile:
    key = package_key(keys, kind, bundle, *values)
    return LayoutFile(key, kind, body, key, hashlib.sha256(body).hexdigest())


def _index_body(index: PackageIndex) -> bytes:
    members = index.model_dump(by_alias=True, mode="json", exclude_defaults=True)
    return to_canonical_json({"files": [], "schemaVersion": index.schema_version, **members})


def _indexed(file: BundleFile, filled: frozenset[str]) -> IndexedFile:
    return IndexedFile(path=file.path, size=file.size, sha256=file.sha256, filled=file.path in filled)


def _sized(body: bytes) -> SizedDigest:
    return SizedDigest(size=len(body), sha256=hashlib.sha256(body).hexdigest())
