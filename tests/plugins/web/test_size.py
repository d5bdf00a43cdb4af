"""The runtime stays small: what a page loads before the first screen, minified and compressed, without fonts."""

from __future__ import annotations

import gzip
import subprocess

import pytest

from miniprogram_web.node import RUNTIME
from testbed import servers

MOST_BYTES = 60_000
LATER = [
    "../actions/request.js",
    "../bindings/auth.js",
    "./choices.js",
    "./client/backend_http.js",
    "./client/frame.js",
    "./client/sign_in.js",
    "./inputs.js",
    "./rare.js",
]
"""Loaded when a page or a screen asks for them."""


@pytest.mark.process
def test_the_runtime_stays_below_its_gate() -> None:
    command = [*servers.minifier(), "element.js", "--bundle", "--minify", "--format=esm"]
    command += [f"--external:{path}" for path in LATER]
    done = subprocess.run(command, cwd=RUNTIME, capture_output=True, check=True)

    assert len(gzip.compress(done.stdout, 9)) <= MOST_BYTES
