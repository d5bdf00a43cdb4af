"""Events as API Gateway sends them to a function."""

from __future__ import annotations

import base64
from typing import Any


def http_api_event(
    method: str,
    path: str,
    *,
    query: str = "",
    headers: dict[str, str] | None = None,
    body: bytes = b"",
    stage: str = "prod",
) -> dict[str, Any]:
    """As an HTTP API of payload format 2.0 sends it."""
    raw = f"/{stage}{path}" if stage != "$default" else path
    http = {"method": method, "path": raw, "protocol": "HTTP/1.1", "sourceIp": "192.0.2.1", "userAgent": "test"}
    event = {
        "version": "2.0",
        "routeKey": "ANY /{proxy+}",
        "rawPath": raw,
        "rawQueryString": query,
        "headers": {name.lower(): value for name, value in (headers or {}).items()},
        "requestContext": {"http": http, "stage": stage, "domainName": "a1.execute-api.eu-west-1.amazonaws.com"},
        "isBase64Encoded": bool(body),
    }
    return {**event, "body": base64.b64encode(body).decode()} if body else event
