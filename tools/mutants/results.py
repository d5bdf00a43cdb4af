"""What earlier runs found, so that a run that was interrupted goes on where it stopped."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Sequence
from functools import cache, partial
from pathlib import Path

from mutants.running import ROOT, Job, Outcome

FILE = ".mutants.jsonl"


class Results:
    """Outcomes by mutant, one JSON line each, written as they come.

    One holds until the module or one of the files of its tests changes. What else they import is not looked at:
    remove the file after changes there.
    """

    def __init__(self, root: Path = ROOT) -> None:
        self._file, self._digest = root / FILE, cache(partial(_digest, root))
        self._known: dict[str, tuple[str, Outcome]] = {}
        if self._file.exists():
            for line in self._file.read_text("utf-8").splitlines():
                entry = json.loads(line)
                self._known[entry["mutant"]] = entry["sources"], Outcome(entry["outcome"])

    def of(self, job: Job) -> Outcome | None:
        """What became of it, if module and tests are what they were."""
        sources, outcome = self._known.get(job.key, ("", None))
        return outcome if sources == self._digest(job.module, job.tests) else None

    def survived_last(self, job: Job) -> bool:
        """Whether no test noticed when it was run last, whatever changed since."""
        return self._known.get(job.key, ("", None))[1] is Outcome.SURVIVED

    def add(self, job: Job, outcome: Outcome) -> None:
        sources = self._digest(job.module, job.tests)
        self._known[job.key] = sources, outcome
        with self._file.open("a", encoding="utf-8") as file:
            file.write(json.dumps({"mutant": job.key, "sources": sources, "outcome": outcome.value}) + "\n")


def _digest(root: Path, module: str, tests: Sequence[str]) -> str:
    """Of the module and every file of its tests."""
    digest = hashlib.sha256((root / module).read_bytes())
    for test in tests:
        path = root / test
        for file in sorted(path.rglob("*.py")) if path.is_dir() else [path]:
            digest.update(hashlib.sha256(file.read_bytes()).digest())
    return digest.hexdigest()
