"""How many hosts would get another version by a step: of the last requests, and of people who are made up.

Recent requests are real and few, and only those that came through one server. Made-up people are many and even:
they show the share, not who asks most.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable
from datetime import datetime
from itertools import islice
from typing import Any

from miniprogram.documents.environment_storage import EnvironmentStorage
from miniprogram.models import FrozenModel
from miniprogram.releases.simulation.population import made_up
from miniprogram.releases.simulation.simulate import Move, Proposal, simulate
from miniprogram.targets import ANY_HOST, Target

MADE_UP = 2_000
MOST_RECENT = 500


class Share(FrozenModel):
    """How many of somebody get a version. A version of None is nothing."""

    version: str | None
    visitors: int


class Moved(FrozenModel):
    """Of `visitors`, `moving` would get another version than now; `moves` say which, the largest first."""

    visitors: int
    moving: int
    moves: tuple[Move, ...]
    now: tuple[Share, ...]
    """What they get now, the most frequent first."""


class Consequences(FrozenModel):
    """What a step would do. `recent` is None when no request for the target came through this server yet."""

    recent: Moved | None
    made_up: Moved


def consequences(
    storage: EnvironmentStorage,
    program_id: str,
    proposal: Proposal,
    recent: Iterable[dict[str, Any]],
    *,
    now: datetime,
) -> Consequences:
    """Decide for everybody as things are and as they would be. Raises NotFound for a release that is not live."""
    asked = list(islice(_of_target(recent, proposal.target), MOST_RECENT))
    people = made_up(MADE_UP, host_app=proposal.target.host_app)
    return Consequences(
        recent=_moved(storage, program_id, proposal, asked, now) if asked else None,
        made_up=_moved(storage, program_id, proposal, people, now),
    )


def _moved(
    storage: EnvironmentStorage,
    program_id: str,
    proposal: Proposal,
    visitors: Iterable[dict[str, Any]],
    now: datetime,
) -> Moved:
    found = simulate(storage, program_id, proposal, visitors, now=now)
    shares = Counter(found.before).most_common()
    return Moved(
        visitors=found.visitors,
        moving=found.moving,
        moves=found.moves,
        now=tuple(Share(version=None if name == "-" else name, visitors=count) for name, count in shares),
    )


def _of_target(contexts: Iterable[dict[str, Any]], target: Target) -> Iterable[dict[str, Any]]:
    """Those by hosts of the target. A host that says no environment means production."""
    for each in contexts:
        is_host = target.host_app in (ANY_HOST, each.get("hostApp"))
        if is_host and (each.get("environment") or "production") == str(target.environment):
            yield each
