"""`release simulate`: who would move if releases were otherwise. Decides with the engine that answers hosts."""

from __future__ import annotations

import time
from collections import Counter
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from miniprogram.delivery.evaluation.context.evaluation_context import EvaluationContext
from miniprogram.delivery.evaluation.ledger import MemoryLedger
from miniprogram.delivery.evaluation.policy.choose import choose_release
from miniprogram.delivery.evaluation.policy.model import ROLLED_BACK, CompiledTarget, ReleasePolicy
from miniprogram.documents.environment_storage import EnvironmentStorage
from miniprogram.models import FrozenModel
from miniprogram.refusals import NotFound
from miniprogram.releases.model.configuration import checked_configuration
from miniprogram.releases.model.document import ReleaseDocument
from miniprogram.releases.model.release import Release
from miniprogram.releases.model.states import Overlay, State
from miniprogram.releases.queries.why import open_policy
from miniprogram.releases.state_machine.transition_input import EMBEDDED
from miniprogram.releases.storage.compile import compile_policy
from miniprogram.releases.storage.release_documents import require_releases
from miniprogram.targets import Target


@dataclass(frozen=True, slots=True)
class Proposal:
    """How a release might be instead. Members that are None stay as they are."""

    version: str
    target: Target
    basis_points: int | None = None
    audience: dict[str, Any] | None = None
    everybody: bool = False
    """Without an audience."""
    full: bool = False
    halted: bool = False
    gone: bool = False
    """Nobody gets it any more, and what was full before is full again."""
    empty: bool = False
    """The same, and nothing takes its place."""
    embedded: bool = False
    """The same, and hosts run the version they were built with."""


class Move(FrozenModel):
    """How many go from one version to another; None is nothing, `embedded` what their hosts were built with."""

    before: str | None
    after: str | None
    visitors: int


class Simulation(FrozenModel):
    """The document of `release simulate --json`. `moves` are those that change, the largest first."""

    schema_version: int = 1
    command: str = "release simulate"
    environment_name: str
    mini_program_id: str
    version: str
    host_app: str
    environment: str
    visitors: int
    moving: int
    moves: tuple[Move, ...]
    before: dict[str, int]
    after: dict[str, int]
    seconds: float
    visitors_per_second: float


def simulate(
    storage: EnvironmentStorage,
    program_id: str,
    proposal: Proposal,
    visitors: Iterable[dict[str, Any]],
    *,
    now: datetime,
) -> Simulation:
    """Ask both policies for every visitor. Who has a version now says so when asked again, as real hosts do."""
    document = require_releases(storage, program_id)
    proposed = propose(document, proposal)
    one = _opened(storage, document, program_id, proposal.target)
    other = _opened(storage, proposed, program_id, proposal.target)
    started = time.perf_counter()
    pairs = _count(one, other, visitors, proposal.target, int(now.timestamp() * 1000))
    took = time.perf_counter() - started
    total = pairs.total()
    moves = [
        Move(before=before, after=after, visitors=count)
        for (before, after), count in pairs.most_common()
        if before != after
    ]
    return Simulation(
        environment_name=storage.environment,
        mini_program_id=program_id,
        version=proposal.version,
        host_app=proposal.target.host_app,
        environment=str(proposal.target.environment),
        visitors=total,
        moving=sum(move.visitors for move in moves),
        moves=tuple(moves),
        before=_shares(pairs, 0),
        after=_shares(pairs, 1),
        seconds=round(took, 3),
        visitors_per_second=round(total / took, 1) if took else 0.0,
    )


def propose(document: ReleaseDocument, proposal: Proposal) -> ReleaseDocument:
    """`document` as it would be. No rule is asked: what is not allowed yet can still be looked at."""
    release = document.live(proposal.version, proposal.target)
    if release is None:
        raise NotFound(f"there is no release of {proposal.version} on {proposal.target}")
    if proposal.gone or proposal.empty or proposal.embedded:
        return _without(document, release, proposal)
    changes: dict[str, Any] = {}
    if proposal.basis_points is not None:
        changes |= _shared(release, proposal.basis_points)
    if proposal.audience is not None or proposal.everybody:
        members = {**release.configuration.model_dump(), "audience": proposal.audience}
        changes["configuration"] = checked_configuration(members)
    if proposal.halted:
        changes["overlay"] = Overlay.HALTED
    record = document.record(proposal.target).model_copy(update={"opened": True})
    if proposal.full:
        changes |= {"state": State.FULL, "overlay": None}
        if record.full != release.id:
            record = record.model_copy(update={"full": release.id, "fallback": record.full})
    return document.with_release(release.model_copy(update=changes)).with_record(record)


def _without(document: ReleaseDocument, release: Release, proposal: Proposal) -> ReleaseDocument:
    record = document.record(release.target)
    before = document.fallback(release.target)
    left = document.without_release(release.id)
    if record.full != release.id:
        return left
    if before is None or proposal.empty or proposal.embedded:
        left = left if before is None else left.without_release(before.id)
        changes = {"full": None, "fallback": None, "embedded": proposal.embedded}
        return left.with_record(record.model_copy(update=changes))
    again = before.model_copy(update={"state": State.FULL, "overlay": None, "ending": None})
    return left.with_release(again).with_record(record.model_copy(update={"full": before.id, "fallback": None}))


def _shared(release: Release, basis_points: int) -> dict[str, Any]:
    before = release.grayscale
    keep_admitted = (
        max(before.keep_admitted, before.basis_points)
        if basis_points < before.basis_points
        else before.keep_admitted
    )
    share = before.model_copy(update={"basis_points": basis_points, "keep_admitted": keep_admitted})
    return {"grayscale": share, "state": State.GRAYSCALE}


def _opened(
    storage: EnvironmentStorage, document: ReleaseDocument, program_id: str, target: Target
) -> tuple[ReleasePolicy, CompiledTarget] | None:
    """The policy and its target; None when nobody gets anything there."""
    compiled = compile_policy(document)
    if compiled is None:
        return None
    policy = open_policy(storage, compiled, program_id)
    found = policy.target(target.host_app, target.environment)
    return None if found is None else (policy, found)


Opened = tuple[ReleasePolicy, CompiledTarget] | None


def _count(
    one: Opened, other: Opened, visitors: Iterable[dict[str, Any]], target: Target, now_ms: int
) -> Counter[tuple[str | None, str | None]]:
    """Version before and after, for each visitor. Windows fill from empty in the order visitors come."""
    pairs: Counter[tuple[str | None, str | None]] = Counter()
    before_ledger, after_ledger = MemoryLedger(), MemoryLedger()
    host_app, environment = target.host_app, str(target.environment)
    for attributes in visitors:
        attributes["now"], attributes["hostApp"], attributes["environment"] = now_ms, host_app, environment
        before = None if one is None else _version(one, attributes, before_ledger)
        if before is not None and before != EMBEDDED:
            attributes["currentVersion"] = before
        after = None if other is None else _version(other, attributes, after_ledger)
        pairs[before, after] += 1
    return pairs


def _version(
    opened: tuple[ReleasePolicy, CompiledTarget], attributes: dict[str, Any], ledger: MemoryLedger
) -> str | None:
    policy, target = opened
    context = EvaluationContext.from_attributes(attributes, ledger=ledger, admits=True)
    entry, reason = choose_release(policy, target, context)
    if reason == ROLLED_BACK:
        return EMBEDDED
    return None if entry is None or entry.step == "deny" else entry.version


def _shares(pairs: Counter[tuple[str | None, str | None]], side: int) -> dict[str, int]:
    """Visitors by version; `-` is nothing."""
    counts: Counter[str] = Counter()
    for pair, count in pairs.items():
        counts[pair[side] or "-"] += count
    return dict(sorted(counts.items()))
