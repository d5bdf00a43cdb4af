"""A browser for the tests: one that is installed, else the one Playwright downloads.

Run as a program, it prints the Debian packages that bring what is missing.
"""

from __future__ import annotations

import os
import shutil
import subprocess
import sys
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from ctypes.util import find_library
from pathlib import Path
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from playwright.sync_api import Browser

NAMES = (
    "chromium", "chromium-browser", "google-chrome", "google-chrome-stable", "microsoft-edge",
    "microsoft-edge-stable", "chrome", "msedge",
)  # fmt: skip
MAC_APPS = ("Google Chrome", "Chromium", "Microsoft Edge")
WINDOWS_PROGRAMS = (r"Google\Chrome\Application\chrome.exe", r"Microsoft\Edge\Application\msedge.exe")
ARGUMENTS = [
    "--no-sandbox", "--disable-gpu", "--disable-quic", "--no-first-run", "--disable-background-networking",
    "--disable-component-update", "--disable-sync", "--disable-dev-shm-usage",
]  # fmt: skip


def installed_browser(
    environ: Mapping[str, str] = os.environ, *, applications: Path = Path("/Applications")
) -> str | None:
    """The path of an installed Chromium, Chrome or Edge."""
    for name in NAMES:
        if found := shutil.which(name, path=environ.get("PATH", "")):
            return found
    apps = [applications / f"{name}.app" / "Contents" / "MacOS" / name for name in MAC_APPS]
    folders = [environ.get(name) for name in ("PROGRAMFILES", "PROGRAMFILES(X86)", "LOCALAPPDATA")]
    programs = [Path(folder) / program for folder in folders if folder for program in WINDOWS_PROGRAMS]
    return next((str(path) for path in (*apps, *programs) if path.is_file()), None)


@contextmanager
def open_browser() -> Iterator[Browser]:
    """A headless browser while the block runs. Raises RuntimeError when none is installed or can be downloaded."""
    from playwright.sync_api import sync_playwright  # deferred: it is not there yet when this runs as a program

    executable = installed_browser()
    with sync_playwright() as playwright:
        if executable is None and not Path(playwright.chromium.executable_path).exists():
            _download()
        browser = playwright.chromium.launch(executable_path=executable, headless=True, args=ARGUMENTS)
        try:
            yield browser
        finally:
            browser.close()


def _download() -> None:
    done = subprocess.run(
        [sys.executable, "-m", "playwright", "install", "chromium"],
        capture_output=True,
        encoding="utf-8",
        timeout=600,
    )
    if done.returncode:
        lines = (done.stderr or done.stdout).strip().splitlines() or ["no message"]
        raise RuntimeError(f"no Chromium, Chrome or Edge is installed, and none can be downloaded: {lines[-1]}")


def missing_packages(environ: Mapping[str, str] = os.environ) -> list[str]:
    """What Debian has to install before a browser can be driven."""
    missing = [] if installed_browser(environ) else ["chromium"]
    # Playwright's driver is linked to it, and a wheel cannot ask for a system library
    return missing if find_library("atomic") else [*missing, "libatomic1"]


if __name__ == "__main__":
    print(*missing_packages())
