"""What would be published: built here, looked into, and spoilt on purpose to see that the look finds it."""

from __future__ import annotations

import re
import shutil
import subprocess
import sys
import tomllib
import zipfile
from collections.abc import Callable
from pathlib import Path

import pytest

from miniprogram.version import VERSION

pytestmark = pytest.mark.slow

ROOT = Path(__file__).parents[2]
PROJECTS = [ROOT / "core", *sorted(path.parent for path in ROOT.glob("plugins/*/pyproject.toml"))]
CHECK = ROOT / "tools" / "check_distributions.py"


def project(folder: Path) -> dict[str, object]:
    return tomllib.loads((folder / "pyproject.toml").read_text("utf-8"))


def test_the_page_about_installing_names_every_distribution() -> None:
    page = (ROOT / "docs" / "howto" / "install.md").read_text("utf-8")

    wheels = {str(project(folder)["project"]["name"]).replace("-", "_") for folder in PROJECTS}  # type: ignore[index]
    assert set(re.findall(r"^\| `(miniprogram\w*)` \|", page, re.MULTILINE)) == wheels


@pytest.fixture(scope="module")
def wheels(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A wheel of every distribution, built as an installer would."""
    folder = tmp_path_factory.mktemp("wheels")
    for each in PROJECTS:
        argv = [sys.executable, "-m", "hatchling", "build", "--target", "wheel", "--directory", str(folder)]
        done = subprocess.run(argv, cwd=each, capture_output=True, text=True)
        assert done.returncode == 0, done.stderr
    return folder


def check(folder: Path) -> subprocess.CompletedProcess[str]:
    return subprocess.run([sys.executable, str(CHECK), str(folder)], capture_output=True, text=True)


def test_the_wheels_are_in_order(wheels: Path) -> None:
    done = check(wheels)
    assert (done.returncode, done.stdout.split()[0]) == (0, str(len(PROJECTS))), done.stdout
    assert {path.name.split("-")[1] for path in wheels.iterdir()} == {VERSION}


def metadata(*change: str) -> Callable[[str, bytes], tuple[str, bytes] | None]:
    pattern, by = change

    def spoil(name: str, body: bytes) -> tuple[str, bytes]:
        if not name.endswith("/METADATA"):
            return name, body
        spoilt, times = re.subn(pattern, by, body.decode(), flags=re.MULTILINE | re.DOTALL)
        assert times, pattern
        return name, spoilt.encode()

    return spoil


def without(ending: str) -> Callable[[str, bytes], tuple[str, bytes] | None]:
    return lambda name, body: None if name.endswith(ending) else (name, body)


@pytest.mark.parametrize(
    ("spoil", "told"),
    [
        (without("licenses/LICENSE"), "licence text"),
        (lambda name, body: (name, body[:-5] if name.endswith("licenses/LICENSE") else body), "licence text"),
        (without("py.typed"), "py.typed"),
        (without("entry_points.txt"), "entry point"),
        (metadata(r"\n\n.*", "\n\nsoon\n"), "no page"),
        (metadata(r"^Project-URL: Source[^\n]*\n", ""), "Source"),
        (metadata(r"^Classifier: Programming Language :: Python :: 3.12\n", ""), "3.12"),
        (metadata(r"Typing :: Typed", "Typing :: Sorted"), "Sorted"),
        (metadata(r"miniprogram<0.2,>=0.1$", "miniprogram"), "has to be miniprogram<0.2,>=0.1"),
        (metadata(r"miniprogram<0.2,>=0.1$", "miniprogram>=0.1"), "has to be"),
        (metadata(r"^Requires-Dist: miniprogram[^\n]*\n", ""), "does not require"),
        (metadata(r"^Version: .*?\n", "Version: 0.9.0\n"), "has to be"),
        (lambda name, body: (name.replace("miniprogram_static/set", "tests/set"), body), "installs tests"),
    ],
    ids=[
        "licence", "other-licence", "types", "entry-point", "page", "address", "python", "classifier", "no-range",
        "open-range", "no-core", "other-version", "stranger",
    ],
)  # fmt: skip
def test_a_spoilt_wheel_is_told(wheels: Path, tmp_path: Path, spoil, told: str) -> None:
    for path in wheels.iterdir():
        shutil.copy(path, tmp_path)
    name = f"miniprogram_static-{VERSION}-py3-none-any.whl"
    with zipfile.ZipFile(wheels / name) as whole, zipfile.ZipFile(tmp_path / name, "w") as spoilt:
        for entry in whole.namelist():
            if kept := spoil(entry, whole.read(entry)):
                spoilt.writestr(*kept)

    done = check(tmp_path)

    assert done.returncode == 1
    assert all(line.startswith(name) for line in done.stdout.splitlines()), done.stdout
    assert told in done.stdout


def test_a_distribution_that_is_missing_is_told(wheels: Path, tmp_path: Path) -> None:
    for path in wheels.iterdir():
        shutil.copy(path, tmp_path)
    (tmp_path / f"miniprogram_static-{VERSION}-py3-none-any.whl").unlink()

    assert "miniprogram_static has no wheel" in check(tmp_path).stdout


@pytest.mark.parametrize("folder", PROJECTS, ids=lambda path: path.name)
def test_a_distribution_says_nothing_twice(folder: Path) -> None:
    """The version is in one file, the licence is everybody's."""
    assert (folder / "LICENSE").read_bytes() == (ROOT / "LICENSE").read_bytes()
    described = project(folder)
    assert described["project"]["dynamic"] == ["version"]
    source = folder / described["tool"]["hatch"]["version"]["path"]
    assert source.resolve() == ROOT / "core" / "src" / "miniprogram" / "version.py"
    shared = ("requires-python", "license", "license-files", "authors", "classifiers", "urls")
    core = project(ROOT / "core")["project"]
    assert {name: described["project"][name] for name in shared} == {name: core[name] for name in shared}


def test_everything_that_is_ours_is_in_all() -> None:
    core = project(ROOT / "core")["project"]
    names = {re.split("[<>=]", each)[0] for each in core["optional-dependencies"]["all"]}
    assert names == {project(folder)["project"]["name"] for folder in PROJECTS} - {"miniprogram"}


def test_the_help_cannot_change_by_itself() -> None:
    """Editors read the help pages, and another Typer lays them out in another way."""
    [typer] = [each for each in project(ROOT / "core")["project"]["dependencies"] if each.startswith("typer")]
    assert "<" in typer
