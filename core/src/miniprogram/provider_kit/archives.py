"""Archives of functions, made in process: the same sources have the same name, whoever packs them wherever.

sources = {**package_sources("miniprogram.delivery"), **package_sources("miniprogram_acme.function")}
archive = make_archive("delivery", sources, runtime=(3, 13), home="/workspace")
store_archive(store, archive)  # False when it is there already
"""

from __future__ import annotations

import gzip
import io
import py_compile
import sys
import tarfile
import tempfile
import zipfile
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from hashlib import sha256
from pathlib import Path
from typing import Any

from miniprogram.errors import PreconditionFailed
from miniprogram.seams.object_store import ObjectStore

ARCHIVES_PREFIX = "functions"
"""Start of the keys of archives, beside the prefixes of what is published."""
LONG_AGO = (1980, 1, 1, 0, 0, 0)
READABLE_FILE = 0o100644 << 16
MADE_ON_UNIX = 3

FunctionRuntime = tuple[int, int]
"""A Python version, as `(3, 13)`."""


@dataclass(frozen=True, slots=True)
class Archive:
    """A zip of a function. `digest` is of names, sources and runtime, and whether compiled modules come along."""

    name: str
    digest: str
    body: bytes

    @property
    def key(self) -> str:
        return f"{ARCHIVES_PREFIX}/{self.name}-{self.digest[:32]}.zip"


def make_archive(
    name: str, sources: Mapping[str, bytes], runtime: FunctionRuntime, *, home: str = "/var/task"
) -> Archive:
    """Pack `sources`: contents by path inside the archive, which is unpacked in the folder `home`.

    When this interpreter is of the version of `runtime`, compiled modules come along: a function's folder is
    read-only, so that each cold start would compile them again. An archive with them is another than one without.
    """
    return Archive(name, archive_digest(sources, runtime), zipped(archive_files(sources, runtime, home=home)))


def archive_files(sources: Mapping[str, bytes], runtime: FunctionRuntime, *, home: str) -> dict[str, bytes]:
    """What an archive of `sources` holds, for clouds that take the files themselves."""
    files = _with_unix_lines(sources)
    return {**files, **(compiled(files, home) if _comes_compiled(runtime) else {})}


def archive_digest(sources: Mapping[str, bytes], runtime: FunctionRuntime) -> str:
    """The digest of an archive of `sources`."""
    # of compiled modules only the fact counts: Python does not promise to write the same bytes twice
    compiled_for = sys.implementation.cache_tag if _comes_compiled(runtime) else ""
    return _digest(_with_unix_lines(sources), runtime, compiled_for)


def as_tar(files: Mapping[str, bytes]) -> bytes:
    """`files` as a compressed tar archive, which everybody may read: the same bytes for the same files."""
    target = io.BytesIO()
    with (
        gzip.GzipFile(fileobj=target, mode="wb", mtime=0) as packed,
        tarfile.open(fileobj=packed, mode="w", format=tarfile.PAX_FORMAT) as archive,
    ):
        for path in sorted(files):
            entry = tarfile.TarInfo(path)
            entry.size, entry.mode = len(files[path]), 0o644
            archive.addfile(entry, io.BytesIO(files[path]))
    return target.getvalue()


def compiled(files: Mapping[str, bytes], home: str) -> dict[str, bytes]:
    """The modules of `files` compiled by this interpreter, by the path where it looks for them.

    They are never checked against their sources, which the archive keeps unchanged beside them.
    """
    found: dict[str, bytes] = {}
    with tempfile.TemporaryDirectory() as folder:
        source, target = Path(folder, "source.py"), Path(folder, "target.pyc")
        for path, content in files.items():
            if not path.endswith(".py"):
                continue
            source.write_bytes(content)
            py_compile.compile(
                str(source),
                cfile=str(target),
                dfile=f"{home}/{path}",
                doraise=True,
                invalidation_mode=py_compile.PycInvalidationMode.UNCHECKED_HASH,
            )
            parent, _, module = path.rpartition("/")
            tagged = f"__pycache__/{module.removesuffix('.py')}.{sys.implementation.cache_tag}.pyc"
            found[f"{parent}/{tagged}" if parent else tagged] = target.read_bytes()
    return found


def package_sources(package: str) -> dict[str, bytes]:
    """The modules of an installed package, and of those within it, by their path in an archive."""
    from importlib.resources import files

    return dict(_modules(files(package), package.replace(".", "/")))


def store_archive(store: ObjectStore, archive: Archive) -> bool:
    """Have `archive`, and nothing else, lie under its key; whether it had to be stored. Raises StoreError.

    The name is predictable, and what lies under it is run with the function's rights: what is there already
    counts only when it is this archive, byte for byte.
    """
    try:
        store.put(archive.key, archive.body, content_type="application/zip", if_absent=True)
    except PreconditionFailed:
        found = store.get(archive.key)
        if found is not None and found.body == archive.body:
            return False
        store.put(archive.key, archive.body, content_type="application/zip")
    return True


def _modules(folder: Any, path: str) -> Iterable[tuple[str, bytes]]:
    for entry in folder.iterdir():
        if entry.is_dir() and entry.name != "__pycache__":
            yield from _modules(entry, f"{path}/{entry.name}")
        elif entry.name.endswith(".py"):
            yield f"{path}/{entry.name}", entry.read_bytes()


def _with_unix_lines(sources: Mapping[str, bytes]) -> dict[str, bytes]:
    """Git may give a checkout on Windows other line ends."""
    return {
        path: content.replace(b"\r\n", b"\n") if path.endswith(".py") else content
        for path, content in sources.items()
    }


def _comes_compiled(runtime: FunctionRuntime) -> bool:
    return sys.version_info[:2] == runtime


def _digest(files: Mapping[str, bytes], runtime: FunctionRuntime, compiled_for: str | None) -> str:
    total = sha256(f"python{runtime[0]}.{runtime[1]} {compiled_for}\n".encode())
    for path in sorted(files):
        total.update(f"{path}\0{sha256(files[path]).hexdigest()}\n".encode())
    return total.hexdigest()


def zipped(files: Mapping[str, bytes]) -> bytes:
    """`files` as a zip archive, which everybody may read: the same bytes for the same files."""
    target = io.BytesIO()
    with zipfile.ZipFile(target, "w", zipfile.ZIP_DEFLATED, compresslevel=9) as archive:
        for path in sorted(files):
            entry = zipfile.ZipInfo(path, LONG_AGO)
            entry.external_attr, entry.create_system = READABLE_FILE, MADE_ON_UNIX
            entry.compress_type = zipfile.ZIP_DEFLATED
            archive.writestr(entry, files[path])
    return target.getvalue()
