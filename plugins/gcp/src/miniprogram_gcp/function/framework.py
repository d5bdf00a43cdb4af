"""The delivery service as a function of Cloud Functions: `deliver` is what its framework calls."""

from __future__ import annotations

import os
from collections.abc import Mapping
from functools import cache
from typing import Any

from miniprogram.delivery.function.wsgi import WsgiApp
from miniprogram_gcp.function.server import CLIENT_HEADER, open_function, open_objects


def deliver(request: Any) -> Any:
    """Answer `request`, which is Flask's. Cloud Functions brings Flask, and nothing else is needed of it."""
    from werkzeug.wrappers import Response

    return Response.from_app(_application(), request.environ)


@cache
def _application() -> WsgiApp:
    environ: Mapping[str, str] = os.environ
    function = open_function(environ, open_objects(environ))
    return WsgiApp(function.answer, client_header=CLIENT_HEADER)
