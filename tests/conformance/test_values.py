"""Colors, decorations, bindings, conditions, rules and versions are read as the cases in `values/` say."""

from __future__ import annotations

import json
import subprocess
from pathlib import Path
from typing import Any

import pytest

from miniprogram_web.node import RUNTIME
from testbed import servers

HERE = Path(__file__).parent
FILES = sorted((HERE / "values").glob("*.json"))


@pytest.mark.process
@pytest.mark.parametrize("file", FILES, ids=lambda file: file.stem)
def test_values_are_read_as_the_cases_say(file: Path) -> None:
    document: dict[str, Any] = json.loads(file.read_text("utf-8"))
    command = [servers.node(), str(HERE / "values.mjs"), RUNTIME.as_uri()]
    done = subprocess.run(command, input=json.dumps(document), capture_output=True, text=True)
    assert done.returncode == 0, done.stderr

    found = json.loads(done.stdout)

    assert found == {name: case["expected"] for name, case in document["cases"].items()}
