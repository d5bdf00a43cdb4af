"""Which files make which screens: names, and links."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import pytest

from miniprogram.errors import ProjectError
from miniprogram.project.build import BuildReport
from miniprogram.project.findings import BuildError
from miniprogram.project.location import ProgramLocation

Write = Callable[[str, object], Path]
Build = Callable[[], BuildReport]
HELLO = {"type": "scaffold", "body": {"type": "text", "data": "Hello"}}


def test_two_files_may_not_make_one_screen(build: Build, write: Write) -> None:
    write("stac/screens/more/shop_home.yaml", "type: text\ndata: x\n")

    with pytest.raises(BuildError, match="screen_duplicate") as caught:
        build()

    assert "stac/screens/shop_home.json" in str(caught.value)
    assert "stac/screens/more/shop_home.yaml" in str(caught.value)


def test_names_have_to_be_path_segments(build: Build, write: Write) -> None:
    write("stac/screens/über uns.json", HELLO)

    with pytest.raises(BuildError, match="screen_name_unsafe"):
        build()


@pytest.mark.parametrize("name", ["stac/screens/leak.json", "assets/leak.json"])
def test_links_out_of_the_program_are_refused(
    build: Build, location: ProgramLocation, tmp_path: Path, name: str
) -> None:
    secret = tmp_path / "secret.json"
    secret.write_text("{}", "utf-8")
    link = location.root / name
    link.parent.mkdir(exist_ok=True)
    link.symlink_to(secret)

    with pytest.raises(ProjectError, match="leads out of the mini-program"):
        build()


def test_linked_folders_are_refused_too(build: Build, location: ProgramLocation, tmp_path: Path) -> None:
    (tmp_path / "outside").mkdir()
    (location.root / "stac" / "screens" / "more").symlink_to(tmp_path / "outside")

    with pytest.raises(ProjectError, match="leads out of the mini-program"):
        build()
