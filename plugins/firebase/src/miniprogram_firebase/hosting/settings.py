"""Options of `publish --target firebase-hosting`."""

from __future__ import annotations

import re
from pathlib import Path
from typing import Annotated

from pydantic import AfterValidator, BaseModel, ConfigDict, Field

_UNITS_S = {"h": 3600, "d": 86_400, "w": 604_800}
_LONGEST_S = 30 * 86_400
"""Hosting keeps no preview longer."""


def _site(text: str) -> str:
    name = text.strip()
    if not re.fullmatch(r"[a-z0-9][a-z0-9-]{1,61}[a-z0-9]", name):
        raise ValueError("must be a site's id: 3 to 63 lower-case letters, digits and hyphens")
    return name


def _channel(text: str) -> str:
    name = text.strip()
    if not re.fullmatch(r"[A-Za-z0-9][A-Za-z0-9_-]{0,62}", name):
        raise ValueError("must be 1 to 63 letters, digits, hyphens and underscores")
    if name == "live":
        raise ValueError("live is where --channel left out publishes to")
    return name


def seconds(text: str) -> int:
    """`12h`, `7d` or `2w` in seconds. Raises ValueError for anything else, and for more than 30 days."""
    match = re.fullmatch(r"([1-9][0-9]{0,3})([hdw])", text.strip())
    if match is None:
        raise ValueError("must be a number of hours, days or weeks, such as 12h, 7d or 2w")
    found = int(match[1]) * _UNITS_S[match[2]]
    if found > _LONGEST_S:
        raise ValueError("is longer than the 30 days that Hosting keeps a preview")
    return found


def _lifetime(text: str) -> str:
    seconds(text)
    return text.strip()


def _folder(path: Path) -> Path:
    if path.name in ("", ".."):
        raise ValueError("must end in the name of a folder, such as public")
    return path


class HostingSettings(BaseModel):
    """Which site, and which of its channels."""

    model_config = ConfigDict(frozen=True)

    site: Annotated[str, AfterValidator(_site)] | None = Field(
        default=None, description="Hosting site; default: the one named like the project"
    )
    channel: Annotated[str, AfterValidator(_channel)] | None = Field(
        default=None, description="Preview channel to publish to, instead of the live site"
    )
    expires: Annotated[str, AfterValidator(_lifetime)] | None = Field(
        default=None,
        description="When the preview channel ends, such as 12h, 7d or 2w; a week for a new one",
        json_schema_extra={"commands": ["publish"]},
    )
    clean: bool = Field(
        default=False,
        description="Remove every other mini-program's releases from the site, and replace this one",
        json_schema_extra={"commands": ["publish"]},
    )
    output: Annotated[Path, AfterValidator(_folder)] | None = Field(
        default=None,
        description="Folder to write the same files into, with a firebase.json beside it; alone with --dry-run",
        json_schema_extra={"short": "-o", "commands": ["publish"]},
    )
    message: str | None = Field(
        default=None,
        max_length=512,
        description="What the site's history says of it",
        json_schema_extra={"commands": ["publish", "rollback"]},
    )
