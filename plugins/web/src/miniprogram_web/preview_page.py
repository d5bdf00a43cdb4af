"""The page of `miniprogram preview`: the runtime, and a workbench around it."""

from __future__ import annotations

from pathlib import Path

PACKAGE = Path(__file__).parent
FOLDERS = {"page": PACKAGE / "preview", "runtime": PACKAGE / "runtime", "vendor": PACKAGE / "vendor"}


class RuntimePage:
    """Implements `miniprogram.seams.preview_page.PreviewPage`."""

    folders = FOLDERS
    entry = "page/index.html"
