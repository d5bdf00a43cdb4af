"""The seam to a cloud that runs publisher backends."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Protocol, runtime_checkable

from miniprogram.seams.backend_template import ProgramFacts
from miniprogram.seams.data_store import DataStore

Progress = Callable[[str], None]
"""Takes one line about what is happening."""

BASE_URL = "PublisherBackendBaseUrl"
HEALTH_URL = "PublisherBackendHealthUrl"
FUNCTION_NAME = "PublisherBackendFunctionName"
"""Outputs every cloud's backend has. Base URLs end with a slash."""


@dataclass(frozen=True, slots=True)
class BackendRequest:
    """Which backend is meant: of which program, in which environment."""

    program_root: Path
    program: ProgramFacts
    environment: str
    options: Mapping[str, object] = field(default_factory=dict)
    """What the command line, or an earlier deploy, says about it; by field name of the provider's options."""


@dataclass(frozen=True, slots=True)
class BackendState:
    """A deployment as it stands. `outputs` are sorted by name and none is blank."""

    exists: bool
    outputs: Mapping[str, str] = field(default_factory=dict)
    facts: Mapping[str, object] = field(default_factory=dict)
    """Members every document about it carries, in the cloud's own words: `{"stackExists": true, …}`."""
    more_facts: Mapping[str, object] = field(default_factory=dict)
    """Members only `status` adds."""
    missing: str = ""
    """A sentence for when it does not exist."""
    is_private: bool = False
    """Whether the cloud lets in invited callers only: then it refuses a health request, and is well."""


@dataclass(frozen=True, slots=True)
class BackendData:
    """Where a deployment keeps its records: `store`, or the sentence `problem` that says why there is none."""

    store: DataStore | None
    problem: str = ""
    facts: Mapping[str, object] = field(default_factory=dict)
    """Members every document about data carries: `{"storageMode": …, "tableName": …}`."""
    no_condition: Mapping[str, object] = field(default_factory=dict)
    """What stands for `DataStore.condition` when the store cannot be asked."""


class BackendOperator(Protocol):
    """One publisher backend on one cloud. Every method raises MiniProgramError with the cause."""

    @property
    def backend_root(self) -> Path:
        """The starter's folder."""
        ...

    @property
    def data_folder(self) -> Path:
        """Where the starter's data files are."""
        ...

    @property
    def location_members(self) -> Mapping[str, str]:
        """Members that locate the deployment in every document: `{"stackName": …, "region": …}`."""
        ...

    @property
    def recorded(self) -> Mapping[str, str]:
        """Members that the record of a deploy keeps: those of `location_members`, and perhaps more."""
        ...

    @property
    def deploy_keys(self) -> tuple[str, ...]:
        """The members of `recorded` that `lastDeploy` repeats."""
        ...

    @property
    def outputs_hide(self) -> tuple[str, ...]:
        """The members of `location_members` that the document of `outputs` leaves out."""
        ...

    def check_source(self) -> None:
        """Raises MiniProgramError when the starter is missing, or is one that cannot be deployed."""
        ...

    def deploy(self, progress: Progress) -> BackendState:
        """Create or update the deployment from the starter and wait until that is done."""
        ...

    def state(self) -> BackendState:
        """The deployment as it stands now. One that is not there is no error."""
        ...

    def data(self, state: BackendState) -> BackendData:
        """Where the deployment in `state` keeps its records."""
        ...

    def logs(self, *, since_s: float, follow: bool) -> Iterator[str]:
        """Log lines, oldest first; with `follow` it goes on until interrupted."""
        ...

    def destroy(self, progress: Progress) -> None:
        """Remove the deployment and wait until it is gone. Records are left to `DataStore.discard`."""
        ...


@runtime_checkable
class RunsBackends(Protocol):
    """A cloud provider that also runs publisher backends."""

    def publisher_backend(self, request: BackendRequest) -> BackendOperator:
        """Raises UsageError, naming the option, when `request.options` do not fit."""
        ...
