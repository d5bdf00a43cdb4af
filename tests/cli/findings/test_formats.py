"""Findings for programs, for GitHub and for code scanners hold the same places."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest

from cli.findings.sources import JSON, Told

pytestmark = pytest.mark.slow


@pytest.fixture
def found(root: Path) -> Path:
    (root / "stac/screens/case.json").write_text(JSON.format(here='{"type": "t\\n%,:xt"}'), "utf-8")
    return root


@pytest.mark.usefixtures("found")
@pytest.mark.parametrize("command", ["build", "validate"])
def test_json_has_the_places_as_members(told: Told, command: str) -> None:
    for argv in (("--json",), ("--format", "json")):
        code, lines = told(command, *argv)
        document: dict[str, Any] = json.loads("\n".join(lines))
        (message,) = document["messages"]

        assert (code, document["errorCount"], document["warningCount"]) == (1, 1, 0)
        assert message.pop("message").startswith("there is no widget")
        assert message == {
            "severity": "error",
            "code": "unknown_widget",
            "path": "stac/screens/case.json",
            "line": 5,
            "column": 6,
            "jsonPath": "$.children[1].type",
        }


@pytest.mark.usefixtures("found")
@pytest.mark.parametrize("command", ["build", "validate"])
def test_github_gets_one_command_a_finding(told: Told, command: str) -> None:
    code, (line,) = told(command, "--format", "github")

    assert code == 1
    assert line.startswith(
        "::error file=stac/screens/case.json,line=5,col=6,title=unknown_widget::there is no widget"
    )
    assert "%25,:xt" in line


@pytest.mark.usefixtures("found")
@pytest.mark.parametrize("command", ["build", "validate"])
def test_sarif_has_rules_and_regions(told: Told, command: str) -> None:
    code, lines = told(command, "--format", "sarif")

    (scan,) = json.loads("\n".join(lines))["runs"]
    (result,) = scan["results"]
    assert code == 1
    assert scan["tool"]["driver"]["rules"] == [{"id": "unknown_widget"}]
    assert result["locations"] == [
        {
            "physicalLocation": {
                "artifactLocation": {"uri": "stac/screens/case.json"},
                "region": {"startLine": 5, "startColumn": 6},
            }
        }
    ]


def test_a_build_that_is_right_says_so_in_json(told: Told) -> None:
    code, lines = told("build", "--json")

    document = json.loads("\n".join(lines))
    assert (code, document["ok"], document["changed"], document["screenCount"]) == (0, True, True, 2)
    assert (document["version"], document["messages"], document["notes"]) == ("1.0.0", [], [])
