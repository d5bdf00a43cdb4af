"""Browsers that are installed on this machine."""

from __future__ import annotations

import os
import shutil
import sys
from collections.abc import Mapping
from pathlib import Path

from miniprogram.errors import ToolError

PROGRAMS: Mapping[str, tuple[str, ...]] = {
    "chrome": ("google-chrome", "google-chrome-stable", "chrome", "chromium", "chromium-browser"),
    "edge": ("microsoft-edge", "microsoft-edge-stable", "msedge"),
    "firefox": ("firefox",),
}
"""By the name that people use: what the program is called where it is on PATH."""

_MAC = {
    "chrome": ("Google Chrome.app/Contents/MacOS/Google Chrome", "Chromium.app/Contents/MacOS/Chromium"),
    "edge": ("Microsoft Edge.app/Contents/MacOS/Microsoft Edge",),
    "firefox": ("Firefox.app/Contents/MacOS/firefox",),
}
_WINDOWS = {
    "chrome": (r"Google\Chrome\Application\chrome.exe", r"Chromium\Application\chrome.exe"),
    "edge": (r"Microsoft\Edge\Application\msedge.exe",),
    "firefox": (r"Mozilla Firefox\firefox.exe",),
}


def find_browser(name: str, environ: Mapping[str, str]) -> Path | None:
    """The program of the browser `name`; None where it is not installed. `name` is one of `PROGRAMS`."""
    for program in PROGRAMS[name]:
        if found := shutil.which(program, path=environ.get("PATH", os.defpath)):
            return Path(found)
    return next((path for path in _usual_paths(name, environ) if path.is_file()), None)


def require_browser(name: str, environ: Mapping[str, str]) -> Path:
    """Like `find_browser`. Raises ToolError when it is not installed."""
    found = find_browser(name, environ)
    if found is None:
        looked = ", ".join(PROGRAMS[name])
        raise ToolError(f"{name} is not installed: none of {looked} is on PATH")
    return found


def _usual_paths(name: str, environ: Mapping[str, str]) -> list[Path]:
    if sys.platform == "darwin":
        roots = [Path("/Applications"), Path(environ.get("HOME", "/")) / "Applications"]
        return [root / path for root in roots for path in _MAC[name]]
    if sys.platform == "win32":
        names = ("PROGRAMFILES", "PROGRAMFILES(X86)", "LOCALAPPDATA")
        roots = [Path(environ[each]) for each in names if each in environ]
        return [root / path for root in roots for path in _WINDOWS[name]]
    return []
