"""`GET /api/discovery/mini-programs`: what this caller can open (contract, section 7)."""

from __future__ import annotations

from collections.abc import Callable, Iterable

from miniprogram.delivery.documents.document import content_tag, to_json
from miniprogram.delivery.documents.program_documents import ProgramDocuments
from miniprogram.delivery.documents.read_access import refuse_without_key
from miniprogram.delivery.documents.stored_manifest import StoredManifest
from miniprogram.delivery.evaluation.decide import decide
from miniprogram.delivery.evaluation.decision import Decision
from miniprogram.delivery.evaluation.display_texts import display_texts
from miniprogram.delivery.evaluation.errors import BrokenDocument
from miniprogram.delivery.evaluation.evaluation_context import EvaluationContext
from miniprogram.delivery.evaluation.path_segments import is_safe_segment
from miniprogram.delivery.evaluation.refusals import CATALOG_ERROR, Members, Refusal
from miniprogram.delivery.evaluation.verdicts import Denied, broken_document
from miniprogram.delivery.http.caching import REVALIDATE
from miniprogram.delivery.http.messages import HeaderPairs, Response
from miniprogram.delivery.http.responses import ResponseBuilder

FindProgram = Callable[[str], ProgramDocuments]


def answer_discovery(
    builder: ResponseBuilder,
    listing: tuple[str, ...] | None,
    find: FindProgram,
    context: EvaluationContext,
) -> Response:
    """The catalog for `context`. `listing` is what lies below the layout's catalog prefix. Admits nobody."""
    entries: list[Members] = []
    context = context.read_only()
    for program in _programs(builder, listing or (), find):
        found = _entry(builder, program, context)
        if isinstance(found, Refusal):
            return builder.refuse(_as_catalog_error(found, builder))
        if found is not None:
            entries.append(found)
    entries.sort(key=lambda entry: (entry["title"].encode("utf-16-be", "surrogatepass"), entry["id"]))
    return _catalog(builder, entries, counted=listing is not None or not builder.profile.is_local)


def _programs(builder: ResponseBuilder, listing: Iterable[str], find: FindProgram) -> Iterable[ProgramDocuments]:
    ids = map(builder.profile.layout.program_id, listing)
    return (find(program_id) for program_id in sorted(i for i in ids if i is not None and is_safe_segment(i)))


def _entry(
    builder: ResponseBuilder, program: ProgramDocuments, context: EvaluationContext
) -> Members | Refusal | None:
    """The program's entry; None when it is to be left out; the refusal when it fails the whole list."""
    strictness = builder.profile.strictness
    if (
        strictness.hides_protected_programs
        and refuse_without_key(program, builder.profile, builder.access_key) is not None
    ):
        return None
    verdict = decide(program, context, strictness)
    if isinstance(verdict, Denied):
        refusal = verdict.refusal
    else:
        try:
            return _describe(program, verdict.decision, verdict.manifest)
        except BrokenDocument as error:
            refusal = broken_document(
                program.id, error, {**error.details, **verdict.decision.fields(context.delivery)}
            )
    is_left_out = refusal.status in {404, 412} or (refusal.status == 500 and strictness.skips_broken_programs)
    return None if is_left_out else refusal


def _describe(program: ProgramDocuments, decision: Decision, manifest: StoredManifest) -> Members:
    """Hosts refuse a whole catalog over one entry of the wrong shape, so each is checked here."""
    members = manifest.members
    program_id, entry = members.get("id", program.id), members.get("entry")
    if not isinstance(program_id, str) or not isinstance(entry, str):
        raise BrokenDocument(manifest.key, "id and entry must be strings")
    shown = display_texts(members, program_id)
    described: Members = {
        "id": program_id,
        "title": shown.title,
        "description": shown.description,
        "entry": entry,
        "resolvedVersion": decision.version,
        "requiredCapabilities": manifest.required_capabilities,
        "selectionMode": decision.mode,
        "decisionReason": decision.reason,
    }
    rule_id = decision.members.get("matchedRuleId")
    return described if rule_id is None else {**described, "matchedRuleId": rule_id}


def _catalog(builder: ResponseBuilder, entries: list[Members], *, counted: bool) -> Response:
    shared = {
        "responseType": "mini_program_catalog",
        "statusCode": 200,
        "entryCount": len(entries),
        "entries": entries,
    }
    encoded = to_json(shared)
    body = b'%b,"traceId":"%b"}' % (encoded[:-1], builder.trace_id.encode("ascii"))
    headers: HeaderPairs = (("cache-control", REVALIDATE),)
    if counted:
        headers = (("x-mini-program-catalog-count", str(len(entries))), *headers)
    return builder.composed(200, body, headers, etag=content_tag(encoded))


def _as_catalog_error(refusal: Refusal, builder: ResponseBuilder) -> Refusal:
    return refusal._replace(response_type=CATALOG_ERROR) if builder.profile.is_local else refusal
