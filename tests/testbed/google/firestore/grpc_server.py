"""The service over gRPC, as Google's Python client speaks it when FIRESTORE_EMULATOR_HOST names it."""

from __future__ import annotations

from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager
from typing import Any

import grpc

from google.cloud.firestore_v1 import types
from testbed.google.firestore.refusals import Refusal
from testbed.google.firestore.service import FirestoreService

PATH = "/google.firestore.v1.Firestore/"
STREAMED = {"BatchGetDocuments", "RunQuery", "RunAggregationQuery"}
REQUESTS = {
    name: getattr(types, f"{name}Request").pb()
    for name in (
        *STREAMED,
        "GetDocument",
        "ListDocuments",
        "CreateDocument",
        "UpdateDocument",
        "DeleteDocument",
        "BeginTransaction",
        "Commit",
        "Rollback",
        "PartitionQuery",
        "ListCollectionIds",
        "BatchWrite",
    )
}


class _Handlers(grpc.GenericRpcHandler):  # type: ignore[misc] - grpc has no types
    def __init__(self, service: FirestoreService) -> None:
        self._service = service

    def service(self, details: Any) -> Any:
        method = details.method.removeprefix(PATH)
        if method not in REQUESTS:
            return None

        def stream(request: Any, context: Any) -> Iterator[Any]:
            try:
                yield from self._service.answer(method, request)
            except Refusal as refusal:
                context.abort(grpc.StatusCode[refusal.status], refusal.message)

        def single(request: Any, context: Any) -> Any:
            return next(stream(request, context))

        made = grpc.unary_stream_rpc_method_handler if method in STREAMED else grpc.unary_unary_rpc_method_handler
        return made(
            stream if method in STREAMED else single,
            request_deserializer=REQUESTS[method].FromString,
            response_serializer=lambda message: message.SerializeToString(),
        )


@contextmanager
def serving(service: FirestoreService) -> Iterator[str]:
    """Where the service listens: `127.0.0.1:PORT`."""
    server = grpc.server(ThreadPoolExecutor(max_workers=16))
    server.add_generic_rpc_handlers((_Handlers(service),))
    port = server.add_insecure_port("127.0.0.1:0")
    server.start()
    try:
        yield f"127.0.0.1:{port}"
    finally:
        server.stop(grace=None).wait()
