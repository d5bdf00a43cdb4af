"""Which mini-program a command is about."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from miniprogram.errors import MiniProgramError, ProjectError, UsageError
from miniprogram.project.location import find_monorepo, locate_program


def program(folder: Path, program_id: object = "shop") -> Path:
    folder.mkdir(parents=True, exist_ok=True)
    (folder / "manifest.json").write_text(json.dumps({"id": program_id}), "utf-8")
    return folder


def monorepo(folder: Path) -> Path:
    for part in ("mini_programs", "backend/api", "packages/mini_program_tooling"):
        (folder / part).mkdir(parents=True)
    (folder / "packages/mini_program_tooling/pubspec.yaml").write_text("name: x\n", "utf-8")
    return folder


def locate(program_id: str | None, cwd: Path, root: Path | None = None, repo: Path | None = None) -> Path:
    return locate_program(program_id, explicit_root=root, repo_root=repo, cwd=cwd).root


def test_id_is_read_from_the_manifest_here(tmp_path: Path) -> None:
    program(tmp_path)

    found = locate_program(None, explicit_root=None, repo_root=None, cwd=tmp_path)

    assert (found.program_id, found.root) == ("shop", tmp_path)


def test_relative_root_counts_from_the_current_folder(tmp_path: Path) -> None:
    program(tmp_path / "elsewhere")

    assert locate(None, tmp_path, Path("elsewhere")) == tmp_path / "elsewhere"


def test_here_comes_before_a_folder_of_that_name(tmp_path: Path) -> None:
    program(tmp_path)
    program(tmp_path / "shop")

    assert locate("shop", tmp_path) == tmp_path


def test_folder_of_that_name_is_found(tmp_path: Path) -> None:
    program(tmp_path / "shop")

    assert locate("shop", tmp_path) == tmp_path / "shop"


def test_monorepo_above_comes_first(tmp_path: Path) -> None:
    repo = monorepo(tmp_path / "repo")
    program(repo / "mini_programs" / "shop")
    here = program(repo / "work")

    found = locate_program("shop", explicit_root=None, repo_root=None, cwd=here)

    assert found.root == repo / "mini_programs" / "shop"
    assert found.is_repo_managed


def test_explicit_root_that_does_not_match_is_final(tmp_path: Path) -> None:
    program(tmp_path)
    other = program(tmp_path / "other", "other")

    with pytest.raises(ProjectError, match="has the id 'other'") as caught:
        locate("shop", tmp_path, other)

    assert caught.value.exit_code == 1


def test_failure_lists_every_place_and_why(tmp_path: Path) -> None:
    program(tmp_path, "other")

    with pytest.raises(ProjectError) as caught:
        locate("shop", tmp_path)

    assert f"{tmp_path} (its manifest.json has the id 'other')" in str(caught.value)
    assert f"{tmp_path / 'shop'} (no manifest.json)" in str(caught.value)


def test_no_id_and_no_manifest_is_a_usage_error(tmp_path: Path) -> None:
    with pytest.raises(UsageError, match="no mini-program id was given"):
        locate(None, tmp_path)


@pytest.mark.parametrize("program_id", ["", "  ", 5, None], ids=["empty", "blank", "number", "null"])
def test_manifest_without_an_id_is_a_usage_error(tmp_path: Path, program_id: object) -> None:
    program(tmp_path, program_id)

    with pytest.raises(UsageError, match=r"manifest\.json has no id"):
        locate(None, tmp_path)


@pytest.mark.parametrize("given", [None, "shop"], ids=["inferred", "named"])
@pytest.mark.parametrize(
    ("body", "cause"),
    [(b"{", "is not JSON"), (b"[]", "JSON object"), (b"\xff", "UTF-8"), (b'{"id":"a","id":"b"}', "twice")],
    ids=["syntax", "list", "encoding", "duplicate key"],
)
def test_unreadable_manifest_fails_with_its_cause(
    tmp_path: Path, given: str | None, body: bytes, cause: str
) -> None:
    (tmp_path / "manifest.json").write_bytes(body)

    with pytest.raises(MiniProgramError, match=cause) as caught:
        locate(given, tmp_path)

    assert caught.value.exit_code == 1
    assert "manifest.json" in str(caught.value)


def test_explicit_monorepo_has_to_look_like_one(tmp_path: Path) -> None:
    with pytest.raises(ProjectError, match="mini_programs"):
        find_monorepo(Path(), cwd=tmp_path)


def test_monorepo_is_searched_upwards(tmp_path: Path) -> None:
    repo = monorepo(tmp_path)
    deep = repo / "a" / "b"
    deep.mkdir(parents=True)

    assert find_monorepo(None, cwd=deep) == repo
