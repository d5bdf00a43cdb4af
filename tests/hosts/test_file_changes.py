"""All files or none, and nothing replaced is lost."""

from __future__ import annotations

from pathlib import Path

import pytest

from miniprogram.errors import MiniProgramError
from miniprogram.hosts.file_changes import FileChange, apply_changes, read_current_text


def test_only_what_differs_is_written(tmp_path: Path) -> None:
    same, other = tmp_path / "same", tmp_path / "sub" / "other"
    same.write_bytes(b"1")
    before = same.stat().st_mtime_ns

    result = apply_changes([FileChange(same, b"1", backup=True), FileChange(other, b"2", backup=True)])

    assert (result.written, result.backups) == ((other,), ())
    assert (other.read_bytes(), same.stat().st_mtime_ns) == (b"2", before)


def test_backups_never_replace_an_older_one(tmp_path: Path) -> None:
    path = tmp_path / "a.dart"
    path.write_bytes(b"first")
    for body in (b"second", b"third", b"fourth"):
        apply_changes([FileChange(path, body, backup=True)])

    backups = [tmp_path / name for name in ("a.dart.bak", "a.dart.bak.1", "a.dart.bak.2")]
    assert [each.read_bytes() for each in backups] == [b"first", b"second", b"third"]


def test_a_failure_puts_everything_back(tmp_path: Path) -> None:
    first, new, blocked = tmp_path / "first", tmp_path / "new", tmp_path / "file" / "blocked"
    first.write_bytes(b"before")
    (tmp_path / "file").write_bytes(b"not a folder")

    with pytest.raises(MiniProgramError, match="blocked"):
        apply_changes([FileChange(first, b"after", backup=True), FileChange(new, b"x"), FileChange(blocked, b"x")])

    assert first.read_bytes() == b"before"
    assert sorted(path.name for path in tmp_path.iterdir()) == ["file", "first"]


def test_a_read_only_file_stops_the_whole_change(tmp_path: Path) -> None:
    first, locked = tmp_path / "first", tmp_path / "locked"
    locked.write_bytes(b"before")
    locked.chmod(0o444)

    with pytest.raises(MiniProgramError, match=r"locked is read-only"):
        apply_changes([FileChange(first, b"x"), FileChange(locked, b"after")])

    assert (first.exists(), locked.read_bytes()) == (False, b"before")


def test_modes_and_links_stay(tmp_path: Path) -> None:
    target, link = tmp_path / "target", tmp_path / "link"
    target.write_bytes(b"1")
    target.chmod(0o600)
    link.symlink_to(target)

    result = apply_changes([FileChange(link, b"2", backup=True)])

    assert (link.is_symlink(), target.read_bytes(), target.stat().st_mode & 0o777) == (True, b"2", 0o600)
    assert result.backups[0].stat().st_mode & 0o777 == 0o600


def test_what_is_no_text_file_is_named(tmp_path: Path) -> None:
    (tmp_path / "latin").write_bytes(b"caf\xe9")

    with pytest.raises(MiniProgramError, match=r"latin is not UTF-8 \(byte 3\)"):
        read_current_text(tmp_path / "latin")
    with pytest.raises(MiniProgramError, match="cannot be read"):
        read_current_text(tmp_path)
    assert read_current_text(tmp_path / "none") is None
