"""Options every `publisher-backend firebase` command has besides the core's."""

from __future__ import annotations

from pydantic import BaseModel, ConfigDict, Field

from miniprogram.provider_kit.settings import Truth


class BackendOptions(BaseModel):
    """What is not given is what an earlier deploy was told."""

    model_config = ConfigDict(frozen=True)

    public_invoker: Truth = Field(
        default=True,
        description="let anybody ask the backend; with --no-public-invoker Google lets in whom you allow",
        json_schema_extra={"negatable": True},
    )
    keep_rules: Truth = Field(
        default=False, description="deploy although the security rules let people into the database"
    )
