"""How a version comes to the host: by a delta upon what is there, else the files that changed, else whole.

Whichever way is taken, the same archive must come out: its size and sha256 are in the index. A way that fails
leads to the next; only a delivery that cannot be reached ends it. What was loaded so far is kept for next time.
"""

from __future__ import annotations

import hashlib
from collections.abc import Callable, Iterable, Iterator
from functools import partial

from miniprogram.client.delivery import Delivery, file_path, package_path
from miniprogram.client.downloads import download
from miniprogram.client.errors import BrokenDelivery, CannotOpen, DeliveryRefused
from miniprogram.client.offers import Update, Way
from miniprogram.client.versions import LocalVersions
from miniprogram.errors import DocumentError
from miniprogram.logs import get_log
from miniprogram.packages.archive import write_archive
from miniprogram.packages.bundle import Bundle, BundleFile
from miniprogram.packages.delta import apply_delta
from miniprogram.packages.manifest import Manifest
from miniprogram.packages.package_file import Package, open_archive
from miniprogram.packages.package_index import IndexedFile, PackageIndex
from miniprogram.packages.zstd import decompress
from miniprogram.sealing.cipher import SealedForOthers, SealedVersion, open_sealed
from miniprogram.strict_json import parse_json, parse_model

log = get_log(__name__)


class Updater:
    """Brings versions of one mini-program into the host's `local` ones."""

    def __init__(self, program_id: str, delivery: Delivery, local: LocalVersions) -> None:
        self._program_id, self._delivery, self._local = program_id, delivery, local

    def fetch(self, index: PackageIndex) -> Update:
        """Have the archive of `index` among the kept ones.

        Raises DeliveryUnreachable, and the error of the last way when each failed.
        """
        if self._local.archive(index.archive.sha256) is not None:
            return Update("cached", 0)
        failure: Exception | None = None
        for way, load in self._ways(index):
            try:
                archive, size = load()
                package = _opened(index, archive)
            except (BrokenDelivery, DeliveryRefused, DocumentError) as error:
                log.info("update_way_failed", program_id=self._program_id, way=way, reason=str(error))
                failure = error
                continue
            self._local.keep(package.archive)
            return Update(way, size)
        raise BrokenDelivery(f"{self._program_id} {index.version} could not be loaded: {failure}") from failure

    def _ways(self, index: PackageIndex) -> Iterator[tuple[Way, Callable[[], tuple[bytes, int]]]]:
        """The ways to the version, the cheapest first."""
        if index.sealed is not None:
            yield "package", partial(self._unsealed, index)
            return
        bases = [delta for delta in index.deltas if self._local.archive(delta.base) is not None]
        for delta in sorted(bases, key=lambda each: each.size)[:1]:
            yield "delta", partial(self._by_delta, index, delta.base)
        known = self._known_files()
        missing = [file for file in index.files if file.sha256 not in known]
        by_files = partial(self._by_files, index, known, missing)
        is_cheaper = bool(known) and sum(file.size for file in missing) <= index.package.size
        if is_cheaper:
            yield "files", by_files
        yield "package", partial(self._whole, index)
        if not is_cheaper:  # a function may not be able to hand out as much in one answer
            yield "files", by_files

    def _by_delta(self, index: PackageIndex, base: str) -> tuple[bytes, int]:
        delta, old = index.delta_from(base), self._local.archive(base)
        if delta is None or old is None:
            raise BrokenDelivery(f"the archive {base[:16]}… is gone")
        path = package_path(self._program_id, index.version, f"{base}.dcz")
        body = download(self._delivery, path, delta, self._local.part_file(delta.sha256))
        size, sha256 = index.archive.size, index.archive.sha256
        return apply_delta(old, body, size=size, sha256=sha256, old_sha256=base, name=path), len(body)

    def _by_files(
        self, index: PackageIndex, known: dict[str, bytes], missing: Iterable[IndexedFile]
    ) -> tuple[bytes, int]:
        loaded = {file.sha256: self._file(index, file) for file in missing}
        bodies = known | loaded
        files = [BundleFile.of(file.path, bodies[file.sha256]) for file in index.files]
        manifest_file = next((file for file in files if file.path == "manifest.json"), None)
        if manifest_file is None:
            raise BrokenDelivery(f"the index of {self._program_id} {index.version} lists no manifest.json")
        manifest = parse_model(
            Manifest, parse_json(manifest_file.body, name="manifest.json"), name="manifest.json"
        )
        return write_archive(Bundle.of(manifest, files)), sum(len(body) for body in loaded.values())

    def _file(self, index: PackageIndex, file: IndexedFile) -> bytes:
        path = file_path(self._program_id, index.version, file.path, filled=file.filled)
        body = self._delivery.file(path, max_bytes=file.size)
        if hashlib.sha256(body).hexdigest() != file.sha256:
            raise BrokenDelivery(f"{path} is not what the index says: its sha256 differs")
        return body

    def _whole(self, index: PackageIndex) -> tuple[bytes, int]:
        path = package_path(self._program_id, index.version, "package.tar.zst")
        body = download(self._delivery, path, index.package, self._local.part_file(index.package.sha256))
        return decompress(body, max_size=index.archive.size, name=path), len(body)

    def _unsealed(self, index: PackageIndex) -> tuple[bytes, int]:
        name = f"{index.package.sha256}.sealed"
        path = package_path(self._program_id, index.version, name)
        keys = self._delivery.opens
        if keys is None:
            raise CannotOpen(f"{self._program_id} {index.version} is sealed, and this host has no key to open it")
        body = download(self._delivery, path, index.package, self._local.part_file(index.package.sha256))
        about = SealedVersion(self._program_id, index.version, index.digest)
        try:
            packed = open_sealed(body, about, keys, name=f"{self._program_id} {index.version}")
        except SealedForOthers as error:
            raise CannotOpen(str(error)) from error
        return decompress(packed, max_size=index.archive.size, name=path), len(body)

    def _known_files(self) -> dict[str, bytes]:
        """Bodies of files of the kept versions, by sha256."""
        return {file.sha256: file.body for package in self._local.packages() for file in package.bundle.files}


def _opened(index: PackageIndex, archive: bytes) -> Package:
    """The package, when it is the one that was promised."""
    name = f"the archive of {index.mini_program_id} {index.version}"
    if len(archive) != index.archive.size or hashlib.sha256(archive).hexdigest() != index.archive.sha256:
        raise BrokenDelivery(f"{name} is not what its index says: its size or sha256 differs")
    package = open_archive(archive, name=name)
    bundle = package.bundle
    if (bundle.digest, bundle.program_id, bundle.version) != (index.digest, index.mini_program_id, index.version):
        raise BrokenDelivery(f"{name} holds {bundle.program_id} {bundle.version} of another digest")
    return package
