"""The line `Flutter CLI` of `doctor`."""

from __future__ import annotations

import shutil

from miniprogram.errors import ToolError
from miniprogram.seams.checks import Check, CheckContext
from miniprogram.tools import run_tool

LABEL = "Flutter CLI"
TIMEOUT_S = 60.0
"""Flutter builds itself on its first start, which takes a while."""


def check_flutter(context: CheckContext) -> Check:
    """Ok with Flutter's own first line; a warning when it is missing, fails or hangs."""
    program = shutil.which("flutter", path=context.environ.get("PATH", ""))
    if program is None:
        return Check(LABEL, "warning", "not on PATH", "Needed by `host run` and by previews on a device.")
    try:
        answer = run_tool([program, "--version"], cwd=context.cwd, timeout_s=TIMEOUT_S, environ=context.environ)
    except ToolError as error:
        return Check(LABEL, "warning", str(error))
    return Check(LABEL, "ok", (answer.strip().splitlines() or ["no version given"])[0])
