"""The runtime in a frame of the release console: one module that draws one screen, icon tables and fonts."""

from __future__ import annotations

from pathlib import Path

from miniprogram_web.bundle import bundle
from miniprogram_web.node import RUNTIME

ENTRY = "view/still_screen.js"
SCRIPT = "screen.js"


class RuntimeFrame:
    """Implements `miniprogram.seams.screen_frame.ScreenFrame`."""

    script = SCRIPT

    def __init__(self) -> None:
        beside = {"icons": RUNTIME / "icons", "vendor": RUNTIME.parent / "vendor"}
        files = {SCRIPT: bundle(entry=ENTRY).encode()}
        for name, folder in beside.items():
            files |= {
                f"{name}/{path.relative_to(folder).as_posix()}": path.read_bytes() for path in _loaded(folder)
            }
        self.files = files


def _loaded(folder: Path) -> list[Path]:
    return sorted(path for path in folder.rglob("*") if path.suffix in (".json", ".woff2"))
