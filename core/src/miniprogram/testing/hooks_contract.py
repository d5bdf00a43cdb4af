"""What the hooks of every plugin must do, as tests to inherit."""

from __future__ import annotations

import importlib
import json
import os
import subprocess
import sys
from typing import Any, ClassVar

from miniprogram.plugins import additions
from miniprogram.plugins.additions import read_additions
from miniprogram.plugins.allowed.api_range import require_api
from miniprogram.plugins.allowed.pins import VARIABLE
from miniprogram.plugins.installed.discovery import PluginEntry, find_entries
from miniprogram.plugins.loading.loader import declared, require_known_hooks
from miniprogram.testing.contract import Contract

MAY_BE_IMPORTED = {"miniprogram", "miniprogram.plugins", "miniprogram.record"} | {
    f"miniprogram.plugins.{name}" for name in ("markers", "specs")
}
COSTLY = {"typing", "dataclasses", "pathlib"}
"""Standard too, but each costs a good part of what Python itself takes to start."""
PROBE = """
import json, sys
before = set(sys.modules)
__import__(sys.argv[1])
print(json.dumps(sorted(set(sys.modules) - before)))
"""


class HooksContract(Contract):
    """Inherit, and name the distribution, which has to be installed. Nothing of it can be missing."""

    distribution: ClassVar[str]
    """As `pip install` calls it."""

    def entry(self) -> PluginEntry:
        found = [each for each in find_entries() if each.distribution == self.distribution]
        assert len(found) == 1, f"{self.distribution} has {len(found)} entry points in the group `miniprogram`"
        return found[0]

    def hooks(self) -> Any:
        entry = self.entry()
        return importlib.import_module(entry.module)

    def test_it_says_for_which_hook_api_it_was_written(self) -> None:
        require_api(self.hooks())

    def test_every_hook_is_known_and_marked(self) -> None:
        require_known_hooks(self.hooks())

    def test_importing_it_is_light(self) -> None:
        entry = self.entry()
        done = subprocess.run(
            [sys.executable, "-c", PROBE, entry.module],
            capture_output=True,
            encoding="utf-8",
            check=False,
            timeout=60,
        )

        assert done.returncode == 0, done.stderr
        imported = set(json.loads(done.stdout)) - MAY_BE_IMPORTED - {entry.module, entry.module.partition(".")[0]}
        assert {name for name in imported if name.partition(".")[0] not in sys.stdlib_module_names} == set()
        assert imported & COSTLY == set(), "import these below TYPE_CHECKING or inside functions"

    def test_it_adds_something_and_the_same_each_time(self) -> None:
        assert any(self._answers().values())
        assert self._answers() == self._answers()

    def test_nothing_is_wrong_with_it_beside_the_core(self) -> None:
        """The errors `miniprogram plugins check` tells, with no other plugin allowed.

        Not its warnings: how long an import takes says as much about a busy machine.
        """
        done = subprocess.run(
            [sys.executable, "-P", "-m", "miniprogram", "plugins", "check", "--json"],
            env={**os.environ, VARIABLE: self.distribution},
            capture_output=True,
            encoding="utf-8",
            check=False,
            timeout=60,
        )

        assert done.stdout, done.stderr
        problems = json.loads(done.stdout)["problems"]
        assert [each["message"] for each in problems if each["severity"] == "error"] == []

    def _answers(self) -> dict[str, list[str]]:
        hooks = self.hooks()
        return {
            kind.hook: [each.name for each in read_additions("mine", kind, declared(hooks, kind.hook))]
            for kind in additions.KINDS
        }
