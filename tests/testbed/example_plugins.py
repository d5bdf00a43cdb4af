"""Plugins of examples/plugins, found on the path as if they were installed."""

from __future__ import annotations

import os
import subprocess
import sys
import tomllib
from collections.abc import Callable
from pathlib import Path

Run = Callable[..., subprocess.CompletedProcess[str]]


def example_environ(example: Path, work: Path) -> dict[str, str]:
    """The environment of a process in `work` that finds the example, installed as its pyproject says."""
    project = tomllib.loads((example / "pyproject.toml").read_text())["project"]
    name, version = project["name"], project["version"]
    info = work / "site" / f"{name.replace('-', '_')}-{version}.dist-info"
    info.mkdir(parents=True, exist_ok=True)
    (info / "METADATA").write_text(f"Metadata-Version: 2.1\nName: {name}\nVersion: {version}\n")
    entries = project["entry-points"]["miniprogram"].items()
    (info / "entry_points.txt").write_text(
        "[miniprogram]\n" + "".join(f"{key} = {value}\n" for key, value in entries)
    )
    return {
        **os.environ,
        "PYTHONPATH": os.pathsep.join([str(info.parent), str(example / "src")]),
        "HOME": str(work),
        "COLUMNS": "200",
    }


def installed_example(example: Path, work: Path) -> Run:
    """Runs command lines, or another `program`, in `work`, with the example installed."""
    environ = example_environ(example, work)

    def run(
        *argv: str, program: str = "miniprogram", timeout: float = 110, **more: str
    ) -> subprocess.CompletedProcess[str]:
        return subprocess.run(
            [sys.executable, "-m", program, *argv],
            cwd=work,
            env={**environ, **more},
            capture_output=True,
            encoding="utf-8",
            check=False,
            timeout=timeout,
        )

    return run
