"""What the AWS SDKs raise, as sentences: those of S3, with the permissions of every service."""

from __future__ import annotations

from miniprogram.errors import MiniProgramError
from miniprogram_aws.sdk.required_action import action_of
from miniprogram_s3.errors import errors_of


class AwsError(MiniProgramError):
    """AWS refused, failed or could not be reached."""


AWS_ERRORS = errors_of("AWS", action=action_of, default=AwsError)
mapped = AWS_ERRORS.mapped
