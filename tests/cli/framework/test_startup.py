"""What each kind of command line imports: the deterministic half of start-up time."""

import json
import os
import subprocess
import sys
from pathlib import Path

import pytest

pytestmark = pytest.mark.process

DUMP = """
import atexit, json, sys
atexit.register(lambda: open({path!r}, "w").write(json.dumps(sorted(sys.modules))))
"""
OWN = ("miniprogram", "_distutils_hack", "_sysconfigdata", "__")
"""Ours, and what an interpreter brings under names that differ from machine to machine."""
TYPER = {"typer", "annotated_doc", "shellingham"}
"""What may come along with Typer. It brings rich only where markup is wanted, which is nowhere."""


def imported_by(tmp_path: Path, *argv: str) -> set[str]:
    """Names of all modules loaded when `miniprogram argv` ends."""
    listing = tmp_path / "modules.json"
    (tmp_path / "sitecustomize.py").write_text(DUMP.format(path=str(listing)))
    bare = _modules(tmp_path, listing, [sys.executable, "-c", "pass"])
    return _modules(tmp_path, listing, [sys.executable, "-m", "miniprogram", *argv]) - bare


def _modules(tmp_path: Path, listing: Path, argv: list[str]) -> set[str]:
    environ = {**os.environ, "PYTHONPATH": str(tmp_path), "HOME": str(tmp_path)}
    subprocess.run(argv, cwd=tmp_path, env=environ, check=True, stdout=subprocess.DEVNULL, timeout=60)
    names: set[str] = set(json.loads(listing.read_text()))
    return names


def third_party(modules: set[str]) -> set[str]:
    """Packages that are neither Python's nor ours."""
    packages = {name.partition(".")[0] for name in modules}
    return {name for name in packages if name not in sys.stdlib_module_names and not name.startswith(OWN)}


def ours(modules: set[str]) -> set[str]:
    return {name for name in modules if name.partition(".")[0].startswith("miniprogram")}


ROOT = {"miniprogram", "miniprogram.__main__", "miniprogram.entry", "miniprogram.fast_path"}


@pytest.mark.parametrize(
    ("argv", "allowed"),
    [(["--version"], ROOT | {"miniprogram.version"}), (["--help"], ROOT), ([], ROOT)],
    ids=["version", "help", "nothing"],
)
def test_version_and_help_import_next_to_nothing(tmp_path: Path, argv: list[str], allowed: set[str]) -> None:
    modules = imported_by(tmp_path, *argv)

    assert ours(modules) <= allowed
    assert third_party(modules) == set()
    assert {"typing", "re", "dataclasses", "pathlib", "json"} & modules == set()


@pytest.mark.parametrize("argv", [["capabilities"], ["capabilities", "--json"]], ids=" ".join)
def test_capabilities_imports_no_third_party_package(tmp_path: Path, argv: list[str]) -> None:
    modules = imported_by(tmp_path, *argv)

    assert third_party(modules) == set()
    assert {"dataclasses", "inspect", "pathlib", "importlib.metadata", "miniprogram.cli"} & modules == set()


def test_help_of_a_group_imports_pluggy_only(tmp_path: Path) -> None:
    assert third_party(imported_by(tmp_path, "backend", "--help")) == {"pluggy"}


@pytest.mark.parametrize("argv", [["publisher-backend", "urls"], ["completion", "bash"]], ids=" ".join)
def test_a_command_without_documents_imports_typer_only(tmp_path: Path, argv: list[str]) -> None:
    modules = imported_by(tmp_path, *argv)

    assert third_party(modules) <= TYPER
    assert "importlib.metadata" not in modules


DOCUMENTS = {"pydantic", "pydantic_core", "annotated_types", "typing_extensions", "typing_inspection", "filelock"}


def test_a_command_with_documents_imports_pydantic_but_no_server_and_no_sdk(tmp_path: Path) -> None:
    modules = imported_by(tmp_path, "env", "init")

    assert third_party(modules) <= TYPER | DOCUMENTS
