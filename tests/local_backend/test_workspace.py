"""Which workspace a command is about."""

from __future__ import annotations

import shutil
from collections.abc import Callable
from pathlib import Path

import pytest

from miniprogram.errors import DocumentError, MiniProgramError
from miniprogram.state.workspace_location import (
    BackendWorkspace,
    find_record,
    find_workspace,
    require_workspace,
)

Make = Callable[[str], BackendWorkspace]


@pytest.fixture
def empty(tmp_path: Path) -> Path:
    folder = tmp_path / "elsewhere" / "deep"
    folder.mkdir(parents=True)
    return folder


def test_explicit_root_wins(make_workspace: Make, empty: Path, home: Path) -> None:
    first, _ = make_workspace("first"), make_workspace("second")

    found = find_workspace(explicit=first.root, cwd=empty, extra_roots=(), home=home)

    assert found is not None
    assert (found.root, found.scope) == (first.root, "explicit")


@pytest.mark.parametrize("missing", ["backend/api", "backend/local_backend_service"], ids=["api", "service"])
def test_unusable_explicit_root_is_an_error_that_names_what_is_missing(
    workspace: BackendWorkspace, empty: Path, home: Path, missing: str
) -> None:
    shutil.rmtree(workspace.root / missing)

    with pytest.raises(MiniProgramError, match=missing):
        find_workspace(explicit=workspace.root, cwd=empty, extra_roots=(), home=home)


def test_entry_file_of_the_dart_service_counts(workspace: BackendWorkspace) -> None:
    (workspace.service_directory / "service.json").unlink()
    assert not workspace.usable
    (workspace.service_directory / "bin").mkdir()
    (workspace.service_directory / "bin" / "server.dart").touch()
    assert workspace.usable


def test_record_above_the_current_folder_is_local(make_workspace: Make, home: Path) -> None:
    inner = make_workspace("inner")
    make_workspace("outer-was-last")

    found = find_workspace(explicit=None, cwd=inner.api_root, extra_roots=(), home=home)

    assert found is not None
    assert (found.root, found.scope) == (inner.root, "local")


def test_extra_roots_come_after_the_current_folder(make_workspace: Make, empty: Path, home: Path) -> None:
    first, second = make_workspace("first"), make_workspace("second")

    from_extra = find_workspace(explicit=None, cwd=empty, extra_roots=(first.root,), home=home)
    from_cwd = find_workspace(explicit=None, cwd=second.root, extra_roots=(first.root,), home=home)

    assert from_extra is not None
    assert from_extra.root == first.root
    assert from_cwd is not None
    assert from_cwd.root == second.root


def test_home_record_is_the_fallback(workspace: BackendWorkspace, empty: Path, home: Path) -> None:
    found = find_workspace(explicit=None, cwd=empty, extra_roots=(), home=home)

    assert found is not None
    assert (found.root, found.scope) == (workspace.root, "global")


def test_record_that_points_nowhere_gives_way_to_the_home_record(make_workspace: Make, home: Path) -> None:
    moved, last = make_workspace("moved"), make_workspace("last")
    shutil.rmtree(moved.api_root)

    found = find_workspace(explicit=None, cwd=moved.root, extra_roots=(), home=home)

    assert found is not None
    assert (found.root, found.scope) == (last.root, "global")


def test_monorepo_comes_last(tmp_path: Path, empty: Path, home: Path) -> None:
    for folder in ("mini_programs", "backend/api", "backend/local_backend_service/bin"):
        (tmp_path / "mono" / folder).mkdir(parents=True)
    (tmp_path / "mono" / "backend" / "local_backend_service" / "bin" / "server.dart").touch()
    tooling = tmp_path / "mono" / "packages" / "mini_program_tooling" / "pubspec.yaml"
    tooling.parent.mkdir(parents=True)
    tooling.touch()

    above = find_workspace(explicit=None, cwd=tmp_path / "mono" / "mini_programs", extra_roots=(), home=home)
    named = find_workspace(explicit=None, cwd=empty, extra_roots=(), home=home, repo_root=tmp_path / "mono")

    assert above == named == BackendWorkspace(tmp_path / "mono", "monorepo")


def test_nothing_found_is_none_or_an_error_with_the_remedy(empty: Path, home: Path) -> None:
    assert find_workspace(explicit=None, cwd=empty, extra_roots=(), home=home) is None
    with pytest.raises(MiniProgramError) as caught:
        require_workspace(explicit=None, cwd=empty, extra_roots=(), home=home)
    assert "backend init" in (caught.value.hint or "")


def test_broken_record_is_an_error_not_skipped(workspace: BackendWorkspace, home: Path) -> None:
    (workspace.root / ".mini_program" / "backend_workspace.json").write_text('{"schemaVersion": 1}')

    with pytest.raises(DocumentError, match=r"backend_workspace\.json: backendRootPath"):
        find_workspace(explicit=None, cwd=workspace.root, extra_roots=(), home=home)


def test_record_is_reported_even_when_its_workspace_is_gone(
    workspace: BackendWorkspace, empty: Path, home: Path
) -> None:
    shutil.rmtree(workspace.root)

    recorded = find_record(cwd=empty, extra_roots=(), home=home)

    assert recorded is not None
    assert recorded.workspace == BackendWorkspace(workspace.root, "global")
    assert recorded.path == home / ".mini_program" / "global_backend_workspace.json"
    assert find_record(cwd=empty, extra_roots=(), home=empty) is None
