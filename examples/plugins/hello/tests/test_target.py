"""The tests of a publish target come from `miniprogram.testing`; this says how to make ours."""

from pathlib import Path

import pytest
from miniprogram_hello.target import ShelfTarget

from miniprogram.seams.publish_target import PublishTarget
from miniprogram.testing import PublishTargetContract, sample_release


class TestShelfTarget(PublishTargetContract):
    @pytest.fixture(autouse=True)
    def _shelf(self, tmp_path: Path) -> None:
        self.shelf = tmp_path / "shelf"

    def make_target(self) -> PublishTarget:
        return ShelfTarget(self.shelf, label="Mine")

    def read(self, name: str) -> bytes | None:
        path = self.shelf / name
        return path.read_bytes() if path.is_file() else None

    def test_the_shelf_is_labelled(self) -> None:
        self.make_target().publish(sample_release())

        assert self.read("LABEL.txt") == b"Mine\n"
