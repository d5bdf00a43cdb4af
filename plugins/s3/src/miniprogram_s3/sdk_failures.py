"""What went wrong in a call, whichever SDK made it."""

from __future__ import annotations

import re
import sys
from typing import Any
from urllib.parse import urlsplit

from miniprogram.provider_kit.sdk_errors import Failure


def read_failure(error: Exception) -> Failure | None:
    """The failure in an SDK's exception; None when it is none of theirs."""
    module = type(error).__module__.split(".")[0]
    if module == "obstore":
        return _of_obstore(error)
    if _comes_from_credentials(error) and module != "botocore":
        return _of_credential_source(error)
    if module not in {"botocore", "boto3", "s3transfer"}:
        # errors of a service's own client are made at run time: they derive from ClientError
        client_error = getattr(sys.modules.get("botocore.exceptions"), "ClientError", None)
        if client_error is None or not isinstance(error, client_error):
            return None
    return _of_botocore(error)


CREDENTIALS_FAILED = "CredentialsFailed"
"""Whatever a credential source does: programs, files and servers that a profile names raise anything."""
_CREDENTIAL_MODULES = {"botocore.credentials", "botocore.tokens"}


def _comes_from_credentials(error: Exception) -> bool:
    """Whether it was raised while the SDK asked who signs in."""
    trace = error.__traceback__
    while trace is not None:
        if trace.tb_frame.f_globals.get("__name__") in _CREDENTIAL_MODULES:
            return True
        trace = trace.tb_next
    return False


def _of_credential_source(error: Exception) -> Failure:
    """Of its text only what cannot hold a secret."""
    if isinstance(error, RuntimeError) and "expired" in str(error):
        return Failure("ExpiredToken")
    if isinstance(error, OSError) and error.filename:
        what = f"{error.filename}: {error.strerror}"
    elif isinstance(error, EOFError):
        what = "they take a code that somebody has to type"
    else:
        what = f"what gives them answers something else ({type(error).__name__})"
    return Failure(CREDENTIALS_FAILED, message=what)


def code_of(error: Exception) -> str:
    """The error code of what an SDK raised, such as `NoSuchKey`; empty for anything else."""
    found = read_failure(error)
    return found.code if found is not None else ""


def _of_botocore(error: Any) -> Failure:
    response = getattr(error, "response", None)
    if not isinstance(response, dict):
        bases = {base.__name__ for base in type(error).__mro__}
        code = next((name for name in _FAMILIES if name in bases), type(error).__name__)
        if "Invalid header value" in str(error):  # signed with what is no text of one line; shown by the SDK
            return Failure(CREDENTIALS_FAILED, message="they hold a line end, or a letter that no key has")
        told = getattr(error, "kwargs", {})
        endpoint = _host(told.get("endpoint_url") or told.get("proxy_url"))
        return Failure(code, message=str(error), endpoint=endpoint)
    said, meta = response.get("Error", {}), response.get("ResponseMetadata", {})
    headers, status = meta.get("HTTPHeaders", {}), int(meta.get("HTTPStatusCode", 0))
    operation = str(getattr(error, "operation_name", ""))
    return Failure(
        code="NoSuchBucket" if status == 404 and operation == "HeadBucket" else _code(said.get("Code"), status),
        status=status,
        operation=operation,
        message=str(said.get("Message", "")),
        region=said.get("Region") or headers.get("x-amz-bucket-region"),
    )


_FAMILIES = (
    "ConnectTimeoutError",
    "ConnectionClosedError",
    "EndpointConnectionError",
    "ProxyConnectionError",
    "ReadTimeoutError",
    "ResponseStreamingError",
    "SSLError",
    "HTTPClientError",
)
"""Exceptions whose subclasses mean the same; the last one is the base of most others."""

_OBSTORE_CODES = {
    "AlreadyExistsError": "PreconditionFailed",
    "PreconditionError": "PreconditionFailed",
    "NotModifiedError": "PreconditionFailed",
    "NotFoundError": "NoSuchKey",
    "PermissionDeniedError": "AccessDenied",
    "UnauthenticatedError": "InvalidAccessKeyId",
}


def _of_obstore(error: Exception) -> Failure:
    """obstore raises one text that holds the XML of the response, if there was one."""
    text = str(error)
    code = re.search(r"<Code>(\w+)</Code>", text)
    status = re.search(r"status(?: code)?:?\s*(\d{3})\b|\b([45]\d\d) [A-Z][a-z]", text)
    region = re.search(r"<Region>([a-z0-9-]+)</Region>", text)
    message = re.search(r"<Message>([^<]*)</Message>", text)
    number = int(next(filter(None, status.groups()))) if status else 0
    if "incorrectly configured region" in text:
        number = 301
    usual = _OBSTORE_CODES.get(type(error).__name__) or ("" if number else "EndpointConnectionError")
    return Failure(
        code=code[1] if code else _code(usual, number),
        status=number,
        operation="PutObject",  # all it is used for
        message=message[1] if message else "",
        region=region[1] if region else None,
    )


def _code(code: str | None, status: int) -> str:
    """Responses to HEAD have no body: their code is the bare status."""
    if code and not code.isdecimal():
        return code
    return {403: "AccessDenied", 404: "NotFound", 412: "PreconditionFailed"}.get(status, f"HTTP {status}")


def _host(url: Any) -> str | None:
    if not isinstance(url, str):
        return None
    parts = urlsplit(url)
    return f"{parts.scheme}://{parts.hostname}{f':{parts.port}' if parts.port else ''}"
