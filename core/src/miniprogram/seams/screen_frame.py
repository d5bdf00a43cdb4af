"""The seam for documents that draw one screen in a frame: what the console shows two versions with, side by side.

The console decides who may see which screen, hands it over inside the document of a sandboxed frame, and says what
the frame may load. A frame brings the script that draws there, with what that script loads.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Protocol


class ScreenFrame(Protocol):
    """A script for the document of a sandboxed frame, which has no origin, no storage and no server to ask.

    The document holds an empty `<main id="root">`, as large as the frame, and `<script type="application/json"
    id="screen">` with the members `screenId`, `screen` (Stac JSON), `brightness` (`light` or `dark`) and `assets`:
    pictures as `data:` addresses by their paths, `assets/logo.png`. The script draws the screen into `#root` and
    then sets `data-drawn` of the document's element to `yes`, or to `failed` where it could not.
    """

    @property
    def script(self) -> str:
        """The path of the script among `files`: an ES module."""
        ...

    @property
    def files(self) -> Mapping[str, bytes]:
        """The script and what it loads, by paths relative to each other. Anybody may read them.

        Only .js, .json and .woff2 files are served; fonts, modules and JSON are all that a frame may load.
        """
        ...
