"""From one version of a delivery function to the next: tried out, shifted to by steps, taken back when it is ill.

A provider whose cloud splits requests between versions brings `Versions` and `VersionHealth`:

    Shift(AcmeVersions(client), AcmeHealth(client)).bring("8", ShiftPlan((10, 50)), progress)
"""

from __future__ import annotations

import time
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Protocol

from miniprogram.errors import MiniProgramError
from miniprogram.seams.cloud_provider import Progress

LOOK_EVERY_S = 15.0
DEFAULT_STEP_MINUTES = 5
FEWEST_FAILURES = 3
"""Fewer failed requests may be anybody's bad luck."""
MOST_FAILURES_PERCENT = 1


class ShiftError(MiniProgramError):
    """New code was not taken, or was taken back."""


@dataclass(frozen=True, slots=True)
class Traffic:
    """`version` answers every request but the percentage that goes to `candidate`.

    `version` is None as long as none was published.
    """

    version: str | None
    candidate: str | None = None
    percent: int = 0


@dataclass(frozen=True, slots=True)
class Counted:
    """Since some moment. Clouds often know requests later than failures; they are 0 until then."""

    requests: int
    failures: int

    def is_ill(self, *, is_final: bool) -> bool:
        """Whether too many failed. While requests are not known, only the last look of a step decides."""
        if self.failures < FEWEST_FAILURES:
            return False
        if self.requests == 0:
            return is_final
        return self.failures * 100 > self.requests * MOST_FAILURES_PERCENT


class Versions(Protocol):
    """The published versions of a function, and which of them answers. Its methods raise MiniProgramError."""

    def traffic(self) -> Traffic: ...

    def send(self, traffic: Traffic) -> None:
        """Let hosts be answered so from now on."""
        ...

    def try_out(self, version: str) -> str | None:
        """Ask `version` for its health, which no host notices: what is wrong, to stand after "and"; else None."""
        ...

    def forget_all_but(self, remaining: set[str]) -> None:
        """Remove other published versions."""
        ...


class VersionHealth(Protocol):
    """How a version does that answers some hosts. Its methods raise MiniProgramError when it cannot be told."""

    def counted(self, version: str, since: datetime) -> Counted: ...

    def going_off(self, alarms: Iterable[str]) -> set[str]:
        """Those of `alarms` that are on. Raises MiniProgramError for one that there is not."""
        ...


@dataclass(frozen=True, slots=True)
class ShiftPlan:
    """`steps` are percentages that rise; without any, everything shifts at once. `alarms` are names."""

    steps: tuple[int, ...] = ()
    minutes: int = DEFAULT_STEP_MINUTES
    alarms: tuple[str, ...] = ()


class Shift:
    """Changes which of `versions` answers. Raises ShiftError when new code was not taken, or taken back."""

    def __init__(
        self, versions: Versions, health: VersionHealth, *, sleep: Callable[[float], None] = time.sleep
    ) -> None:
        self._versions, self._health, self._sleep = versions, health, sleep

    def bring(self, version: str, plan: ShiftPlan, progress: Progress) -> None:
        """Let `version` answer all hosts in the end. One that answers them already stays, and nothing happens.

        Interrupted, the share stays as it is; bringing the same version again goes on from there.
        """
        before = self._versions.traffic()
        if before.version == version and before.candidate is None:
            return
        problem = self._versions.try_out(version)
        if problem is not None:
            raise ShiftError(
                f"version {version} was tried out and {problem}, so hosts do not get it",
                hint=f"{_answering(before.version)} `miniprogram cloud logs` shows why.",
            )
        if before.version not in {version, None}:
            for percent in _left(plan.steps, before, version):
                self._step(str(before.version), version, percent, plan, progress)
        self._versions.send(Traffic(version))
        progress(f"Version {version} answers all requests.")
        self._forget({version, before.version or version}, progress)

    def stop(self) -> None:
        """Nothing goes to a version that is still being shifted to."""
        traffic = self._versions.traffic()
        if traffic.candidate is not None:
            self._versions.send(Traffic(traffic.version))

    def _step(self, old: str, new: str, percent: int, plan: ShiftPlan, progress: Progress) -> None:
        already_on = self._health.going_off(plan.alarms)
        since = datetime.now(UTC)
        self._health.counted(new, since)  # who may not look is told before anything moves
        progress(f"{percent} % of requests go to version {new} for {plan.minutes} min")
        self._versions.send(Traffic(old, new, percent))
        try:
            problem = self._watch(new, since, plan, already_on)
        except MiniProgramError as error:
            self._versions.send(Traffic(old))
            raise ShiftError(f"version {new} was taken back: {error}", hint=_answering(old)) from error
        except KeyboardInterrupt:
            progress(f"{percent} % of requests still go to version {new}: deploy again, and it goes on.")
            raise
        if problem is not None:
            self._versions.send(Traffic(old))
            raise ShiftError(
                f"version {new} was taken back: {problem}",
                hint=f"{_answering(old)} `miniprogram cloud logs` shows why.",
            )

    def _watch(self, version: str, since: datetime, plan: ShiftPlan, already_on: set[str]) -> str | None:
        """What is wrong with `version`, as soon as something is; None when a step is over and nothing was."""
        for is_final in _looks(plan.minutes * 60):
            self._sleep(LOOK_EVERY_S)
            alarms = self._health.going_off(plan.alarms) - already_on
            if alarms:
                return f"{', '.join(sorted(alarms))} went off"
            counted = self._health.counted(version, since)
            if counted.is_ill(is_final=is_final):
                of = f" of {counted.requests}" if counted.requests else ""
                return f"{counted.failures}{of} requests failed"
        return None

    def _forget(self, remaining: set[str], progress: Progress) -> None:
        """Old versions do no harm: who may not remove them has deployed all the same."""
        try:
            self._versions.forget_all_but(remaining)
        except MiniProgramError as error:
            progress(f"Old versions stay: {error}")


def _left(steps: tuple[int, ...], before: Traffic, version: str) -> Iterator[int]:
    """The steps that a shift still has to make; one that broke off repeats the step it was at."""
    reached = before.percent if before.candidate == version else 0
    return (percent for percent in steps if percent >= reached)


def _looks(seconds: float) -> Iterator[bool]:
    """One for each look within `seconds`: whether it is the last."""
    count = max(1, round(seconds / LOOK_EVERY_S))
    return (number == count for number in range(1, count + 1))


def _answering(version: str | None) -> str:
    if version is None:
        return "Nothing else was deployed before."
    return f"Hosts are answered by version {version}."
