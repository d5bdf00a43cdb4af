"""Windows and percentages: who takes a place, who is expelled, and who is not."""

from __future__ import annotations

from pathlib import Path
from typing import Any

from hypothesis import given
from hypothesis import strategies as st

from delivery.policy_server import (
    DECISION,
    ask,
    policy_with,
    start,
)
from miniprogram.delivery.evaluation.context.evaluation_context import EvaluationContext
from miniprogram.delivery.evaluation.errors import SourceUnavailable
from miniprogram.delivery.evaluation.ledger import MemoryLedger
from miniprogram.delivery.evaluation.policy.choose import choose_release
from miniprogram.delivery.evaluation.policy.parse import read_policy


def window_policy(**members: Any) -> dict[str, Any]:
    window = {"id": "w", "start": "2026-01-01T00:00:00Z", "end": "2027-01-01T00:00:00Z", "maxUsers": 1, **members}
    return policy_with({"step": "window", "release": "new", "window": window}, {"step": "full", "release": "old"})


def test_looking_takes_no_place(tmp_path: Path) -> None:
    ledger = MemoryLedger()
    server = start(tmp_path, window_policy(), ledger=ledger)
    for target in (DECISION, "/api/discovery/mini-programs", "/api/switches/demo"):
        assert ask(server, target, hostApp="h", userId="a")[0].status == 200
    assert ledger.count("w") == 0

    assert ask(server, hostApp="h", userId="b")[1]["version"] == "2.0.0"
    assert ask(server, hostApp="h", userId="a")[1]["version"] == "1.0.0"
    entry = ask(server, DECISION, hostApp="h", userId="a")[1]["rollout"]["entries"][0]
    assert (entry["matches"], entry["reason"]) == (False, "window_full")


def test_a_host_the_manifest_turns_away_takes_no_place(tmp_path: Path) -> None:
    ledger = MemoryLedger()
    server = start(tmp_path, window_policy(), ledger=ledger)
    manifest = {"id": "demo", "version": "2.0.0", "entry": "home", "sdkVersionRange": "^2.0.0"}
    server.write("manifests/demo/versions/2.0.0.json", manifest)

    assert ask(server, hostApp="h", userId="a", sdkVersion="1.0.0")[0].status == 412
    assert ledger.count("w") == 0


def test_a_ledger_out_of_reach_admits_nobody_and_expels_nobody(tmp_path: Path) -> None:
    class Down(MemoryLedger):
        def has_admitted(self, window_id: str, key: str) -> bool:
            raise SourceUnavailable("down")

    server = start(tmp_path, window_policy(), ledger=Down())

    assert ask(server, hostApp="h", userId="a")[1]["version"] == "1.0.0"
    assert ask(server, hostApp="h", userId="a", currentVersion="2.0.0")[1]["version"] == "2.0.0"
    assert server.failures == []


def test_windows_without_a_ledger_admit_nobody(tmp_path: Path) -> None:
    server = start(tmp_path, window_policy())

    assert ask(server, hostApp="h", userId="a")[1]["version"] == "1.0.0"
    entries = ask(server, DECISION, hostApp="h", userId="a")[1]["rollout"]["entries"]
    assert entries[0]["reason"] == "no_ledger"


@given(st.text(min_size=1, max_size=20), st.integers(0, 10_000), st.integers(0, 10_000))
def test_raising_a_percentage_takes_the_release_from_nobody(user: str, one: int, other: int) -> None:
    def gets(basis_points: int) -> bool:
        entry = {"step": "grayscale", "release": "new", "salt": "s", "basisPoints": basis_points}
        policy = read_policy(policy_with(entry, {"step": "full", "release": "old"}))
        target = policy.targets["h", "production"]
        return (
            choose_release(
                policy, target, EvaluationContext.from_attributes({"userId": user, "now": 0})
            ).entry.release.id
            == "new"
        )

    low, high = sorted((one, other))
    assert not gets(low) or gets(high)
