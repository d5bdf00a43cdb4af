"""Which permission an S3 operation needs."""

from __future__ import annotations

import re

from miniprogram.provider_kit.sdk_errors import Failure

_ACTIONS = {
    "CompleteMultipartUpload": "PutObject",
    "CopyObject": "PutObject",
    "CreateMultipartUpload": "PutObject",
    "GetBucketEncryption": "GetEncryptionConfiguration",
    "GetPublicAccessBlock": "GetBucketPublicAccessBlock",
    "HeadBucket": "ListBucket",
    "HeadObject": "GetObject",
    "ListObjectVersions": "ListBucketVersions",
    "ListObjectsV2": "ListBucket",
    "PutBucketEncryption": "PutEncryptionConfiguration",
    "PutBucketLifecycleConfiguration": "PutLifecycleConfiguration",
    "PutPublicAccessBlock": "PutBucketPublicAccessBlock",
    "UploadPart": "PutObject",
}
"""Operations that are not named like their action."""


def action_of(found: Failure) -> str:
    """The action, such as `s3:PutObject`: as the service names it, else by the operation that was refused."""
    said = re.search(r"not authorized to perform:? ([a-z0-9-]+:\w+)", found.message)
    return said[1] if said else f"s3:{_ACTIONS.get(found.operation, found.operation or '*')}"
