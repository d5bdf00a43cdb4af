"""Options of `publish --target static`."""

from __future__ import annotations

from pathlib import Path

from pydantic import BaseModel, ConfigDict, Field


class StaticSettings(BaseModel):
    """Where the folder is, and whether to start it over."""

    model_config = ConfigDict(frozen=True)

    output: Path = Field(
        description="Folder that is published into; made when it is not there", json_schema_extra={"short": "-o"}
    )
    clean: bool = Field(
        default=False,
        description="Remove every other release from the folder, and replace this one",
        json_schema_extra={"commands": ["publish"]},
    )
