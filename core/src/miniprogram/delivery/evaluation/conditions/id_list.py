"""A list of ids that is too long for memory: a sorted file of digests, looked up by bisection.

The file holds no id, only salted 8-byte digests, so it may travel to places that must not know the ids. At a
million ids the chance that an id outside the list looks like one inside is about one in 10^13.

Layout, little-endian: 8 bytes magic, 8 bytes count, 16 bytes salt, then `count` unsigned 64-bit digests in
ascending order.
"""

from __future__ import annotations

import mmap
import os
import sys
from array import array
from bisect import bisect_left
from collections.abc import Iterable
from hashlib import blake2b
from struct import Struct
from types import TracebackType

MAGIC = b"MPIDLST1"
SALT_BYTES = 16
_HEADER = Struct(f"<8sQ{SALT_BYTES}s")


class IdList:
    """An opened list. `id in list` reads only the pages it needs. Safe to share between threads.

    Raises ValueError when the file is not a whole list.
    """

    def __init__(self, path: str) -> None:
        with open(path, "rb") as stream:  # noqa: PTH123 - pathlib costs a function's cold start more than it brings
            header = stream.read(_HEADER.size)
            size = os.fstat(stream.fileno()).st_size
            if len(header) < _HEADER.size:
                raise ValueError(f"{path} is not an id list")
            magic, count, self._salt = _HEADER.unpack(header)
            if magic != MAGIC or size != _HEADER.size + 8 * count:
                raise ValueError(f"{path} is not a whole id list")
            self._map: mmap.mmap | None = mmap.mmap(stream.fileno(), 0, access=mmap.ACCESS_READ)
        self._bytes = memoryview(self._map)[_HEADER.size :]
        self._digests: memoryview | array[int] = (
            self._bytes.cast("Q") if sys.byteorder == "little" else _swapped(self._bytes)
        )

    @classmethod
    def of(cls, body: bytes, name: str) -> IdList:
        """The list in `body`, which stays in memory. `name` is for the error."""
        if len(body) < _HEADER.size:
            raise ValueError(f"{name} is not an id list")
        magic, count, salt = _HEADER.unpack_from(body)
        if magic != MAGIC or len(body) != _HEADER.size + 8 * count:
            raise ValueError(f"{name} is not a whole id list")
        ids = cls.__new__(cls)
        ids._salt, ids._map = salt, None
        ids._bytes = memoryview(body)[_HEADER.size :]
        ids._digests = ids._bytes.cast("Q") if sys.byteorder == "little" else _swapped(ids._bytes)
        return ids

    def __contains__(self, text: object) -> bool:
        if not isinstance(text, str):
            return False
        digest = _digest(self._salt, text)
        position = bisect_left(self._digests, digest)
        return position < len(self._digests) and self._digests[position] == digest

    def __len__(self) -> int:
        return len(self._digests)

    def close(self) -> None:
        """Give the file back."""
        if isinstance(self._digests, memoryview):
            self._digests.release()
        self._bytes.release()
        if self._map is not None:
            self._map.close()

    def __enter__(self) -> IdList:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self.close()


def write_id_list(path: str, ids: Iterable[str], *, salt: bytes | None = None) -> int:
    """Write the distinct `ids` to `path` in one step and return how many there are.

    The same ids and `salt` (16 bytes, random by default) give the same file.
    """
    salt = os.urandom(SALT_BYTES) if salt is None else salt
    if len(salt) != SALT_BYTES:
        raise ValueError(f"a salt has {SALT_BYTES} bytes")
    digests = array("Q", sorted({_digest(salt, text) for text in ids}))
    if sys.byteorder == "big":
        digests.byteswap()
    temporary = f"{path}.{os.getpid()}.tmp"
    try:
        with open(temporary, "wb") as stream:  # noqa: PTH123
            stream.write(_HEADER.pack(MAGIC, len(digests), salt))
            stream.write(digests.tobytes())
            stream.flush()
            os.fsync(stream.fileno())
        os.replace(temporary, path)  # noqa: PTH105
    except BaseException:
        if os.path.exists(temporary):  # noqa: PTH110
            os.unlink(temporary)  # noqa: PTH108
        raise
    return len(digests)


def changed_id_list(
    body: bytes, name: str, *, add: Iterable[str], remove: Iterable[str]
) -> tuple[bytes, int, int]:
    """The list in `body` with ids more and others less: its bytes, how many are new, how many are gone.

    The salt stays, so that nobody needs to know the other ids. Raises ValueError when `body` is no whole list.
    """
    before = IdList.of(body, name)
    salt = before._salt
    there = set(before._digests)
    gone = there & {_digest(salt, text) for text in remove}
    new = {_digest(salt, text) for text in add} - there
    digests = array("Q", sorted((there - gone) | new))
    if sys.byteorder == "big":
        digests.byteswap()
    return _HEADER.pack(MAGIC, len(digests), salt) + digests.tobytes(), len(new), len(gone)


def _digest(salt: bytes, text: str) -> int:
    return int.from_bytes(blake2b(text.encode("utf-8", "surrogatepass"), digest_size=8, key=salt).digest(), "big")


def _swapped(raw: memoryview) -> array[int]:
    digests = array("Q", raw.tobytes())
    digests.byteswap()
    return digests
