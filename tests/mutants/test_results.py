"""What the mutation runner remembers of earlier runs."""

from __future__ import annotations

from pathlib import Path

import pytest
from mutants.operators import mutants_of
from mutants.results import Results
from mutants.running import Job, Outcome


@pytest.fixture
def job(tmp_path: Path) -> Job:
    (tmp_path / "module.py").write_text("a = 1\n")
    (tmp_path / "tests").mkdir()
    (tmp_path / "tests" / "test_it.py").write_text("")
    [mutant] = mutants_of("a = 1\n")
    return Job("module.py", mutant, ("tests",))


@pytest.mark.parametrize("outcome", [Outcome.KILLED, Outcome.ENDLESS, Outcome.SURVIVED])
def test_a_run_goes_on_where_the_last_one_stopped(tmp_path: Path, job: Job, outcome: Outcome) -> None:
    assert Results(tmp_path).of(job) is None

    Results(tmp_path).add(job, outcome)

    assert Results(tmp_path).of(job) is outcome
    assert Results(tmp_path).survived_last(job) is (outcome is Outcome.SURVIVED)


@pytest.mark.parametrize("path", ["module.py", "tests/test_it.py", "tests/test_more.py"])
def test_an_outcome_ends_with_what_it_was_found_on(tmp_path: Path, job: Job, path: str) -> None:
    Results(tmp_path).add(job, Outcome.SURVIVED)
    (tmp_path / path).write_text("b = 1\n")

    assert Results(tmp_path).of(job) is None
    assert Results(tmp_path).survived_last(job)


def test_the_last_outcome_counts(tmp_path: Path, job: Job) -> None:
    for outcome in (Outcome.SURVIVED, Outcome.KILLED):
        Results(tmp_path).add(job, outcome)

    assert Results(tmp_path).of(job) is Outcome.KILLED
