"""`plugins new`: what it writes is right as it is, whatever its name."""

from __future__ import annotations

import json
import os
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from miniprogram.errors import UsageError
from miniprogram.plugins.scaffold.project import KINDS, project_files, write_project
from miniprogram.version import VERSION

pytestmark = pytest.mark.slow

ADDS = {
    "provider": {"provider": ["acme-provider"]},
    "target": {"publish target": ["acme-target"]},
    "template": {"backend template": ["acme-template"]},
    "host": {"host generator": ["acme-host"]},
    "source": {"screen file type": [".acmesource"]},
}


def made(folder: Path, kind: str) -> Path:
    project = folder / f"acme-{kind}"
    write_project(project, project_files(project.name, kind))  # type: ignore[arg-type]
    return project


def tool(*argv: str, cwd: Path, **environ: str) -> subprocess.CompletedProcess[str]:
    return subprocess.run(
        [sys.executable, "-P", "-m", *argv],
        cwd=cwd,
        env={**os.environ, "HOME": str(cwd), **environ},
        capture_output=True,
        encoding="utf-8",
        timeout=400,
    )


@pytest.mark.process
@pytest.mark.timeout(300)
@pytest.mark.parametrize("kind", KINDS)
def test_a_new_plugin_installs_and_passes_its_tests_and_the_check(tmp_path: Path, kind: str) -> None:
    project, site = made(tmp_path, kind), tmp_path / "site"
    options = ["--quiet", "--no-deps", "--no-index", "--no-build-isolation", "--target", str(site)]
    installed = tool("pip", "install", *options, str(project), cwd=tmp_path)
    assert installed.returncode == 0, installed.stderr

    tested = tool("pytest", "-q", "-p", "no:cacheprovider", cwd=project, PYTHONPATH=str(site))
    checked = tool("miniprogram", "plugins", "check", "--json", cwd=tmp_path, PYTHONPATH=str(site))
    listed = tool("miniprogram", "plugins", "list", "--json", cwd=tmp_path, PYTHONPATH=str(site))

    assert tested.returncode == 0, tested.stdout + tested.stderr
    assert (checked.returncode, json.loads(checked.stdout)["hasErrors"]) == (0, False)
    row = next(row for row in json.loads(listed.stdout)["plugins"] if row["distribution"] == project.name)
    assert (row["status"], row["adds"]) == ("loaded", ADDS[kind])
    assert (site / project.name.replace("-", "_") / "py.typed").is_file()


@pytest.mark.slow
@pytest.mark.timeout(400)
def test_what_is_written_is_typed(tmp_path: Path) -> None:
    projects = [made(tmp_path, kind) for kind in KINDS]
    packages = [project / "src" / project.name.replace("-", "_") for project in projects]
    tests = [
        path for project in projects for path in (project / "tests").glob("*.py") if path.name != "test_hooks.py"
    ]
    options = ["--strict", "--cache-dir", str(tmp_path / "cache"), "--config-file="]

    done = tool("mypy", *options, *map(str, [*packages, *tests]), cwd=tmp_path)

    assert done.returncode == 0, done.stdout + done.stderr


@pytest.mark.parametrize("name", ["x-{}", "acme-{}", "a-name-that-is-just-as-long-as-{}"])
@pytest.mark.parametrize("kind", KINDS)
def test_what_is_written_is_in_form_whatever_its_name(tmp_path: Path, kind: str, name: str) -> None:
    project = tmp_path / name.format(kind)
    write_project(project, project_files(project.name, kind))  # type: ignore[arg-type]

    checked = tool("ruff", "check", "--quiet", "--no-cache", ".", cwd=project)
    formatted = tool("ruff", "format", "--check", "--diff", "--no-cache", ".", cwd=project)

    assert (checked.returncode, checked.stdout) == (0, "")
    assert formatted.returncode == 0, formatted.stdout


def test_it_asks_for_this_core(tmp_path: Path) -> None:
    major, minor = VERSION.split(".")[:2]

    text = (made(tmp_path, "target") / "pyproject.toml").read_text()

    assert f'"miniprogram>={major}.{minor},<' in text


@pytest.mark.parametrize(
    ("name", "told"),
    [
        ("Acme", "is no name for a plugin"),
        ("acme_cloud", "is no name for a plugin"),
        ("-x", "is no name for a plugin"),
        ("../x", "is no name for a plugin"),
        ("a" * 41, "at most 40"),
        ("aws", "belongs to miniprogram-aws"),
        ("miniprogram-static", "belongs to miniprogram-static"),
        ("json", "is a name of Python or ours"),
        ("miniprogram", "is a name of Python or ours"),
        ("class", "is a name of Python or ours"),
    ],
)
def test_names_that_cannot_be_used_are_refused(name: str, told: str) -> None:
    with pytest.raises(UsageError, match=told):
        project_files(name, "target")


def test_the_command_writes_once_and_never_over_anything(
    miniprogram_run: Callable[..., Any], tmp_path: Path
) -> None:
    first = miniprogram_run("plugins", "new", "acme-share", "--kind", "target", "--json")
    again = miniprogram_run("plugins", "new", "acme-share", "--kind", "target")
    elsewhere = miniprogram_run("plugins", "new", "acme-share", "--kind", "target", "--output", "other")

    document = json.loads(first.out)
    assert (first.code, document["folder"]) == (0, str(tmp_path / "acme-share"))
    assert all((tmp_path / "acme-share" / path).is_file() for path in document["files"])
    assert (again.code, "is there already" in again.err) == (1, True)
    assert (elsewhere.code, (tmp_path / "other" / "pyproject.toml").is_file()) == (0, True)


def test_an_unknown_kind_is_refused(miniprogram_run: Callable[..., Any], tmp_path: Path) -> None:
    answer = miniprogram_run("plugins", "new", "acme-share", "--kind", "planet")

    assert answer.code == 64
    assert answer.err.startswith("there is no kind of plugin 'planet'; known: provider, target")
    assert list(tmp_path.iterdir()) == []
