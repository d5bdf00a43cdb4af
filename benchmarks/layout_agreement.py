"""How far the browser runtime lays out as Flutter does, and how long a large screen takes.

Agreement is over the recorded cases (tests/conformance): every box within 0.05 pixels, and every overflow. The
time is that of the largest random trees one below the other, about 500 boxes, under Node.js.
"""

from __future__ import annotations

import json
import statistics
import sys
from pathlib import Path

sys.path.insert(0, str(Path(__file__).parents[1] / "tests"))

from conformance.agreement import Case, cases_of, differences, families, run_layout

WANTED_BOXES = 500
RUNS = 60


def large_screen() -> tuple[str, int]:
    """Cases of one tree of about 500 boxes, as often as it is to be laid out."""
    trees, boxes = [], 0
    cases = [case for family in families() if family.startswith("random-") for case in cases_of(family)]
    for case in sorted(cases, key=_boxes, reverse=True):
        if boxes >= WANTED_BOXES:
            break
        trees.append({"type": "sizedBox", "width": 400, "height": 300, "child": case.tree})
        boxes += _boxes(case)
    tree = {"type": "listView", "children": trees}
    document = {"size": [400, 300], "cases": {f"run{at}": {"tree": tree} for at in range(RUNS)}}
    return json.dumps(document), boxes


def _boxes(case: Case) -> int:
    return len(case.expected["boxes"])


def main() -> None:
    print(f"{'family':<16} {'cases':>6} {'agree':>6}")
    every: list[tuple[str, bool]] = []
    for family in families():
        agreed = [not differences(case) for case in cases_of(family)]
        every += [(family, each) for each in agreed]
        print(f"{family:<16} {len(agreed):>6} {sum(agreed):>6}")
    for name, wanted in (("random trees", True), ("written cases", False)):
        part = [agreed for family, agreed in every if family.startswith("random-") is wanted]
        print(f"{name}: {sum(part)} of {len(part)}, {sum(part) / len(part):.1%}")

    document, boxes = large_screen()
    times = [answer["milliseconds"] for answer in json.loads(run_layout(document)).values()]
    warm = statistics.median(times[RUNS // 2 :])
    print(f"{boxes} boxes: first {times[0]:.1f} ms, warm {warm:.2f} ms ({warm / boxes * 1000:.1f} µs a box)")


if __name__ == "__main__":
    main()
