"""C5: pages of the console over 10,000 mini-programs, 2,000 releases, 5,000 testers and 100,000 events.

    PYTHONPATH=tests python benchmarks/console.py [SMALLER]

Of each list: bytes, processor time of a warm request of the whole application (the middle of several), the ratio
of that time to the same page of an environment of ten, and reads of the store. SMALLER divides every number.
"""

from __future__ import annotations

import resource
import statistics
import sys
import time

from plugins.server.crowd import TESTED, CountedWorld, Crowd, crowded

SHOP = "/programs/shop"
LISTS = (
    "/",
    "/?page=100&order=id",
    "/?search=0999&order=changed",
    "/?waiting=me&app=wallet&environment=production&state=approved",
    "/reviews",
    SHOP,
    f"{SHOP}/archived?page=40",
    f"{SHOP}/versions?search=0.1",
    f"{SHOP}/segments",
    f"{SHOP}/switches",
    f"{TESTED}/testers?page=25",
    f"{TESTED}/testers?search=0499",
    "/apps",
    "/audit",
    f"{SHOP}/audit",
    f"{SHOP}/audit?order=oldest",
    f"{SHOP}/audit?since=2030-03-01&until=2030-03-01",
    f"{SHOP}/audit?by=person-3&command=release+halt",
)
MANY = Crowd(programs=10_000, releases=2_000, ended=2_000, versions=2_000, testers=5_000, events=100_000)
FEW = Crowd(programs=10, releases=10, ended=10, versions=10, testers=10, events=100)
TIMES = 7
MAX_BYTES, MAX_MS = 150_000, 100.0


def main() -> None:
    smaller = int(sys.argv[1]) if len(sys.argv) > 1 else 1
    started = time.perf_counter()
    many = crowded(Crowd(*(max(10, number // smaller) for number in MANY)))
    few = crowded(FEW)
    print(f"made in {time.perf_counter() - started:.0f} s; {_peak_mib():.0f} MiB at most")
    print(f"{'page':66} {'bytes':>8} {'ms':>7} {'/ few':>6} {'reads':>6}")
    worst_bytes, worst_ms = 0, 0.0
    for path in LISTS:
        size, took_ms, reads = _measured(many, path)
        _, few_ms, _ = _measured(few, path)
        worst_bytes, worst_ms = max(worst_bytes, size), max(worst_ms, took_ms)
        print(f"{path:66} {size:8,} {took_ms:7.1f} {took_ms / few_ms:6.1f} {reads:6}")
    print(f"largest {worst_bytes:,} of {MAX_BYTES:,} bytes; slowest {worst_ms:.0f} of {MAX_MS:.0f} ms")
    print(_export(many))


def _measured(crowd: CountedWorld, path: str) -> tuple[int, float, int]:
    """Bytes, processor time in ms, and reads of the store, without the first request, which reads the index."""
    browser = crowd.browser("ann")
    page, times = browser.get(path), []
    for _ in range(TIMES):
        crowd.store.reads.clear()
        started = time.process_time()
        browser.get(path)
        times.append(1000 * (time.process_time() - started))
    return len(page.encode()), statistics.median(times), len(crowd.store.reads)


def _export(crowd: CountedWorld) -> str:
    crowd.browser("ann")
    started = time.process_time()
    answer = crowd.world.client.get(f"/console{SHOP}/audit/export?format=jsonl")
    took_s = time.process_time() - started
    lines = answer.text.count("\n")
    return f"export of {lines:,} events: {took_s:.1f} s, {len(answer.content) / 10**6:.0f} MB"


def _peak_mib() -> float:
    return resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024


if __name__ == "__main__":
    main()
