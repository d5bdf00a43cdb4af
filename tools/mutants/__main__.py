"""`python -m mutants`: run every mutant of the targets, print the survivors, and fail when there is a new one."""

from __future__ import annotations

import argparse
import sys
import time
import tomllib
from collections.abc import Sequence
from pathlib import Path

from mutants.operators import mutants_of
from mutants.running import Job, Outcome, Runner

HERE = Path(__file__).parent
ROOT = HERE.parent.parent


def main(argv: Sequence[str] | None = None) -> int:
    parser = argparse.ArgumentParser(prog="mutants", description=__doc__)
    parser.add_argument("only", nargs="*", help="parts of module names; all targets without")
    parser.add_argument("--jobs", type=int, default=2, help="mutants at once")
    parser.add_argument("--minutes", type=float, default=30, help="stop starting mutants after this long")
    parser.add_argument("--list", action="store_true", help="show the mutants and run none")
    options = parser.parse_args(argv)

    jobs = [job for job in all_jobs() if not options.only or any(part in job.module for part in options.only)]
    if options.list:
        print(*(f"{job.module}:{job.mutant.line} {job.mutant.name}" for job in jobs), sep="\n")
        return 0
    started = time.monotonic()
    runner = Runner(jobs=options.jobs, ends_at=started + options.minutes * 60)
    broken = runner.broken_targets(jobs)
    if broken:
        print("These tests fail without any mutant:", *broken, sep="\n  ")
        return 1
    known = equivalents()

    def tell(job: Job, outcome: Outcome) -> None:
        if outcome is Outcome.SURVIVED and job.key not in known:
            print(f"SURVIVED {job.module}:{job.mutant.line} {job.mutant.name}", flush=True)

    return report(runner.run(jobs, tell), time.monotonic() - started, known, complete=not options.only)


def all_jobs() -> list[Job]:
    """Every mutant of every target, with the tests that should notice."""
    targets = tomllib.loads((HERE / "targets.toml").read_text("utf-8"))["target"]
    return [
        Job(module, mutant, tuple(target["tests"]))
        for target in targets
        for module in target["modules"]
        for mutant in mutants_of((ROOT / module).read_text("utf-8"))
    ]


def equivalents() -> dict[str, str]:
    """Mutants that change nothing anybody could see, with the reason, by module and name."""
    listed = tomllib.loads((HERE / "equivalent.toml").read_text("utf-8")).get("mutant", [])
    return {f"{each['module']} {name}": each["reason"] for each in listed for name in each["names"]}


def report(outcomes: dict[Job, Outcome], seconds: float, known: dict[str, str], *, complete: bool) -> int:
    """Print what became of the mutants. 1 when one survived that is not listed, or a listed one is gone."""
    survived = [job for job, outcome in outcomes.items() if outcome is Outcome.SURVIVED]
    new = [job for job in survived if job.key not in known]
    stale = (
        known.keys() - {job.key for job in survived} if complete and Outcome.LEFT not in outcomes.values() else ()
    )
    for key in sorted(stale):
        print(f"NO LONGER SURVIVES, take it out of equivalent.toml: {key}")
    counts = {outcome: list(outcomes.values()).count(outcome) for outcome in Outcome}
    print(
        f"{len(outcomes)} mutants in {seconds:.0f} s: {counts[Outcome.KILLED]} killed, "
        f"{counts[Outcome.ENDLESS]} ran too long (noticed), {len(survived) - len(new)} survive as equivalent, "
        f"{len(new)} survive, {counts[Outcome.LEFT]} not run for lack of time"
    )
    return 1 if new or stale or counts[Outcome.LEFT] else 0


if __name__ == "__main__":
    sys.exit(main())
