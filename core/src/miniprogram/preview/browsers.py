"""Open a page in a browser: the person's own one, or one by its name."""

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


@dataclass(frozen=True, slots=True)
class _Known:
    """A browser, by the names of its program on PATH, its app on macOS, and its program on Windows."""

    title: str
    programs: tuple[str, ...]
    apps: tuple[str, ...]
    windows: str


KNOWN: Mapping[str, _Known] = {
    "chrome": _Known(
        "Chrome or Chromium",
        ("google-chrome", "google-chrome-stable", "chromium", "chromium-browser", "chrome"),
        ("Google Chrome", "Chromium"),
        r"Google\Chrome\Application\chrome.exe",
    ),
    "edge": _Known(
        "Edge",
        ("microsoft-edge", "microsoft-edge-stable", "msedge"),
        ("Microsoft Edge",),
        r"Microsoft\Edge\Application\msedge.exe",
    ),
    "firefox": _Known("Firefox", ("firefox", "firefox-esr"), ("Firefox",), r"Mozilla Firefox\firefox.exe"),
}
NAMES = (*KNOWN, ANY, NONE)
"""What `-d` may be for a page: a browser, whichever one the person uses, or none."""


def open_command(
    name: str,
    environ: Mapping[str, str],
    *,
    applications: Path = Path("/Applications"),
    system: str = sys.platform,
) -> list[str] | None:
    """The command that opens an address, to be put behind it; None when there is no browser to be opened here.

    Raises ToolError when a browser was asked for by its name and is not installed.
    """
    if name == NONE:
        return None
    if name == ANY:
        return _usual(environ, system)
    known = KNOWN[name]
    search = environ.get("PATH", "")
    if program := next((found for each in known.programs if (found := shutil.which(each, path=search))), None):
        return [program]
    if app := next((each for each in known.apps if (applications / f"{each}.app").is_dir()), None):
        return ["open", "-a", app]
    folders = [environ.get(each) for each in ("PROGRAMFILES", "PROGRAMFILES(X86)", "LOCALAPPDATA")]
    programs = [Path(folder) / known.windows for folder in folders if folder]
    if installed := [each for each in programs if each.is_file()]:
        return [str(installed[0])]
    raise ToolError(
        f"{known.title} is not installed", hint="Use `-d web` for your usual browser, or `-d none` for none."
    )


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
