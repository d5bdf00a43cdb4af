"""Function archives, made in process: the same sources have the same digest, whoever packs them wherever."""

from __future__ import annotations

import io
import py_compile
import sys
import tempfile
import zipfile
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from hashlib import sha256
from pathlib import Path
from typing import Any

from miniprogram.errors import StoreError
from miniprogram_aws.sdk.client import AwsClients
from miniprogram_aws.sdk.errors import mapped
from miniprogram_aws.sdk.sdk_errors import read_failure

ARCHIVES_PREFIX = "functions"
"""Start of the keys of archives, beside the prefixes of what is published."""
LONG_AGO = (1980, 1, 1, 0, 0, 0)
READABLE_FILE = 0o100644 << 16
MADE_ON_UNIX = 3

FunctionRuntime = tuple[int, int]
"""A Python version, as `(3, 13)`."""


@dataclass(frozen=True, slots=True)
class Archive:
    """A zip for Lambda. `digest` is of names, sources and runtime, as 64 hex digits."""

    name: str
    digest: str
    body: bytes

    @property
    def key(self) -> str:
        return f"{ARCHIVES_PREFIX}/{self.name}-{self.digest[:32]}.zip"


def make_archive(name: str, sources: Mapping[str, bytes], runtime: FunctionRuntime) -> Archive:
    """Pack `sources`: contents by path inside the archive.

    When this interpreter is of the version of `runtime`, compiled modules come along: a function's folder is
    read-only, so that Lambda would compile them again at each cold start. They are not part of the digest,
    since they hold what is in the sources already.
    """
    files = {path: _unix_lines(path, content) for path, content in sources.items()}
    bytecode = compiled(files) if sys.version_info[:2] == runtime else {}
    return Archive(name, _digest(files, runtime), _zipped({**files, **bytecode}))


def compiled(files: Mapping[str, bytes]) -> dict[str, bytes]:
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
                dfile=f"/var/task/{path}",
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


def upload_archive(archive: Archive, clients: AwsClients, bucket: str, *, kms_key_id: str | None = None) -> bool:
    """Store `archive` under its key unless it is there; whether it had to be stored. Raises StoreError."""
    s3 = clients.client("s3")
    resource = f"the bucket {bucket}"
    with mapped(f"store the function in {bucket}", resource=resource, region=clients.region, failure=StoreError):
        if _is_there(s3, bucket, archive.key):
            return False
        encryption: dict[str, Any] = (
            {"ServerSideEncryption": "aws:kms", "SSEKMSKeyId": kms_key_id} if kms_key_id else {}
        )
        put: Any = s3.put_object
        put(Bucket=bucket, Key=archive.key, Body=archive.body, ContentType="application/zip", **encryption)
        return True


def _is_there(s3: Any, bucket: str, key: str) -> bool:
    try:
        s3.head_object(Bucket=bucket, Key=key)
    except Exception as error:
        found = read_failure(error)
        if found is not None and found.status in {403, 404}:  # 403: may not list, so may not be told either
            return False
        raise
    return True


def _modules(folder: Any, path: str) -> Iterable[tuple[str, bytes]]:
    for entry in folder.iterdir():
        if entry.is_dir() and entry.name != "__pycache__":
            yield from _modules(entry, f"{path}/{entry.name}")
        elif entry.name.endswith(".py"):
            yield f"{path}/{entry.name}", entry.read_bytes()


def _unix_lines(path: str, content: bytes) -> bytes:
    """Git may give a checkout on Windows other line ends."""
    return content.replace(b"\r\n", b"\n") if path.endswith(".py") else content


def _digest(files: Mapping[str, bytes], runtime: FunctionRuntime) -> str:
    total = sha256(f"python{runtime[0]}.{runtime[1]}\n".encode())
    for path in sorted(files):
        total.update(f"{path}\0{sha256(files[path]).hexdigest()}\n".encode())
    return total.hexdigest()


def _zipped(files: Mapping[str, bytes]) -> bytes:
    target = io.BytesIO()
    with zipfile.ZipFile(target, "w", zipfile.ZIP_DEFLATED, compresslevel=9) as archive:
        for path in sorted(files):
            entry = zipfile.ZipInfo(path, LONG_AGO)
            entry.external_attr, entry.create_system = READABLE_FILE, MADE_ON_UNIX
            entry.compress_type = zipfile.ZIP_DEFLATED
            archive.writestr(entry, files[path])
    return target.getvalue()
