"""Node comes with the test bed."""

from __future__ import annotations

import subprocess

import pytest

from testbed import servers


@pytest.mark.process
def test_the_test_beds_node_runs_modules() -> None:
    done = subprocess.run(
        [servers.node(), "--input-type=module", "--eval", "import assert from 'node:assert'; console.log(6 * 7)"],
        capture_output=True, text=True, env={}, timeout=60,
    )  # fmt: skip
    assert (done.returncode, done.stdout) == (0, "42\n"), done.stderr
