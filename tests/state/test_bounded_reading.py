"""Reading files of which nobody says how large they are."""

from __future__ import annotations

import os
import threading
from pathlib import Path

import pytest

from miniprogram.errors import DocumentError
from miniprogram.strict_json import read_bounded


@pytest.mark.parametrize("size", [0, 1, 9, 10])
def test_files_are_read_up_to_the_limit(tmp_path: Path, size: int) -> None:
    (tmp_path / "a").write_bytes(b"x" * size)

    assert read_bounded(tmp_path / "a", max_bytes=10) == b"x" * size


def test_one_byte_more_is_refused(tmp_path: Path) -> None:
    (tmp_path / "a").write_bytes(b"x" * 11)

    with pytest.raises(DocumentError, match="a is larger than 10 bytes"):
        read_bounded(tmp_path / "a", max_bytes=10)


@pytest.mark.skipif(not hasattr(os, "mkfifo"), reason="pipes with names are Unix")
@pytest.mark.parametrize("size", [0, 1, 10, 11])
def test_what_has_no_size_is_read_and_bounded_as_well(tmp_path: Path, size: int) -> None:
    pipe = tmp_path / "pipe"
    os.mkfifo(pipe)
    writer = threading.Thread(target=pipe.write_bytes, args=(b"x" * size,))
    writer.start()
    try:
        if size > 10:
            with pytest.raises(DocumentError, match="larger than 10 bytes"):
                read_bounded(pipe, max_bytes=10)
        else:
            assert read_bounded(pipe, max_bytes=10) == b"x" * size
    finally:
        writer.join()
