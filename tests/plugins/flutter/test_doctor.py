"""The doctor's line about Flutter, with a stub on a temporary PATH."""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path

import pytest

from miniprogram.seams.checks import CheckContext
from miniprogram_flutter.doctor import check_flutter


@pytest.mark.parametrize(
    ("script", "status", "summary"),
    [
        ("echo 'Flutter 3.35.0 • stable'; echo more", "ok", "Flutter 3.35.0 • stable"),
        ("echo broken >&2; exit 3", "warning", "broken"),
        (None, "warning", "not on PATH"),
    ],
    ids=["works", "fails", "missing"],
)
def test_flutter_is_asked_for_its_version(tmp_path: Path, script: str | None, status: str, summary: str) -> None:
    if script is not None:
        (tmp_path / "flutter").write_text(f"#!/bin/sh\n{script}\n")
        (tmp_path / "flutter").chmod(0o755)

    check = check_flutter(CheckContext(tmp_path, tmp_path, {"PATH": str(tmp_path)}))

    assert (check.label, check.status) == ("Flutter CLI", status)
    assert summary in check.summary


@pytest.mark.parametrize(
    ("module", "heavy"),
    [("hooks", ["jinja2", "ruamel", "pydantic", "typer", "pluggy"]), ("generator", ["jinja2", "ruamel", "typer"])],
)
def test_what_every_refresh_needs_imports_nothing_heavy(module: str, heavy: list[str]) -> None:
    code = (
        f"import sys, miniprogram_flutter.{module}\n"
        f"heavy = {set(heavy)} & {{n.split('.')[0] for n in sys.modules}}\n"
        "sys.exit(str(heavy) if heavy else 0)\n"
    )
    assert subprocess.run([sys.executable, "-c", code]).returncode == 0
