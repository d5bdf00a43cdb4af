"""The child interpreter of a build: runs an author's Python screens and answers with their JSON.

Reads one job from stdin: `{root, folder, files: [[path, kind]], timeout_s}`. Writes one JSON line per file to
what was stdout: `{file, drafts: [[name, kind, node, marks]]}`, with marks as `CallSites.flat_marks` makes them,
or `{error, mark, calls}`: one sentence, where that is, and the author's lines that led there. That ends the run.
Whatever the author prints goes to stderr, bounded.
"""

from __future__ import annotations

import importlib
import importlib.abc
import importlib.machinery
import importlib.util
import io
import json
import os
import signal
import sys
from collections.abc import Sequence
from pathlib import Path
from types import ModuleType
from typing import Any, TextIO

from miniprogram.errors import MiniProgramError, ProjectError
from miniprogram.project.sources.call_sites import CallSites
from miniprogram.project.sources.interpreters import WARM
from miniprogram.stac.screens import MarkedFunction, UnusableScreen, make, marked
from miniprogram.stac.serialize import Sites

USUAL_IMPORTS = ("miniprogram.stac.ui", "miniprogram.stac.actions", "miniprogram.stac.values")
MAX_PRINTED = 64 * 1024
"""Characters an author's code may print before the rest is dropped."""


class OutOfTime(BaseException):
    """Raised inside the author's code when the time is up, so that its traceback names the line."""


class Printed(io.TextIOBase):
    """Stdout of the author's code: the first part of it, on stderr."""

    def __init__(self, stream: TextIO) -> None:
        self._stream, self._left = stream, MAX_PRINTED

    def writable(self) -> bool:
        return True

    def write(self, text: str) -> int:
        taken = text[: self._left]
        self._left -= len(taken)
        self._stream.write(taken)
        return len(text)

    def flush(self) -> None:
        self._stream.flush()


class ProgramFinder(importlib.abc.MetaPathFinder):
    """Finds what lies in the mini-program's source folder before anything installed of the same name.

    The standard library keeps its names. Folders are packages without an `__init__.py`.
    """

    def __init__(self, folder: Path) -> None:
        self._folder = folder
        self._names = {entry.name.removesuffix(".py") for entry in folder.iterdir()} - sys.stdlib_module_names

    def find_spec(
        self, fullname: str, path: Sequence[str] | None, target: ModuleType | None = None
    ) -> importlib.machinery.ModuleSpec | None:
        if path is not None or fullname not in self._names or fullname == "miniprogram":
            return None
        return importlib.machinery.PathFinder.find_spec(fullname, [str(self._folder)], target)


def main() -> None:
    """Run the job on stdin and leave at once: threads the author started do not keep us."""
    results = os.fdopen(os.dup(1), "w", encoding="utf-8", newline="\n")
    os.dup2(2, 1)
    sys.stdout = Printed(sys.stderr)
    if WARM in sys.argv:
        for name in USUAL_IMPORTS:
            index = importlib.import_module(name)
            for constructor in index.__all__:
                getattr(index, constructor)
    asked = sys.stdin.buffer.read()
    if not asked:  # whoever kept us waiting has gone
        return
    job = json.loads(asked)
    sys.stdin = io.TextIOWrapper(io.BytesIO())
    _limit(job["timeout_s"])
    folder = Path(job["root"], job["folder"])
    sys.path.insert(0, str(folder))
    sys.meta_path.insert(0, ProgramFinder(folder))
    importlib.invalidate_caches()  # once: listing a large folder again for every file in it takes seconds
    sites = CallSites(job["root"])
    for path, kind in job["files"]:
        answer = _try(Path(path), kind, folder, sites)
        results.write(json.dumps(answer, ensure_ascii=True, allow_nan=False) + "\n")
        results.flush()
        if answer.get("is_last"):
            break
    sys.stderr.flush()
    os._exit(0)


def _try(path: Path, kind: str, folder: Path, sites: CallSites) -> dict[str, Any]:
    try:
        drafts = _drafts(path, kind, folder, sites)
    except UnusableScreen as error:
        return {"error": str(error), "mark": (str(path), error.line, None)}
    except BaseException as error:  # noqa: BLE001 - the author's code may raise anything, SystemExit included
        from miniprogram.project.sources.author_errors import explain

        if isinstance(error, OutOfTime):
            return {**explain(error, path, folder, str(error)), "is_last": True}
        return explain(error, path, folder, str(error) if isinstance(error, MiniProgramError) else None)
    return {"file": str(path), "drafts": drafts}


def _drafts(path: Path, kind: str, folder: Path, sites: CallSites) -> list[Any]:
    found = marked(_import(path, folder))
    if not found and path.parent != folder:
        raise ProjectError(
            f"no function here is marked with @{kind} (from miniprogram.stac.screens import {kind}); "
            "a file that only serves others belongs in stac/components"
        )
    return [_draft(source, sites) for source in found]


def _draft(source: MarkedFunction, sites: CallSites) -> tuple[str, str, dict[str, Any], Any]:
    made: Sites = []
    node = make(source, made)
    return source.name, source.kind, node, sites.flat_marks(made)


def _import(path: Path, folder: Path) -> ModuleType:
    parts = path.relative_to(folder).with_suffix("").parts
    if all("." not in part for part in parts) and parts[0] not in sys.stdlib_module_names:
        return importlib.import_module(".".join(parts))
    spec = importlib.util.spec_from_file_location("_".join(parts).replace(".", "_"), path)
    if spec is None or spec.loader is None:
        raise ProjectError("Python cannot import a file of this name")
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    return module


def _limit(timeout_s: float) -> None:
    """Interrupt the author's code after `timeout_s` seconds, where the system can."""
    if hasattr(signal, "setitimer"):
        signal.signal(signal.SIGALRM, _out_of_time)
        signal.setitimer(signal.ITIMER_REAL, timeout_s)


def _out_of_time(*_: object) -> None:
    raise OutOfTime("did not finish in time; is there a loop without an end?")


if __name__ == "__main__":
    main()
