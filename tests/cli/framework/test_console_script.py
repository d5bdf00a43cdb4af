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


@pytest.mark.parametrize("argv", [["--help"], ["doctor"], ["env", "list", "--json"]], ids=" ".join)
def test_a_full_disk_is_a_failure_without_traceback(tmp_path: Path, argv: list[str]) -> None:
    with Path("/dev/full").open("wb") as full:
        done = subprocess.run(
            [*PROGRAM, *argv], stdout=full, stderr=subprocess.PIPE, env=environ(tmp_path), check=False, timeout=60
        )

    assert done.returncode == 1
    assert b"Traceback" not in done.stderr
    if argv != ["--help"]:
        assert done.stderr == b"what was to be printed cannot be written: No space left on device\n"


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


@pytest.mark.parametrize("argv", [["validate"], ["capabilities"], ["capabilities", "--json"]], ids=" ".join)
def test_a_folder_that_was_removed_is_named_as_such(tmp_path: Path, argv: list[str]) -> None:
    gone = tmp_path / "gone"
    gone.mkdir()
    line = f'rmdir "{gone}" && exec "{sys.executable}" -m miniprogram {" ".join(argv)}'
    done = subprocess.run(
        ["sh", "-c", line], cwd=gone, env=environ(tmp_path), capture_output=True, encoding="utf-8", check=False
    )

    assert (done.returncode, done.stdout) == (1, "")
    assert done.stderr.splitlines()[0] == "the folder you are in was removed"


@pytest.mark.parametrize(
    ("name", "shown"),
    [("spé 日".encode(), "spé 日"), (b"caf\xe9", "caf\\udce9")],
    ids=["UTF-8", "no text"],
)
def test_a_locale_that_knows_ascii_only_prints_names_as_they_are(tmp_path: Path, name: bytes, shown: str) -> None:
    folder = os.fsencode(tmp_path) + b"/" + name
    Path(os.fsdecode(folder)).mkdir()
    done = subprocess.run(
        [*PROGRAM, "-C", folder, "validate"],
        env=environ(tmp_path, LC_ALL="POSIX", PYTHONUTF8="0", PYTHONCOERCECLOCALE="0"),
        capture_output=True,
        check=False,
        timeout=60,
    )

    assert done.stderr.decode("utf-8").splitlines()[0].endswith(f"there is no manifest.json in {tmp_path}/{shown}")
