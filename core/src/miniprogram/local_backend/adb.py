"""Android devices: let an app on a connected device reach a port of this machine as its own."""

from __future__ import annotations

import shutil
import sys
from collections.abc import Iterator, Mapping
from pathlib import Path

from miniprogram.errors import ToolError
from miniprogram.tools import run_tool

TIMEOUT_S = 10.0


def reverse_port(port: int, *, environ: Mapping[str, str], cwd: Path) -> tuple[str, ...]:
    """Run `adb reverse` for every connected device; the serial numbers it worked for.

    Without adb, or without a device, nothing happens. A device that refuses is left out.
    """
    adb = find_adb(environ, cwd=cwd)
    if adb is None:
        return ()
    return tuple(
        serial
        for serial in _devices(adb, environ, cwd)
        if _run([adb, "-s", serial, "reverse", f"tcp:{port}", f"tcp:{port}"], environ, cwd) is not None
    )


def find_adb(environ: Mapping[str, str], *, cwd: Path) -> str | None:
    """The first adb that works: of the SDK folders the environment names, then on PATH."""
    for candidate in _candidates(environ):
        if _run([candidate, "version"], environ, cwd) is not None:
            return candidate
    return None


def _candidates(environ: Mapping[str, str]) -> Iterator[str]:
    name = "adb.exe" if sys.platform == "win32" else "adb"
    local = environ.get("LOCALAPPDATA") if sys.platform == "win32" else None
    sdks = [Path(local, "Android", "Sdk")] if local else []
    sdks += [Path(environ[key]) for key in ("ANDROID_SDK_ROOT", "ANDROID_HOME") if environ.get(key)]
    for sdk in sdks:
        adb = sdk / "platform-tools" / name
        if adb.is_file():
            yield str(adb)
    on_path = shutil.which("adb", path=environ.get("PATH", ""))
    if on_path:
        yield on_path


def _devices(adb: str, environ: Mapping[str, str], cwd: Path) -> list[str]:
    rows = [row.split() for row in (_run([adb, "devices"], environ, cwd) or "").splitlines()]
    return [row[0] for row in rows if len(row) == 2 and row[1] == "device"]


def _run(argv: list[str], environ: Mapping[str, str], cwd: Path) -> str | None:
    try:
        return run_tool(argv, cwd=cwd, timeout_s=TIMEOUT_S, environ=environ)
    except (ToolError, OSError):
        return None
