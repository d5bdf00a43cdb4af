"""The mini-program's mock publisher backend, for pages: they may talk to the preview's own server only."""

from __future__ import annotations

from collections.abc import Callable
from http.client import HTTPConnection, HTTPException
from time import monotonic

from miniprogram.preview.mock_backend import MockBackend
from miniprogram.preview.serving.requests import Reply, Request, document

TIMEOUT_S = 10.0
MOST_BYTES = 5 * 1024 * 1024
ASK_AGAIN_S = 2.0
METHODS = ("GET", "POST", "PUT", "PATCH", "DELETE")
PASSED_ON = ("accept", "authorization", "content-type")
PASSED_ON_PREFIX = "x-mini-program-"


class BackendProxy:
    """Passes requests on to the mock backend, whenever one runs: `find` is asked again from time to time."""

    def __init__(self, find: Callable[[], MockBackend]) -> None:
        self._find = find
        self._found: tuple[float, MockBackend] | None = None

    @property
    def backend(self) -> MockBackend:
        """How the backend stands."""
        now = monotonic()
        if self._found is None or now - self._found[0] > ASK_AGAIN_S:
            self._found = (now, self._find())
        return self._found[1]

    def answer(self, request: Request, path: str) -> Reply:
        if request.method not in METHODS:
            return _failed(405, f"{request.method} is not passed on.")
        backend = self.backend
        if backend.port is None:
            return _failed(503, backend.note or "This mini-program has no mock publisher backend.")
        target = f"/{path}{'?' + request.query if request.query else ''}"
        headers = {
            name: value
            for name, value in request.headers.items()
            if name in PASSED_ON or name.startswith(PASSED_ON_PREFIX)
        }
        connection = HTTPConnection("127.0.0.1", backend.port, timeout=TIMEOUT_S)
        try:
            connection.request(request.method, target, request.body or None, headers)
            answer = connection.getresponse()
            body = answer.read(MOST_BYTES + 1)
        except (OSError, HTTPException) as error:
            self._found = None
            return _failed(502, f"The mock publisher backend does not answer: {error}")
        finally:
            connection.close()
        if len(body) > MOST_BYTES:
            return _failed(502, "The mock publisher backend's answer is larger than 5 MB.")
        return Reply(answer.status, body, answer.getheader("content-type"))


def _failed(status: int, message: str) -> Reply:
    code = "publisher_backend_not_configured" if status == 503 else "publisher_backend_unreachable"
    return document({"errorCode": code, "message": message}, status)
