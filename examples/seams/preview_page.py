"""A page of its own for `miniprogram preview`: the company's runtime, which lies in the plugin's package."""

from __future__ import annotations

from pathlib import Path

from miniprogram.plugins.specs import PreviewPageSpec


class AcmePage:
    """Implements PreviewPage. `acme/index.html` loads `../runtime/…`, asks `api/` and listens to `events`."""

    entry = "acme/index.html"

    def __init__(self) -> None:
        here = Path(__file__).parent
        self.folders = {"acme": here / "page", "runtime": here / "runtime"}


SPEC = PreviewPageSpec("acme", AcmePage)
"""What the hook `miniprogram_preview_pages` returns in a list."""
