"""The options of `publish --target shelf`."""

from __future__ import annotations

from pathlib import Path

from pydantic import BaseModel, ConfigDict, Field


class ShelfSettings(BaseModel):
    """Each field is an option: `--shelf DIR` and `--label TEXT`."""

    model_config = ConfigDict(frozen=True)

    shelf: Path = Field(description="Folder to publish into; made when it is not there")
    label: str = Field(default="Mini-programs", min_length=1, description="What LABEL.txt in the folder says")
