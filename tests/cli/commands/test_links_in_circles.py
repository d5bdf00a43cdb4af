"""A link that leads to itself, wherever a path is typed: a sentence and an exit code, as for any wrong path.

`Path.resolve` raises RuntimeError for one before Python 3.13.
"""

from __future__ import annotations

import re
from pathlib import Path

import pytest

from miniprogram.cli.framework.app_context import AppContext
from miniprogram.cli.framework.main import run
from miniprogram.files import is_inside, real_path

ROOT = Path(__file__).parents[3]


@pytest.mark.parametrize(
    "line",
    [
        "validate --mini-program-root loop",
        "build shop --mini-program-root loop",
        "publish shop --target static --output out --mini-program-root loop",
        "create shop --repo-root loop",
        "create shop --output-root loop",
        "create loop",
        "backend status --repo-root loop",
        "publisher-backend status --mini-program-root loop",
    ],
)
def test_a_link_that_leads_to_itself_is_told(
    line: str, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    (tmp_path / "loop").symlink_to("loop")
    context = AppContext(cwd=tmp_path, environ={"HOME": str(tmp_path / "home")})

    code = run(line.split(), context)

    said = capsys.readouterr().err
    assert code in {1, 64}, said
    assert said
    assert "RuntimeError" not in said
    assert "mistake of ours" not in said


def test_a_circle_lies_where_it_stands(tmp_path: Path) -> None:
    circle = tmp_path / "loop"
    circle.symlink_to("loop")

    assert real_path(circle) == real_path(tmp_path) / "loop"
    assert is_inside(circle, tmp_path)
    assert real_path(Path("a") / ".." / "b") == real_path(Path()) / "b"


def test_paths_are_followed_in_one_place() -> None:
    packages = [ROOT / "core/src", *(ROOT / "plugins").glob("*/src")]
    others = [
        str(file.relative_to(ROOT))
        for folder in packages
        for file in folder.rglob("*.py")
        if re.search(r"\.resolve\((strict=\w+)?\)", file.read_text("utf-8"))
    ]

    assert not others, "use miniprogram.files.real_path"
