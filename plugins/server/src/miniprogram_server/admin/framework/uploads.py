"""Bodies too large for memory: written to disk while they come, and removed when they were used."""

from __future__ import annotations

import hashlib
import tempfile
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import dataclass
from typing import BinaryIO

from starlette.datastructures import Headers
from starlette.requests import Request
from starlette.types import Message, Receive

from miniprogram_server.admin.framework.problems import Failure

IN_MEMORY_BYTES = 256 * 1024
"""What is no larger never touches the disk."""


@dataclass(frozen=True, slots=True)
class Upload:
    """A file that came in a request; `content` stands at its start. Gone once the request is answered."""

    name: str
    size: int
    content: BinaryIO


@asynccontextmanager
async def saved_body(request: Request, *, max_bytes: int) -> AsyncIterator[tuple[Upload, bytes]]:
    """The whole body as an upload, and its digest. Raises Failure (413) for more than `max_bytes`."""
    refuse_announced(request.headers, max_bytes)
    with tempfile.SpooledTemporaryFile(max_size=IN_MEMORY_BYTES) as file:
        digest, size = hashlib.sha256(), 0
        async for part in request.stream():
            size += len(part)
            if size > max_bytes:
                raise too_large(max_bytes)
            digest.update(part)
            file.write(part)
        file.seek(0)
        yield Upload("", size, file), digest.digest()  # type: ignore[arg-type]


def bounded(receive: Receive, max_bytes: int) -> Receive:
    """`receive`, up to so many bytes of a body. Raises Failure (413) beyond."""
    size = 0

    async def receive_some() -> Message:
        nonlocal size
        message = await receive()
        size += len(message.get("body", b""))
        if size > max_bytes:
            raise too_large(max_bytes)
        return message

    return receive_some


def refuse_announced(headers: Headers, max_bytes: int) -> None:
    """Raises Failure (413) for a body that is announced as too large, before any of it is read."""
    announced = headers.get("content-length", "")
    if announced.isascii() and announced.isdigit() and int(announced[:18]) > max_bytes:
        raise too_large(max_bytes)


def too_large(max_bytes: int) -> Failure:
    return Failure(413, "payload_too_large", f"the body may have {max_bytes} bytes at most")
