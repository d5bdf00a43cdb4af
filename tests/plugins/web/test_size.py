"""The runtime stays small: what a page loads before the first screen, minified and compressed, without fonts."""

from __future__ import annotations

import gzip
import subprocess

import pytest

from miniprogram_web.node import RUNTIME
from testbed import servers

MOST_BYTES = 60_000
MOST_VERIFIER_BYTES = 5_000
MOST_KEEPER_BYTES = 8_000
LATER = [
    "../actions/request.js",
    "../bindings/auth.js",
    "./choices.js",
    "./client/backend_http.js",
    "./client/frame.js",
    "./client/sign_in.js",
    "./inputs.js",
    "./rare.js",
    "../trust/pinned.js",
    "../packages/kept_client.js",
]
"""Loaded when a page or a screen asks for them."""


@pytest.mark.process
def test_the_runtime_stays_below_its_gate() -> None:
    command = [*servers.minifier(), "element.js", "--bundle", "--minify", "--format=esm"]
    command += [f"--external:{path}" for path in LATER]
    done = subprocess.run(command, cwd=RUNTIME, capture_output=True, check=True)

    assert len(gzip.compress(done.stdout, 9)) <= MOST_BYTES


@pytest.mark.process
def test_what_verifies_signatures_stays_small() -> None:
    """It is loaded by pages that pin a root, and by no other."""
    command = [*servers.minifier(), "trust/pinned.js", "--bundle", "--minify", "--format=esm"]
    done = subprocess.run(
        [*command, "--external:../client/problem.js"], cwd=RUNTIME, capture_output=True, check=True
    )

    assert len(gzip.compress(done.stdout, 9)) <= MOST_VERIFIER_BYTES


@pytest.mark.process
def test_what_keeps_whole_versions_stays_small() -> None:
    """It is loaded by elements with `offline`, and by no other. What pages have loaded by then is left out."""
    command = [*servers.minifier(), "packages/kept_client.js", "--bundle", "--minify", "--format=esm"]
    loaded = ["client/client.js", "client/digest.js", "client/http.js", "client/problem.js", "trust/pinned.js"]
    command += [f"--external:../{path}" for path in loaded]
    done = subprocess.run(command, cwd=RUNTIME, capture_output=True, check=True)

    assert len(gzip.compress(done.stdout, 9)) <= MOST_KEEPER_BYTES
