"""The seam for pages in which a preview is seen: a runtime for browsers, and what is around it.

The core builds, watches and serves; a page brings its files. What it may ask of the preview's server, and what it
is told, stands in docs/reference/preview-channel.md.
"""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path
from typing import Protocol


class PreviewPage(Protocol):
    @property
    def folders(self) -> Mapping[str, Path]:
        """Folders that are served as they are, by the first part of their addresses below the preview's.

        Names that the preview uses itself are not free: `api`, `assets`, `backend`, `dev`, `events`, `preview`.
        """
        ...

    @property
    def entry(self) -> str:
        """The page's document, as `folder/file`."""
        ...
