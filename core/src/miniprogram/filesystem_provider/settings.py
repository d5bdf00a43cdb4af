"""Settings of the filesystem provider."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

from pydantic import AfterValidator, BaseModel, BeforeValidator, ConfigDict, Field
from pydantic.alias_generators import to_camel

from miniprogram.seams.setting_texts import absolute_url, ip_address, object_prefix, truth

DEFAULT_PORT = 8787

Prefix = Annotated[str, BeforeValidator(object_prefix)]


def _absolute(path: Path) -> Path:
    if not path.is_absolute():
        raise ValueError("must be an absolute path")
    return path


class FilesystemSettings(BaseModel):
    """Where releases go on this machine. Source: `values` of a filesystem entry in env.json.

    Unknown keys are ignored.
    """

    model_config = ConfigDict(frozen=True, alias_generator=to_camel, populate_by_name=True)

    store_root: Annotated[Path, AfterValidator(_absolute)] = Field(
        description="folder that holds everything published",
        json_schema_extra={"option": "--store", "takes_root": True},
    )
    artifacts_prefix: Prefix = Field(
        default="artifacts",
        description="start of the keys of artifacts",
        json_schema_extra={"always_stored": True},
    )
    metadata_prefix: Prefix = Field(
        default="metadata",
        description="start of the keys of metadata",
        json_schema_extra={"always_stored": True},
    )
    api_base_url: Annotated[str, BeforeValidator(absolute_url)] | None = Field(
        default=None, description="absolute delivery API base URL that hosts are given"
    )
    host: Annotated[str, BeforeValidator(ip_address)] = Field(
        default="127.0.0.1",
        description="IP address the delivery server listens on; 0.0.0.0 opens it to the network",
    )
    port: int = Field(default=DEFAULT_PORT, ge=1, le=65535, description="port the delivery server listens on")
    require_access_keys: Annotated[bool, BeforeValidator(truth)] = Field(
        default=False,
        description="refuse every mini-program that has no access keys",
        json_schema_extra={"negatable": True},
    )
