"""The seam for apps that show a preview: which devices there are, and how the app gets onto one.

The core builds, serves and watches. A host finds the device, keeps an app for it, and says how to run it.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from contextlib import AbstractContextManager
from dataclasses import dataclass
from pathlib import Path
from typing import Protocol


@dataclass(frozen=True, slots=True)
class PreviewProgram:
    """The mini-program to show. `root` is absolute; `repo_root` is the monorepo, where one is known."""

    root: Path
    program_id: str
    title: str
    repo_root: Path | None = None


@dataclass(frozen=True, slots=True)
class PreviewAddress:
    """Where the app finds things. Both URLs end with a slash and are as the device must call them."""

    base_url: str
    backend_url: str | None = None
    """The running mock publisher backend of the mini-program, if there is one the device can reach."""


@dataclass(frozen=True, slots=True)
class Reach:
    """How a device gets to this machine: by the name `host`. `notes` are sentences for the person."""

    host: str
    notes: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class AppLaunch:
    """The program and arguments that run the app in the foreground, and where."""

    argv: Sequence[str]
    cwd: Path


class PreviewDevice(Protocol):
    """A device that was found, with the app for it."""

    @property
    def name(self) -> str:
        """What people call it."""
        ...

    @property
    def over_network(self) -> bool:
        """Whether the device reaches this machine over a network, so that loopback is not enough."""
        ...

    def prepare(self, program: PreviewProgram) -> None:
        """Make or refresh the app. Raises MiniProgramError when that is not possible."""
        ...

    def connect(self, ports: Sequence[int]) -> AbstractContextManager[Reach]:
        """Let the device reach these ports of this machine until the context ends.

        Raises MiniProgramError when there is no way.
        """
        ...

    def launch(self, program: PreviewProgram, address: PreviewAddress) -> AppLaunch:
        """How to run the prepared app so that it shows `program` from `address`."""
        ...


class PreviewHost(Protocol):
    @property
    def devices(self) -> str:
        """The kinds of devices it knows, for a message: `chrome, edge, …`."""
        ...

    def find_device(self, device: str, *, environ: Mapping[str, str], cwd: Path) -> PreviewDevice | None:
        """The device people call `device`; None when this host knows no such device."""
        ...
