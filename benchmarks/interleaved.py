"""Time processes against each other: A B A B …, so that a machine that slows down slows both."""

from __future__ import annotations

import os
import statistics
import subprocess
import time
from collections.abc import Mapping, Sequence


def seconds(argv: Sequence[str], environ: Mapping[str, str]) -> float:
    """Wall time of one run. Raises RuntimeError when it fails."""
    started = time.perf_counter()
    done = subprocess.run(argv, env=environ, stdout=subprocess.DEVNULL, stderr=subprocess.PIPE, check=False)
    took = time.perf_counter() - started
    if done.returncode not in (0, 1):
        raise RuntimeError(f"{argv} exited with {done.returncode}: {done.stderr.decode()}")
    return took


def ratio(
    argv: Sequence[str], floor: Sequence[str], *, runs: int = 40, environ: Mapping[str, str] | None = None
) -> float:
    """Median of the ratios of neighbouring runs, after a warm-up of each."""
    environment = dict(os.environ if environ is None else environ)
    seconds(argv, environment), seconds(floor, environment)
    pairs = [(seconds(argv, environment), seconds(floor, environment)) for _ in range(runs)]
    return statistics.median(mine / other for mine, other in pairs)


def show(name: str, value: float, goal: str, note: str = "") -> None:
    """One line of a figure table."""
    print(f"{name:<58} {value:>9.3g}   goal {goal:<8} {note}".rstrip())
