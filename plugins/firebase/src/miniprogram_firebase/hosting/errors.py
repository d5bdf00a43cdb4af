"""What Firebase Hosting's refusals mean."""

from __future__ import annotations

from miniprogram.errors import PublishError
from miniprogram.provider_kit.sdk_errors import SdkErrors, when
from miniprogram_gcp.cloud_errors import cloud_errors

API = "firebasehosting.googleapis.com"


def hosting_errors(project: str, environment: str) -> SdkErrors:
    """The table for the sites of `project`."""
    return cloud_errors(
        "Firebase Hosting",
        project,
        environment,
        api=API,
        role="roles/firebasehosting.admin",
        own=(
            when(
                {"FAILED_PRECONDITION"},
                "somebody changed the version while it was being made; nothing is released",
                "Run the same command again: it makes another one.",
            ),
            when((), "{resource} has no such site, or this account may not see it", statuses=(404,)),
        ),
        default=PublishError,
    )
