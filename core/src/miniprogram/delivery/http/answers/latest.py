"""`GET /api/manifests/{id}/latest`."""

from __future__ import annotations

from miniprogram.delivery.documents.cache.document import content_tag, to_json
from miniprogram.delivery.documents.contents.stored_manifest import StoredManifest
from miniprogram.delivery.documents.program_documents import ProgramDocuments
from miniprogram.delivery.documents.read_access import refuse_without_key
from miniprogram.delivery.evaluation.context.delivery_context import DeliveryContext
from miniprogram.delivery.evaluation.context.evaluation_context import EvaluationContext
from miniprogram.delivery.evaluation.decide import decide
from miniprogram.delivery.evaluation.refusals import ARTIFACT_ERROR, DELIVERY_ERROR, Refusal
from miniprogram.delivery.evaluation.verdicts import Denied, Granted
from miniprogram.delivery.http.messages import Response
from miniprogram.delivery.http.responses.caching import PRIVATE_REVALIDATE, REVALIDATE
from miniprogram.delivery.http.responses.decision_metadata import context_echo, decision_metadata, manifest_prefix
from miniprogram.delivery.http.responses.response_builder import ResponseBuilder

_CACHE_CONTROL = ("cache-control", REVALIDATE)
_PRIVATE = ("cache-control", PRIVATE_REVALIDATE)
"""Releases differ from visitor to visitor."""


def decide_latest(
    builder: ResponseBuilder, program: ProgramDocuments, context: EvaluationContext
) -> Granted[StoredManifest] | Refusal:
    """The version decided on, or why there is none."""
    refusal = refuse_without_key(program, builder.profile, builder.access_key)
    if refusal is not None:
        return refusal
    verdict = decide(program, context, builder.profile.strictness)
    return as_delivery_error(verdict.refusal, builder) if isinstance(verdict, Denied) else verdict


def answer_latest(
    builder: ResponseBuilder,
    program: ProgramDocuments,
    delivery: DeliveryContext,
    granted: Granted[StoredManifest],
) -> Response:
    """The manifest of the version decided on, with the decision in `deliveryMetadata`."""
    decision, manifest, further = granted
    encoded = b"" if further is None else b"," + to_json(further.members())[1:-1]
    cache_control = _CACHE_CONTROL if further is None else _PRIVATE
    metadata = decision_metadata(decision)
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
