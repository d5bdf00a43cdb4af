from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, replace
from datetime import timedelta
from typing import Any

import pytest

from miniprogram.documents.environment_storage import EnvironmentStorage
from miniprogram.identity.command_context import CommandContext
from miniprogram.identity.host_apps import add_app
from miniprogram.identity.roles import Actor, Grant, Role, store_owner
from miniprogram.publish.layouts.cloud import CloudLocation, cloud_layout
from miniprogram.publish.to_store import publish_to_store
from miniprogram.releases.execution import perform
from miniprogram.releases.model.document import ReleaseDocument
from miniprogram.releases.storage.release_documents import require_releases
from miniprogram.seams.object_store import ObjectStore
from miniprogram.stores.memory import MemoryObjectStore
from miniprogram.targets import Stage, Target
from miniprogram.testing import NOON, sample_release

VERSIONS = ("1.0.0", "1.1.0", "1.2.0")
COMPLETE = {"title": "Shop", "description": "Buy things", "server_domains": ["https://api.example.com"]}


def publish(store: ObjectStore, *versions: str, program_id: str = "shop") -> None:
    for version in versions:
        layout = cloud_layout(sample_release(program_id, version), CloudLocation("test", "dev", "bucket", "here"))
        publish_to_store(store, layout, allow_older=False)


@dataclass
class World:
    """A place with published versions and the host app wallet, and shortcuts through the usual way."""

    store: ObjectStore
    context: CommandContext
    target: Target

    @property
    def storage(self) -> EnvironmentStorage:
        return self.context.storage

    @property
    def document(self) -> ReleaseDocument:
        return require_releases(self.storage, "shop")

    def publish(self, *versions: str) -> None:
        publish(self.store, *versions)

    def over(self, store: ObjectStore) -> World:
        """The same place behind another store."""
        return World(store, replace(self.context, storage=replace(self.storage, store=store)), self.target)

    def as_person(self, name: str, *roles: Role, **scope: Any) -> CommandContext:
        """The command context of somebody a server has authenticated."""
        grants = tuple(Grant(role=role, **scope) for role in roles)
        return replace(self.context, actor=Actor(name=name, grants=grants, authenticated=True, via="api"))

    def later(self, hours: float) -> CommandContext:
        return replace(self.context, now=self.context.now + timedelta(hours=hours))

    def drafted(self, version: str, **changes: Any) -> None:
        perform(self.context, "shop", "create", version, self.target)
        perform(self.context, "shop", "configure", version, self.target, **{**COMPLETE, **changes})

    def approved(self, version: str, **changes: Any) -> None:
        self.drafted(version, **changes)
        perform(self.context, "shop", "apply", version, self.target)
        perform(self.context, "shop", "approve", version, self.target)

    def piloted(self, version: str, *testers: str, **changes: Any) -> None:
        self.approved(version, **changes)
        perform(self.context, "shop", "pilot start", version, self.target, testers=testers)

    def prepared(self, version: str, **changes: Any) -> None:
        self.approved(version, **changes)
        perform(self.context, "shop", "pilot skip", version, self.target)

    def shared(self, version: str, basis_points: int, **changes: Any) -> None:
        self.prepared(version, **changes)
        perform(self.context, "shop", "grayscale", version, self.target, basis_points=basis_points)

    def full(self, *versions: str, **changes: Any) -> None:
        for version in versions:
            self.prepared(version, **changes)
            perform(self.context, "shop", "finish", version, self.target, final=True)


def make_world(store: ObjectStore) -> World:
    publish(store, *VERSIONS)
    storage = EnvironmentStorage(store, environment="dev", api_base_url="https://api.example.com/api")
    context = CommandContext(storage, store_owner("ann"), NOON)
    add_app(context, "wallet", stages=[Stage.TEST, Stage.SANDBOX])
    return World(store, context, Target(host_app="wallet", environment=Stage.PRODUCTION))


@pytest.fixture
def world() -> World:
    return make_world(MemoryObjectStore())


@pytest.fixture
def world_over() -> Callable[[ObjectStore], World]:
    return make_world
