"""The delivery service as a container of Cloud Run, or as a function of Cloud Functions.

Travels in the archive with `miniprogram.delivery`, and needs nothing else but Python.
"""

from __future__ import annotations

import os
from collections.abc import Callable, Mapping
from threading import Thread
from typing import TYPE_CHECKING

from miniprogram.delivery.evaluation.errors import SourceUnavailable
from miniprogram.delivery.function.delivery_function import DeliveryFunction
from miniprogram_gcp.function.gcs_objects import MAX_OBJECT_BYTES, GcsObjects, open_storage

if TYPE_CHECKING:
    from miniprogram.delivery.evaluation.ledger import AdmissionLedger

CLIENT_HEADER = "x-forwarded-for"
"""Google's front end appends to it whom it saw; what stands before that, anybody may have written."""
DEFAULT_PORT = 8080

OpenLedger = Callable[[Mapping[str, str]], "AdmissionLedger | None"]


def open_objects(environ: Mapping[str, str]) -> GcsObjects:
    """The bucket that `environ` names. Raises KeyError without one."""
    return GcsObjects(open_storage(environ), environ["ARTIFACT_BUCKET_NAME"].strip())


def open_function(
    environ: Mapping[str, str], objects: GcsObjects, ledger: AdmissionLedger | None = None
) -> DeliveryFunction:
    """The function that `environ` describes, over `objects`. Raises ValueError for a blank prefix."""
    return DeliveryFunction.of(environ, objects, max_bytes=MAX_OBJECT_BYTES, ledger=ledger)


def main(environ: Mapping[str, str] = os.environ, open_ledger: OpenLedger | None = None) -> None:
    """Serve until the container is stopped. `open_ledger` makes what counts admissions to windows."""
    from miniprogram.delivery.function.http_server import HttpServer

    objects = open_objects(environ)
    function = open_function(environ, objects, open_ledger(environ) if open_ledger else None)
    server = HttpServer(function.answer, port=int(environ.get("PORT", DEFAULT_PORT)), client_header=CLIENT_HEADER)
    Thread(target=_warm_up, args=(objects,), daemon=True).start()
    server.run_until_terminated()


def _warm_up(objects: GcsObjects) -> None:
    """Import what talks to Google, and sign in, before the first host waits for it. What fails is told then."""
    try:
        objects.require_bucket()
    except SourceUnavailable:
        return
