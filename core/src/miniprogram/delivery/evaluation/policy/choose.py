"""Who gets which release: one total order over a target's entries."""

from __future__ import annotations

from collections.abc import Callable, Collection, Iterator
from typing import NamedTuple

from miniprogram.delivery.evaluation.buckets import is_inside
from miniprogram.delivery.evaluation.conditions.model import Clause, Condition, below
from miniprogram.delivery.evaluation.context.evaluation_context import EvaluationContext
from miniprogram.delivery.evaluation.policy.admission import is_on, why_no_link, why_not_admitted
from miniprogram.delivery.evaluation.policy.model import (
    ROLLED_BACK,
    CompiledRelease,
    CompiledTarget,
    Entry,
    ReleasePolicy,
)


class Choice(NamedTuple):
    """What a target answers: the entry that held, or None and the reason.

    `decision_reason` is one of `release_policy.REASONS`, or of the refusals `operator_deny`,
    `no_release_available`, `pin_not_released` and `rolled_back_to_embedded`.
    """

    entry: Entry | None
    decision_reason: str


class Verdict(NamedTuple):
    """One entry examined: `reason` is None when it holds; `clause` is what its audiences came to, if any."""

    entry: Entry
    reason: str | None
    clause: Clause | None


def choose_release(
    policy: ReleasePolicy, target: CompiledTarget, context: EvaluationContext, pin: str | None = None
) -> Choice:
    """The first entry that holds; with `pin` only entries of that version are asked."""
    denied: set[str] = set()
    entries = target.entries
    for position in target.index.candidates(context.attributes):
        entry = entries[position]
        if pin is not None and entry.step != "deny" and entry.version != pin:
            continue
        if why_not(policy, target, entry, context, denied) is not None:
            continue
        if entry.step != "deny":
            return Choice(entry, entry.decision.reason if entry.decision else "")
        if entry.release is None:
            return Choice(entry, "operator_deny")
        denied.add(entry.release.id)
    if target.rolls_back_to_embedded:
        return Choice(None, ROLLED_BACK)
    return Choice(None, "no_release_available" if pin is None else "pin_not_released")


def examine(policy: ReleasePolicy, target: CompiledTarget, context: EvaluationContext) -> Iterator[Verdict]:
    """Every entry in the order they are asked, also those after the one that decides."""
    denied: set[str] = set()
    for entry in target.entries:
        reason = why_not(policy, target, entry, context, denied)
        if reason is None and entry.step == "deny" and entry.release is not None:
            denied.add(entry.release.id)
        yield Verdict(entry, reason, audience_clause(entry, context))


def why_not(
    policy: ReleasePolicy,
    target: CompiledTarget,
    entry: Entry,
    context: EvaluationContext,
    denied: Collection[str],
) -> str | None:
    """None when the entry holds, else the first test it failed. Windows come last: admitting leaves a trace."""
    audience = entry.audience
    if audience is not None and not audience.matches(context.attributes):
        return "audience"
    release = entry.release
    if release is None or entry.step == "deny":
        return None
    if release.state == "halted" or release.version.text in policy.withdrawn:
        return "halted" if release.state == "halted" else "withdrawn"
    if release.id in denied:
        return "denied"
    audience = release.audience
    if audience is not None and not audience.matches(context.attributes):
        return "audience"
    test = _TESTS.get(entry.step)
    return None if test is None else test(target, entry, release, context)


def audience_clause(entry: Entry, context: EvaluationContext) -> Clause | None:
    """The clause by which the entry's audiences hold, or the first that fails; None without audiences."""
    found = None
    release = entry.release
    audiences: list[tuple[Condition | None, str]] = [(entry.audience, entry.audience_path)]
    if release is not None and entry.step != "deny":
        audiences.append((release.audience, release.audience_path))
    for audience, path in audiences:
        if audience is not None:
            found = audience.explain(context.attributes, path)
            if not found.matched:
                return found
    return found


def audience_path(entry: Entry, context: EvaluationContext) -> str | None:
    """The path of the clause by which the audiences of an entry that holds do; None without audiences."""
    release = entry.release
    if release is not None and release.audience is not None:
        audience, path = release.audience, release.audience_path
    elif entry.audience is not None:
        audience, path = entry.audience, entry.audience_path
    else:
        return None
    if audience.holds_at is None:
        return audience.explain(context.attributes, path).path
    return below(path, audience.holds_at) if audience.holds_at else path


def _link(
    target: CompiledTarget, _entry: Entry, release: CompiledRelease, context: EvaluationContext
) -> str | None:
    return why_no_link(target, release, context) or _unless_paused(release, context)


def _pilot(
    _target: CompiledTarget, entry: Entry, release: CompiledRelease, context: EvaluationContext
) -> str | None:
    is_tester = entry.is_tester
    if is_tester is None:
        return "not_a_tester"
    for name in ("userId", "deviceId"):
        key = context.attributes.get(name)
        if key is not None and is_tester(key.strip().lower()):
            return _unless_paused(release, context)
    return "not_a_tester"


def _window(
    _target: CompiledTarget, entry: Entry, release: CompiledRelease, context: EvaluationContext
) -> str | None:
    window = entry.window
    if window is None or context.now_ms < window.start_ms:
        return "window_not_open"
    if context.now_ms < window.end_ms:
        return why_not_admitted(window, release, context, is_open=release.state != "paused")
    if window.on_end == "promote":
        return _unless_paused(release, context)
    if window.on_end == "revert":
        return "window_over"
    return why_not_admitted(window, release, context, is_open=False)


def _grayscale(
    _target: CompiledTarget, entry: Entry, release: CompiledRelease, context: EvaluationContext
) -> str | None:
    key = context.key
    if key is None:
        return "no_stickiness_key"
    if is_inside(entry.salt, key, entry.basis_points):
        return _unless_paused(release, context)
    keeps_it = is_on(release, context) and is_inside(entry.salt, key, entry.keep_admitted_basis_points)
    return None if keeps_it else "outside_percentage"


def _unless_paused(release: CompiledRelease, context: EvaluationContext) -> str | None:
    """A paused release keeps those who have it and takes nobody new."""
    return "paused" if release.state == "paused" and not is_on(release, context) else None


_TESTS: dict[str, Callable[[CompiledTarget, Entry, CompiledRelease, EvaluationContext], str | None]] = {
    "link": _link,
    "pilot": _pilot,
    "window": _window,
    "grayscale": _grayscale,
}
"""Steps with a test of their own; the others hold when the audiences do."""
