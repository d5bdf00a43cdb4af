"""The delivery service as a function of Cloud Functions, with admissions counted in Firestore."""

from __future__ import annotations

from typing import Any

from miniprogram_firebase.function.server import open_ledger
from miniprogram_gcp.function.framework import application


def deliver(request: Any) -> Any:
    """Answer `request`, which is Flask's."""
    from werkzeug.wrappers import Response

    return Response.from_app(application(open_ledger), request.environ)
