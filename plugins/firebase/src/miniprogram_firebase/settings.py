"""Settings of the Firebase provider."""

from __future__ import annotations

import re
from typing import Annotated

from pydantic import AfterValidator, Field

from miniprogram.provider_kit.settings import Delivery, Truth, Url
from miniprogram_gcp.run_settings import ProjectId, RunSettings
from miniprogram_gcp.settings import BucketName, GcpSettings, Location


def _function(text: str) -> str:
    name = text.strip()
    if not re.fullmatch(r"[A-Za-z_$][A-Za-z0-9_$]*", name):
        raise ValueError("must be a function's name: letters, digits, _ and $, no digit first")
    return name


def _https(url: str) -> str:
    if not url.startswith("https://"):
        raise ValueError("must begin with https://")
    return url


class FirebaseSettings(RunSettings):
    """A Firebase project. Source: `values` of a firebase entry in env.json. Unknown keys are ignored."""

    project_id: ProjectId = Field(description="Firebase project")
    region: Location = Field(
        default="us-central1",
        description="region of functions, and location of the bucket",
        json_schema_extra={"always_stored": True},
    )
    function_name: Annotated[str, AfterValidator(_function)] = Field(
        default="publisherBackend",
        description="function of the publisher backend",
        json_schema_extra={"always_stored": True},
    )
    function_url: Annotated[Url, AfterValidator(_https)] | None = Field(
        default=None, description="absolute https URL of that function, where it is not the usual one"
    )
    delivery: Delivery = Field(
        default="cloud",
        description="where delivery runs: cloud for Cloud Run, or self for a server on a machine of yours",
    )
    admission_database: Truth = Field(
        default=False,
        description="count in the project's Firestore who was admitted to time windows",
        json_schema_extra={"negatable": True},
    )
    bucket: BucketName | None = Field(
        default=None, description="Cloud Storage bucket for releases; Hosting alone needs none"
    )

    def storage(self, bucket: str) -> GcpSettings:
        """The same environment as one of Cloud Storage."""
        shared = {name: getattr(self, name) for name in self.model_fields_set & set(GcpSettings.model_fields)}
        return GcpSettings(**{**shared, "bucket": bucket, "region": self.region, "delivery": self.delivery})
