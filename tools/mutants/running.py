"""Run mutants: at first in functions that are loaded already, and what survives this in modules imported anew."""

from __future__ import annotations

import os
import sys
import tempfile
import time
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from enum import Enum
from functools import partial
from pathlib import Path

import pytest

from mutants.operators import Mutant
from mutants.processes import Limits, fork
from mutants.replacing import import_as, replace_functions

ROOT = Path(__file__).parent.parent.parent
SLOWEST_S = 60.0
"""A mutant that takes ten times as long as the tests do without, and this long at least, has been noticed."""
BROKEN = "broken"
"""What is said instead of an outcome of tests that fail without any mutant."""


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


class BrokenTestsError(Exception):
    """Tests fail without any mutant."""


def run(jobs: Sequence[Job], limits: Limits, tell: Callable[[Job, Outcome], None]) -> None:
    """Run each job and tell what became of it. Those for which no time is left are not told.

    Raises BrokenTestsError when the tests of one fail as they are.
    """
    _import_libraries()
    with _temporary_folder():
        for tests in dict.fromkeys(job.tests for job in jobs):
            _run_target(tests, [job for job in jobs if job.tests == tests], limits, tell)


def _run_target(
    tests: Sequence[str], jobs: Sequence[Job], limits: Limits, tell: Callable[[Job, Outcome], None]
) -> None:
    usual_s, survivors = 0.0, []
    for position, said in _loaded(tests, jobs, limits):
        if said == BROKEN:
            raise BrokenTestsError(" ".join(tests))
        if position is None:
            usual_s = float(said)
        elif Outcome(said) is Outcome.SURVIVED:
            survivors.append(jobs[position])
        else:
            tell(jobs[position], Outcome(said))
    for job, code in limits.run(survivors, _run_imported, longest_s=_longest_s(usual_s)):
        tell(job, _outcome_of(code))


def _loaded(tests: Sequence[str], jobs: Sequence[Job], limits: Limits) -> Iterator[tuple[int | None, str]]:
    """Outcomes by position in `jobs` of mutants in loaded functions. The seconds without any mutant come first."""
    reading, writing = os.pipe()
    process = fork(partial(_run_tests, tests, plugin=_MutantLoop(jobs, limits, writing)))
    os.close(writing)
    with os.fdopen(reading) as lines:
        for line in lines:
            position, _, said = line.strip().partition(" ")
            yield int(position) if position != "-" else None, said
    if os.waitstatus_to_exitcode(os.waitpid(process, 0)[1]):
        yield None, BROKEN


class _MutantLoop:
    """A plugin of pytest that runs the collected tests once for each mutant, in a process of its own."""

    def __init__(self, jobs: Sequence[Job], limits: Limits, pipe: int) -> None:
        self._jobs, self._limits, self._pipe = jobs, limits, pipe

    @pytest.hookimpl(tryfirst=True)
    def pytest_runtestloop(self, session: pytest.Session) -> bool:
        started = time.monotonic()
        code = os.waitstatus_to_exitcode(os.waitpid(fork(lambda: _run_items(session)), 0)[1])
        usual_s = time.monotonic() - started
        if code:
            raise session.Failed("the tests fail without any mutant")
        self._tell("-", str(usual_s))
        run = partial(self._run, session)
        for position, code in self._limits.run(range(len(self._jobs)), run, longest_s=_longest_s(usual_s)):
            self._tell(str(position), _outcome_of(code).value)
        return True

    def _run(self, session: pytest.Session, position: int) -> int:
        job = self._jobs[position]
        try:
            replaced = replace_functions(str(ROOT / job.module), job.mutant.tree())
        except (LookupError, ValueError):  # which function it is cannot be told, or it closes over other variables
            replaced = False
        return _run_items(session) if replaced else 0

    def _tell(self, position: str, said: str) -> None:
        os.write(self._pipe, f"{position} {said}\n".encode())


def _run_items(session: pytest.Session) -> int:
    """Run the collected tests until the first fails."""
    for item, following in zip(session.items, [*session.items[1:], None], strict=True):
        session.config.hook.pytest_runtest_protocol(item=item, nextitem=following)
        if session.testsfailed:
            return 1
    return 0


def _run_imported(job: Job) -> int:
    import_as(_name_of(job.module), job.mutant.tree())
    return _run_tests(job.tests)


def _run_tests(tests: Sequence[str], *, plugin: object | None = None) -> int:
    os.chdir(ROOT)
    os.environ["PYTEST_DISABLE_PLUGIN_AUTOLOAD"] = "1"  # loading those that nothing here uses takes most of a run
    named = ["miniprogram.testing.pytest_plugin", "_hypothesis_pytestplugin", "pytest_timeout", "no:cacheprovider"]
    plugins = [argument for name in named for argument in ("-p", name)]
    options = ["-x", "-q", "--assert=plain", "-o", "timeout=60", "-o", "tmp_path_retention_policy=none"]
    profile = ["--hypothesis-profile=mutants", "--hypothesis-seed=0"]
    return int(pytest.main([*plugins, *options, *profile, *tests], plugins=[plugin] if plugin else None))


def _outcome_of(code: int | None) -> Outcome:
    if code is None:
        return Outcome.ENDLESS
    return Outcome.KILLED if code else Outcome.SURVIVED


def _longest_s(usual_s: float) -> float:
    return max(SLOWEST_S, 10 * usual_s)


def _name_of(module: str) -> str:
    """`core/src/miniprogram/a/b.py` → `miniprogram.a.b`."""
    return module.partition("/src/")[2].removesuffix(".py").replace("/", ".")


def _import_libraries() -> None:
    """Everything that is not ours and that most tests need; ours must be imported by each mutant itself."""
    import _hypothesis_pytestplugin  # noqa: F401
    import httpx  # noqa: F401
    import hypothesis
    import pydantic  # noqa: F401
    import pytest_timeout  # noqa: F401
    import structlog  # noqa: F401
    import typer  # noqa: F401

    phases = (hypothesis.Phase.explicit, hypothesis.Phase.generate)
    hypothesis.settings.register_profile("mutants", deadline=None, derandomize=True, database=None, phases=phases)
    assert not any(name.partition(".")[0] == "miniprogram" for name in sys.modules)


@contextmanager
def _temporary_folder() -> Iterator[None]:
    """Where the tests' own temporary folders lie; processes that end at once leave theirs behind."""
    with tempfile.TemporaryDirectory(prefix="mutants-") as folder:
        os.environ["PYTEST_DEBUG_TEMPROOT"] = folder
        yield
