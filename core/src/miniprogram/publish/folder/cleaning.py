"""`--clean`: take away whatever else is in the folders of the layout, and nothing outside of them."""

from __future__ import annotations

import os
from collections.abc import Iterable
from contextlib import suppress
from pathlib import Path

from miniprogram.errors import PublishError
from miniprogram.publish.layouts.layout import Layout
from miniprogram.publish.layouts.static import FOLDERS


def other_files(root: Path, layout: Layout) -> set[str]:
    """Paths below the layout's folders that are not part of `layout`, relative to `root` with `/`."""
    found: set[str] = set()
    for name in FOLDERS:
        for parent, folders, files in os.walk(root / name):
            links = [folder for folder in folders if Path(parent, folder).is_symlink()]
            found |= {Path(parent, entry).relative_to(root).as_posix() for entry in (*files, *links)}
    return layout.others(found)


def remove_files(root: Path, paths: Iterable[str]) -> None:
    """Remove `paths`, pointers first, and the folders that become empty. Links are removed, not followed."""
    # nobody may be sent to a release that is already half gone
    for path in sorted(paths, key=lambda path: (not path.endswith("/latest.json"), path)):
        try:
            (root / path).unlink(missing_ok=True)
        except OSError as error:
            raise PublishError(f"{root / path} cannot be removed: {error.strerror or error}") from error
    for name in FOLDERS:
        _prune(root / name)


def _prune(folder: Path) -> None:
    for parent, _, _ in os.walk(folder, topdown=False):
        with suppress(OSError):
            Path(parent).rmdir()
