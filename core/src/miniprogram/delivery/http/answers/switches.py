"""`GET /api/switches/{id}`: the values of a program's switches for this visitor."""

from __future__ import annotations

from miniprogram.delivery.documents.cache.document import content_tag, to_json
from miniprogram.delivery.documents.program_documents import ProgramDocuments
from miniprogram.delivery.documents.read_access import refuse_without_key
from miniprogram.delivery.evaluation.context.evaluation_context import EvaluationContext
from miniprogram.delivery.evaluation.errors import BrokenDocument, MissingDocument
from miniprogram.delivery.evaluation.refusals import Members, not_found
from miniprogram.delivery.evaluation.verdicts import broken_document
from miniprogram.delivery.http.messages import HeaderPairs, Response
from miniprogram.delivery.http.responses.caching import PRIVATE_REVALIDATE
from miniprogram.delivery.http.responses.response_builder import ResponseBuilder


def answer_switches(builder: ResponseBuilder, program: ProgramDocuments, context: EvaluationContext) -> Response:
    """All switches for `context`. A program without a release policy has none; one that does not exist is 404."""
    refusal = refuse_without_key(program, builder.profile, builder.access_key)
    if refusal is not None:
        return builder.refuse(refusal)
    try:
        shown = _switches(program, context)
    except MissingDocument as error:
        return builder.refuse(not_found(str(error)))
    except BrokenDocument as error:
        return builder.refuse(broken_document(program.id, error))
    members: Members = {"responseType": "switches", "statusCode": 200, "miniProgramId": program.id, **shown}
    encoded = to_json(members)
    body = b'%b,"traceId":"%b"}' % (encoded[:-1], builder.trace_id.encode("ascii"))
    headers: HeaderPairs = (("x-mini-program-id", program.id), ("cache-control", PRIVATE_REVALIDATE))
    return builder.composed(200, body, headers, etag=content_tag(encoded))


def _switches(program: ProgramDocuments, context: EvaluationContext) -> Members:
    policy = program.release_policy()
    if policy is None:
        program.pointed_at()
        return {"switches": {}}
    from miniprogram.delivery.evaluation.release_decision import (
        switch_members,  # programs without releases do without it
    )

    return {"policyRevision": policy.revision, "switches": switch_members(policy, context)}
