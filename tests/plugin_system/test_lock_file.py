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
    ("body", "said"),
    [
        (b"", "format is missing"),
        (b"format = 2", "has format 2; upgrade miniprogram"),
        (b"format = 1\ndistribution = 7", "members of another kind"),
        (b"format = 1\ndistribution = [7]", "members of another kind"),
        (b"format = 1\n[[distribution]]", "name is missing"),
        (b"{", "no TOML: .*line 1"),
        (b"\xff", "no text in UTF-8"),
        (None, "cannot be read"),
    ],
)
def test_what_is_no_lock_is_said_in_words(tmp_path: Path, body: bytes | None, said: str) -> None:
    path = tmp_path / "x.lock"
    path.mkdir() if body is None else path.write_bytes(body)

    with pytest.raises(DocumentError, match=rf"x\.lock.*{said}") as refusal:
        read_lock(path)

    assert "Error" not in str(refusal.value)
