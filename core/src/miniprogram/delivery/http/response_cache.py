"""The response cache: answers given again while nothing may have changed.

To whoever asks the same, and to visitors for whom the same is decided.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import TYPE_CHECKING

from miniprogram.delivery.evaluation.refusals import Refusal
from miniprogram.delivery.http.contexts import DeliveryContexts, QueryContext
from miniprogram.delivery.http.messages import Request, Response
from miniprogram.delivery.http.responses.cached_response import is_particular
from miniprogram.delivery.http.responses.shared_answers import SharedAnswers

if TYPE_CHECKING:
    from miniprogram.delivery.documents.contents.stored_manifest import StoredManifest
    from miniprogram.delivery.documents.program_documents import ProgramDocuments
    from miniprogram.delivery.evaluation.ledger import AdmissionLedger
    from miniprogram.delivery.evaluation.verdicts import Granted
    from miniprogram.delivery.http.responses.cached_response import CachedResponse
    from miniprogram.delivery.http.responses.response_builder import ResponseBuilder
    from miniprogram.delivery.http.visitor_answers import VisitorAnswers


class ResponseCache:
    """What was answered in the last `max_age_s` seconds; 0 to keep nothing."""

    def __init__(self, max_age_s: float, clock: Callable[[], float], contexts: DeliveryContexts) -> None:
        self._max_age_s, self._clock = max_age_s, clock
        self._contexts = contexts
        self._shared = SharedAnswers(max_age_s, clock)
        self._visitors: VisitorAnswers | None = None

    def find(
        self, request: Request, now_ns: Callable[[], int], ledger: AdmissionLedger | None
    ) -> CachedResponse | None:
        """The answer, under an older trace id; None when it has to be worked out. Never raises."""
        if not self._max_age_s or is_particular(request):
            return None
        visitors = self._visitors
        if visitors is None:
            return self._shared.find(request)
        try:
            asked = self._contexts.read(request.query)
            if isinstance(asked, Refusal):
                return None
            if asked.is_shared and (found := self._shared.find(request)) is not None:
                return found
            return visitors.find(request, asked, now_ns() // 1_000_000, ledger)
        except Exception:  # noqa: BLE001 - whatever it is, it is met again and told when the answer is worked out
            return None

    def keep(
        self,
        builder: ResponseBuilder,
        asked: QueryContext,
        program: ProgramDocuments,
        granted: Granted[StoredManifest],
        response: Response,
    ) -> None:
        """Keep `response`, which is what `granted` comes to for who asked, where others may get it."""
        if not self._max_age_s:
            return
        if granted.further is None and asked.is_shared and asked.shared_query == builder.request.query:
            self._shared.keep(builder.request, response, builder.trace_id)
            return
        visitors = self._visitors
        if visitors is None:  # nothing a start should wait for
            from miniprogram.delivery.http.visitor_answers import VisitorAnswers

            visitors = self._visitors = VisitorAnswers(self._max_age_s, self._clock)
        try:
            visitors.keep(builder, asked, program, granted, response)
        except Exception:  # noqa: BLE001 - a document went meanwhile: the answer stands, and is not kept
            return
