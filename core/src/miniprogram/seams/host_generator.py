"""The seam every kind of host app implements: where its files are, and what they say.

A generator reads and renders. Which entries there are, what may be replaced, locks, backups and writing are the
core's business.
"""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Literal, Protocol

from miniprogram.record import Record

if TYPE_CHECKING:
    from miniprogram.seams.endpoint import Endpoint

Owner = Literal["tool", "app", "shared"]
"""Whose a file is. `tool`: ours, made again from its template. `app`: ours once, then the app's to change.
`shared`: the app's own, to which we add something and keep the rest."""


class HostFiles(Record):
    """Where a host app of this kind keeps what concerns us; absolute, there or not."""

    project_file: Path
    runtime_setup: Path
    """Its presence marks an embedded host."""
    launcher: Path
    endpoint_map: Path
    registry: Path
    presets: Path | None = None
    """The folder for packages that the app is built with, `ID.tar` each; None: such apps have no use for any."""


class EmbedRequest(Record):
    """What `embed init` was told. None means: take it from the project."""

    project_root: Path
    host_app_id: str | None = None
    host_version: str | None = None
    with_demo: bool = False


class PlannedFile(Record):
    """A file as it shall be."""

    path: Path
    body: bytes
    owner: Owner


class EmbedPlan(Record):
    """Everything embedding would make of a project.

    `notes` are sentences for the person; `next_step` is one that says what to do when something was written.
    """

    package_name: str
    host_app_id: str
    host_version: str
    files: tuple[PlannedFile, ...]
    notes: tuple[str, ...] = ()
    next_step: str = ""


class RegistryEntry(Record):
    """A mini-program as the app's code names it. `constant` is None until a generator has chosen a name."""

    app_id: str
    title: str
    constant: str | None = None


class EndpointFiles(Record):
    """The bodies of the endpoint map and the registry, made to fit each other.

    `notes` are sentences for the person about what these endpoints mean in an app of this kind.
    """

    endpoint_map: bytes
    registry: bytes
    notes: tuple[str, ...] = ()


class HostGenerator(Protocol):
    def detect(self, project_root: Path) -> bool:
        """Whether `project_root` holds an app of this kind, embedded into or not."""
        ...

    def is_host(self, project_root: Path) -> bool:
        """Whether `project_root` holds a host app of this kind that mini-programs were embedded into."""
        ...

    def files(self, project_root: Path) -> HostFiles:
        """Where the app in `project_root` keeps what concerns us, there or not."""
        ...

    def plan_embedding(self, request: EmbedRequest) -> EmbedPlan:
        """What embedding makes of the project. Reads it, writes nothing.

        Raises MiniProgramError naming the file that is missing or cannot be edited.
        """
        ...

    def read_registry(self, text: str, *, name: str) -> tuple[RegistryEntry, ...] | None:
        """The entries of a registry in file order; None when somebody else wrote it. `name` is for errors."""
        ...

    def render_endpoints(self, endpoints: Sequence[Endpoint], registry: Sequence[RegistryEntry]) -> EndpointFiles:
        """Both files for these entries. Names that are set stay; every endpoint has a registry entry."""
        ...

    def run_argv(self, device: str, base_url: str | None) -> list[str]:
        """The program and arguments that run the app in its folder on `device`, against `base_url` if given."""
        ...
