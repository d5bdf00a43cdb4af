"""`GET /api/manifests/{id}/latest`."""

from __future__ import annotations

from miniprogram.delivery.caching import REVALIDATE
from miniprogram.delivery.context import DeliveryContext
from miniprogram.delivery.decide import Denied, decide
from miniprogram.delivery.envelopes import ARTIFACT_ERROR, DELIVERY_ERROR, Refusal
from miniprogram.delivery.exchange import Exchange
from miniprogram.delivery.http import Response
from miniprogram.delivery.restrictions import refuse_without_key
from miniprogram.delivery.snapshot import Program

_CACHE_CONTROL = ("cache-control", REVALIDATE)


def answer_latest(exchange: Exchange, program: Program, context: DeliveryContext) -> Response:
    """The manifest of the version decided on, with the decision in `deliveryMetadata`, or the refusal."""
    refusal = refuse_without_key(program, exchange)
    if refusal is not None:
        return exchange.refuse(refusal)
    verdict = decide(program, context, exchange.profile.strictness)
    if isinstance(verdict, Denied):
        return exchange.refuse(as_delivery_error(verdict.refusal, exchange))
    decision, manifest = verdict
    headers = (("x-mini-program-id", program.id), *decision.headers, _CACHE_CONTROL)
    rest = decision.metadata_end(context, exchange.trace_id) + b"}"
    etag = f"{manifest.etag[:16]}-{decision.tag}-{context.tag}"
    return exchange.composed(200, rest, headers, etag=etag, start=manifest.preamble(decision))


def as_delivery_error(refusal: Refusal, exchange: Exchange) -> Refusal:
    """The local profile calls every failure of a decision a delivery error."""
    if exchange.profile.is_local and refusal.response_type == ARTIFACT_ERROR:
        return refusal._replace(response_type=DELIVERY_ERROR)
    return refusal
