"""The file of the lock: how it is written and read."""

from __future__ import annotations

from pathlib import Path

import pytest

from miniprogram.errors import DocumentError
from miniprogram.plugins.allowed.lock import Locked, drifts, read_lock, write_lock


def test_a_lock_reads_as_it_was_written(tmp_path: Path) -> None:
    rows = [Locked("a", "1", "sha256:0", 'odd "origin" \\ \u0007')]

    assert write_lock(tmp_path / "x.lock", rows) is True
    assert read_lock(tmp_path / "x.lock") == rows
    assert list(drifts(rows, rows)) == []


@pytest.mark.parametrize(
    "text", ["", "format = 2", "format = 1\ndistribution = 7", "format = 1\n[[distribution]]", "{"]
)
def test_what_is_no_lock_is_said(tmp_path: Path, text: str) -> None:
    (tmp_path / "x.lock").write_text(text)

    with pytest.raises(DocumentError, match=r"x\.lock"):
        read_lock(tmp_path / "x.lock")
