"""The delivery service as a function of Cloud Functions: `deliver` is what its framework calls."""

from __future__ import annotations

import os
from collections.abc import Mapping
from functools import cache
from typing import Any

from miniprogram.delivery.function.wsgi import WsgiApp
from miniprogram_gcp.function.server import CLIENT_HEADER, OpenLedger, open_function, open_objects


def deliver(request: Any) -> Any:
    """Answer `request`, which is Flask's. Cloud Functions brings Flask, and nothing else is needed of it."""
    from werkzeug.wrappers import Response

    return Response.from_app(application(), request.environ)


@cache
def application(open_ledger: OpenLedger | None = None) -> WsgiApp:
    """The service over the bucket of this environment. `open_ledger` makes what counts admissions to windows."""
    environ: Mapping[str, str] = os.environ
    ledger = open_ledger(environ) if open_ledger else None
    function = open_function(environ, open_objects(environ), ledger)
    return WsgiApp(function.answer, client_header=CLIENT_HEADER)
