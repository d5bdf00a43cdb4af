"""What delivery offers a host, and how the version came to it."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any, Literal

from pydantic import ConfigDict

from miniprogram.models import CamelModel
from miniprogram.packages.manifest import Manifest

Way = Literal["cached", "delta", "files", "package"]
"""How a version came: it was there, by a delta, by the files that changed, or whole."""


@dataclass(frozen=True, slots=True)
class Update:
    """How a version came to the host, and how many bytes were loaded for it, as they are stored there."""

    way: Way
    size: int


class Upgrade(CamelModel):
    """How the host is to move to the version it was given. What is not said is the default."""

    model_config = ConfigDict(extra="ignore")

    mode: Literal["none", "silent", "prompt_once", "prompt_always", "forced"] = "silent"
    network: Literal["any", "wifi"] = "any"
    reason: str = ""
    minimum_version: str | None = None


@dataclass(frozen=True, slots=True)
class Offered:
    """The version delivery decided on."""

    manifest: Manifest
    members: Mapping[str, Any] = field(repr=False)
    """Of the manifest as stored."""
    upgrade: Upgrade
