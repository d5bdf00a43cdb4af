"""A small S3 in memory for benchmarks: every request takes a set time, and is counted.

Usage: python s3_standin.py PORT SERVICE_MS. Speaks what an upload needs: PUT, GET, HEAD and DELETE of objects with
If-Match and If-None-Match, both listings, whether the bucket keeps versions. `GET /-/count` gives the requests by
method since the last time. Signatures are not looked at.
"""

from __future__ import annotations

import asyncio
import hashlib
import json
import sys
from collections import Counter
from contextlib import suppress
from urllib.parse import parse_qs, unquote, urlsplit
from xml.sax.saxutils import escape

REASONS = {200: "OK", 204: "No Content", 404: "Not Found", 412: "Precondition Failed"}
VERSIONED = b"<VersioningConfiguration><Status>Enabled</Status></VersioningConfiguration>"

Answer = tuple[int, dict[str, str], bytes]


class StandIn:
    """Objects by path, etags with them."""

    def __init__(self, service_s: float) -> None:
        self._service_s = service_s
        self._objects: dict[str, tuple[bytes, str]] = {}
        self._counted: Counter[str] = Counter()

    async def serve(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        with suppress(asyncio.IncompleteReadError, ConnectionError):
            while True:
                method, target, headers = _head(await reader.readuntil(b"\r\n\r\n"))
                if headers.get("expect", "").lower() == "100-continue":
                    writer.write(b"HTTP/1.1 100 Continue\r\n\r\n")
                body = await reader.readexactly(int(headers.get("content-length", 0)))
                if "aws-chunked" in headers.get("content-encoding", ""):
                    body = _unchunked(body)
                status, more, content = await self._answer(method, target, headers, body)
                more["Content-Length"] = more.get("Content-Length", str(len(content)))
                lines = [
                    f"HTTP/1.1 {status} {REASONS[status]}",
                    *(f"{name}: {text}" for name, text in more.items()),
                ]
                writer.write("\r\n".join(lines).encode() + b"\r\n\r\n" + (b"" if method == "HEAD" else content))
                await writer.drain()
        writer.close()

    async def _answer(self, method: str, target: str, headers: dict[str, str], body: bytes) -> Answer:
        if target == "/-/count":
            counted, self._counted = self._counted, Counter()
            return 200, {"Content-Type": "application/json"}, json.dumps(counted).encode()
        self._counted[method] += 1
        await asyncio.sleep(self._service_s)
        parts = urlsplit(target)
        path = unquote(parts.path).strip("/")
        if "/" not in path:
            return self._of_bucket(method, path, parse_qs(parts.query, keep_blank_values=True))
        return self._of_object(method, path, headers, body)

    def _of_bucket(self, method: str, bucket: str, query: dict[str, list[str]]) -> Answer:
        if method != "GET":
            return 200, {}, b""
        if "versioning" in query:
            return 200, {}, VERSIONED
        prefix = query.get("prefix", [""])[0]
        found = sorted(path for path in self._objects if path.startswith(f"{bucket}/{prefix}"))
        rows = "".join(self._row(path, path.removeprefix(f"{bucket}/")) for path in found)
        return 200, {}, f"<ListBucketResult><IsTruncated>false</IsTruncated>{rows}</ListBucketResult>".encode()

    def _row(self, path: str, key: str) -> str:
        body, etag = self._objects[path]
        written = "<LastModified>2030-01-01T00:00:00.000Z</LastModified>"
        return f"<Contents><Key>{escape(key)}</Key>{written}<ETag>{etag}</ETag><Size>{len(body)}</Size></Contents>"

    def _of_object(self, method: str, path: str, headers: dict[str, str], body: bytes) -> Answer:
        found = self._objects.get(path)
        if method == "PUT":
            if not _holds(headers, found):
                return 412, {}, b"<Error><Code>PreconditionFailed</Code></Error>"
            etag = f'"{hashlib.md5(body).hexdigest()}"'
            self._objects[path] = (body, etag)
            return 200, {"ETag": etag}, b""
        if method == "DELETE":
            if not _holds(headers, found):
                return 412, {}, b"<Error><Code>PreconditionFailed</Code></Error>"
            self._objects.pop(path, None)
            return 204, {}, b""
        if found is None:
            return 404, {}, b"<Error><Code>NoSuchKey</Code></Error>"
        return 200, {"ETag": found[1], "Content-Length": str(len(found[0]))}, found[0]


def _head(raw: bytes) -> tuple[str, str, dict[str, str]]:
    first, *rest = raw.decode("latin-1").split("\r\n")
    method, target, _ = first.split(" ")
    pairs = (line.partition(":") for line in rest if line)
    return method, target, {name.lower(): text.strip() for name, _, text in pairs}


def _holds(headers: dict[str, str], found: tuple[bytes, str] | None) -> bool:
    if "if-none-match" in headers and found is not None:
        return False
    return "if-match" not in headers or (found is not None and found[1] == headers["if-match"])


def _unchunked(body: bytes) -> bytes:
    whole = b""
    while body:
        size, _, rest = body.partition(b"\r\n")
        length = int(size.split(b";")[0], 16)
        if not length:
            break
        whole, body = whole + rest[:length], rest[length + 2 :]
    return whole


async def main(port: int, service_ms: float) -> None:
    server = await asyncio.start_server(
        StandIn(service_ms / 1000).serve, "127.0.0.1", port, limit=2**20, backlog=512
    )
    async with server:
        await server.serve_forever()


if __name__ == "__main__":
    import uvloop

    uvloop.run(main(int(sys.argv[1]), float(sys.argv[2])))
