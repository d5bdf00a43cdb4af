"""Every fragment reaches the notes of the next release."""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[2]
FRAGMENTS = sorted((ROOT / "docs" / "changelog").glob("*.*.md"))


def check(*folder: Path) -> subprocess.CompletedProcess[str]:
    argv = [sys.executable, str(ROOT / "tools" / "check_changelog.py"), *map(str, folder)]
    return subprocess.run(argv, capture_output=True, text=True)


def test_our_fragments_are_in_order() -> None:
    done = check()
    assert (done.returncode, done.stdout) == (0, ""), done.stderr


@pytest.mark.parametrize(
    ("name", "text"),
    [
        ("publish.md", "A change.\n"),
        ("publish.new.md", "A change.\n"),
        ("Publish.fix.md", "A change.\n"),
        ("publish.fix.1.md", "A change.\n"),
        ("publish.fix.txt", "A change.\n"),
        ("publish.fix.md", " \n"),
        ("publish.fix.md", "- A change.\n"),
        ("publish.fix.md", "# Publish\n\nA change.\n"),
    ],
)
def test_what_a_release_would_lose_is_named(tmp_path: Path, name: str, text: str) -> None:
    (tmp_path / "good.fix.md").write_text("`publish` goes on after a cut connection.\n")
    assert check(tmp_path).returncode == 0
    (tmp_path / name).write_text(text)

    done = check(tmp_path)

    assert done.returncode == 1
    assert [line.partition(": ")[0] for line in done.stdout.splitlines()] == [str(tmp_path / name)]


def test_a_release_says_all_of_them() -> None:
    argv = [sys.executable, "-m", "towncrier", "build", "--draft", "--version", "9.9.9"]
    done = subprocess.run(argv, cwd=ROOT, capture_output=True, text=True)

    assert done.returncode == 0, done.stderr
    assert done.stdout.startswith("## 9.9.9 (")
    for fragment in FRAGMENTS:
        assert fragment.read_text("utf-8").splitlines()[0] in done.stdout, fragment.name
