"""The process itself: streams, signals, encodings."""

import json
import os
import signal
import subprocess
import sys
import time
from pathlib import Path

import pytest

from miniprogram.version import VERSION

pytestmark = pytest.mark.process

PROGRAM = [sys.executable, "-m", "miniprogram"]


def environ(home: Path, **more: str) -> dict[str, str]:
    return {**os.environ, "HOME": str(home), **more}


def test_the_version(tmp_path: Path) -> None:
    done = subprocess.run([*PROGRAM, "--version"], capture_output=True, encoding="utf-8", check=True, timeout=60)

    assert (done.stdout, done.stderr) == (f"miniprogram {VERSION}\n", "")


@pytest.mark.parametrize("argv", [["--help"], ["plugins", "list"]], ids=" ".join)
def test_a_reader_that_stops_reading_is_no_failure_to_show(tmp_path: Path, argv: list[str]) -> None:
    reading, writing = os.pipe()
    os.close(reading)
    try:
        done = subprocess.run(
            [*PROGRAM, *argv],
            stdout=writing,
            stderr=subprocess.PIPE,
            env=environ(tmp_path),
            check=False,
            timeout=60,
        )
    finally:
        os.close(writing)

    assert (done.returncode, done.stderr) == (1, b"")


@pytest.mark.parametrize("argv", [["--help"], ["doctor"]], ids=" ".join)
def test_a_full_disk_is_a_failure_without_traceback(tmp_path: Path, argv: list[str]) -> None:
    with Path("/dev/full").open("wb") as full:
        done = subprocess.run(
            [*PROGRAM, *argv], stdout=full, stderr=subprocess.PIPE, env=environ(tmp_path), check=False, timeout=60
        )

    assert done.returncode == 1
    assert b"Traceback" not in done.stderr


def test_closed_streams_are_no_failure(tmp_path: Path) -> None:
    command = f'exec "{sys.executable}" -m miniprogram --version >&- 2>&-'

    assert subprocess.run(["sh", "-c", command], env=environ(tmp_path), check=False, timeout=60).returncode == 0


def test_output_is_utf_8_whatever_the_streams_were_opened_with(tmp_path: Path) -> None:
    folder = tmp_path / "größe"
    folder.mkdir()
    (folder / "miniprogram.toml").write_text('[plugins]\nstatic = "*"\n')

    done = subprocess.run(
        [*PROGRAM, "plugins", "list", "--json"],
        cwd=folder,
        env=environ(tmp_path, PYTHONIOENCODING="latin-1"),
        capture_output=True,
        check=True,
        timeout=60,
    )

    assert json.loads(done.stdout.decode("utf-8"))["pinnedBy"] == str(folder / "miniprogram.toml")


def test_names_that_are_no_text_still_make_valid_json(tmp_path: Path) -> None:
    folder = os.fsencode(tmp_path) + b"/caf\xe9"
    os.mkdir(folder)  # noqa: PTH102 - a name of bytes
    Path(os.fsdecode(folder), "miniprogram.toml").write_text('[plugins]\nstatic = "*"\n')

    done = subprocess.run(
        [*PROGRAM, "plugins", "list", "--json"],
        cwd=folder,
        env=environ(tmp_path),
        capture_output=True,
        check=True,
        timeout=60,
    )

    assert json.loads(done.stdout.decode("utf-8"))["pinnedBy"].endswith("miniprogram.toml")


def test_ctrl_c_ends_with_130_and_no_traceback(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    hooks = tmp_path / "slow_hooks.py"
    hooks.write_text(
        "import pathlib, time\nfrom miniprogram.plugins.markers import hookimpl\n"
        "MINIPROGRAM_HOOK_API = '=1.0.0'\n@hookimpl\ndef miniprogram_doctor_checks():\n"
        "    pathlib.Path('started').touch()\n    time.sleep(60)\n"
    )
    info = tmp_path / "slow-1.0.dist-info"
    info.mkdir()
    (info / "entry_points.txt").write_text("[miniprogram]\nslow = slow_hooks\n")
    process = subprocess.Popen(
        [*PROGRAM, "doctor"],
        cwd=tmp_path,
        env=environ(tmp_path, PYTHONPATH=str(tmp_path)),
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
    )
    deadline = time.monotonic() + 30
    while not (tmp_path / "started").exists() and time.monotonic() < deadline:
        time.sleep(0.02)
    process.send_signal(signal.SIGINT)
    out, err = process.communicate(timeout=30)

    assert (process.returncode, out, err) == (130, b"", b"interrupted\n")
