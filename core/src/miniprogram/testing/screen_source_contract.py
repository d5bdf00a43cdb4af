"""What every file type of screens must do, as tests to inherit."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from pathlib import Path
from typing import Any

import pytest

from miniprogram.errors import ProjectError
from miniprogram.seams.screen_source import ScreenSource, SourceContext
from miniprogram.testing.contract import Contract, needs
from miniprogram.testing.samples import write_program

THEMES = "themes"
NODE = {"type": "text", "data": 'Grüße ☂ "quoted" \\ and more', "style": {"fontSize": 12.5}, "maxLines": 2}


class ScreenSourceContract(Contract):
    """Inherit, and override `make_source`, `write` and `write_broken`. `cannot` may name `themes`."""

    can_be_missing = (THEMES,)
    suffix: str
    """The end of the files' names, with its dot."""
    root: Path
    """A mini-program on disk, without screens of this type."""

    def make_source(self, context: SourceContext) -> ScreenSource:
        raise NotImplementedError

    def write(self, path: Path, node: dict[str, Any]) -> None:
        """Write a file of this type that means `node`: the screen or theme called as the file is."""
        raise NotImplementedError

    def write_broken(self, path: Path) -> None:
        """Write a file of this type that cannot be read."""
        raise NotImplementedError

    @pytest.fixture(autouse=True)
    def _root(self, tmp_path: Path) -> None:
        self.root = write_program(tmp_path / "shop")
        (self.root / "stac" / "themes").mkdir()

    def attempts(self, missing: str) -> Sequence[Callable[[], object]]:
        del missing
        theme = self._path("themes", "dark")
        self.write(theme, {"type": "theme"})
        return [lambda: self._load(theme)]

    def test_a_screen_is_what_its_file_says(self) -> None:
        path = self._path("screens", "shop_more")
        self.write(path, NODE)

        [draft] = self._load(path)

        assert (draft.name, draft.node, draft.origin, draft.kind) == ("shop_more", NODE, path, "screen")

    @needs(THEMES)
    def test_what_lies_among_themes_is_a_theme(self) -> None:
        path = self._path("themes", "dark")
        self.write(path, {"type": "theme"})

        [draft] = self._load(path)

        assert (draft.name, draft.kind) == ("dark", "theme")

    def test_many_files_come_each_once_and_alike_every_time(self) -> None:
        paths = [self._path("screens", f"screen_{number}") for number in range(5)]
        for number, path in enumerate(paths):
            self.write(path, {"type": "text", "data": f"{number}"})

        first, second = self._load(*paths), self._load(*paths)

        assert sorted(draft.name for draft in first) == [path.stem for path in paths]
        assert first == second

    def test_no_files_are_no_screens(self) -> None:
        assert self._load() == []

    def test_a_file_that_cannot_be_read_is_named(self) -> None:
        path = self._path("screens", "broken_screen")
        self.write_broken(path)

        [failure] = self._load(path)

        assert isinstance(failure, ProjectError)
        assert "broken_screen" in str(failure)

    def test_reading_leaves_the_sources_alone(self) -> None:
        path = self._path("screens", "shop_more")
        self.write(path, NODE)
        before = self._sources()

        self._load(path)

        assert self._sources() == before

    def _path(self, folder: str, name: str) -> Path:
        return self.root / "stac" / folder / f"{name}{self.suffix}"

    def _load(self, *paths: Path) -> list[Any]:
        """What the files give. What is raised ends the list."""
        loaded: list[Any] = []
        try:
            loaded.extend(self.make_source(SourceContext(home=self.root.parent)).load(self.root, paths))
        except ProjectError as error:
            loaded.append(error)
        return loaded

    def _sources(self) -> dict[Path, bytes]:
        files = [path for path in (self.root / "stac").rglob("*") if path.is_file()]
        return {path: path.read_bytes() for path in files if "__pycache__" not in path.parts}
