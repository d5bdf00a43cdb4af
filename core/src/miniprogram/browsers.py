"""Browsers of this machine: found by their names, and asked to open a page."""

from __future__ import annotations

import shlex
import shutil
import subprocess
import sys
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path

from miniprogram.errors import ToolError

ANY = "web"
NONE = "none"


APPLICATIONS = Path("/Applications")
_WINDOWS_FOLDERS = ("PROGRAMFILES", "PROGRAMFILES(X86)", "LOCALAPPDATA")


@dataclass(frozen=True, slots=True)
class _Known:
    """A browser: its programs on PATH, its apps on macOS with the program inside, its programs on Windows."""

    title: str
    programs: tuple[str, ...]
    apps: Mapping[str, str]
    windows: tuple[str, ...]


KNOWN: Mapping[str, _Known] = {
    "chrome": _Known(
        "Chrome or Chromium",
        ("google-chrome", "google-chrome-stable", "chromium", "chromium-browser", "chrome"),
        {"Google Chrome": "Google Chrome", "Chromium": "Chromium"},
        (r"Google\Chrome\Application\chrome.exe", r"Chromium\Application\chrome.exe"),
    ),
    "edge": _Known(
        "Edge",
        ("microsoft-edge", "microsoft-edge-stable", "msedge"),
        {"Microsoft Edge": "Microsoft Edge"},
        (r"Microsoft\Edge\Application\msedge.exe",),
    ),
    "firefox": _Known(
        "Firefox", ("firefox", "firefox-esr"), {"Firefox": "firefox"}, (r"Mozilla Firefox\firefox.exe",)
    ),
}
NAMES = (*KNOWN, ANY, NONE)
"""What `-d` may be for a page: a browser, whichever one the person uses, or none."""


def find_browser(name: str, environ: Mapping[str, str], *, applications: Path = APPLICATIONS) -> Path | None:
    """The program of an installed browser, by a name of KNOWN; None where it is not installed."""
    known = KNOWN[name]
    for program in known.programs:
        if found := shutil.which(program, path=environ.get("PATH", "")):
            return Path(found)
    inside = [applications / f"{app}.app" / "Contents" / "MacOS" / program for app, program in known.apps.items()]
    folders = [Path(environ[each]) for each in _WINDOWS_FOLDERS if environ.get(each)]
    installed = [folder / program for folder in folders for program in known.windows]
    return next((path for path in [*inside, *installed] if path.is_file()), None)


def open_command(
    name: str, environ: Mapping[str, str], *, applications: Path = APPLICATIONS, system: str = sys.platform
) -> list[str] | None:
    """The command that opens an address, to be put behind it; None when there is no browser to be opened here.

    Raises ToolError when a browser was asked for by its name and is not installed.
    """
    if name == NONE:
        return None
    if name == ANY:
        return _usual(environ, system)
    found = find_browser(name, environ, applications=applications)
    if found is None:
        hint = "Use `-d web` for your usual browser, or `-d none` for none."
        raise ToolError(f"{KNOWN[name].title} is not installed", hint=hint)
    app = next((part for part in found.parts if part.endswith(".app")), None)
    return ["open", "-a", app.removesuffix(".app")] if app else [str(found)]


def _usual(environ: Mapping[str, str], system: str) -> list[str] | None:
    search = environ.get("PATH", "")
    if (chosen := environ.get("BROWSER", "").strip()) and "%s" not in chosen:
        return shlex.split(chosen.partition(":")[0] if system != "win32" else chosen)
    if system == "darwin":
        return ["open"]
    if system == "win32":
        return ["rundll32", "url.dll,FileProtocolHandler"]
    if not (environ.get("DISPLAY") or environ.get("WAYLAND_DISPLAY") or environ.get("WSL_DISTRO_NAME")):
        return None  # a browser without a screen would take the terminal
    return next(([found] for each in ("xdg-open", "wslview") if (found := shutil.which(each, path=search))), None)


def open_page(command: list[str], url: str, environ: Mapping[str, str]) -> None:
    """Have `command` open `url`, which stays open when the preview ends. Raises ToolError when that cannot be."""
    try:
        subprocess.Popen(
            [*command, url],
            env=dict(environ),
            stdin=subprocess.DEVNULL,
            stdout=subprocess.DEVNULL,
            stderr=subprocess.DEVNULL,
            start_new_session=True,
        )
    except OSError as error:
        raise ToolError(f"{command[0]} cannot be started: {error.strerror or error}") from error
