"""The console's own files: few, small, and kept by browsers for as long as their stamp is the same."""

from __future__ import annotations

from starlette.requests import Request
from starlette.responses import Response

from miniprogram_server.console.rendering.templates import STATIC, static_file
from miniprogram_server.console.session.same_origin import HEADERS


async def send_static(request: Request) -> Response:
    name = request.path_params["name"]
    if name not in STATIC:
        return Response("There is no such file.", 404, HEADERS, media_type="text/plain")
    caching = "public, max-age=31536000, immutable" if request.url.query else "public, max-age=3600"
    return Response(static_file(name), 200, {**HEADERS, "cache-control": caching}, media_type=STATIC[name])
