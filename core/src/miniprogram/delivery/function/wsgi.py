"""The delivery service as a WSGI application (PEP 3333), for functions and containers that run one.

    function = DeliveryFunction.of(os.environ, objects, max_bytes=30_000_000)
    application = WsgiApp(function.answer, client_header="x-forwarded-for")

Requests are answered in the threads of the server, several at once.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Any

from miniprogram.delivery.function.web_requests import client_address, encoded_path
from miniprogram.delivery.http.messages import Request, Response

StartResponse = Callable[[str, list[tuple[str, str]]], Any]


class WsgiApp:
    """Answers with `answer`, which never raises and may be called from many threads.

    `client_header` (in lower case) is the header to which a front end of yours appends the address of who asks.
    Without it whoever connects is the one who asks. Bodies are not read: the routes of a function take none.
    """

    def __init__(self, answer: Callable[[Request], Response], *, client_header: str = "") -> None:
        self._answer, self._client_header = answer, client_header

    def __call__(self, environ: Mapping[str, Any], start_response: StartResponse) -> list[bytes]:
        request = request_from(environ, self._client_header)
        response = self._answer(request)
        headers = list(response.headers)
        if response.status not in (204, 304):
            headers.append(("content-length", str(len(response.body))))
        start_response(f"{response.status} ", headers)
        return [] if request.method == "HEAD" else [response.body]


def request_from(environ: Mapping[str, Any], client_header: str = "") -> Request:
    """The request in a WSGI environment, below the path that the application is mounted at."""
    headers = {
        name[5:].replace("_", "-").lower(): value
        for name, value in environ.items()
        if name.startswith("HTTP_") and isinstance(value, str)
    }
    client = client_address(headers, client_header, environ.get("REMOTE_ADDR", ""))
    return Request(
        environ["REQUEST_METHOD"], _path(environ), environ.get("QUERY_STRING", ""), headers, b"", client
    )


def _path(environ: Mapping[str, Any]) -> str:
    """The path as it was sent, where the server tells; PEP 3333 knows only the decoded one."""
    target: str = environ.get("RAW_URI") or environ.get("REQUEST_URI") or ""
    if target.startswith("/") and not environ.get("SCRIPT_NAME"):
        return target.partition("?")[0]
    return encoded_path(environ.get("PATH_INFO", "").encode("latin-1", "replace")) or "/"
