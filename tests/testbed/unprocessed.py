"""A proxy before a DynamoDB server that leaves half of a batch undone, as a busy table does."""

from __future__ import annotations

import json
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from threading import Thread
from typing import Any
from urllib.error import HTTPError
from urllib.request import Request, urlopen

HOP_HEADERS = {"host", "content-length", "accept-encoding", "connection"}


@dataclass
class Proxy:
    """`spoil` is how many more BatchWriteItem calls are done by halves; `sizes` lists the batches as they came."""

    url: str = ""
    spoil: int = 0
    sizes: list[int] = field(default_factory=list)


@contextmanager
def unprocessed(upstream: str, *, spoil: int) -> Iterator[Proxy]:
    """Run the proxy before `upstream` on a free port."""
    proxy = Proxy(spoil=spoil)
    server = ThreadingHTTPServer(("127.0.0.1", 0), _handler(upstream, proxy))
    proxy.url = f"http://127.0.0.1:{server.server_port}"
    thread = Thread(target=server.serve_forever)
    thread.start()
    try:
        yield proxy
    finally:
        server.shutdown()
        thread.join()
        server.server_close()


def _handler(upstream: str, proxy: Proxy) -> type[BaseHTTPRequestHandler]:
    class Handler(BaseHTTPRequestHandler):
        def log_message(self, *args: Any) -> None:
            """Quiet."""

        def do_POST(self) -> None:
            body = json.loads(self.rfile.read(int(self.headers["Content-Length"])))
            is_batch = self.headers.get("X-Amz-Target", "").endswith("BatchWriteItem")
            held = _held_back(proxy, body["RequestItems"]) if is_batch else {}
            status, answer = self._ask(json.dumps(body).encode())
            if held and status == 200:
                answer = json.dumps({**json.loads(answer), "UnprocessedItems": held}).encode()
            self.send_response(status)
            self.send_header("Content-Type", "application/x-amz-json-1.0")
            self.send_header("Content-Length", str(len(answer)))
            self.end_headers()
            self.wfile.write(answer)

        def _ask(self, body: bytes) -> tuple[int, bytes]:
            headers = {name: value for name, value in self.headers.items() if name.lower() not in HOP_HEADERS}
            try:
                with urlopen(Request(upstream, data=body, headers=headers)) as response:
                    return response.status, response.read()
            except HTTPError as error:
                with error:
                    return error.code, error.read()

    return Handler


def _held_back(proxy: Proxy, requests: dict[str, list[Any]]) -> dict[str, list[Any]]:
    proxy.sizes.append(sum(map(len, requests.values())))
    if not proxy.spoil:
        return {}
    proxy.spoil -= 1
    held = {table: items[len(items) // 2 :] for table, items in requests.items() if len(items) > 1}
    for table in held:
        del requests[table][len(requests[table]) // 2 :]
    return held
