"""A client that openapi-python-client makes of the document brings a release to everybody on a live server."""

from __future__ import annotations

import json
import os
import re
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest

from miniprogram.cli.framework.app_context import AppContext
from miniprogram.cli.framework.main import run
from miniprogram.publish.layouts.cloud import CloudLocation, cloud_layout
from miniprogram.publish.to_store import publish_to_store
from miniprogram.stores.filesystem import FilesystemObjectStore
from miniprogram.testing import sample_release
from miniprogram_server.console.mounting import description
from testbed.servers import program

pytestmark = pytest.mark.process

SCRIPT = Path(__file__).parents[3] / "testbed" / "generated_client.py"
MEMBERS = {"ann": "developer-admin", "bob": "reviewer"}


@pytest.fixture
def client(tmp_path: Path) -> Path:
    """The folder in which the generated package lies. Whatever the generator cannot use is a failure."""
    document = tmp_path / "openapi.json"
    document.write_bytes(description())
    argv = [program("openapi-client", "openapi-python-client"), "generate", "--meta", "none"]
    done = subprocess.run(
        [*argv, "--path", str(document), "--output-path", str(tmp_path / "admin_client")],
        capture_output=True,
        text=True,
        env={**os.environ, "PATH": f"{Path(argv[0]).parent}{os.pathsep}{os.environ['PATH']}"},
    )
    said = done.stdout + done.stderr
    assert done.returncode == 0, said
    complaints = re.findall(r"^(?:WARNING|ERROR|Unsupported|Unable|Could not|Cannot).*", said, re.MULTILINE)
    upload = "WARNING parsing PUT /programs/{programId}/segments/{segment}/ids within segments."
    unread = {upload, "Unsupported content type text/plain", "Unsupported content type text/csv"}
    assert set(complaints) <= unread, said  # it sends the list as bytes instead
    return tmp_path


@pytest.fixture
def tokens(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> dict[str, str]:
    """Of two members of the environment `team`, in which two versions of a shop are published."""
    context = AppContext(cwd=tmp_path, environ={"HOME": str(tmp_path)})
    store = tmp_path / "store"
    for line in (
        "env init", f"env configure team --provider filesystem --store {store}", "env use team", "app add wallet",
        *(f"member add {name} --role {role}" for name, role in MEMBERS.items()),
    ):  # fmt: skip
        assert run(line.split(), context) == 0, capsys.readouterr().err
    for version in ("1.0.0", "1.1.0"):
        layout = cloud_layout(sample_release("shop", version), CloudLocation("team", "dev", "bucket", "here"))
        publish_to_store(FilesystemObjectStore(store), layout, allow_older=False)
    made = {}
    for name in MEMBERS:
        capsys.readouterr()
        assert run(["token", "create", "--member", name, "--json"], context) == 0
        made[name] = json.loads(capsys.readouterr().out)["token"]
    return made


@pytest.fixture
def url(tmp_path: Path, tokens: dict[str, str]) -> Iterator[str]:
    argv = [sys.executable, "-m", "miniprogram", "serve", "--env", "team", "--log", "off", "--port", "0"]
    process = subprocess.Popen(
        argv, cwd=tmp_path, env={**os.environ, "HOME": str(tmp_path)}, text=True, stdout=subprocess.PIPE
    )
    try:
        assert process.stdout is not None
        lines = [process.stdout.readline() for _ in range(3)]
        found = re.fullmatch(r"Release console: (http://\S+)/console/\n", lines[2])
        assert found, lines
        yield f"{found[1]}/api/admin/v1"
    finally:
        process.kill()
        process.communicate()


def test_it_brings_a_release_to_everybody(client: Path, tokens: dict[str, str], url: str) -> None:
    argv = [program("openapi-client", "python"), str(SCRIPT), str(client), url, tokens["ann"], tokens["bob"]]
    done = subprocess.run(argv, capture_output=True, text=True, timeout=100)
    assert done.returncode == 0, done.stderr
    steps = [json.loads(line) for line in done.stdout.splitlines()]
    assert [step for step in steps if step[1] == "1.1.0"] == [
        ["configure", "1.1.0", "created", 0],
        ["apply", "1.1.0", "in_review", 0],
        ["approve", "1.1.0", "approved", 0],
        ["pilot_start", "1.1.0", "pilot", 0],
        ["pilot_complete", "1.1.0", "prepared", 0],
        ["grayscale", "1.1.0", "grayscale", 5_000],
        ["finish", "1.1.0", "full", 5_000],
        ["why", "1.1.0"],
    ]
