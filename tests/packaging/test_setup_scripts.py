"""The scripts behind `make demo` and `make test` bring what is missing, or say in one sentence what to type."""

from __future__ import annotations

import subprocess
from collections.abc import Callable
from pathlib import Path

import pytest

from testbed import browser
from testbed.browser import installed_browser, missing_packages

TOOLS = Path(__file__).parents[2] / "tools"
APT_GET = 'echo "$DEBIAN_FRONTEND $*" >>"$LOG"; [ "$1" != fail ]'
REFUSES = "echo E: no network >&2; exit 100"

Run = Callable[..., subprocess.CompletedProcess[str]]


@pytest.fixture
def run(tmp_path: Path) -> Run:
    """Runs a script with the programs given as stubs, and the few real ones it may use."""
    programs = tmp_path / "bin"
    programs.mkdir()
    for name in ("sh", "env", "mktemp", "rm", "tail", "sed", "dirname", "cat"):
        (programs / name).symlink_to(Path("/usr/bin") / name)

    def run(script: str, *argv: str, environ: dict[str, str] | None = None, **stubs: str):
        for name, body in stubs.items():
            path = programs / name.replace("_", "-")
            path.write_text(f"#!/bin/sh\n{body}\n")
            path.chmod(0o755)
        whole = {"PATH": str(programs), "LOG": str(tmp_path / "log"), **(environ or {})}
        return subprocess.run(
            [str(TOOLS / script), *argv], cwd=tmp_path, env=whole, capture_output=True, text=True, timeout=30
        )

    return run


def calls(folder: Path) -> list[str]:
    log = folder / "log"
    return log.read_text().splitlines() if log.exists() else []


@pytest.mark.parametrize(
    "stubs", [{"id": "echo 0"}, {"id": "echo 1000", "sudo": 'shift; "$@"'}], ids=["root", "sudo-without-password"]
)
def test_debian_packages_are_installed_and_said(run: Run, tmp_path: Path, stubs: dict[str, str]) -> None:
    done = run("apt_install.sh", "python3.11-venv", apt_get=APT_GET, **stubs)

    assert (done.returncode, done.stdout) == (0, "Installing python3.11-venv with apt-get\n"), done.stderr
    update, install = calls(tmp_path)
    assert update.startswith("noninteractive")
    assert update.endswith("update")
    assert install.endswith("install -y --no-install-recommends python3.11-venv")


@pytest.mark.parametrize("sudo", ["echo a password is required >&2; exit 1", None], ids=["asks", "none"])
def test_without_rights_the_command_is_said(run: Run, tmp_path: Path, sudo: str | None) -> None:
    done = run("apt_install.sh", "chromium", apt_get=APT_GET, id="echo 1000", **({"sudo": sudo} if sudo else {}))

    assert (done.returncode, done.stdout, calls(tmp_path)) == (1, "", [])
    assert done.stderr == "This needs chromium: run 'sudo apt-get install -y chromium', then make again.\n"


def test_where_there_is_no_apt_it_says_what_is_missing(run: Run) -> None:
    done = run("apt_install.sh", "chromium", id="echo 0")

    assert done.returncode == 1
    assert done.stderr.splitlines() == [
        "This needs chromium: install it with this system's package manager, then run make again."
    ]


def test_a_failing_apt_is_shown(run: Run) -> None:
    done = run("apt_install.sh", "chromium", apt_get=REFUSES, id="echo 0")

    assert done.returncode == 1
    assert "E: no network" in done.stderr
    assert "apt-get did not install chromium" in done.stderr.splitlines()[-1]


def python_stub(version: str, *, ensurepip: bool = True, settings: str = "") -> str:
    """An interpreter that answers what the scripts ask, makes no environment, and logs what it was told."""
    major, minor = version.split(".")
    return f"""case "$*" in
        *version_info\\ \\<*) exit {int((int(major), int(minor)) < (3, 11))} ;;
        *"import ensurepip"*) exit {int(not ensurepip)} ;;
        *-venv*) echo python{version}-venv ;;
        *"config get"*) {settings or "exit 1"} ;;
        *) echo "$*" >>"$LOG" ;;
    esac"""


@pytest.mark.parametrize(
    ("stubs", "sentence"),
    [
        ({}, "There is no python3 on PATH"),
        ({"python3": python_stub("3.9")}, "miniprogram needs Python 3.11 or newer"),
        ({"python3": python_stub("3.13", ensurepip=False), "id": "echo 1", "apt_get": ""}, "python3.13-venv"),
    ],
    ids=["none", "old", "without-venv"],
)
def test_a_python_that_will_not_do_is_told(run: Run, tmp_path: Path, stubs: dict[str, str], sentence: str) -> None:
    done = run("make_venv.sh", "python3", str(tmp_path / "venv"), **stubs)

    assert done.returncode == 1
    assert len(done.stderr.splitlines()) == 1
    assert sentence in done.stderr
    assert calls(tmp_path) == []


SHOW = 'echo "$UV_DEFAULT_INDEX $SSL_CERT_FILE" >>"$LOG"'
CONFIGURED = 'case "$*" in *index-url*) echo https://index.test/simple ;; *cert*) echo /ca.pem ;; esac'


@pytest.mark.parametrize(
    ("environ", "seen"),
    [
        ({}, "https://index.test/simple /ca.pem"),
        ({"PIP_INDEX_URL": "https://a.test", "PIP_CERT": "/pip.pem"}, "https://a.test /pip.pem"),
        ({"UV_DEFAULT_INDEX": "https://b.test", "SSL_CERT_FILE": "/own.pem"}, "https://b.test /own.pem"),
    ],
    ids=["file", "pip-variables", "uv-variables"],
)
def test_uv_installs_from_where_pip_would(run: Run, tmp_path: Path, environ: dict[str, str], seen: str) -> None:
    python = python_stub("3.12", settings=CONFIGURED)
    assert run("fetching.sh", "python3", "uv", environ=environ, python3=python, uv=SHOW).returncode == 0
    assert calls(tmp_path) == [seen]


def test_a_failing_download_ends_in_a_sentence_and_shows_no_password(run: Run) -> None:
    fails = "echo working; echo error: https://ann:s3cret@index.test/simple refused >&2; exit 2"
    done = run("fetching.sh", "python3", "uv", python3=python_stub("3.12"), uv=fails)

    assert (done.returncode, done.stdout) == (1, "")
    assert "refused" in done.stderr
    assert "s3cret" not in done.stderr
    assert done.stderr.splitlines()[-1].startswith("The Python packages could not be installed")


@pytest.mark.parametrize(
    "where",
    [
        "bin/google-chrome-stable",
        "Applications/Microsoft Edge.app/Contents/MacOS/Microsoft Edge",
        "Programs/Google\\Chrome\\Application\\chrome.exe",
    ],
    ids=["path", "macos", "windows"],
)
def test_an_installed_browser_is_found(tmp_path: Path, where: str) -> None:
    environ = {"PATH": str(tmp_path / "bin"), "PROGRAMFILES": str(tmp_path / "Programs")}
    assert installed_browser(environ, applications=tmp_path / "Applications") is None
    (tmp_path / where).parent.mkdir(parents=True, exist_ok=True)
    (tmp_path / where).touch(mode=0o755)

    assert installed_browser(environ, applications=tmp_path / "Applications") == str(tmp_path / where)


@pytest.mark.parametrize(
    ("programs", "libraries", "missing"),
    [
        (["chromium"], {"atomic": "libatomic.so.1"}, []),
        ([], {"atomic": "libatomic.so.1"}, ["chromium"]),
        (["google-chrome"], {}, ["libatomic1"]),
        ([], {}, ["chromium", "libatomic1"]),
    ],
    ids=["nothing", "browser", "library", "both"],
)
def test_debian_is_asked_for_what_is_missing(
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
    programs: list[str],
    libraries: dict[str, str],
    missing: list[str],
) -> None:
    monkeypatch.setattr(browser, "find_library", libraries.get)
    for name in programs:
        (tmp_path / name).touch(mode=0o755)

    assert missing_packages({"PATH": str(tmp_path)}) == missing
