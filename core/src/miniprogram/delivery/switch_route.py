"""`GET /api/switches/{id}`: the values of a program's switches for this visitor."""

from __future__ import annotations

from miniprogram.delivery.caching import PRIVATE_REVALIDATE
from miniprogram.delivery.context import DeliveryContext
from miniprogram.delivery.decide import broken_document
from miniprogram.delivery.documents import BrokenDocument, MissingDocument, content_tag
from miniprogram.delivery.envelopes import Members, not_found, to_json
from miniprogram.delivery.exchange import Exchange
from miniprogram.delivery.http import HeaderPairs, Response
from miniprogram.delivery.moment import Moment
from miniprogram.delivery.restrictions import refuse_without_key
from miniprogram.delivery.snapshot import Program


def answer_switches(exchange: Exchange, program: Program, context: DeliveryContext, moment: Moment) -> Response:
    """All switches for `context`. A program without a release policy has none; one that does not exist is 404."""
    refusal = refuse_without_key(program, exchange)
    if refusal is not None:
        return exchange.refuse(refusal)
    try:
        shown = _switches(program, context, moment)
    except MissingDocument as error:
        return exchange.refuse(not_found(str(error)))
    except BrokenDocument as error:
        return exchange.refuse(broken_document(program, error))
    members: Members = {"responseType": "switches", "statusCode": 200, "miniProgramId": program.id, **shown}
    encoded = to_json(members)
    body = b'%b,"traceId":"%b"}' % (encoded[:-1], exchange.trace_id.encode("ascii"))
    headers: HeaderPairs = (("x-mini-program-id", program.id), ("cache-control", PRIVATE_REVALIDATE))
    return exchange.composed(200, body, headers, etag=content_tag(encoded))


def _switches(program: Program, context: DeliveryContext, moment: Moment) -> Members:
    policy = program.release_policy()
    if policy is None:
        program.pointed_at()
        return {"switches": {}}
    from miniprogram.delivery.by_release import switch_members  # programs without releases do without it

    return {"policyRevision": policy.revision, "switches": switch_members(program, policy, context, moment)}
