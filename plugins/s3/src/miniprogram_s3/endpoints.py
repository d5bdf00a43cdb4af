"""Which addresses are AWS's own: there the rules of S3 are known, anywhere else they are found out."""

from __future__ import annotations

from urllib.parse import urlsplit


def is_aws(endpoint_url: str | None) -> bool:
    """Whether S3 requests go to AWS: to its usual addresses, or to a private one of its own."""
    host = urlsplit(endpoint_url).hostname or "" if endpoint_url else ""
    return endpoint_url is None or host.endswith((".amazonaws.com", ".amazonaws.com.cn"))
