"""Options of `publish --target local`."""

from __future__ import annotations

from pathlib import Path

from pydantic import BaseModel, ConfigDict, Field


class LocalSettings(BaseModel):
    """Which workspace, when it is not the one that is found."""

    model_config = ConfigDict(frozen=True)

    root: Path | None = Field(default=None, description="Local backend workspace; else the one found here")
