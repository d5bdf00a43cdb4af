from __future__ import annotations

import os
from datetime import UTC, datetime
from pathlib import Path

import pytest

from miniprogram.provider_kit.process_logs import read_logs, time_of

NOW = datetime(2030, 1, 1, 12, tzinfo=UTC)


def read(*paths: Path, since_s: float) -> list[str]:
    return list(read_logs(paths, since_s=since_s, now=NOW, goes_on=lambda: False))


def test_lines_are_cut_to_the_window_and_merged_by_time(tmp_path: Path) -> None:
    out, err = tmp_path / "out", tmp_path / "err"
    out.write_text("2030-01-01T10:00:00Z old\n2030-01-01T11:30:00Z one\n2030-01-01T11:50:00Z three\n")
    err.write_text("2030-01-01T11:40:00Z two\n")

    assert [line[21:] for line in read(out, err, since_s=3600)] == ["one", "two", "three"]


def test_a_traceback_stays_with_its_line(tmp_path: Path) -> None:
    log = tmp_path / "err"
    log.write_text("2030-01-01T10:00:00Z old\n  File a\n2030-01-01T11:59:00Z new\n  File b\n")

    assert read(log, since_s=600) == ["2030-01-01T11:59:00Z new", "  File b"]


def test_a_file_without_times_counts_by_its_last_change(tmp_path: Path) -> None:
    log = tmp_path / "err"
    log.write_text("no time here\n")
    os.utime(log, (NOW.timestamp() - 60, NOW.timestamp() - 60))

    assert read(log, since_s=120) == ["no time here"]
    assert read(log, since_s=30) == []


def test_missing_files_are_empty(tmp_path: Path) -> None:
    assert read(tmp_path / "none", since_s=10) == []


def test_following_gives_new_lines_also_after_a_restart(tmp_path: Path) -> None:
    log = tmp_path / "err"
    log.write_text("2030-01-01T11:59:00Z a long first line\n")

    def append() -> None:
        with log.open("a") as stream:
            stream.write("half")

    turns = iter([lambda: log.write_text("2030-01-01T11:59:30Z anew\n"), append])

    def goes_on() -> bool:
        turn = next(turns, None)
        if turn is not None:
            turn()
        return turn is not None

    lines = list(read_logs([log], since_s=600, now=NOW, goes_on=goes_on))

    assert lines == ["2030-01-01T11:59:00Z a long first line", "2030-01-01T11:59:30Z anew", "half"]


@pytest.mark.parametrize(
    ("line", "expected"),
    [
        (
            '{"timestamp": "2030-01-01T10:00:00.123456Z", "event": "x"}',
            datetime(2030, 1, 1, 10, 0, 0, 123456, UTC),
        ),
        ("2030-01-01 10:00:00,500 INFO", datetime(2030, 1, 1, 10, 0, 0, 500000, UTC)),
        ("2030-01-01T12:00:00+02:00 x", datetime(2030, 1, 1, 10, tzinfo=UTC)),
        ("2030-99-01T12:00:00Z x", None),
        ("nothing", None),
    ],
    ids=["json", "comma", "zone", "impossible", "none"],
)
def test_times_are_read_as_loggers_write_them(line: str, expected: datetime | None) -> None:
    assert time_of(line) == expected
