"""Replacing the build output: whole, in one step, and recoverable."""

from __future__ import annotations

from pathlib import Path

import pytest

from miniprogram.errors import ProjectError
from miniprogram.project.output import folder_swap, output_folder
from miniprogram.project.output.output_folder import build_lock, replace_output

OLD = {"screens/a.json": b"1", "screens/b.json": b"2"}
NEW = {"screens/a.json": b"1", "themes/t.json": b"3"}


class Killed(BaseException):
    """Stands for a process that ends right here."""


def content(folder: Path) -> dict[str, bytes]:
    return {path.relative_to(folder).as_posix(): path.read_bytes() for path in folder.rglob("*") if path.is_file()}


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    folder = tmp_path / ".build"
    assert replace_output(folder, OLD)
    return folder


@pytest.fixture(params=["exchange", "renames"])
def way(request: pytest.FixtureRequest, monkeypatch: pytest.MonkeyPatch) -> None:
    if request.param == "renames":
        monkeypatch.setattr(folder_swap, "exchange", lambda first, second: False)


@pytest.mark.usefixtures("way")
def test_folder_holds_exactly_the_new_files(folder: Path) -> None:
    assert replace_output(folder, NEW)

    assert content(folder) == NEW
    assert [path.name for path in folder.parent.iterdir()] == [".build"]


def test_nothing_is_written_when_nothing_changed(folder: Path) -> None:
    assert not replace_output(folder, OLD)


def test_killed_while_the_new_output_is_made(folder: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    def killed(*_: object) -> None:
        raise Killed

    monkeypatch.setattr(output_folder, "swap_folders", killed)
    monkeypatch.setattr(output_folder.shutil, "rmtree", lambda *_, **__: None)
    with pytest.raises(Killed):
        replace_output(folder, NEW)
    assert content(folder) == OLD
    monkeypatch.undo()

    assert replace_output(folder, NEW)
    assert [path.name for path in folder.parent.iterdir()] == [".build"]


def test_killed_between_two_renames(folder: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Without an exchange call there is a moment with no output; the next build puts the old one back first."""
    folder.rename(folder_swap.previous_of(folder))

    assert not replace_output(folder, OLD)
    assert content(folder) == OLD


def test_killed_before_the_old_output_was_dropped(folder: Path) -> None:
    previous = folder_swap.previous_of(folder)
    previous.mkdir()

    assert replace_output(folder, NEW)
    assert not previous.exists()


def test_left_over_files_count_as_a_change(folder: Path) -> None:
    (folder / "screens" / "stale.json").write_bytes(b"0")

    assert replace_output(folder, OLD)
    assert content(folder) == OLD


def test_read_only_folder_is_named_and_nothing_is_lost(folder: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """The refusal is made here: a test that runs as root is refused nothing."""

    def refuse(**_: object) -> str:
        raise PermissionError(13, "Permission denied")

    monkeypatch.setattr(output_folder.tempfile, "mkdtemp", refuse)

    with pytest.raises(ProjectError, match=r"\.build cannot be written: Permission denied"):
        replace_output(folder, NEW)

    assert content(folder) == OLD


def test_lock_that_cannot_be_made_is_named(tmp_path: Path) -> None:
    (tmp_path / ".mini_program").write_text("in the way", "utf-8")

    with pytest.raises(ProjectError, match=r"\.mini_program.build\.lock cannot be used"), build_lock(tmp_path):
        pass
