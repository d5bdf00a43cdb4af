"""What Firebase Hosting's refusals mean."""

from __future__ import annotations

from miniprogram.errors import PublishError
from miniprogram.provider_kit.sdk_errors import Explanation, Failure, SdkErrors, Subject, when
from miniprogram_gcp.cloud_errors import cloud_errors

API = "firebasehosting.googleapis.com"


AGAIN = "Run the same command again: it makes another one."


def _gone_version(found: Failure, subject: Subject) -> Explanation | None:
    """Google gives a version up that is not finished within twelve hours, and people delete them."""
    del subject
    told = found.message.lower()
    if "version" not in told or not any(word in told for word in ("abandoned", "deleted", "expired", "not found")):
        return None
    return (
        "the version that was being made, or that it starts from, is no longer there; nothing is released",
        AGAIN,
    )


def hosting_errors(project: str, environment: str) -> SdkErrors:
    """The table for the sites of `project`."""
    return cloud_errors(
        "Firebase Hosting",
        project,
        environment,
        api=API,
        role="roles/firebasehosting.admin",
        own=(
            _gone_version,
            when(
                {"FAILED_PRECONDITION"},
                "somebody changed the version while it was being made; nothing is released",
                AGAIN,
            ),
            when(
                (),
                "what is asked for is not there any more in {resource}: the site, its channel or a version",
                "Somebody may have deleted it just now; `miniprogram cloud doctor` says what there is.",
                statuses=(404,),
            ),
        ),
        default=PublishError,
    )
