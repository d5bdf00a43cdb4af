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
        for serial in connected_devices(adb, environ=environ, cwd=cwd)
        if add_reverse(adb, serial, port, environ=environ, cwd=cwd)
    )


def find_adb(environ: Mapping[str, str], *, cwd: Path) -> str | None:
    """The first adb that works: of the SDK folders the environment names, then on PATH."""
    for candidate in _candidates(environ):
        if _run([candidate, "version"], environ, cwd) is not None:
            return candidate
    return None


def connected_devices(adb: str, *, environ: Mapping[str, str], cwd: Path) -> list[str]:
    """The ids of the devices that are ready, as adb calls them."""
    rows = [row.split() for row in (_run([adb, "devices"], environ, cwd) or "").splitlines()]
    return [row[0] for row in rows if len(row) == 2 and row[1] == "device"]


def add_reverse(adb: str, serial: str, port: int, *, environ: Mapping[str, str], cwd: Path) -> bool:
    """Let the device `serial` reach `port` of this machine as its own; whether that worked."""
    return _run([adb, "-s", serial, "reverse", f"tcp:{port}", f"tcp:{port}"], environ, cwd) is not None


def remove_reverse(adb: str, serial: str, port: int, *, environ: Mapping[str, str], cwd: Path) -> None:
    """Undo `add_reverse`. A device that is gone has lost the mapping anyway."""
    _run([adb, "-s", serial, "reverse", "--remove", f"tcp:{port}"], environ, cwd)


def is_reversed(adb: str, serial: str, port: int, *, environ: Mapping[str, str], cwd: Path) -> bool:
    """Whether somebody has mapped `port` on the device already."""
    rows = _run([adb, "-s", serial, "reverse", "--list"], environ, cwd) or ""
    return any(f"tcp:{port}" in row.split() for row in rows.splitlines())


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


def _run(argv: list[str], environ: Mapping[str, str], cwd: Path) -> str | None:
    try:
        return run_tool(argv, cwd=cwd, timeout_s=TIMEOUT_S, environ=environ)
    except (ToolError, OSError):
        return None
