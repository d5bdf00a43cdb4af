"""What a command gets from outside: where it runs, what time it is, which plugins there are.

Made once per run. Use cases get what they need from it as arguments, never the box itself.
"""

from __future__ import annotations

import os
from collections.abc import Mapping
from dataclasses import dataclass, field
from functools import cached_property
from pathlib import Path
from typing import TYPE_CHECKING

from miniprogram.clock import Clock, utc_now

if TYPE_CHECKING:
    from miniprogram.plugins.registry import Registry


@dataclass(frozen=True)
class AppContext:
    """The world of one run. Tests make their own."""

    cwd: Path = field(default_factory=Path.cwd)
    environ: Mapping[str, str] = field(default_factory=lambda: os.environ)
    now: Clock = utc_now
    pinned_in: tuple[Path, ...] = ()
    """Folders besides `cwd` whose pins hold: where the mini-program lies that the command line is about."""

    @cached_property
    def home(self) -> Path:
        """HOME, else USERPROFILE, else HOMEDRIVE with HOMEPATH, else NO_HOME."""
        home = self.environ.get("HOME") or self.environ.get("USERPROFILE")
        drive, path = self.environ.get("HOMEDRIVE"), self.environ.get("HOMEPATH")
        if not home and drive and path:
            home = drive + path
        if home:
            return Path(home)
        from miniprogram.state.home_copy import NO_HOME  # deferred: hardly anybody has none

        return NO_HOME

    @cached_property
    def registry(self) -> Registry:
        """The plugins that may load here."""
        from miniprogram.plugins.registry import Registry

        return Registry.discover(cwd=self.cwd, environ=self.environ, also_pinned_in=self.pinned_in)
