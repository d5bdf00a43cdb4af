from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, replace
from datetime import timedelta
from typing import Any

import pytest

from miniprogram.access.roles import Actor, Grant, Role, store_owner
from miniprogram.publish.layouts.cloud import CloudPlace, cloud_layout
from miniprogram.publish.to_store import publish_to_store
from miniprogram.releases import drafting, piloting, reviewing, rollout
from miniprogram.releases.app_management import add_app
from miniprogram.releases.apps import Target
from miniprogram.releases.desk import Desk
from miniprogram.releases.document import ReleaseDocument
from miniprogram.releases.place import ReleasePlace
from miniprogram.releases.release_store import require_releases
from miniprogram.releases.states import Stage
from miniprogram.stores.memory import MemoryObjectStore
from miniprogram.stores.object_store import ObjectStore
from miniprogram.testing import NOON, sample_release

VERSIONS = ("1.0.0", "1.1.0", "1.2.0")
COMPLETE = {"title": "Shop", "description": "Buy things", "server_domains": ["https://api.example.com"]}


def publish(store: ObjectStore, *versions: str, program_id: str = "shop") -> None:
    for version in versions:
        layout = cloud_layout(sample_release(program_id, version), CloudPlace("test", "dev", "bucket", "here"))
        publish_to_store(store, layout, allow_older=False)


@dataclass
class World:
    """A place with published versions and the host app wallet, and shortcuts through the usual way."""

    store: ObjectStore
    desk: Desk
    target: Target

    @property
    def place(self) -> ReleasePlace:
        return self.desk.place

    @property
    def document(self) -> ReleaseDocument:
        return require_releases(self.place, "shop")

    def publish(self, *versions: str) -> None:
        publish(self.store, *versions)

    def over(self, store: ObjectStore) -> World:
        """The same place behind another store."""
        return World(store, replace(self.desk, place=replace(self.place, store=store)), self.target)

    def as_person(self, name: str, *roles: Role, **scope: Any) -> Desk:
        """The desk of somebody a server has authenticated."""
        grants = tuple(Grant(role=role, **scope) for role in roles)
        return replace(self.desk, actor=Actor(name=name, grants=grants, authenticated=True, via="api"))

    def later(self, hours: float) -> Desk:
        return replace(self.desk, now=self.desk.now + timedelta(hours=hours))

    def drafted(self, version: str, **changes: Any) -> None:
        drafting.create(self.desk, "shop", version, self.target)
        drafting.configure(self.desk, "shop", version, self.target, {**COMPLETE, **changes})

    def approved(self, version: str, **changes: Any) -> None:
        self.drafted(version, **changes)
        reviewing.apply(self.desk, "shop", version, self.target)
        reviewing.approve(self.desk, "shop", version, self.target)

    def piloted(self, version: str, *testers: str, **changes: Any) -> None:
        self.approved(version, **changes)
        piloting.start_pilot(self.desk, "shop", version, self.target, testers=testers)

    def prepared(self, version: str, **changes: Any) -> None:
        self.approved(version, **changes)
        piloting.skip_pilot(self.desk, "shop", version, self.target)

    def shared(self, version: str, basis_points: int, **changes: Any) -> None:
        self.prepared(version, **changes)
        rollout.grayscale(self.desk, "shop", version, self.target, basis_points=basis_points)

    def full(self, *versions: str, **changes: Any) -> None:
        for version in versions:
            self.prepared(version, **changes)
            rollout.finish(self.desk, "shop", version, self.target, final=True)


def make_world(store: ObjectStore) -> World:
    publish(store, *VERSIONS)
    place = ReleasePlace(
        store, "metadata", "artifacts", environment="dev", api_base_url="https://api.example.com/api"
    )
    desk = Desk(place, store_owner("ann"), NOON)
    add_app(desk, "wallet", stages=[Stage.TEST, Stage.SANDBOX])
    return World(store, desk, Target(host_app="wallet", environment=Stage.PRODUCTION))


@pytest.fixture
def world() -> World:
    return make_world(MemoryObjectStore())


@pytest.fixture
def world_over() -> Callable[[ObjectStore], World]:
    return make_world
