"""Android devices, with a stub adb."""

from __future__ import annotations

import sys
from pathlib import Path

import pytest

from miniprogram.local_backend.adb import find_adb, reverse_port

STUB = """#!{python}
import sys
log, words = {log!r}, sys.argv[1:]
open(log, "a").write(" ".join(words) + "\\n")
if words == ["devices"]:
    print("List of devices attached")
    print("emulator-5554\\tdevice")
    print("R58M\\tunauthorized")
    print("broken\\tdevice")
    print("")
sys.exit(1 if "broken" in words or {broken} else 0)
"""


def _adb(folder: Path, log: Path, *, broken: bool = False) -> Path:
    folder.mkdir(parents=True)
    adb = folder / "adb"
    adb.write_text(STUB.format(python=sys.executable, log=str(log), broken=broken))
    adb.chmod(0o755)
    return adb


@pytest.fixture
def log(tmp_path: Path) -> Path:
    return tmp_path / "calls"


def test_every_ready_device_is_reversed_and_refusals_are_left_out(tmp_path: Path, log: Path) -> None:
    _adb(tmp_path / "bin", log)

    serials = reverse_port(8081, environ={"PATH": str(tmp_path / "bin")}, cwd=tmp_path)

    assert serials == ("emulator-5554",)
    assert "-s emulator-5554 reverse tcp:8081 tcp:8081" in log.read_text().splitlines()
    assert "R58M" not in log.read_text()


def test_sdk_folders_come_before_path_and_a_broken_adb_is_passed_over(tmp_path: Path, log: Path) -> None:
    _adb(tmp_path / "root" / "platform-tools", log, broken=True)
    good = _adb(tmp_path / "sdk" / "platform-tools", log)
    _adb(tmp_path / "bin", log)
    environ = {
        "ANDROID_SDK_ROOT": str(tmp_path / "root"),
        "ANDROID_HOME": str(tmp_path / "sdk"),
        "PATH": str(tmp_path / "bin"),
    }

    assert find_adb(environ, cwd=tmp_path) == str(good)


def test_no_adb_is_fine(tmp_path: Path) -> None:
    assert reverse_port(8081, environ={}, cwd=tmp_path) == ()
