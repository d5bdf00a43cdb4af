"""obstore's view of a bucket, connected and signed in as boto3 is."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from typing import TYPE_CHECKING, Any
from urllib.parse import urlsplit, urlunsplit

from miniprogram_s3.client import CONNECT_TIMEOUT_S, MAX_ATTEMPTS, READ_TIMEOUT_S, S3Clients
from miniprogram_s3.endpoints import is_aws

if TYPE_CHECKING:
    from obstore.store import S3Store

FIRST_PAUSE_S = 0.2
"""Before the second try; later ones double, with chance."""
CREDENTIALS_LAST = timedelta(minutes=5)
"""How long obstore uses what it was given before it asks again; boto3 refreshes in time before that."""


def open_obstore_client(bucket: str, clients: S3Clients, *, kms_key_id: str | None) -> S3Store:
    """Makes no request. Raises MiniProgramError when there are no credentials."""
    from obstore.store import S3Store

    endpoint, by_host = _address(bucket, clients)
    encryption = {"aws_server_side_encryption": "aws:kms", "aws_sse_kms_key_id": kms_key_id} if kms_key_id else {}
    config: dict[str, Any] = {
        "region": clients.region,
        "endpoint": endpoint,
        "aws_endpoint_url_s3": endpoint,
        "virtual_hosted_style_request": by_host,
        **encryption,
    }
    clients.credentials()  # fail here, with a sentence
    return S3Store(
        bucket,
        config=config,  # type: ignore[arg-type]
        client_options={
            "allow_http": urlsplit(endpoint).scheme == "http",
            "connect_timeout": timedelta(seconds=CONNECT_TIMEOUT_S),
            "timeout": timedelta(seconds=READ_TIMEOUT_S),
        },
        retry_config={
            "max_retries": MAX_ATTEMPTS - 1,
            "retry_timeout": timedelta(seconds=MAX_ATTEMPTS * READ_TIMEOUT_S),
            "backoff": {
                "init_backoff": timedelta(seconds=FIRST_PAUSE_S),
                "max_backoff": timedelta(seconds=20),
                "base": 2,
            },
        },
        credential_provider=lambda: _credentials(clients),  # type: ignore[arg-type]
    )


def _address(bucket: str, clients: S3Clients) -> tuple[str, bool]:
    """Where the bucket is, and whether its name is part of the host, as AWS wants it where it can be."""
    endpoint = clients.s3.meta.endpoint_url
    foreign = not is_aws(clients.endpoint_url("s3"))
    by_path = clients.addressing_style == "path" if foreign else clients.endpoint_url("s3") is not None
    if by_path or "." in bucket:
        return endpoint, False
    parts = urlsplit(endpoint)
    return urlunsplit(parts._replace(netloc=f"{bucket}.{parts.netloc}")), True


def _credentials(clients: S3Clients) -> dict[str, Any]:
    found = clients.credentials()
    return {
        "access_key_id": found.access_key,
        "secret_access_key": found.secret_key,
        "token": found.token,
        "expires_at": datetime.now(UTC) + CREDENTIALS_LAST,
    }
