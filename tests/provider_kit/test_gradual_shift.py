"""New code is tried out, given a growing share of requests, and taken back when it does ill."""

from __future__ import annotations

from typing import Any

import pytest

from miniprogram.errors import MiniProgramError
from miniprogram.provider_kit.gradual_shift import Counted, Shift, ShiftError, ShiftPlan, Traffic

STEPS = ShiftPlan((10, 50), minutes=1, alarms=("crashes",))
LOOKS_A_STEP = 4


class Alias:
    """Versions that keep what it was told."""

    def __init__(self, traffic: Traffic, problem: str | None = None) -> None:
        self.now, self.problem = traffic, problem
        self.told: list[Traffic] = []
        self.tried: list[str] = []
        self.remaining: set[str] = set()

    def traffic(self) -> Traffic:
        return self.now

    def send(self, traffic: Traffic) -> None:
        self.told.append(traffic)
        self.now = traffic

    def try_out(self, version: str) -> str | None:
        self.tried.append(version)
        return self.problem

    def forget_all_but(self, remaining: set[str]) -> None:
        self.remaining = remaining


class Health:
    """What is counted at each look, the last one for good; `on` the same for alarms."""

    def __init__(self, *counts: Any, on: tuple[set[str], ...] = (set(),)) -> None:
        self.counts, self.on = list(counts) or [Counted(0, 0)], list(on)
        self.looks = 0

    def counted(self, version: str, since: object) -> Counted:
        del version, since
        self.looks += 1
        found = self.counts.pop(0) if len(self.counts) > 1 else self.counts[0]
        if isinstance(found, BaseException):
            raise found
        return found  # type: ignore[no-any-return]

    def going_off(self, alarms: object) -> set[str]:
        del alarms
        return self.on.pop(0) if len(self.on) > 1 else self.on[0]


def bring(alias: Any, health: Any, plan: ShiftPlan = STEPS, version: str = "8") -> list[str]:
    lines: list[str] = []
    Shift(alias, health, sleep=lambda _s: None).bring(version, plan, lines.append)
    return lines


def test_a_version_gets_more_and_more_and_then_all() -> None:
    alias, health = Alias(Traffic("7")), Health(Counted(1000, 10))

    lines = bring(alias, health)

    assert alias.told == [Traffic("7", "8", 10), Traffic("7", "8", 50), Traffic("8")]
    assert health.looks == 2 * (LOOKS_A_STEP + 1)
    assert lines == [
        "10 % of requests go to version 8 for 1 min",
        "50 % of requests go to version 8 for 1 min",
        "Version 8 answers all requests.",
    ]
    assert alias.remaining == {"7", "8"}


@pytest.mark.parametrize("plan", [ShiftPlan(), STEPS], ids=["at once", "in steps"])
def test_what_is_live_already_is_left_alone(plan: ShiftPlan) -> None:
    alias = Alias(Traffic("8"))

    assert bring(alias, Health(), plan) == []
    assert (alias.told, alias.tried) == ([], [])


@pytest.mark.parametrize("before", [Traffic("7"), Traffic("7", "6", 10), Traffic("8", "9", 10)])
def test_without_steps_everything_shifts_at_once(before: Traffic) -> None:
    alias = Alias(before)

    bring(alias, Health(), ShiftPlan())

    assert alias.told == [Traffic("8")]


def test_the_first_version_has_none_to_share_with() -> None:
    alias = Alias(Traffic(None))

    bring(alias, Health())

    assert alias.told == [Traffic("8")]


@pytest.mark.parametrize("plan", [ShiftPlan(), STEPS], ids=["at once", "in steps"])
def test_a_version_that_does_not_start_reaches_no_host(plan: ShiftPlan) -> None:
    alias = Alias(Traffic("7"), problem="it breaks off: Runtime.ImportModuleError")

    with pytest.raises(ShiftError, match="hosts do not get it") as told:
        bring(alias, Health(), plan)

    assert alias.told == []
    assert "ImportModuleError" in str(told.value)
    assert "answered by version 7" in str(told.value.hint)


GOOD = Counted(500, 0)


@pytest.mark.parametrize(
    ("health", "said"),
    [
        (Health(GOOD, Counted(100, 3)), "3 of 100 requests failed"),
        (Health(GOOD, *[Counted(0, 9)] * LOOKS_A_STEP), "9 requests failed"),
        (Health(GOOD, on=(set(), {"crashes"})), "crashes went off"),
        (Health(GOOD, MiniProgramError("the log cannot be read")), "the log cannot be read"),
    ],
    ids=["failures", "failures, requests unknown", "alarm", "cannot be told"],
)
def test_a_version_that_does_ill_is_taken_back(health: Health, said: str) -> None:
    alias = Alias(Traffic("7"))

    with pytest.raises(ShiftError, match=f"version 8 was taken back: {said}") as told:
        bring(alias, health)

    assert alias.told == [Traffic("7", "8", 10), Traffic("7")]
    assert "answered by version 7" in str(told.value.hint)


def test_failures_are_held_against_the_requests_once_these_are_known() -> None:
    """Metrics come late: nine failures may be many or few, until the last look of the step."""
    late = [Counted(0, 9)] * (LOOKS_A_STEP - 1)
    alias = Alias(Traffic("7"))

    bring(alias, Health(GOOD, *late, Counted(5000, 9)))

    assert alias.now == Traffic("8")


@pytest.mark.parametrize(
    ("counted", "is_ill"),
    [
        (Counted(10, 2), False),
        (Counted(10, 3), True),
        (Counted(300, 3), False),
        (Counted(299, 3), True),
    ],
)
def test_few_failures_are_bad_luck_and_few_in_many_are_borne(counted: Counted, is_ill: bool) -> None:
    assert counted.is_ill(is_final=False) is is_ill


def test_an_alarm_that_was_on_before_does_not_stop_the_cure() -> None:
    alias = Alias(Traffic("7"))

    bring(alias, Health(on=({"crashes"},)))

    assert alias.now == Traffic("8")


def test_who_may_not_look_is_told_before_anything_moves() -> None:
    alias = Alias(Traffic("7"))

    with pytest.raises(MiniProgramError, match="not allowed"):
        bring(alias, Health(MiniProgramError("cloudwatch:GetMetricStatistics is not allowed")))

    assert alias.told == []


def test_an_interrupted_shift_stays_and_goes_on_with_the_next_deploy() -> None:
    alias = Alias(Traffic("7"))
    with pytest.raises(KeyboardInterrupt):
        bring(alias, Health(*[GOOD] * (LOOKS_A_STEP + 2), KeyboardInterrupt()))
    assert alias.now == Traffic("7", "8", 50)

    bring(alias, Health())

    assert alias.told[2:] == [Traffic("7", "8", 50), Traffic("8")]


def test_old_versions_that_cannot_be_removed_do_not_fail_a_deploy(monkeypatch: pytest.MonkeyPatch) -> None:
    alias = Alias(Traffic("7"))

    def refuse(remaining: set[str]) -> None:
        raise MiniProgramError("lambda:DeleteFunction is not allowed")

    monkeypatch.setattr(alias, "forget_all_but", refuse)

    assert bring(alias, Health())[-1] == "Old versions stay: lambda:DeleteFunction is not allowed"


def test_going_back_stops_a_shift_first() -> None:
    alias: Any = Alias(Traffic("7", "8", 50))
    health: Any = Health()

    Shift(alias, health).stop()
    Shift(alias, health).stop()

    assert alias.told == [Traffic("7")]
