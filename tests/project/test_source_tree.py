"""Which files below a folder are looked at, and in which order."""

from __future__ import annotations

from pathlib import Path

import pytest

from miniprogram.errors import ProjectError
from miniprogram.project import source_tree
from miniprogram.project.source_tree import walk_inside


@pytest.fixture
def stac(tmp_path: Path) -> Path:
    for name in ("z.json", "b/2.json", "b/10.json", "b/.hidden.json", ".git/x.json", "a/deep/x.json", "a/y.json"):
        path = tmp_path / "stac" / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.touch()
    return tmp_path / "stac"


def walked(folder: Path, links: list[Path] | None = None) -> list[str]:
    return [file.relative_to(folder).as_posix() for file in walk_inside(folder, folder.parent, links)]


def test_files_come_before_folders_each_by_name_and_none_that_is_hidden(stac: Path) -> None:
    assert walked(stac) == ["z.json", "a/y.json", "a/deep/x.json", "b/10.json", "b/2.json"]


def test_what_tools_keep_among_sources_is_skipped_and_among_assets_is_not(stac: Path) -> None:
    (stac / "__pycache__").mkdir()
    (stac / "__pycache__" / "z.json").touch()

    assert "__pycache__/z.json" not in walked(stac)
    assert "__pycache__/z.json" in walked(stac.rename(stac.with_name("assets")))


def test_linked_files_count_and_linked_folders_are_told_and_not_entered(stac: Path) -> None:
    (stac / "link.json").symlink_to(stac / "z.json")
    (stac / "c").symlink_to(stac / "a")
    links: list[Path] = []

    assert walked(stac, links) == ["link.json", "z.json", "a/y.json", "a/deep/x.json", "b/10.json", "b/2.json"]
    assert links == [stac / "c"]


@pytest.mark.parametrize("to", ["nowhere.json", "loop.json"])
def test_links_to_nothing_are_no_files(stac: Path, to: str) -> None:
    (stac / "loop.json").symlink_to(stac / to)

    assert walked(stac)[:1] == ["z.json"]


@pytest.mark.parametrize("name", ["out.json", "b/out"])
def test_a_link_that_leads_out_is_named(stac: Path, tmp_path_factory: pytest.TempPathFactory, name: str) -> None:
    (stac / name).symlink_to(tmp_path_factory.mktemp("elsewhere"))

    with pytest.raises(ProjectError, match=f"^stac/{name} is a link that leads out of the mini-program$"):
        walked(stac)


def test_more_files_than_anybody_has_are_refused(stac: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(source_tree, "MAX_FILES", 4)

    with pytest.raises(ProjectError, match="holds more than 4 files"):
        walked(stac)


def test_a_folder_that_cannot_be_read_is_named(stac: Path) -> None:
    with pytest.raises(ProjectError, match="none cannot be read: No such file or directory"):
        walked(stac / "none")
