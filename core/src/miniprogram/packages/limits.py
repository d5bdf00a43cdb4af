"""How large a bundle may be. Real ones have tens of files and a few hundred KiB."""

from __future__ import annotations

from miniprogram.errors import ProjectError

MAX_FILES = 20_000
MAX_SCREEN_BYTES = 8 * 1024 * 1024
MAX_ASSET_BYTES = 32 * 1024 * 1024
"""A delivery server reads nothing larger."""
MAX_BUNDLE_BYTES = 256 * 1024 * 1024
MAX_ARCHIVE_BYTES = MAX_BUNDLE_BYTES + MAX_FILES * 2048
"""A bundle with what a tar adds for each file."""


class Allowance:
    """What a bundle may still take in. Raises ProjectError naming the file that was too much."""

    def __init__(self) -> None:
        self._files, self._bytes = 0, 0

    def take(self, path: str, size: int) -> None:
        largest = MAX_ASSET_BYTES if path.startswith("assets/") else MAX_SCREEN_BYTES
        self._files += 1
        self._bytes += size
        if size > largest:
            raise ProjectError(f"{path} has {size} bytes; a published file has at most {_mib(largest)}")
        if self._files > MAX_FILES:
            raise ProjectError(f"with {path} the mini-program has more than {MAX_FILES} files")
        if self._bytes > MAX_BUNDLE_BYTES:
            raise ProjectError(f"with {path} the mini-program is larger than {_mib(MAX_BUNDLE_BYTES)}")


def _mib(size: int) -> str:
    return f"{size // 1024 // 1024} MiB"
