"""The types in the comments of the JavaScript modules hold."""

from __future__ import annotations

import subprocess

import pytest

from miniprogram_web.node import RUNTIME
from testbed import servers

PLUGIN = RUNTIME.parents[2]


@pytest.mark.process
def test_the_types_of_the_runtime_hold() -> None:
    done = subprocess.run([*servers.type_checker(), "--project", str(PLUGIN)], capture_output=True, text=True)

    assert done.stdout == ""
    assert done.returncode == 0
