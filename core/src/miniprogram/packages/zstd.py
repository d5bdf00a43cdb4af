"""Zstandard, with another archive as dictionary: the standard library's from Python 3.14 on, its backport below.

Every size is bounded before anything is allocated: a frame says its window and its length, and neither is believed
beyond what the caller allows.
"""

from __future__ import annotations

import sys
from typing import Any

from miniprogram.errors import DocumentError

if sys.version_info >= (3, 14):
    from compression import zstd
else:
    from backports import zstd

MAGIC = b"\x28\xb5\x2f\xfd"
MAX_WINDOW_LOG = 26
"""64 MiB: what one reader of a delta needs at most, in memory."""
_LEVEL, _LEVEL_OF_LARGE, _LARGE = 19, 9, 8 * 1024 * 1024
"""Archives beyond 8 MiB are mostly pictures, where the higher level costs minutes and saves nothing."""
_SMALLEST_WINDOW = 8 * 1024 * 1024
"""Bytes. RFC 9842, section 5: readers of `dcz` allow this window, or 1.25 times the dictionary if that is more."""
_Parameter = zstd.CompressionParameter


def compress(body: bytes, *, dictionary: bytes = b"") -> bytes:
    """`body` as one frame that says its length, to be read with the same `dictionary`.

    The same input gives the same bytes with the same version of the library.
    """
    options: dict[Any, int] = {_Parameter.compression_level: _LEVEL if len(body) <= _LARGE else _LEVEL_OF_LARGE}
    if dictionary:
        options[_Parameter.enable_long_distance_matching] = 1
        options[_Parameter.window_log] = _window_log(len(dictionary), len(body))
    return zstd.compress(body, options=options, zstd_dict=_prefix(dictionary))


def decompress(frame: bytes, *, dictionary: bytes = b"", max_size: int, name: str) -> bytes:
    """What `compress` was given. `max_size` bounds the result, in bytes.

    Raises DocumentError, naming `name`, for anything but one whole frame of at most `max_size` bytes.
    """
    try:
        declared = zstd.get_frame_info(frame).decompressed_size
        if declared is None or declared > max_size:
            raise DocumentError(
                f"{name} holds {declared or 'an unknown number of'} bytes; at most {max_size} are allowed"
            )
        options: dict[Any, int] = {zstd.DecompressionParameter.window_log_max: MAX_WINDOW_LOG}
        stream = zstd.ZstdDecompressor(zstd_dict=_prefix(dictionary), options=options)
        body: bytes = stream.decompress(frame, max_length=max_size + 1)
    except zstd.ZstdError as error:
        raise DocumentError(f"{name} is damaged: {error}") from error
    if not stream.eof or stream.unused_data or len(body) != declared:
        raise DocumentError(f"{name} is not one whole Zstandard frame")
    return body


def _prefix(dictionary: bytes) -> Any:
    """The library takes no dictionary of less than eight bytes: there is nothing in it to refer to."""
    return zstd.ZstdDict(dictionary, is_raw=True).as_prefix if len(dictionary) >= 8 else None


def _window_log(old: int, new: int) -> int:
    """The smallest window that spans both archives, in the size of which readers of `dcz` need not refuse it.

    A frame that is no longer than its window says its own length instead.
    """
    wanted = min(MAX_WINDOW_LOG, max(20, (old + new).bit_length()))
    allowed = max(_SMALLEST_WINDOW, old * 5 // 4)
    return wanted if min(new, 1 << wanted) <= allowed else allowed.bit_length() - 1
