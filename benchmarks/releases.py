"""Release figures: what a long history costs a transition, and how fast who-would-move is counted.

The transition is `grayscale` over a filesystem store, on a mini-program with 1,000 finished releases against one
with none, in turn. The simulation asks both policies for every visitor, with an audience and a segment.
"""

from __future__ import annotations

import statistics
import tempfile
import time
from datetime import UTC, datetime
from pathlib import Path

from interleaved import show

from miniprogram.documents.environment_storage import EnvironmentStorage
from miniprogram.identity.command_context import CommandContext
from miniprogram.identity.host_apps import add_app
from miniprogram.identity.roles import store_owner
from miniprogram.publish.layouts.cloud import CloudLocation, cloud_layout
from miniprogram.publish.to_store import publish_to_store
from miniprogram.releases.commands.segments import put_ids
from miniprogram.releases.execution import perform
from miniprogram.releases.simulation.population import made_up
from miniprogram.releases.simulation.simulate import Proposal, simulate
from miniprogram.seams.object_store import ObjectStore
from miniprogram.stores.filesystem import FilesystemObjectStore
from miniprogram.stores.memory import MemoryObjectStore
from miniprogram.targets import Stage, Target
from miniprogram.testing import sample_release

PAST = 1_000
ROUNDS = 60
VISITORS = 1_000_000
TARGET = Target(host_app="wallet", environment=Stage.TEST)
SAID = {"title": "Shop", "description": "Buy things", "server_domains": ()}
VIP = {"attribute": "userId", "operator": "segment", "values": ["vip"]}


def main() -> None:
    with tempfile.TemporaryDirectory() as folder:
        busy, fresh = (context_at(FilesystemObjectStore(Path(folder) / name)) for name in ("busy", "fresh"))
        for number in range(PAST):
            release(busy, f"0.{number}.0")
        release(fresh, "0.9999.0")
        show("transition with 1,000 past releases, against none", history_ratio(busy, fresh), "<= 1.2")
    figures = simulation()
    show(
        "simulate, visitors/s", figures, "-", f"{VISITORS:,} made-up visitors, audience with a 100,000-id segment"
    )


def context_at(store: ObjectStore) -> CommandContext:
    context = CommandContext(EnvironmentStorage(store), store_owner("ann"), datetime(2030, 1, 2, tzinfo=UTC))
    add_app(context, "wallet", stages=[TARGET.environment])
    return context


def release(context: CommandContext, version: str, **said: object) -> None:
    """Bring a version all the way."""
    prepare(context, version, **said)
    perform(context, "shop", "finish", version, TARGET, final=True)


def prepare(context: CommandContext, version: str, **said: object) -> None:
    layout = cloud_layout(sample_release("shop", version), CloudLocation("bench", "dev", "bucket", "here"))
    publish_to_store(context.storage.store, layout, allow_older=True)
    perform(context, "shop", "create", version, TARGET)
    perform(context, "shop", "configure", version, TARGET, **{**SAID, **said})
    perform(context, "shop", "apply", version, TARGET)
    perform(context, "shop", "pilot skip", version, TARGET)


def history_ratio(busy: CommandContext, fresh: CommandContext) -> float:
    for context in (busy, fresh):
        prepare(context, "1.0.0")
        share(context, 1)
    pairs = [(timed(busy, points), timed(fresh, points)) for points in range(2, ROUNDS + 2)]
    return statistics.median(mine / other for mine, other in pairs)


def timed(context: CommandContext, points: int) -> float:
    started = time.perf_counter()
    share(context, points)
    return time.perf_counter() - started


def share(context: CommandContext, points: int, version: str = "1.0.0") -> None:
    perform(context, "shop", "grayscale", version, TARGET, basis_points=points)


def simulation() -> float:
    context = context_at(MemoryObjectStore())
    put_ids(context, "shop", "vip", (f"user-{number}" for number in range(0, VISITORS, 10)))
    release(context, "1.0.0")
    prepare(
        context, "1.1.0", audience={"any": [VIP, {"attribute": "country", "operator": "in", "values": ["de"]}]}
    )
    share(context, 1000, version="1.1.0")
    proposal = Proposal("1.1.0", TARGET, basis_points=2500)
    visitors = made_up(VISITORS, host_app="wallet")
    return simulate(context.storage, "shop", proposal, visitors, now=context.now).visitors_per_second


if __name__ == "__main__":
    main()
