"""The function: a request comes in, the routes answer. Your own routes go into `Backend(extra_routes=…)`.

`server.py` serves it where there is nothing but Python; functions-framework calls `publisher_backend` itself:

    functions-framework --target publisher_backend

Whatever fails is written to the log and answered with a plain 500.
"""

from __future__ import annotations

import logging
import os
from typing import Any

from publisher_routes import Backend, Reply, Request, encode, handle
from store import open_store

log = logging.getLogger("publisher_backend")

backend = Backend(
    store=open_store(os.environ),
    service="mini_program_firebase_publisher_backend",
    default_user="preview-user",
    missing_codes={"home": "home_bootstrap_missing", "session": "session_missing"},
    health={"storageMode": os.environ.get("PUBLISHER_BACKEND_STORAGE", "")},
)


def answer(request: Request) -> tuple[int, dict[str, str], bytes]:
    """Status, headers and body. Never raises."""
    try:
        reply = handle(backend, request)
    except Exception:
        log.exception("a request failed")
        reply = Reply(500, {"errorCode": "publisher_backend_error", "message": "Something went wrong here."})
    status, headers, body = encode(reply)
    return status, headers, body


def publisher_backend(request: Any) -> tuple[bytes, int, dict[str, str]]:
    """What functions-framework calls, with a request of Flask."""
    status, headers, body = answer(Request(request.method, request.path, request.get_data()))
    return body, status, headers
