"""`python -m mutants`: run every mutant of the targets, print the survivors, and fail when there is a new one."""

from __future__ import annotations

import argparse
import math
import sys
import time
import tomllib
from collections.abc import Sequence
from pathlib import Path

from mutants.operators import mutants_of
from mutants.processes import Limits
from mutants.results import Results
from mutants.running import BrokenTestsError, Job, Outcome, run

HERE = Path(__file__).parent
ROOT = HERE.parent.parent


def main(argv: Sequence[str] | None = None) -> int:
    parser = argparse.ArgumentParser(prog="mutants", description=__doc__)
    parser.add_argument("only", nargs="*", help="parts of module names; all targets without")
    parser.add_argument("--jobs", type=int, default=2, help="mutants at once")
    parser.add_argument("--minutes", type=float, default=math.inf, help="stop starting mutants after this long")
    parser.add_argument("--survivors", action="store_true", help="only those that no test noticed when run last")
    parser.add_argument("--list", action="store_true", help="show the mutants and run none")
    options = parser.parse_args(argv)

    jobs = jobs_of(options.only)
    if options.list:
        print(*(f"{job.module}:{job.mutant.line} {job.mutant.name}" for job in jobs), sep="\n")
        return 0
    results = Results()
    if options.survivors:
        jobs = [job for job in jobs if results.survived_last(job)]
    waiting = [job for job in jobs if results.of(job) is None]
    limits = Limits(at_once=options.jobs, ends_at=time.monotonic() + options.minutes * 60)
    try:
        run(waiting, limits, results.add)
    except BrokenTestsError as broken:
        print(f"These tests fail without any mutant: {broken}")
        return 1
    return report({job: results.of(job) or Outcome.LEFT for job in jobs}, equivalents())


def jobs_of(only: Sequence[str]) -> list[Job]:
    """Every mutant of the modules whose names hold one of `only`, or of all, with the tests that should notice."""
    targets = tomllib.loads((HERE / "targets.toml").read_text("utf-8"))["target"]
    return [
        Job(module, mutant, tuple(target["tests"]))
        for target in targets
        for module in target["modules"]
        if not only or any(part in module for part in only)
        for mutant in mutants_of((ROOT / module).read_text("utf-8"))
    ]


def equivalents() -> dict[str, str]:
    """Mutants that change nothing anybody could see, with the reason, by module and name."""
    listed = tomllib.loads((HERE / "equivalent.toml").read_text("utf-8")).get("mutant", [])
    return {f"{each['module']} {name}": each["reason"] for each in listed for name in each["names"]}


def report(outcomes: dict[Job, Outcome], known: dict[str, str]) -> int:
    """Print what became of the mutants. 1 when one survived that is not listed, or a listed one was noticed."""
    survived = [job for job, outcome in outcomes.items() if outcome is Outcome.SURVIVED]
    new = [job for job in survived if job.key not in known]
    noticed = [
        job
        for job, outcome in outcomes.items()
        if outcome in (Outcome.KILLED, Outcome.ENDLESS) and job.key in known
    ]
    for job in new:
        print(f"SURVIVED {job.module}:{job.mutant.line} {job.mutant.name}")
    for job in noticed:
        print(f"NOTICED, take it out of equivalent.toml: {job.key}")
    columns = "{:>7} {:>6} {:>7} {:>10} {:>8} {:>7}  {}"
    print(columns.format("mutants", "killed", "endless", "equivalent", "survived", "not run", "module"))
    for module in dict.fromkeys(job.module for job in outcomes):
        of_module = [outcome for job, outcome in outcomes.items() if job.module == module]
        killed, endless, found, left = (of_module.count(each) for each in Outcome)
        listed = found - sum(job.module == module for job in new)
        print(columns.format(len(of_module), killed, endless, listed, found - listed, left, module))
    return 1 if new or noticed or Outcome.LEFT in outcomes.values() else 0


if __name__ == "__main__":
    sys.exit(main())
