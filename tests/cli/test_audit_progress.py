"""`audit verify` of a long trail says how far it is, on stderr."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from miniprogram.cli.commands import audit
from miniprogram.cli.framework.app_context import AppContext
from miniprogram.cli.framework.main import run


def test_a_long_trail_tells_how_far_it_is_and_json_stays_json(
    tmp_path: Path, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    (tmp_path / "home").mkdir()

    def call(line: str) -> tuple[int, str, str]:
        code = run(line.split(), AppContext(cwd=tmp_path, environ={"HOME": str(tmp_path / "home")}))
        return (code, *capsys.readouterr())

    call("env init")
    assert call("env configure team --provider filesystem --store store")[0] == 0
    for name in ("wallet", "bank"):
        assert call(f"app add {name} --env team")[0] == 0
    assert call("audit verify --env team")[2] == ""

    monkeypatch.setattr(audit, "TELL_EVERY_S", 0.0)
    code, out, err = call("audit verify --env team --json")

    assert (code, json.loads(out)["events"]) == (0, 2)
    assert err.splitlines() == ["Read 1 of 2 events", "Read 2 of 2 events"]
