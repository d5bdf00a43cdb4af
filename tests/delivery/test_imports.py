"""The engine travels alone: nothing but the standard library comes with it."""

from __future__ import annotations

import json
import pkgutil
import subprocess
import sys
from pathlib import Path

import pytest

import miniprogram
import miniprogram.delivery

OF_RELEASES = {
    f"miniprogram.delivery.{name}"
    for name in (
        "evaluation.release_decision",
        "evaluation.conditions.parse",
        "evaluation.context.links",
        "evaluation.conditions.patterns",
        "evaluation.policy.parse",
        "evaluation.conditions.id_list",
        "http.answers.inspection",
    )
}
HEAVY = {
    "_hashlib", "asyncio", "dataclasses", "email", "inspect", "logging", "pathlib", "signal", "ssl", "subprocess",
    "urllib.parse",
}  # fmt: skip

PROGRAM = """
import json, sys
before = set(sys.modules)
for name in {names}:
    __import__("miniprogram.delivery." + name)
print(json.dumps(sorted(set(sys.modules) - before)))
"""


def modules_loaded_with(names: list[str], folder: Path) -> set[str]:
    # -I and -S: neither this environment's packages nor the current folder; only the given one.
    start = f"import sys; sys.path.append({str(folder)!r})\n"
    argv = [sys.executable, "-I", "-S", "-c", start + PROGRAM.format(names=names)]
    return set(json.loads(subprocess.run(argv, check=True, capture_output=True, text=True, timeout=60).stdout))


def test_every_module_loads_with_the_standard_library_alone() -> None:
    found = pkgutil.walk_packages(miniprogram.delivery.__path__, "miniprogram.delivery.")
    names = [module.name.removeprefix("miniprogram.delivery.") for module in found]
    loaded = modules_loaded_with(names, Path(miniprogram.__path__[0]).parent)

    foreign = {name for name in loaded if name.partition(".")[0] not in sys.stdlib_module_names}
    assert {name for name in foreign if not name.startswith("miniprogram.delivery")} == {"miniprogram"}
    assert {f"miniprogram.delivery.{name}" for name in names} <= loaded
    assert loaded >= OF_RELEASES, "the list names a module that is no longer there"


def test_the_service_loads_nothing_heavy() -> None:
    names = ["http.service", "function.delivery_function", "function.http_server"]
    loaded = modules_loaded_with(names, Path(miniprogram.__path__[0]).parent)

    assert loaded & HEAVY == set()
    assert loaded & OF_RELEASES == set(), "a cold start pays for what the first request may not need"
    assert not loaded & {"hmac", "ipaddress", "datetime"}


def test_decisions_load_neither_documents_nor_http() -> None:
    rooms = {"miniprogram.delivery.documents", "miniprogram.delivery.http"}
    names = [f"evaluation.{name}" for name in ("decide", "policy.choose", "policy.parse", "explain")]

    assert modules_loaded_with(names, Path(miniprogram.__path__[0]).parent) & rooms == set()


@pytest.mark.parametrize("use_case", ["simulation.simulate", "queries.why", "lint.lint"])
def test_explaining_and_simulating_load_no_http(use_case: str) -> None:
    program = (
        f"import sys, miniprogram.releases.{use_case}; print([n for n in sys.modules if 'delivery.http' in n])"
    )
    done = subprocess.run([sys.executable, "-c", program], check=True, capture_output=True, text=True, timeout=60)

    assert done.stdout.strip() == "[]"
