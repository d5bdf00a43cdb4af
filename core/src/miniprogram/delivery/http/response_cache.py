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


class Answers:
    """What was answered since something changed last."""

    __slots__ = ("shared", "visitors")

    def __init__(self, shared: SharedAnswers) -> None:
        self.shared = shared
        self.visitors: VisitorAnswers | None = None


class ResponseCache:
    """What was answered in the last `max_age_s` seconds; 0 to keep nothing."""

    def __init__(self, max_age_s: float, clock: Callable[[], float], contexts: DeliveryContexts) -> None:
        self._max_age_s, self._clock = max_age_s, clock
        self._contexts = contexts
        self.answers = Answers(SharedAnswers(max_age_s, clock))
        """Where to keep what is worked out from now on."""
        self.good_after = float("-inf")
        """What was to be good until then, or less long, is not any more: something changed since it was made."""

    def forget(self) -> None:
        """Give nothing again of what was answered so far, or is being worked out."""
        self.answers = Answers(SharedAnswers(self._max_age_s, self._clock))
        self.good_after = self._clock() + self._max_age_s

    def find(
        self, request: Request, now_ns: Callable[[], int], ledger: AdmissionLedger | None
    ) -> CachedResponse | None:
        """The answer, under an older trace id; None when it has to be worked out. Never raises."""
        if not self._max_age_s or is_particular(request):
            return None
        visitors, shared = self.answers.visitors, self.answers.shared
        if visitors is None:
            return shared.find(request)
        try:
            asked = self._contexts.read(request.query)
            if isinstance(asked, Refusal):
                return None
            if asked.is_shared and (found := shared.find(request)) is not None:
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
        *,
        answers: Answers,
    ) -> None:
        """Keep `response`, which is what `granted` comes to for who asked, where others may get it.

        `answers` are those of this cache before anything was read for it: what changed meanwhile is not in it.
        """
        if not self._max_age_s:
            return
        if granted.further is None and asked.is_shared and asked.shared_query == builder.request.query:
            answers.shared.keep(builder.request, response, builder.trace_id)
            return
        visitors = answers.visitors
        if visitors is None:  # nothing a start should wait for
            from miniprogram.delivery.http.visitor_answers import VisitorAnswers

            visitors = answers.visitors = VisitorAnswers(self._max_age_s, self._clock)
        try:
            visitors.keep(builder, asked, program, granted, response)
        except Exception:  # noqa: BLE001 - a document went meanwhile: the answer stands, and is not kept
            return
