"""Answers to visitors who tell who they are: decided for each, put together from what others in their place got.

What a visitor adds to the context that hosts share decides which entry of a release policy holds, and little else
of the answer. So while nothing may have changed (see `max_staleness_s` of the service), only the policy is asked;
what follows from its choice is taken from the answer of the first visitor for whom it was the same.
"""

from __future__ import annotations

from collections.abc import Callable, Hashable
from typing import TYPE_CHECKING, NamedTuple

from miniprogram.delivery.documents.contents.stored_manifest import StoredManifest
from miniprogram.delivery.documents.program_documents import ProgramDocuments
from miniprogram.delivery.documents.segmented_lru import SegmentedLru
from miniprogram.delivery.evaluation.context.evaluation_context import EvaluationContext, RequestMeta
from miniprogram.delivery.evaluation.decide import releases_for
from miniprogram.delivery.evaluation.verdicts import Granted
from miniprogram.delivery.http.contexts import QueryContext
from miniprogram.delivery.http.messages import Request, Response
from miniprogram.delivery.http.responses.cached_response import (
    CachedResponse,
    form_asked_for,
    is_cacheable,
    is_particular,
)
from miniprogram.delivery.http.responses.response_builder import ResponseBuilder

if TYPE_CHECKING:
    from miniprogram.delivery.evaluation.context.delivery_context import DeliveryContext
    from miniprogram.delivery.evaluation.ledger import AdmissionLedger
    from miniprogram.delivery.evaluation.policy.model import ReleasePolicy

_MAX_BYTES = 8 * 1024 * 1024
_ENTRY_BYTES = 1_000
_NO_RELEASES = "rules and pointer decide"
_MOST_OUTCOMES = 64
"""Kept for one context: a policy has a few entries, each with a few ways to upgrade."""


_Key = tuple[str, "DeliveryContext", str]
"""Path, shared context, and the form asked for."""


class _Question(NamedTuple):
    """What is asked about one mini-program in one shared context. `answers` are by what was decided."""

    program: ProgramDocuments
    policy: ReleasePolicy | None
    outcome_of: Callable[[ProgramDocuments, ReleasePolicy, EvaluationContext], Hashable]
    answers: dict[Hashable, CachedResponse]
    good_until: float


class VisitorAnswers:
    """Answers for visitors; each is good for `max_age_s` seconds."""

    __slots__ = ("_clock", "_max_age_s", "_questions")

    def __init__(self, max_age_s: float, clock: Callable[[], float]) -> None:
        self._max_age_s = max_age_s
        self._clock = clock
        self._questions: SegmentedLru[_Key, _Question] = SegmentedLru(_MAX_BYTES)

    def find(
        self, request: Request, asked: QueryContext, now_ms: int, ledger: AdmissionLedger | None
    ) -> CachedResponse | None:
        """The answer to a visitor, as others got it; None when it has to be worked out.

        `request` is no particular one. Raises what choosing a release raises.
        """
        if asked.link is not None:
            return None
        question = self._current(_key(request, asked))
        if question is None:
            return None
        outcome: Hashable = _NO_RELEASES
        policy = question.policy
        if policy is not None and policy.is_legacy_otherwise:
            policy = releases_for(policy, asked.context)
        if policy is not None:
            meta = RequestMeta(now_ms, request.client)
            context = EvaluationContext(asked.shared, meta, extras=asked.extras, ledger=ledger)
            outcome = question.outcome_of(question.program, policy, context)
        return None if outcome is None else question.answers.get(outcome)

    def keep(
        self,
        builder: ResponseBuilder,
        asked: QueryContext,
        program: ProgramDocuments,
        granted: Granted[StoredManifest],
        response: Response,
    ) -> None:
        """Keep `response`, which is what `granted` comes to, for visitors who are granted the same."""
        if is_particular(builder.request) or not is_cacheable(response):
            return
        required = program.policy()
        if required is not None and required.missing(asked.shared):
            return  # it depends on the visitor whether they may ask at all
        key = _key(builder.request, asked)
        question = self._current(key) or self._asked(program)
        answers = question.answers
        if len(answers) >= _MOST_OUTCOMES:
            answers.clear()
        outcome: Hashable = _NO_RELEASES
        if granted.further is not None:
            outcome = granted.further.outcome(granted.decision, has_version="currentVersion" in asked.extras)
        answers[outcome] = CachedResponse(response, builder.trace_id)
        self._questions.put(key, question, _ENTRY_BYTES + sum(each.cost for each in list(answers.values())))

    def _current(self, key: _Key) -> _Question | None:
        question = self._questions.get(key)
        return question if question is not None and self._clock() < question.good_until else None

    def _asked(self, program: ProgramDocuments) -> _Question:
        from miniprogram.delivery.evaluation.release_decision import visitor_outcome

        return _Question(program, program.release_policy(), visitor_outcome, {}, self._clock() + self._max_age_s)


def _key(request: Request, asked: QueryContext) -> _Key:
    return request.path, asked.shared, form_asked_for(request.headers)
