"""The folder that npm packs: whole, typed, importable, and small enough to be taken apart by a bundler."""

from __future__ import annotations

import json
import os
import subprocess
import sys
import tarfile
from pathlib import Path

import pytest

from miniprogram.version import VERSION
from miniprogram_web.node import RUNTIME
from miniprogram_web.npm.__main__ import main
from miniprogram_web.npm.package_files import npm_version, package_files
from testbed import servers

CONSUMER = """\
import { define, MiniProgramElement, setDefaults, setRuntimeFolder, type Host } from 'miniprogram-web';

const host: Host = { trackEvent: ({ name, properties }) => ({ name, ...properties }) };
const programs = { shop: { 'api-base-url': 'https://x.example/' } };
setDefaults({ attributes: { 'host-app': 'site' }, programs, host });
setRuntimeFolder(new URL('/runtime/', location.href));
define('my-program');
const element: MiniProgramElement = document.createElement('mini-program');
element.addEventListener('mini-program-load', ({ detail }) => console.log(detail.version.length));
element.reload();
"""
WRONG = "import { setDefaults } from 'miniprogram-web';\nsetDefaults({ attributes: { 'api-bse-url': 'x' } });\n"


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("npm") / "miniprogram-web"
    assert main([str(folder)]) == 0
    return folder


def npm(*words: str, cwd: Path) -> str:
    binary = Path(servers.TESTBED) / "node" / "bin"
    environ = {**os.environ, "PATH": f"{binary}{os.pathsep}{os.environ['PATH']}", "npm_config_offline": "true"}
    done = subprocess.run(["npm", *words], cwd=cwd, env=environ, capture_output=True, text=True, check=True)
    return done.stdout


@pytest.fixture(scope="module")
def installed(folder: Path) -> Path:
    """A project with what npm packed in its node_modules."""
    packed = json.loads(npm("pack", "--json", cwd=folder))[0]["filename"]
    project = folder.parent / "project"
    (project / "node_modules").mkdir(parents=True)
    with tarfile.open(folder / packed) as archive:
        archive.extractall(project / "node_modules", filter="data")
    (folder / packed).unlink()
    (project / "node_modules" / "package").rename(project / "node_modules" / "miniprogram-web")
    (project / "package.json").write_text('{"name": "project", "type": "module"}')
    return project


@pytest.mark.process
def test_npm_packs_every_file(installed: Path) -> None:
    package = installed / "node_modules" / "miniprogram-web"

    assert {path.relative_to(package).as_posix() for path in package.rglob("*") if path.is_file()} == set(
        package_files()
    )
    assert json.loads((package / "package.json").read_text())["version"] == VERSION


@pytest.mark.process
def test_what_was_packed_is_imported(installed: Path) -> None:
    script = "import * as all from 'miniprogram-web'; console.log(Object.keys(all).sort().join())"
    argv = [servers.node(), "--input-type=module", "-e", script]
    done = subprocess.run(argv, cwd=installed, capture_output=True, text=True, check=True)

    assert done.stdout.strip() == "MiniProgramElement,define,setDefaults,setRuntimeFolder"


@pytest.mark.process
@pytest.mark.parametrize(("source", "complaint"), [(CONSUMER, ""), (WRONG, "api-bse-url")], ids=["right", "wrong"])
def test_its_types_are_what_a_typescript_project_sees(installed: Path, source: str, complaint: str) -> None:
    (installed / "consumer.ts").write_text(source)
    options = ["--noEmit", "--strict", "--module", "nodenext", "--target", "es2023", "--lib", "es2023,dom"]
    argv = [*servers.type_checker(), *options, "consumer.ts"]
    done = subprocess.run(argv, cwd=installed, capture_output=True, text=True, check=False)

    assert complaint in done.stdout
    assert bool(done.stdout) is bool(complaint)


def test_its_types_name_every_attribute() -> None:
    types = package_files()["mini-program.d.ts"].decode()
    shown = "console.log(JSON.stringify(m.MiniProgramElement.observedAttributes))"
    script = f"import('{(RUNTIME / 'element.js').as_uri()}').then((m) => {shown})"
    done = subprocess.run([servers.node(), "-e", script], capture_output=True, text=True, check=True)

    attributes = types.partition("MiniProgramAttribute =")[2].partition(";")[0]
    assert sorted(each.strip(" |\n'") for each in attributes.split("|") if each.strip()) == sorted(
        json.loads(done.stdout)
    )


@pytest.mark.parametrize(
    ("python", "npm"),
    [("1.2.3", "1.2.3"), ("1.2.3rc1", "1.2.3-rc.1"), ("1.2.3a2", "1.2.3-alpha.2"), ("1.2.3.dev4", "1.2.3-dev.4")],
)
def test_versions_are_those_of_the_distribution(python: str, npm: str) -> None:
    assert npm_version(python) == npm


def test_a_version_without_a_form_in_npm_is_refused() -> None:
    with pytest.raises(ValueError, match=r"1\.2 has no form"):
        npm_version("1.2")


def test_a_folder_with_other_files_is_left_alone(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    (tmp_path / "mine.txt").write_text("mine")

    assert main([str(tmp_path)]) == 1
    assert "holds other files" in capsys.readouterr().err
    assert [path.name for path in tmp_path.iterdir()] == ["mine.txt"]
    assert main([]) == 64


def test_writing_it_again_is_a_command_that_changes_nothing(folder: Path) -> None:
    before = {path: path.stat().st_mtime_ns for path in folder.rglob("*")}
    argv = [sys.executable, "-m", "miniprogram_web.npm", str(folder)]

    assert subprocess.run(argv, capture_output=True, check=False).returncode == 0
    assert {path: path.stat().st_mtime_ns for path in folder.rglob("*")} == before


def test_the_licence_is_that_of_the_distribution() -> None:
    assert package_files()["LICENSE"] == (RUNTIME.parents[2] / "LICENSE").read_bytes()
