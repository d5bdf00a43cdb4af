"""What the AWS SDKs raise, said once as a sentence a person can act on.

`mapped()` wraps every call. Account ids, keys and request ids never get into a message: what a service says is
passed on only where it helps, and redacted.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from contextlib import contextmanager

from miniprogram.errors import MiniProgramError
from miniprogram_aws.sdk.redact import redact
from miniprogram_aws.sdk.required_action import action_of
from miniprogram_aws.sdk.sdk_errors import Failure, read_failure

CALLER: tuple[tuple[frozenset[str], str, str], ...] = (
    (
        frozenset({"NoCredentialsError", "PartialCredentialsError", "CredentialRetrievalError"}),
        "there are no AWS credentials",
        "Sign in with `aws configure` or `aws sso login`, set AWS_ACCESS_KEY_ID and AWS_SECRET_ACCESS_KEY, "
        "or name a profile with --aws-profile.",
    ),
    (
        frozenset({"ProfileNotFound"}),
        "the AWS profile of this environment does not exist on this machine",
        "Create it with `aws configure --profile NAME`, or change --aws-profile.",
    ),
    (
        frozenset(
            {
                "ExpiredToken",
                "ExpiredTokenException",
                "LoginRefreshRequired",
                "RequestExpired",
                "SSOTokenLoadError",
                "TokenRefreshRequired",
                "TokenRetrievalError",
                "UnauthorizedSSOTokenError",
            }
        ),
        "the AWS sign-in has expired",
        "Sign in again, then run the same command: it goes on where it stopped.",
    ),
    (
        frozenset({"InvalidAccessKeyId", "InvalidClientTokenId", "InvalidToken", "UnrecognizedClientException"}),
        "AWS does not know the access key",
        "Check AWS_ACCESS_KEY_ID or the profile; the key may have been deleted.",
    ),
    (
        frozenset({"RequestInTheFuture", "RequestTimeTooSkewed"}),
        "the clock of this machine is wrong",
        "Set it right: AWS accepts a difference of a few minutes.",
    ),
    (
        frozenset({"AuthFailure", "IncompleteSignature", "InvalidSignatureException", "SignatureDoesNotMatch"}),
        "AWS refuses the signature",
        "The secret access key does not fit the access key, or the clock of this machine is wrong.",
    ),
)
"""What is wrong with whoever asks: codes, the reason, what helps."""
WRONG_REGION = {
    "PermanentRedirect",
    "TemporaryRedirect",
    "AuthorizationHeaderMalformed",
    "IllegalLocationConstraintException",
    "IncorrectEndpoint",
}
DENIED = {"AccessDenied", "AccessDeniedException", "UnauthorizedOperation", "AllAccessDisabled", "Forbidden"}
THROTTLED = {
    "SlowDown",
    "Throttling",
    "ThrottlingException",
    "ThrottledException",
    "RequestThrottled",
    "RequestLimitExceeded",
    "TooManyRequestsException",
    "ProvisionedThroughputExceededException",
    "BandwidthLimitExceeded",
}
UNREACHABLE = {
    "EndpointConnectionError",
    "ConnectionError",
    "ConnectionClosedError",
    "ConnectTimeoutError",
    "HTTPClientError",
    "ReadTimeoutError",
    "ResponseParserError",
    "ResponseStreamingError",
    "IncompleteReadError",
    "ProxyConnectionError",
    "SSLError",
}


class AwsError(MiniProgramError):
    """AWS refused, failed or could not be reached."""


@contextmanager
def mapped(
    doing: str, *, resource: str, region: str, failure: type[MiniProgramError] = AwsError
) -> Iterator[None]:
    """Turn what an SDK raises inside into `failure`.

    `doing` completes "cannot …", such as "read s3://shop/a.json"; `resource` names what a permission is for, such
    as "the bucket shop" or "the stack shop-prod".
    """
    try:
        yield
    except MiniProgramError:
        raise
    except Exception as error:
        found = read_failure(error)
        if found is None:
            raise
        raise explain(found, doing, resource=resource, region=region, failure=failure) from None


def explain(
    found: Failure, doing: str, *, resource: str, region: str, failure: type[MiniProgramError] = AwsError
) -> MiniProgramError:
    """The error for `found`: why it failed in the message, what helps in the hint."""
    why, hint = _reason(found, resource, region)
    return failure(f"cannot {doing}: {why}", hint=hint)


def _reason(found: Failure, resource: str, region: str) -> tuple[str, str | None]:
    return _about_the_caller(found) or _about_the_resource(found, resource, region) or _about_the_attempt(found)


def _about_the_caller(found: Failure) -> tuple[str, str] | None:
    return next(((why, hint) for codes, why, hint in CALLER if found.code in codes), None)


def _about_the_resource(found: Failure, resource: str, region: str) -> tuple[str, str | None] | None:
    code = found.code
    if code in WRONG_REGION or found.status == 301:
        return _wrong_region(found, resource, region)
    if code in DENIED or found.status == 403:
        action = action_of(found)
        return f"access denied: {action} on {resource} is not allowed", (
            f"Let the signed-in user or role do {action} on {resource}."
        )
    if code in {"NoSuchBucket", "NoSuchBucketException"}:
        return f"{resource} does not exist", (
            "Make it with `miniprogram env configure NAME --create-bucket`, or correct --bucket and --region."
        )
    if code in {"NoRegionError", "InvalidRegionError"}:
        return f"{region!r} is no region", "Correct --region."
    if code in {"ParamValidationError", "InvalidBucketName"}:
        return f"AWS cannot take the name of {resource}", "Correct the setting."
    return None


def _wrong_region(found: Failure, resource: str, region: str) -> tuple[str, str]:
    right = found.region or _expected_region(found.message)
    if right and right != region:
        return f"{resource} is in {right}, not in {region}", f"Say --region {right}."
    return f"{resource} is not in {region}", "Correct --region."


def _expected_region(message: str) -> str | None:
    said = re.search(r"expecting '([a-z0-9-]+)'", message)
    return said[1] if said else None


def _about_the_attempt(found: Failure) -> tuple[str, str | None]:
    if found.code in THROTTLED or found.status == 429:
        return "AWS asks to slow down, even after several tries", "Wait a minute and run the same command again."
    if found.code in UNREACHABLE:
        where = f" at {found.endpoint}" if found.endpoint else ""
        return f"AWS cannot be reached{where}", "Check the network, --endpoint-url and AWS_ENDPOINT_URL."
    if found.status >= 500:
        return "AWS failed, even after several tries", "Run the same command again; it goes on where it stopped."
    said = redact(found.message).rstrip(".")
    return f"{found.code}: {said}" if said else found.code, None
