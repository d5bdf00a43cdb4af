"""Running a host app in the foreground."""

from __future__ import annotations

from pathlib import Path

import pytest

from miniprogram.errors import ToolError, UsageError
from miniprogram.hosts.running import run_app


def program(folder: Path, name: str, script: str) -> None:
    (folder / name).write_text(f"#!/bin/sh\n{script}\n")
    (folder / name).chmod(0o755)


@pytest.mark.parametrize(("script", "code"), [("exit 0", 0), ("exit 42", 42), ("kill -TERM $$", 143)])
def test_the_exit_code_is_the_childs(tmp_path: Path, script: str, code: int) -> None:
    program(tmp_path, "app", script)

    assert run_app(["app"], cwd=tmp_path, environ={"PATH": f"{tmp_path}:/bin"}) == code


def test_arguments_arrive_as_they_are(tmp_path: Path) -> None:
    program(tmp_path, "app", 'printf "%s|" "$@" > got')

    run_app(["app", "a b", '"$x"', "*"], cwd=tmp_path, environ={"PATH": f"{tmp_path}:/bin:/usr/bin"})

    assert (tmp_path / "got").read_text() == 'a b|"$x"|*|'


def test_a_program_that_is_missing_or_none_is_named(tmp_path: Path) -> None:
    with pytest.raises(ToolError, match="app is not on PATH"):
        run_app(["app"], cwd=tmp_path, environ={"PATH": str(tmp_path)})
    (tmp_path / "app").write_bytes(b"\x00garbage")
    (tmp_path / "app").chmod(0o755)
    with pytest.raises(ToolError, match="cannot be started"):
        run_app(["app"], cwd=tmp_path, environ={"PATH": str(tmp_path)})


def test_batch_files_get_nothing_cmd_would_read(tmp_path: Path) -> None:
    program(tmp_path, "flutter.bat", "exit 0")
    environ = {"PATH": f"{tmp_path}:/bin"}

    assert run_app(["flutter.bat", "-d", "emulator-5554"], cwd=tmp_path, environ=environ) == 0
    with pytest.raises(UsageError, match="cannot be passed"):
        run_app(["flutter.bat", "-d", "x&calc"], cwd=tmp_path, environ=environ)
