"""The function behind the HTTP API: translate the event, let the routes answer, translate the reply.

Your own routes go into `Backend(extra_routes=…)`. Whatever fails is written to the log
and answered with a plain 500.
"""

from __future__ import annotations

import base64
import binascii
import logging
import os
from collections.abc import Mapping
from typing import Any

from publisher_routes import Backend, Reply, Request, encode, handle
from store import open_store

log = logging.getLogger("publisher_backend")

backend = Backend(
    store=open_store(os.environ),
    service="mini_program_aws_publisher_backend",
    health={"storageMode": os.environ.get("PUBLISHER_BACKEND_STORAGE", "bundled")},
)


def handler(event: Mapping[str, Any], context: object = None) -> dict[str, Any]:
    """Answer an event of an HTTP API (version 2.0) or of a REST API."""
    del context
    try:
        reply = handle(backend, _request(event))
    except Exception:
        log.exception("a request failed")
        reply = Reply(500, {"errorCode": "publisher_backend_error", "message": "Something went wrong here."})
    status, headers, body = encode(reply)
    return {"statusCode": status, "headers": headers, "body": body.decode(), "isBase64Encoded": False}


def _request(event: Mapping[str, Any]) -> Request:
    about = event.get("requestContext") or {}
    method = (about.get("http") or {}).get("method") or event.get("httpMethod") or ""
    path = event.get("rawPath") or event.get("path") or "/"
    return Request(method, _without_stage(path, about.get("stage")), _body(event))


def _without_stage(path: str, stage: str | None) -> str:
    if not stage or stage == "$default":
        return path
    return path.removeprefix(f"/{stage}") or "/" if f"{path}/".startswith(f"/{stage}/") else path


def _body(event: Mapping[str, Any]) -> bytes:
    text = event.get("body") or ""
    if not event.get("isBase64Encoded"):
        return text.encode()
    try:
        return base64.b64decode(text, validate=True)
    except (binascii.Error, ValueError):
        return text.encode()  # no base64 after all: the routes will say that it is no JSON
