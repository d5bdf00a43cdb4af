"""Which texts may be object keys. The same rules for every store, so that what one takes, all take."""

from __future__ import annotations

from miniprogram.delivery.evaluation.path_segments import is_safe_segment
from miniprogram.errors import StoreError, UsageError

MAX_KEY_BYTES = 1024
"""Longest key, as UTF-8: the limit of the large object stores."""
MAX_SEGMENT_BYTES = 240
"""Longest part between two slashes, as UTF-8: file systems take 255, and a name may get a suffix."""


def check_key(key: str) -> str:
    """`key`, which must be `/`-joined segments. Raises StoreError saying what is wrong with it.

    No segment may be empty, `.` or `..`, hold a backslash or a control character, or be too long.
    """
    _check_text(key)
    for segment in key.split("/"):
        _check_segment(segment, key)
    return key


def check_prefix(prefix: str) -> str:
    """`prefix`, which must be how a key may begin: empty, `a/b`, or `a/b/`. Raises StoreError."""
    if not prefix:
        return prefix
    _check_text(prefix)
    *folders, last = prefix.split("/")
    for segment in folders:
        _check_segment(segment, prefix)
    if last not in ("", ".", ".."):
        _check_segment(last, prefix)
    return prefix


def check_folder(folder: str) -> str:
    """`folder`, which must be empty or end in `/` after `/`-joined segments. Raises StoreError."""
    if folder and not folder.endswith("/"):
        raise StoreError(f"the folder {folder!r} does not end in a slash")
    return check_prefix(folder)


def _check_text(key: str) -> None:
    try:
        size = len(key.encode())
    except UnicodeEncodeError:
        raise StoreError(f"the key {key!r} is not Unicode text") from None
    if size > MAX_KEY_BYTES:
        raise StoreError(f"the key {key[:60]!r}… is longer than {MAX_KEY_BYTES} bytes")


def _check_segment(segment: str, key: str) -> None:
    if segment in ("", ".", ".."):
        what = f"the segment {segment!r}" if segment else "an empty segment"
        raise StoreError(f"the key {key!r} has {what}")
    if "\\" in segment or not segment.isprintable():
        raise StoreError(f"the key {key!r} holds a backslash or a character that cannot be printed")
    if len(segment.encode()) > MAX_SEGMENT_BYTES:
        raise StoreError(f"the key {key[:60]!r}… has a segment longer than {MAX_SEGMENT_BYTES} bytes")


def require_segment(text: str, *, what: str) -> str:
    """`text` without blanks around it, which must be usable in a key. Raises UsageError saying what it is."""
    segment = text.strip()
    if not is_safe_segment(segment):
        raise UsageError(f"{segment!r} cannot be {what}: use letters, digits, dots, underscores and hyphens")
    return segment
