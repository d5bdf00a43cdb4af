"""What a site serves, as an object store: read from its visitors' side, changed in memory until it is released."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Mapping
from concurrent.futures import ThreadPoolExecutor

from miniprogram.errors import PreconditionFailed, StoreError
from miniprogram.object_keys import check_folder, check_key, check_prefix
from miniprogram.seams.object_store import ObjectInfo, StoredObject
from miniprogram_firebase.hosting.site import packed

READS_AT_ONCE = 8
Read = Callable[[str], bytes | None]
"""The bytes a visitor gets at a path, without leading slash; None when there is nothing."""


class SiteStore:
    """Implements ObjectStore over the files of one version of a site. Etags are Hosting's own hashes.

    Conditions hold among its own callers; among publishers it is the release that decides.
    """

    parallel_writes = 1
    """Writing only takes a note; everything is sent when the version is made."""

    def __init__(self, files: Mapping[str, str], read: Read, *, location: str) -> None:
        self.location = location
        self.files = dict(files)
        """Hashes by path, as they are to be served."""
        self.packed: dict[str, bytes] = {}
        """Gzipped bytes by hash, of what was put."""
        self._served = dict(files)
        self._read = read
        self._bodies: dict[str, bytes] = {}
        self._digests: dict[bytes, str] = {}

    @property
    def is_changed(self) -> bool:
        return self.files != self._served

    @property
    def changes(self) -> dict[str, str]:
        """Hashes by path of what is to be served otherwise than now; blank for what is to be no longer."""
        gone = dict.fromkeys(self._served.keys() - self.files.keys(), "")
        return gone | {path: digest for path, digest in self.files.items() if self._served.get(path) != digest}

    def bodies(self, keys: Iterable[str]) -> list[bytes]:
        """Those of `keys` whose bytes are known here."""
        digests = (self.files.get(key, "") for key in keys)
        return [self._bodies[digest] for digest in digests if digest in self._bodies]

    def fetch(self, keys: Iterable[str]) -> None:
        """Read what is there of `keys` at once instead of one after the other."""
        unknown = [key for key in keys if self.files.get(key, "") not in self._bodies and key in self.files]
        with ThreadPoolExecutor(READS_AT_ONCE) as pool:
            list(pool.map(self.get, unknown))

    def remember(self, bodies: Iterable[bytes]) -> None:
        """Bytes that may be there already: asked for by their hash, they need not be fetched."""
        for body in bodies:
            self._keep(body)

    def get(self, key: str) -> StoredObject | None:
        digest = self.files.get(check_key(key))
        if digest is None:
            return None
        if digest not in self._bodies:
            self._bodies[digest] = self._fetched(key)
        return StoredObject(key, self._bodies[digest], digest)

    def put(
        self,
        key: str,
        body: bytes,
        *,
        content_type: str | None = None,  # noqa: ARG002 - Hosting tells it by the name
        cache_control: str | None = None,  # noqa: ARG002 - rules of the version say it, see serving_config
        if_match: str | None = None,
        if_absent: bool = False,
    ) -> str:
        self._require(check_key(key), if_match)
        if if_absent and key in self.files:
            raise PreconditionFailed(f"{key} is already there")
        digest = self._keep(bytes(body))
        self.files[key] = digest
        return digest

    def list(self, prefix: str) -> Iterator[ObjectInfo]:
        """Hosting lists no sizes: what was neither read nor put here has 0."""
        check_prefix(prefix)
        for key in sorted(key for key in self.files if key.startswith(prefix)):
            yield ObjectInfo(key, len(self._bodies.get(self.files[key], b"")))

    def list_names(self, folder: str, *, after: str = "") -> Iterator[str]:
        start = len(check_folder(folder))
        rests = (key[start:] for key in self.files if key.startswith(folder))
        names = {rest[: rest.index("/") + 1] if "/" in rest else rest for rest in rests}
        return iter(sorted(name for name in names if name > after))

    def delete(self, key: str, *, if_match: str | None = None) -> None:
        self._require(check_key(key), if_match)
        self.files.pop(key, None)

    def _require(self, key: str, if_match: str | None) -> None:
        if if_match is not None and self.files.get(key) != if_match:
            raise PreconditionFailed(f"{key} was changed by somebody else meanwhile")

    def _keep(self, body: bytes) -> str:
        digest = self._digests.get(body)
        if digest is None:
            digest, small = packed(body)
            self.packed[digest], self._bodies[digest], self._digests[body] = small, body, digest
        return digest

    def _fetched(self, key: str) -> bytes:
        """The bytes behind a path. Read twice where the hash cannot prove them: a cache may be behind.

        Other tools pack with other programs, so that their hash of the same bytes is another.
        """
        first = self._read(key)
        if first is not None and packed(first)[0] == self.files[key]:
            return first
        second = self._read(key)
        if first is None or first != second:
            raise StoreError(
                f"{self.location} lists {key}, but does not serve it as it is listed",
                hint="Somebody may have released another version just now: try again.",
            )
        return first
