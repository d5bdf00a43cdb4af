"""Two environments that share nothing: what is approved in one is carried to the other."""

from __future__ import annotations

from copy import copy
from dataclasses import dataclass, field, replace
from datetime import timedelta
from typing import Any

from miniprogram.documents.environment_storage import EnvironmentStorage
from miniprogram.identity.command_context import CommandContext
from miniprogram.identity.host_apps import add_app, set_environment
from miniprogram.identity.roles import Actor, Grant, Role, store_owner
from miniprogram.packages.package_options import PackageOptions
from miniprogram.promotion.arrival import open_arrival, target_of
from miniprogram.promotion.exporting import Exported, export_version
from miniprogram.promotion.importing import Imported, import_version, keys_accepted
from miniprogram.promotion.taking_over import Wishes
from miniprogram.publish.layouts.cloud import CloudLocation, cloud_layout
from miniprogram.publish.to_store import publish_to_store
from miniprogram.releases.execution import perform
from miniprogram.releases.model.document import ReleaseDocument
from miniprogram.releases.storage.release_documents import releases_of
from miniprogram.seams.object_store import ObjectStore
from miniprogram.seams.publish_target import Release
from miniprogram.stores.memory import MemoryObjectStore
from miniprogram.targets import Stage, Target
from miniprogram.testing import NOON, sample_release
from testbed.trust_world import MemoryKey

PRODUCTION = Target(host_app="wallet", environment=Stage.PRODUCTION)
COMPLETE = {"title": "Shop", "description": "Buy things", "server_domains": ["https://api.example.com"]}
PLAIN = Wishes()
API = "https://api.example.com/api"


@dataclass
class Place:
    """An environment with the host app `wallet`."""

    name: str
    store: ObjectStore = field(default_factory=MemoryObjectStore)

    def __post_init__(self) -> None:
        storage = EnvironmentStorage(self.store, environment=self.name, api_base_url=API)
        self.context = CommandContext(storage, store_owner("ann"), NOON)
        add_app(self.context, "wallet", stages=[Stage.TEST])

    @property
    def storage(self) -> EnvironmentStorage:
        return self.context.storage

    @property
    def document(self) -> ReleaseDocument | None:
        return releases_of(self.storage, "shop").read()

    @property
    def location(self) -> CloudLocation:
        return CloudLocation("test", self.name, "bucket", "here", api_base_url=API)

    def as_seen_by(self, context: CommandContext) -> Place:
        """The same place with another command context."""
        other = copy(self)
        other.context = context
        return other

    def rules(self, **changes: Any) -> None:
        set_environment(self.context, "wallet", Stage.PRODUCTION, changes)

    def person(self, name: str, *roles: Role) -> CommandContext:
        grants = tuple(Grant(role=role) for role in roles)
        return replace(self.context, actor=Actor(name=name, grants=grants, authenticated=True, via="api"))

    def publish(self, version: str, **of: Any) -> None:
        release = replace(sample_release("shop", version, **of), packages=PackageOptions())
        publish_to_store(self.store, cloud_layout(release, self.location))

    def approve(self, version: str, *reviewers: str, **configured: Any) -> None:
        """Have a published version let through by people a server knows."""
        dev = self.person("dev", Role.ADMIN)
        perform(dev, "shop", "create", version, PRODUCTION)
        perform(dev, "shop", "configure", version, PRODUCTION, **{**COMPLETE, **configured})
        perform(dev, "shop", "apply", version, PRODUCTION)
        for reviewer in reviewers or ("rea",):
            perform(self.person(reviewer, Role.REVIEWER), "shop", "approve", version, PRODUCTION)

    def finish(self, version: str) -> None:
        perform(self.context, "shop", "pilot skip", version, PRODUCTION)
        perform(self.context, "shop", "finish", version, PRODUCTION, final=True)

    def objects(self) -> dict[str, bytes]:
        found = ((info.key, self.store.get(info.key)) for info in self.store.list(""))
        return {key: stored.body for key, stored in found if stored is not None}


@dataclass
class Border:
    """Where versions are approved, and where they are wanted."""

    there: Place
    here: Place
    key: MemoryKey

    def export(self, version: str = "1.0.0", *, key: MemoryKey | None = None) -> bytes:
        return self.exported(version, key=key).body

    def exported(self, version: str = "1.0.0", *, key: MemoryKey | None = None) -> Exported:
        return export_version(self.there.context, "shop", version, PRODUCTION, keys=[key or self.key])

    def bring(
        self,
        body: bytes,
        *,
        place: Place | None = None,
        wishes: Wishes = PLAIN,
        dry_run: bool = False,
        hours: int = 1,
    ) -> Imported:
        here = place or self.here
        context = replace(here.context, now=here.context.now + timedelta(hours=hours))
        _, target = target_of(body, name="it")
        arrival = open_arrival(body, keys_accepted(context.storage, target), name="it")
        layout = cloud_layout(
            Release(arrival.bundle, context.now, allow_older=True, packages=PackageOptions()), here.location
        )
        return import_version(context, arrival, layout, wishes=wishes, dry_run=dry_run)
