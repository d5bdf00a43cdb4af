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

from miniprogram.access.roles import store_owner
from miniprogram.publish.layouts.cloud import CloudPlace, cloud_layout
from miniprogram.publish.to_store import publish_to_store
from miniprogram.releases import drafting, piloting, reviewing, rollout
from miniprogram.releases.app_management import add_app
from miniprogram.releases.apps import Target
from miniprogram.releases.desk import Desk
from miniprogram.releases.place import ReleasePlace
from miniprogram.releases.segment_management import put_ids
from miniprogram.releases.simulation import Proposal, simulate
from miniprogram.releases.states import Stage
from miniprogram.releases.visitors import made_up
from miniprogram.stores.filesystem import FilesystemObjectStore
from miniprogram.stores.memory import MemoryObjectStore
from miniprogram.stores.object_store import ObjectStore
from miniprogram.testing import sample_release

PAST = 1_000
ROUNDS = 60
VISITORS = 1_000_000
TARGET = Target(host_app="wallet", environment=Stage.TEST)
SAID = {"title": "Shop", "description": "Buy things", "server_domains": ()}
VIP = {"attribute": "userId", "operator": "segment", "values": ["vip"]}


def main() -> None:
    with tempfile.TemporaryDirectory() as folder:
        busy, fresh = (desk_at(FilesystemObjectStore(Path(folder) / name)) for name in ("busy", "fresh"))
        for number in range(PAST):
            release(busy, f"0.{number}.0")
        release(fresh, "0.9999.0")
        show("transition with 1,000 past releases, against none", history_ratio(busy, fresh), "<= 1.2")
    figures = simulation()
    show(
        "simulate, visitors/s", figures, "-", f"{VISITORS:,} made-up visitors, audience with a 100,000-id segment"
    )


def desk_at(store: ObjectStore) -> Desk:
    desk = Desk(ReleasePlace(store, "metadata", "artifacts"), store_owner("ann"), datetime(2030, 1, 2, tzinfo=UTC))
    add_app(desk, "wallet", stages=[TARGET.environment])
    return desk


def release(desk: Desk, version: str, **said: object) -> None:
    """Bring a version all the way."""
    prepare(desk, version, **said)
    rollout.finish(desk, "shop", version, TARGET, final=True)


def prepare(desk: Desk, version: str, **said: object) -> None:
    layout = cloud_layout(sample_release("shop", version), CloudPlace("bench", "dev", "bucket", "here"))
    publish_to_store(desk.place.store, layout, allow_older=True)
    drafting.create(desk, "shop", version, TARGET)
    drafting.configure(desk, "shop", version, TARGET, {**SAID, **said})
    reviewing.apply(desk, "shop", version, TARGET)
    piloting.skip_pilot(desk, "shop", version, TARGET)


def history_ratio(busy: Desk, fresh: Desk) -> float:
    for desk in (busy, fresh):
        prepare(desk, "1.0.0")
        share(desk, 1)
    pairs = [(timed(busy, points), timed(fresh, points)) for points in range(2, ROUNDS + 2)]
    return statistics.median(mine / other for mine, other in pairs)


def timed(desk: Desk, points: int) -> float:
    started = time.perf_counter()
    share(desk, points)
    return time.perf_counter() - started


def share(desk: Desk, points: int, version: str = "1.0.0") -> None:
    rollout.grayscale(desk, "shop", version, TARGET, basis_points=points)


def simulation() -> float:
    desk = desk_at(MemoryObjectStore())
    put_ids(desk, "shop", "vip", (f"user-{number}" for number in range(0, VISITORS, 10)))
    release(desk, "1.0.0")
    prepare(desk, "1.1.0", audience={"any": [VIP, {"attribute": "country", "operator": "in", "values": ["de"]}]})
    share(desk, 1000, version="1.1.0")
    proposal = Proposal("1.1.0", TARGET, basis_points=2500)
    visitors = made_up(VISITORS, host_app="wallet")
    return simulate(desk.place, "shop", proposal, visitors, now=desk.now).visitors_per_second


if __name__ == "__main__":
    main()
