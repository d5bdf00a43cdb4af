"""Options every `publisher-backend aws` command has besides the core's."""

from __future__ import annotations

from pydantic import BaseModel, ConfigDict, Field

from miniprogram_aws.setting_values import ResourceName
from miniprogram_s3.settings import BucketName


class BackendOptions(BaseModel):
    """What is not given is what an earlier deploy was told, else what the environment says."""

    model_config = ConfigDict(frozen=True)

    stack_name: ResourceName | None = Field(default=None, description="name of the backend's stack")
    stage_name: ResourceName | None = Field(default=None, description="stage of the backend's API")
    sam_s3_bucket: BucketName | None = Field(
        default=None,
        description="bucket for the function's archive",
        json_schema_extra={"option": "--sam-s3-bucket"},
    )
