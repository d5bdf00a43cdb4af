"""`capabilities`: the contract's document, made of what is installed, whatever is broken."""

import json
import os
import re
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path

import pytest

from miniprogram.plugins.capabilities import capabilities_document, capabilities_text
from miniprogram.plugins.registry import Registry
from miniprogram.version import VERSION

SOUND = """
from miniprogram.plugins.markers import hookimpl
from miniprogram.plugins.specs import Capability
MINIPROGRAM_HOOK_API = ">=1.0.0 <2.0.0"
@hookimpl
def miniprogram_capabilities():
    return [Capability("demo.shine", "demoShine", "demo shine"), "rubbish"]
"""


def test_the_document_has_the_form_of_the_contract(tmp_path: Path) -> None:
    document = capabilities_document(str(tmp_path), {})

    assert list(document)[:4] == ["schemaVersion", "command", "packageName", "toolingVersion"]
    assert (document["schemaVersion"], document["command"]) == (1, "capabilities")
    assert (document["packageName"], document["toolingVersion"]) == ("mini_program_tooling", "0.3.42")
    assert set(document["features"].values()) <= {True}
    assert len(document["features"]) == len(document["capabilityIds"]) == len(set(document["capabilityIds"]))
    assert document["implementation"] == {"name": "miniprogram", "version": VERSION}


def test_every_plugin_of_this_repository_declares_what_the_registry_knows(tmp_path: Path) -> None:
    registry = Registry.discover(cwd=tmp_path, environ={})
    names = [registry.added_by(plugin.entry.name).get("capability", []) for plugin in registry.plugins]
    built_in = registry.added_by("miniprogram").get("capability", [])

    document = capabilities_document(str(tmp_path), {})

    assert set(document["capabilityIds"]) == {*built_in, *(name for each in names for name in each)}


def test_the_text_has_a_version_line_and_a_line_for_each(tmp_path: Path) -> None:
    document = capabilities_document(str(tmp_path), {})
    lines = capabilities_text(document).splitlines()

    assert "Version: 0.3.42" in lines
    assert [line[2:] for line in lines if line.startswith("- ")] == document["capabilityIds"]


@pytest.mark.parametrize(
    "source",
    [
        "import absent_package",
        "def broken(:",
        "raise SystemExit(1)",
        SOUND.replace("return", "raise SystemExit #"),
    ],
    ids=["import", "syntax", "exit", "hook"],
)
def test_a_broken_plugin_harms_nobody(install: Callable[..., Path], site: Path, source: str) -> None:
    install("bad", entry_points="[miniprogram]\nbad = bad_hooks\n", code={"bad_hooks": source})
    install("demo", entry_points="[miniprogram]\ndemo = demo_hooks\n", code={"demo_hooks": SOUND})

    done = _run_with(site, "capabilities", "--json")

    assert (done.returncode, done.stderr) == (0, "")
    assert "demo.shine" in json.loads(done.stdout)["capabilityIds"]


def test_pins_decide_what_is_listed(install: Callable[..., Path], site: Path) -> None:
    install("demo", entry_points="[miniprogram]\ndemo = demo_hooks\n", code={"demo_hooks": SOUND})

    assert "demo.shine" in _run_with(site, "capabilities", MINIPROGRAM_PLUGINS="demo>=1").stdout
    for unmet in ("static", "demo>=2", "demo==", "absent"):
        done = _run_with(site, "capabilities", MINIPROGRAM_PLUGINS=unmet)
        assert done.returncode == 0
        assert "demo.shine" not in done.stdout


def test_the_contract_reads_the_version_with_three_groups(tmp_path: Path) -> None:
    version = capabilities_document(str(tmp_path), {})["toolingVersion"]

    assert re.fullmatch(r"\d+\.\d+\.\d+", version)


def _run_with(site: Path, *argv: str, **environ: str) -> subprocess.CompletedProcess[str]:
    """The real command line, with `site` on the path and standing in it."""
    return subprocess.run(
        [sys.executable, "-m", "miniprogram", *argv],
        cwd=site,
        env={**os.environ, "PYTHONPATH": str(site), **environ},
        capture_output=True,
        encoding="utf-8",
        check=False,
        timeout=60,
    )
