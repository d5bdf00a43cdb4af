"""What every start imports stays light: hook modules import the standard library and two modules of ours."""

import json
import subprocess
import sys

import pytest

from miniprogram.plugins.installed.discovery import PluginEntry, find_entries

PROBE = """
import json, sys
before = set(sys.modules)
__import__(sys.argv[1])
print(json.dumps(sorted(set(sys.modules) - before)))
"""
ALLOWED = {
    "miniprogram",
    "miniprogram.plugins",
    "miniprogram.record",
    *(f"miniprogram.plugins.{name}" for name in ("markers", "specs")),
}
COSTLY = {"typing", "dataclasses", "pathlib"}
"""Standard too, but each costs a good part of what Python itself takes to start."""
HOOKS = [PluginEntry("core", "miniprogram.builtin", "miniprogram", ""), *find_entries()]


@pytest.mark.parametrize("entry", HOOKS, ids=[entry.name for entry in HOOKS])
def test_hooks_import_the_standard_library_only(entry: PluginEntry) -> None:
    done = subprocess.run(
        [sys.executable, "-c", PROBE, entry.module], capture_output=True, encoding="utf-8", check=True, timeout=60
    )

    imported = set(json.loads(done.stdout))
    own = {entry.module, entry.module.partition(".")[0]}
    foreign = {name for name in imported - ALLOWED - own if name.partition(".")[0] not in sys.stdlib_module_names}
    assert foreign == set()
    assert imported & COSTLY == set()
