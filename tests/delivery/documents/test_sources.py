"""A folder as a source: what it refuses, and how it tells that something changed."""

from __future__ import annotations

import os
from pathlib import Path

import pytest

from miniprogram.delivery.documents.sources import FolderSource
from miniprogram.delivery.evaluation.errors import BrokenDocument, SourceUnavailable

LONG_AGO_NS = 1_700_000_000 * 10**9


@pytest.fixture
def root(tmp_path: Path) -> Path:
    folder = tmp_path / "root"
    (folder / "a" / "deep").mkdir(parents=True)
    (folder / "a" / "x.json").write_text("inside")
    (tmp_path / "secret.json").write_text("outside")
    return folder


OUTSIDE = ["../secret.json", "a/../../secret.json", "/etc/passwd", "a//x.json", "./a/x.json", "a/./x.json", ""]
OUTSIDE += ["a\\x.json", "a/x.json\0", "a/x.json/", "a", "a/none.json", "a/x.json/y", "\ud800", "n" * 5000]


@pytest.mark.parametrize("key", OUTSIDE, ids=ascii)
def test_only_plain_keys_of_regular_files_are_read(root: Path, key: str) -> None:
    source = FolderSource(root)

    assert source.read(key) is None
    assert key.endswith("/") or source.marker(key) is None


def test_a_link_out_of_the_folder_is_not_followed(root: Path, tmp_path: Path) -> None:
    (root / "out.json").symlink_to(tmp_path / "secret.json")
    (root / "up").symlink_to(tmp_path)
    (root / "in.json").symlink_to(root / "a" / "x.json")
    source = FolderSource(root)

    assert source.read("out.json") is None
    assert source.read("up/secret.json") is None
    assert source.read("in.json") == b"inside"


def test_a_named_pipe_is_no_file(root: Path) -> None:
    os.mkfifo(root / "pipe.json")

    assert FolderSource(root).read("pipe.json") is None
    assert FolderSource(root).marker("pipe.json") is None


def test_a_link_loop_is_no_file(root: Path) -> None:
    (root / "loop.json").symlink_to(root / "loop.json")

    assert FolderSource(root).read("loop.json") is None
    assert FolderSource(root).marker("loop.json") is None


def test_a_file_that_is_too_large_is_broken(root: Path) -> None:
    with pytest.raises(BrokenDocument, match="larger than 5 bytes"):
        FolderSource(root, max_bytes=5).read("a/x.json")
    assert FolderSource(root, max_bytes=6).read("a/x.json") == b"inside"


def test_trouble_is_not_absence(root: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    def refuse(*_args: object, **_options: object) -> None:
        raise PermissionError(13, "Permission denied")

    monkeypatch.setattr("miniprogram.delivery.documents.sources.os.open", refuse)

    with pytest.raises(SourceUnavailable, match=r"a/x\.json"):
        FolderSource(root).read("a/x.json")


def test_a_marker_changes_with_the_file(root: Path) -> None:
    path, source = root / "a" / "x.json", FolderSource(root)
    os.utime(path, ns=(LONG_AGO_NS, LONG_AGO_NS))
    before = source.marker("a/x.json")
    assert before == source.marker("a/x.json")

    os.utime(path, ns=(LONG_AGO_NS, LONG_AGO_NS + 1))

    assert source.marker("a/x.json") != before


def test_an_edit_that_puts_size_and_time_back_is_noticed(root: Path) -> None:
    path, source = root / "a" / "x.json", FolderSource(root)
    settled = path.stat().st_mtime_ns - 10**12
    os.utime(path, ns=(settled, settled))
    before = source.marker("a/x.json")
    assert source.marker("a/x.json") == before

    path.write_text(path.read_text()[::-1])
    os.utime(path, ns=(settled, settled))

    assert source.marker("a/x.json") != before


def test_a_file_touched_just_now_is_never_taken_for_unchanged(root: Path) -> None:
    path, source = root / "a" / "x.json", FolderSource(root)
    path.write_text("insidE")

    first = source.marker("a/x.json")
    path.write_text("INSIDE")

    assert source.marker("a/x.json") != first


def test_listing_is_one_level_without_links(root: Path) -> None:
    (root / "a" / "link").symlink_to(root / "a" / "deep")
    source = FolderSource(root)

    assert source.list("a/") == ["a/deep/", "a/x.json"]
    assert source.list("none/") == []
    assert source.list("../") == []
    assert (source.marker("a/") is None, source.marker("none/")) == (False, None)
