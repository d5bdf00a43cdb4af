"""What a use case needs of the command, or the server, that it runs in."""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path
from typing import TYPE_CHECKING, Protocol

from miniprogram.clock import Clock

if TYPE_CHECKING:
    from miniprogram.plugins.registry import Registry


class RunContext(Protocol):
    """Where a command runs, what time it is, and which plugins there are."""

    @property
    def cwd(self) -> Path: ...
    @property
    def home(self) -> Path: ...
    @property
    def environ(self) -> Mapping[str, str]: ...
    @property
    def registry(self) -> Registry: ...
    @property
    def now(self) -> Clock: ...
