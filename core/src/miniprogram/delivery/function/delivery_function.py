"""The delivery service in a function of a cloud: one running instance, whatever gateway its requests come from."""

from __future__ import annotations

import time
from collections.abc import Mapping

from miniprogram.delivery.documents.kinds import SEGMENT_IDS
from miniprogram.delivery.documents.outage import DEFAULT_STALE_IF_ERROR_S, OutageTolerance, stale_if_error_from
from miniprogram.delivery.documents.profile import Profile, cloud_profile_from
from miniprogram.delivery.documents.remote_source import DEFAULT_BUDGET_S, Freshness, RemoteObjects, RemoteSource
from miniprogram.delivery.evaluation.ledger import AdmissionLedger
from miniprogram.delivery.evaluation.path_segments import is_safe_segment
from miniprogram.delivery.function.request_log import RequestLog
from miniprogram.delivery.http.messages import Request, Response
from miniprogram.delivery.http.routes import find_route
from miniprogram.delivery.http.service import DeliveryService

ALWAYS_ASK_SOURCE_S = 1e-9
"""Pointers are asked for every time: the source knows best when to ask the store. Versions are asked for once."""
MARGIN_S = 1.0
"""What is left of a function's time for all but the looks at the store, in seconds."""
TRACE_HEADER = "x-backend-trace-id"


class DeliveryFunction:
    """One running instance of the function: a service over `source`, with its log and who counts admissions."""

    def __init__(
        self,
        source: RemoteSource,
        profile: Profile,
        log: RequestLog,
        ledger: AdmissionLedger | None = None,
        *,
        stale_if_error_s: float = DEFAULT_STALE_IF_ERROR_S,
    ) -> None:
        self._source, self._profile, self._log = source, profile, log
        self._service = DeliveryService(
            source,
            profile,
            max_staleness_s=ALWAYS_ASK_SOURCE_S,
            report=log.failure,
            ledger=ledger,
            tolerance=OutageTolerance(0.0, stale_if_error_s),  # up to its hard age the source itself goes on
        )

    @classmethod
    def of(
        cls,
        environ: Mapping[str, str],
        objects: RemoteObjects,
        *,
        max_bytes: int,
        ledger: AdmissionLedger | None = None,
    ) -> DeliveryFunction:
        """The function that `environ` describes, over `objects`; an answer has room for `max_bytes`.

        Raises ValueError for a blank prefix, or a DELIVERY_POLICY that is none.
        """
        profile = cloud_profile_from(environ)
        lists = profile.layout.keys.folder(SEGMENT_IDS)
        source = RemoteSource(objects, Freshness.of(environ), max_bytes=max_bytes, lists_prefix=lists)
        log, stale_if_error_s = RequestLog.of(environ), stale_if_error_from(environ)
        return cls(source, profile, log, ledger, stale_if_error_s=stale_if_error_s)

    def answer(self, request: Request, remaining_s: float = float("inf")) -> Response:
        """The answer to `request`, in `remaining_s`. Never raises for anything a caller may send."""
        started = time.perf_counter()
        self._source.begin_request(min(remaining_s - MARGIN_S, DEFAULT_BUDGET_S))
        self._source.fetch_together(self._pointers(request))
        response = self._service.handle(request)
        trace_id = next((value for name, value in response.headers if name == TRACE_HEADER), "")
        self._log.request(request, response, trace_id, time.perf_counter() - started)
        return response

    def _pointers(self, request: Request) -> tuple[str, ...]:
        """The documents that decide about this request, so that a cold start fetches them at once."""
        route = find_route(request.method, request.path, is_local=False)
        if route.kind == "mini_program_catalog":
            keys = self._profile.layout.keys
            return (keys.program_index_key, keys.metadata_folder)
        names = route.names
        if not names or not is_safe_segment(names[0]):
            return ()
        layout, program_id = self._profile.layout, names[0]
        return (
            layout.keys.access_keys_key(program_id),
            layout.keys.release_document_key(program_id),
            layout.keys.rollout_rules_key(program_id),
            layout.keys.capability_policy_key(program_id),
            layout.pointer_key(program_id),
        )
