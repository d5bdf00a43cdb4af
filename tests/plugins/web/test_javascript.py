"""Node.js runs the tests that lie in js/."""

from __future__ import annotations

import subprocess
from pathlib import Path

import pytest

from testbed import servers

TESTS = Path(__file__).parent / "js"


@pytest.mark.process
@pytest.mark.parametrize("file", sorted(TESTS.glob("*.test.mjs")), ids=lambda file: file.name)
def test_javascript(file: Path) -> None:
    done = subprocess.run(
        [servers.node(), "--test", "--test-reporter=tap", str(file)], capture_output=True, text=True, timeout=100
    )

    told = [line for line in done.stdout.splitlines() if line.lstrip().startswith(("not ok", "# fail", "# pass"))]
    assert done.returncode == 0, "\n".join([*told, done.stdout[-3000:], done.stderr])
    assert "# pass 0" not in done.stdout
