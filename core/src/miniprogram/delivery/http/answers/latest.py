"""`GET /api/manifests/{id}/latest`."""

from __future__ import annotations

from miniprogram.delivery.documents.cache.document import content_tag, to_json
from miniprogram.delivery.documents.program_documents import ProgramDocuments
from miniprogram.delivery.documents.read_access import refuse_without_key
from miniprogram.delivery.evaluation.context.evaluation_context import EvaluationContext
from miniprogram.delivery.evaluation.decide import decide
from miniprogram.delivery.evaluation.refusals import ARTIFACT_ERROR, DELIVERY_ERROR, Refusal
from miniprogram.delivery.evaluation.verdicts import Denied
from miniprogram.delivery.http.messages import Response
from miniprogram.delivery.http.responses.caching import PRIVATE_REVALIDATE, REVALIDATE
from miniprogram.delivery.http.responses.decision_metadata import context_echo, decision_metadata, manifest_prefix
from miniprogram.delivery.http.responses.response_builder import ResponseBuilder

_CACHE_CONTROL = ("cache-control", REVALIDATE)
_PRIVATE = ("cache-control", PRIVATE_REVALIDATE)
"""Releases differ from visitor to visitor."""


def answer_latest(builder: ResponseBuilder, program: ProgramDocuments, context: EvaluationContext) -> Response:
    """The manifest of the version decided on, with the decision in `deliveryMetadata`, or the refusal."""
    refusal = refuse_without_key(program, builder.profile, builder.access_key)
    if refusal is not None:
        return builder.refuse(refusal)
    verdict = decide(program, context, builder.profile.strictness)
    if isinstance(verdict, Denied):
        return builder.refuse(as_delivery_error(verdict.refusal, builder))
    decision, manifest, further = verdict
    encoded = b"" if further is None else b"," + to_json(further)[1:-1]
    cache_control = _CACHE_CONTROL if further is None else _PRIVATE
    metadata, delivery = decision_metadata(decision), context.delivery
    headers = (("x-mini-program-id", program.id), *metadata.headers, cache_control)
    rest = metadata.end(delivery, builder.trace_id, encoded) + b"}"
    etag = f"{manifest.etag[:16]}-{metadata.tag}-{context_echo(delivery).tag}"
    if encoded:
        etag += f"-{content_tag(encoded)[:16]}"
    start = manifest_prefix(manifest, metadata)
    return builder.composed(200, rest, headers, etag=etag, start=start, reason=decision.reason)


def as_delivery_error(refusal: Refusal, builder: ResponseBuilder) -> Refusal:
    """The local profile calls every failure of a decision a delivery error."""
    if builder.profile.is_local and refusal.response_type == ARTIFACT_ERROR:
        return refusal._replace(response_type=DELIVERY_ERROR)
    return refusal
