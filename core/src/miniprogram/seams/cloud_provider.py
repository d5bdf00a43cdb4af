"""The seam every cloud implements: a store, and the deployment of our delivery function."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Protocol, runtime_checkable

from miniprogram.delivery.documents.layouts.keys import Keys
from miniprogram.seams.checks import Check
from miniprogram.seams.object_store import ObjectStore


@dataclass(frozen=True, slots=True)
class ProviderContext:
    """What a provider may need besides its own settings."""

    environment: str
    """Name of the environment its settings came from."""
    root: Path
    """Folder that owns the environment file; generated and managed files go below its `.mini_program/`."""
    home: Path
    environ: Mapping[str, str]


@dataclass(frozen=True, slots=True)
class StoreAddress:
    """How documents and reports name the store. Source: `bucket`/`region` of the contract's JSON."""

    bucket: str
    region: str
    artifacts_prefix: str = "artifacts"
    metadata_prefix: str = "metadata"
    public_base_url: str | None = None
    """A CDN in front of the store, without trailing slash."""

    @property
    def keys(self) -> Keys:
        """The keys of the cloud layout below its prefixes."""
        return Keys("cloud", artifacts=self.artifacts_prefix, metadata=self.metadata_prefix)


@dataclass(frozen=True, slots=True)
class DeploymentStatus:
    """The delivery deployment as it stands. `outputs` by name: BackendApiBaseUrl, HealthUrl, …"""

    name: str
    stage: str
    exists: bool
    status: str | None = None
    status_reason: str | None = None
    outputs: Mapping[str, str] = field(default_factory=dict)


Progress = Callable[[str], None]
"""Takes one line about what is happening."""


class DeliveryDeployment(Protocol):
    """Our delivery service on a cloud."""

    def deploy(self, progress: Progress) -> DeploymentStatus:
        """Create or update it and wait until that is done. Raises MiniProgramError with the cause."""
        ...

    def status(self) -> DeploymentStatus:
        """How it stands now. One that is not there is no error: `exists` is false then."""
        ...

    def logs(self, *, since_s: float, follow: bool) -> Iterator[str]:
        """Log lines, oldest first; with `follow` it goes on until interrupted."""
        ...

    def plan_destroy(self) -> Iterable[str]:
        """What `destroy` would remove, one line each."""
        ...

    def destroy(self, progress: Progress) -> None:
        """Remove it and wait until it is gone. Stored objects stay."""
        ...


@runtime_checkable
class RollingBackDeployment(DeliveryDeployment, Protocol):
    """A deployment that keeps what it ran before."""

    def roll_back(self, progress: Progress) -> DeploymentStatus:
        """Run the code that was deployed before, with the settings of then, and wait until that is done.

        Once more, and it is back. Raises MiniProgramError when there is none, or it is not what it was.
        """
        ...


@runtime_checkable
class PlanningDeployment(DeliveryDeployment, Protocol):
    """A deployment that can say beforehand what it would do."""

    def plan_deploy(self) -> Iterable[str]:
        """What `deploy` would do, one line each; none when there is nothing to do. Changes nothing.

        The cloud has checked it where it can. Raises MiniProgramError with the cause when it could not be done.
        """
        ...


class CloudProvider(Protocol):
    """An environment's cloud, opened with its settings."""

    @property
    def address(self) -> StoreAddress: ...

    @property
    def abilities(self) -> Mapping[str, str | None]:
        """What its delivery can do, by the names in `seams.abilities`: None for yes, or the reason why not."""
        ...

    def store(self) -> ObjectStore:
        """Where its objects are. Nothing connects before the store is asked for something."""
        ...

    def deployment(self) -> DeliveryDeployment:
        """Its delivery service, deployed or not."""
        ...

    def settings_to_keep(self, status: DeploymentStatus) -> Mapping[str, object]:
        """Values to store into the environment after a deploy (`stackName`, `stageName`, …)."""
        ...

    def checks(self) -> Iterable[Check]:
        """What `cloud doctor` prints, in order."""
        ...


@runtime_checkable
class PreparingProvider(CloudProvider, Protocol):
    """A provider with something to do when an environment is configured, such as making the bucket it was told to.

    A field of its settings that asks for such an action has `exclude=True`, so that it is not stored.
    """

    def prepare(self) -> Iterable[str]:
        """Do it, and say what was done, one line each. Doing it again changes nothing. Raises MiniProgramError."""
        ...


@runtime_checkable
class PermissionStating(CloudProvider, Protocol):
    """A provider that can say what its user has to be allowed."""

    def permission_policy(self) -> Mapping[str, object]:
        """All that publishing, deploying and `cloud doctor` need, as the document its cloud takes. Asks nobody."""
        ...


@runtime_checkable
class KnowsAccount(CloudProvider, Protocol):
    """A provider whose cloud has accounts, or projects, that a deployment belongs to.

    `cloud deploy` remembers it, so that later commands notice who is signed in somewhere else.
    """

    account_is: str
    """What its cloud calls one: `account`, `project`."""
    account_now: str
    """What goes before the one of now: `you are signed in to`."""

    def account(self) -> str:
        """Its id, as the cloud tells it now; blank where there is none. Raises MiniProgramError."""
        ...


class OpenedEnvironment(Protocol):
    """A named environment opened for work: its provider, its store, and where hosts reach it."""

    @property
    def name(self) -> str: ...

    @property
    def provider_name(self) -> str: ...

    @property
    def provider(self) -> CloudProvider: ...

    @property
    def store(self) -> ObjectStore: ...

    @property
    def api_base_url(self) -> str | None:
        """Where hosts load from, without slash at the end; None until somebody configured or deployed it."""
        ...
