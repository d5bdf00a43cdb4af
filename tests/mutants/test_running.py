"""Mutants are run: what a test notices is killed, what none notices survives, and broken tests are said."""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path

import pytest

pytestmark = pytest.mark.process
MODULE = "LIMIT = 3\n\ndef allowed(n):\n    return n < LIMIT\n"
TESTS = {
    "all": "from limits import allowed\ndef test_it():\n    assert allowed(2) and not allowed(3)\n",
    "some": "from limits import allowed\ndef test_it():\n    assert not allowed(4)\n",
    "broken": "def test_it():\n    assert 0\n",
}


def run(folder: Path, tests: str) -> list[str]:
    (folder / "x" / "src").mkdir(parents=True)
    (folder / "x" / "src" / "limits.py").write_text(MODULE)
    (folder / "test_limits.py").write_text(TESTS[tests])
    program = """
import sys
from pathlib import Path
from mutants import running
from mutants.operators import mutants_of
from mutants.processes import Limits
running.ROOT = Path.cwd()
sys.path.insert(0, "x/src")
mutants = mutants_of(Path("x/src/limits.py").read_text())
jobs = [running.Job("x/src/limits.py", mutant, ("test_limits.py",)) for mutant in mutants]
try:
    running.run(jobs, Limits(2, float("inf")), lambda job, outcome: print(outcome.value, job.mutant.name))
except running.BrokenTestsError as broken:
    print("broken", broken)
"""
    done = subprocess.run(
        [sys.executable, "-c", program],
        cwd=folder,
        env={"PYTHONPATH": str(Path(__file__).parents[2] / "tools"), "PATH": "/usr/bin:/bin"},
        capture_output=True,
        encoding="utf-8",
        timeout=100,
    )
    assert done.returncode == 0, done.stderr
    return sorted(done.stdout.splitlines())


def test_what_a_test_notices_is_killed(tmp_path: Path) -> None:
    assert run(tmp_path, "all") == [
        "killed allowed: n < LIMIT -> n <= LIMIT",
        "killed allowed: return n < LIMIT -> return None",
        "killed allowed: return n < LIMIT -> return True",
        "killed module: 3 -> 4",
    ]


def test_what_none_notices_survives(tmp_path: Path) -> None:
    assert run(tmp_path, "some") == [
        "killed allowed: return n < LIMIT -> return True",
        "survived allowed: n < LIMIT -> n <= LIMIT",
        "survived allowed: return n < LIMIT -> return None",
        "survived module: 3 -> 4",
    ]


def test_tests_that_fail_anyway_are_said(tmp_path: Path) -> None:
    assert run(tmp_path, "broken") == ["broken test_limits.py"]
