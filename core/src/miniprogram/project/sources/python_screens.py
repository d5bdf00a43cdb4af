"""Screens written in Python, run in one child interpreter per build.

A child keeps the author's code out of our process: what it prints, changes or leaves running cannot reach us,
a loop without end is stopped, and every build sees the components as they are now.
"""

from __future__ import annotations

import json
import subprocess
from collections.abc import Iterator, Sequence
from pathlib import Path
from typing import Any

from miniprogram.errors import DocumentError, ProjectError
from miniprogram.logs import get_log
from miniprogram.project.source_tree import SOURCE_FOLDER, kind_of, shown
from miniprogram.project.sources.call_sites import locator
from miniprogram.project.sources.interpreters import kill_interpreter, start_interpreter
from miniprogram.seams.screen_source import Mark, ScreenDraft, ScreenSourceError, SourceContext
from miniprogram.strict_json import parse_json

log = get_log(__name__)

GRACE_S = 5.0
"""Seconds a child gets beyond its own limit, which names the line, before it is killed."""
MAX_PRINTED = 4_000
"""Characters of printed text kept for the log."""


class PythonScreens:
    """Source of `.py`. Screens are the functions marked with `@screen` and `@theme`."""

    def __init__(self, context: SourceContext) -> None:
        self._context = context

    def load(self, program_root: Path, files: Sequence[Path]) -> Iterator[ScreenDraft | ScreenSourceError]:
        job = {
            "root": str(program_root),
            "folder": SOURCE_FOLDER,
            "files": [[str(file), kind_of(file, program_root)] for file in files],
            "timeout_s": self._context.timeout_s,
        }
        for answer in self._answers(job, program_root):
            if isinstance(answer, ScreenSourceError):
                yield answer
                continue
            origin = Path(answer["file"])
            for name, kind, node, marks in answer["drafts"]:
                yield ScreenDraft(name, node, origin, kind, locator(node, marks))

    def _answers(self, job: dict[str, Any], program_root: Path) -> Iterator[dict[str, Any] | ScreenSourceError]:
        """One answer per file, in order; behind a file that ended the interpreter there are none."""
        lines, ending = self._run(json.dumps(job).encode(), program_root)
        for file, _ in job["files"]:
            location = shown(Path(file), program_root)
            line = next(lines, None)
            if line is None:
                yield ScreenSourceError(ending, Mark(Path(file), 1))
                return
            answer = _answer(line, location)
            yield _failure(answer) if "error" in answer else answer
            if answer.get("is_last"):
                return

    def _run(self, job: bytes, program_root: Path) -> tuple[Iterator[bytes], str]:
        """The child's whole lines, and a sentence on how it ended for when one is missing."""
        spare = self._context.spare_interpreter
        child = spare.take() if spare else None
        if child is None:
            child = start_interpreter(program_root, self._context.environ)
        ending = "the Python that runs the screens ended early"
        try:
            out, err = child.communicate(job, timeout=self._context.timeout_s + GRACE_S)
        except subprocess.TimeoutExpired:
            kill_interpreter(child)
            out, err = child.communicate()
            ending = f"did not finish within {self._context.timeout_s:g} s"
        except BaseException:
            kill_interpreter(child)
            child.communicate()
            raise
        if spare:
            spare.refill(program_root, self._context.environ)
        if err:
            log.info("screens_printed", text=err[:MAX_PRINTED].decode("utf-8", "replace"))
        return iter(line for line in out.splitlines(keepends=True) if line.endswith(b"\n")), ending


def _answer(line: bytes, location: str) -> dict[str, Any]:
    try:
        answer: dict[str, Any] = parse_json(line, name=location)
    except DocumentError as error:
        raise ProjectError(str(error)) from error
    return answer


def _failure(answer: dict[str, Any]) -> ScreenSourceError:
    file, line, column = answer["mark"]
    if len(calls := answer.get("calls", [])) > 1:
        log.info("author_calls", calls=calls)
    return ScreenSourceError(str(answer["error"]), Mark(Path(file), line, column))
