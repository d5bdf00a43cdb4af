"""Settings of the filesystem provider."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

from pydantic import AfterValidator, Field

from miniprogram.provider_kit.settings import ServedSettings


def _absolute(path: Path) -> Path:
    if not path.is_absolute():
        raise ValueError("must be an absolute path")
    return path


class FilesystemSettings(ServedSettings):
    """Where releases go on this machine. Source: `values` of a filesystem entry in env.json.

    Unknown keys are ignored.
    """

    store_root: Annotated[Path, AfterValidator(_absolute)] = Field(
        description="folder that holds everything published",
        json_schema_extra={"option": "--store", "takes_root": True},
    )
