"""What S3 and the other services of AWS raise, said as a sentence; `service` is what people call who refuses."""

from __future__ import annotations

import re
from collections.abc import Callable

from miniprogram.errors import MiniProgramError, StoreError
from miniprogram.provider_kit.redaction import Redaction
from miniprogram.provider_kit.sdk_errors import Explanation, Failure, Rule, SdkErrors, Subject, after_tries, when
from miniprogram_s3.s3_actions import action_of
from miniprogram_s3.sdk_failures import CREDENTIALS_FAILED, read_failure

NO_CREDENTIALS = {"NoCredentialsError"}
NOT_SIGNED_IN = {
    CREDENTIALS_FAILED,
    "ConfigNotFound",
    "ConfigParseError",
    "CredentialRetrievalError",
    "InfiniteLoopConfigError",
    "InvalidConfigError",
    "MetadataRetrievalError",
    "MissingDependencyException",
    "PartialCredentialsError",
    "RefreshWithMFAUnsupportedError",
    "UnknownCredentialError",
}
EXPIRED = {
    "ExpiredToken",
    "ExpiredTokenException",
    "LoginRefreshRequired",
    "RequestExpired",
    "SSOTokenLoadError",
    "TokenRefreshRequired",
    "TokenRetrievalError",
    "UnauthorizedSSOTokenError",
}
UNKNOWN_KEY = {"InvalidAccessKeyId", "InvalidClientTokenId", "InvalidToken", "UnrecognizedClientException"}
WRONG_CLOCK = {"RequestInTheFuture", "RequestTimeTooSkewed"}
WRONG_SECRET = {"AuthFailure", "IncompleteSignature", "InvalidSignatureException", "SignatureDoesNotMatch"}
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
}

redact = Redaction(
    ("<identity>", r"\barn:[\w-]+:(?:iam|sts)::\S+"),
    ("<key id>", r"\b(?:AKIA|ASIA|AROA|AIDA)[A-Z0-9]{8,}\b"),
    ("<account>", r"\b\d{12}\b"),
)


def errors_of(
    service: str,
    *,
    action: Callable[[Failure], str] = action_of,
    default: type[MiniProgramError] = StoreError,
) -> SdkErrors:
    """The errors of `service`. `action` names the permission a refused call needs."""
    return SdkErrors(
        read=read_failure,
        rules=(*_about_the_caller(service), *_about_the_resource(service, action), *_about_the_attempt(service)),
        redact=redact,
        default=default,
    )


def _about_the_caller(service: str) -> tuple[Rule, ...]:
    def not_signed_in(found: Failure, subject: Subject) -> Explanation | None:
        del subject
        if found.code not in NOT_SIGNED_IN:
            return None
        why = f"the {service} credentials cannot be had: {redact(found.message).rstrip('.')}"
        return why, "Correct the profile or the variables that say where they come from, or name a --aws-profile."

    return (
        not_signed_in,
        when(
            NO_CREDENTIALS,
            f"there are no {service} credentials",
            "Sign in with `aws configure` or `aws sso login`, set AWS_ACCESS_KEY_ID and AWS_SECRET_ACCESS_KEY, "
            "or name a profile with --aws-profile.",
        ),
        when(
            {"ProfileNotFound"},
            "the AWS profile of this environment does not exist on this machine",
            "Create it with `aws configure --profile NAME`, or change --aws-profile.",
        ),
        when(
            EXPIRED,
            f"the {service} sign-in has expired",
            "Sign in again, then run the same command: it goes on where it stopped.",
        ),
        when(
            UNKNOWN_KEY,
            f"{service} does not know the access key",
            "Check AWS_ACCESS_KEY_ID or the profile; the key may have been deleted.",
            statuses=(401,),
        ),
        when(
            WRONG_CLOCK,
            "the clock of this machine is wrong",
            f"Set it right: {service} accepts a difference of a few minutes.",
        ),
        when(
            WRONG_SECRET,
            f"{service} refuses the signature",
            "The secret access key does not fit the access key, or the clock of this machine is wrong.",
        ),
    )


def _about_the_resource(service: str, action: Callable[[Failure], str]) -> tuple[Rule, ...]:
    def denied(found: Failure, subject: Subject) -> Explanation | None:
        if found.code not in DENIED and found.status != 403:
            return None
        needed = f"{action(found)} on {subject.resource}"
        return f"access denied: {needed} is not allowed", (f"Let the signed-in user or role do {needed}.")

    return (
        _wrong_region,
        denied,
        when(
            {"NoSuchBucket", "NoSuchBucketException"},
            "{resource} does not exist",
            "Make it with `miniprogram env configure NAME --create-bucket`, or correct --bucket and --region.",
        ),
        when({"NoRegionError", "InvalidRegionError"}, "{region!r} is no region", "Correct --region."),
        when(
            {"ParamValidationError", "InvalidBucketName"},
            f"{service} cannot take the name of {{resource}}",
            "Correct the setting.",
        ),
    )


def _wrong_region(found: Failure, subject: Subject) -> Explanation | None:
    if found.code not in WRONG_REGION and found.status != 301:
        return None
    said = re.search(r"expecting '([a-z0-9-]+)'", found.message)
    right = found.region or (said[1] if said else None)
    if right and right != subject.region:
        return f"{subject.resource} is in {right}, not in {subject.region}", f"Say --region {right}."
    return f"{subject.resource} is not in {subject.region}", "Correct --region."


def _about_the_attempt(service: str) -> tuple[Rule, ...]:
    def no_proxy(found: Failure, subject: Subject) -> Explanation | None:
        del subject
        if found.code != "ProxyConnectionError":
            return None
        where = f" {found.endpoint}" if found.endpoint else ""
        return f"{service} cannot be reached through the proxy{where}", "Check HTTPS_PROXY and NO_PROXY."

    distrusted = when(
        {"SSLError"},
        f"{service} cannot be reached: its certificate is not trusted",
        "Name the file with the certificate of who signed it: --ca-bundle FILE, or AWS_CA_BUNDLE.",
    )
    check = "Check the network, --endpoint-url and AWS_ENDPOINT_URL."
    return (distrusted, no_proxy, *after_tries(service, throttled=THROTTLED, unreachable=UNREACHABLE, check=check))
