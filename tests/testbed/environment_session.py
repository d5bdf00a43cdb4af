"""An environment of a fake provider: fixtures that tests of several rooms share through their conftest."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, field
from datetime import datetime
from pathlib import Path
from typing import Any

import pytest

from miniprogram.environments.session import CloudSession
from miniprogram.publish.environment_target import EnvironmentTarget
from miniprogram.seams.checks import Check
from miniprogram.seams.cloud_provider import DeploymentStatus, Progress, StoreAddress
from miniprogram.seams.object_store import ObjectStore
from miniprogram.state.env_file import CloudEnvironment, EnvFile, find_env, write_local
from miniprogram.stores.filesystem import FilesystemObjectStore
from miniprogram.stores.memory import MemoryObjectStore
from miniprogram.testing import NOON, sample_release, sample_screens

ADDRESS = StoreAddress("bucket", "eu-west-1", "pre/artifacts", "pre/metadata")
STAMP = "2030-01-01T00:00:00.000Z"


@dataclass
class FakeDeployment:
    """A deployment that is what the test says."""

    outputs: dict[str, str] = field(default_factory=dict)
    deployed: bool = False

    def deploy(self, progress: Progress) -> DeploymentStatus:
        progress("deploying")
        self.deployed = True
        return self.status()

    def status(self) -> DeploymentStatus:
        return DeploymentStatus(
            "stack", "prod", exists=self.deployed, outputs=self.outputs if self.deployed else {}
        )

    def logs(self, *, since_s: float, follow: bool) -> Iterator[str]:
        yield f"{since_s} {follow}"

    def plan_destroy(self) -> Iterator[str]:
        yield from ["stack"] if self.deployed else []

    def destroy(self, progress: Progress) -> None:
        progress("gone")
        self.deployed = False


@dataclass
class FakeProvider:
    kept_store: ObjectStore
    kept_deployment: FakeDeployment = field(default_factory=FakeDeployment)
    found: list[Check] = field(default_factory=list)
    address: StoreAddress = ADDRESS
    abilities: Mapping[str, str | None] = field(default_factory=dict)

    def store(self) -> ObjectStore:
        return self.kept_store

    def deployment(self) -> FakeDeployment:
        return self.kept_deployment

    def settings_to_keep(self, status: DeploymentStatus) -> Mapping[str, object]:
        return {"stackName": status.name, "stageName": status.stage}

    def checks(self) -> list[Check]:
        return self.found


@pytest.fixture
def noon() -> datetime:
    return NOON


@pytest.fixture(params=["memory", "filesystem"])
def store(request: pytest.FixtureRequest, tmp_path: Path) -> ObjectStore:
    return MemoryObjectStore() if request.param == "memory" else FilesystemObjectStore(tmp_path / "store")


@pytest.fixture
def make_session(tmp_path: Path) -> Callable[..., CloudSession]:
    """An opened environment `dev` of a fake provider, with these stored values."""

    def make(store: ObjectStore, *, deployed: dict[str, Any] | None = None, **values: Any) -> CloudSession:
        home, root = tmp_path / "home", tmp_path / "work"
        entry = CloudEnvironment(
            name="dev",
            provider="fake",
            values=values,
            deployed=deployed,
            configured_at_utc=STAMP,
            updated_at_utc=STAMP,
        )
        document = EnvFile(
            active_environment="dev",
            cloud_environments=(entry,),
            initialized_at_utc=STAMP,
            updated_at_utc=STAMP,
        )
        write_local(root, lambda _: document, home=home)
        resolved = find_env(explicit_root=root, start_directories=[], home=home)
        assert resolved is not None
        return CloudSession(resolved, entry, FakeProvider(store), home)

    return make


@pytest.fixture
def session(make_session: Callable[..., CloudSession], store: ObjectStore) -> CloudSession:
    return make_session(store)


@pytest.fixture
def publish() -> Callable[..., None]:
    """Publish sample versions of a program into the environment of a session."""

    def publish_versions(session: CloudSession, program_id: str, *versions: str) -> None:
        for version in versions:
            screens = sample_screens(program_id, text=version)
            EnvironmentTarget(session).publish(sample_release(program_id, version, screens=screens))

    return publish_versions
