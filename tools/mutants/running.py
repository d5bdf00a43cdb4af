"""Run mutants in forked processes: each has the changed module in memory, and the libraries imported already."""

from __future__ import annotations

import ast
import contextlib
import importlib.abc
import importlib.machinery
import os
import signal
import sys
import time
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from enum import Enum
from functools import partial
from pathlib import Path
from types import CodeType, ModuleType

from mutants.operators import Mutant

ROOT = Path(__file__).parent.parent.parent
SLOWEST_S = 60.0
"""A mutant that takes ten times as long as the tests do without, and this long at least, has been noticed."""


@dataclass(frozen=True, eq=False)
class Job:
    """A mutant of a module, and the tests that should notice it."""

    module: str
    mutant: Mutant
    tests: tuple[str, ...]

    @property
    def key(self) -> str:
        return f"{self.module} {self.mutant.name}"


class Outcome(Enum):
    """What became of a mutant."""

    KILLED = "killed"
    ENDLESS = "endless"
    SURVIVED = "survived"
    LEFT = "left"


class Runner:
    """Forks a process for each mutant, `jobs` at once, and starts none after `ends_at`."""

    def __init__(self, *, jobs: int, ends_at: float) -> None:
        self._jobs, self._ends_at = jobs, ends_at
        self._usual_s: dict[tuple[str, ...], float] = {}
        _import_libraries()

    def broken_targets(self, jobs: Sequence[Job]) -> list[str]:
        """Sets of tests that fail without a mutant; the others are timed."""
        broken = []
        for tests in dict.fromkeys(job.tests for job in jobs):
            started = time.monotonic()
            process = _fork(partial(_run_tests, tests))
            _, status = os.waitpid(process, 0)
            self._usual_s[tests] = time.monotonic() - started
            if os.waitstatus_to_exitcode(status) != 0:
                broken.append(" ".join(tests))
        return broken

    def run(self, jobs: Sequence[Job], tell: Callable[[Job, Outcome], None]) -> dict[Job, Outcome]:
        """The outcome of every job, in their order. `tell` hears of each as it comes."""
        outcomes = dict.fromkeys(jobs, Outcome.LEFT)
        waiting = iter(jobs)
        running: dict[int, tuple[Job, float]] = {}
        while True:
            while len(running) < self._jobs and time.monotonic() < self._ends_at:
                job = next(waiting, None)
                if job is None:
                    break
                running[_fork(partial(_run_mutant, job))] = (job, time.monotonic())
            if not running:
                return outcomes
            for process, outcome in self._ended(running):
                job, _ = running.pop(process)
                outcomes[job] = outcome
                tell(job, outcome)
            time.sleep(0.01)

    def _ended(self, running: dict[int, tuple[Job, float]]) -> Iterator[tuple[int, Outcome]]:
        for process, (job, started) in list(running.items()):
            found, status = os.waitpid(process, os.WNOHANG)
            if found:
                yield process, Outcome.KILLED if os.waitstatus_to_exitcode(status) else Outcome.SURVIVED
            elif time.monotonic() - started > max(SLOWEST_S, 10 * self._usual_s[job.tests]):
                with contextlib.suppress(ProcessLookupError):
                    os.killpg(process, signal.SIGKILL)
                os.waitpid(process, 0)
                yield process, Outcome.ENDLESS


def _import_libraries() -> None:
    """Everything that is not ours and that most tests need; ours must be imported by each mutant itself."""
    import _hypothesis_pytestplugin  # noqa: F401
    import httpx  # noqa: F401
    import hypothesis
    import pydantic  # noqa: F401
    import pytest  # noqa: F401
    import pytest_timeout  # noqa: F401
    import structlog  # noqa: F401
    import typer  # noqa: F401

    phases = (hypothesis.Phase.explicit, hypothesis.Phase.generate)
    hypothesis.settings.register_profile("mutants", deadline=None, derandomize=True, database=None, phases=phases)
    assert not any(name.partition(".")[0] == "miniprogram" for name in sys.modules)


def _fork(act: Callable[[], int]) -> int:
    """Run `act` in a process of its own, in a group of its own, and silently."""
    process = os.fork()
    if process:
        return process
    code = 3
    try:
        os.setsid()
        silent = os.open(os.devnull, os.O_RDWR)
        for stream in (0, 1, 2):
            os.dup2(silent, stream)
        code = act()
    finally:
        os._exit(code)


def _run_mutant(job: Job) -> int:
    sys.meta_path.insert(0, _Finder(_name_of(job.module), job.mutant.tree()))
    return _run_tests(job.tests)


def _run_tests(tests: Sequence[str]) -> int:
    import pytest

    os.chdir(ROOT)
    os.environ["PYTEST_DISABLE_PLUGIN_AUTOLOAD"] = "1"  # loading those that nothing here uses takes most of a run
    plugins = ["-p", "_hypothesis_pytestplugin", "-p", "pytest_timeout", "-p", "no:cacheprovider"]
    options = ["-x", "-q", "--assert=plain", "-o", "timeout=60"]
    return int(pytest.main([*plugins, *options, "--hypothesis-profile=mutants", "--hypothesis-seed=0", *tests]))


def _name_of(module: str) -> str:
    """`core/src/miniprogram/a/b.py` → `miniprogram.a.b`."""
    return module.partition("/src/")[2].removesuffix(".py").replace("/", ".")


class _Finder(importlib.abc.MetaPathFinder):
    """Finds one module where it is, and gives it the changed tree."""

    def __init__(self, name: str, tree: ast.Module) -> None:
        self._name, self._tree = name, tree

    def find_spec(
        self, fullname: str, path: Sequence[str] | None, target: ModuleType | None = None
    ) -> importlib.machinery.ModuleSpec | None:
        if fullname != self._name:
            return None
        spec = importlib.machinery.PathFinder.find_spec(fullname, path, target)
        assert spec is not None, f"{fullname} is not found"
        assert spec.origin is not None, f"{fullname} has no file"
        spec.loader = _Loader(fullname, spec.origin, self._tree)
        return spec


class _Loader(importlib.machinery.SourceFileLoader):
    def __init__(self, name: str, path: str, tree: ast.Module) -> None:
        super().__init__(name, path)
        self._tree = tree

    def get_code(self, fullname: str) -> CodeType:
        return compile(self._tree, self.get_filename(fullname), "exec", dont_inherit=True)
