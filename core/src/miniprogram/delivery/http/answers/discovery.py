"""`GET /api/discovery/mini-programs`: what this caller can open (contract, section 7)."""

from __future__ import annotations

from bisect import bisect_right
from collections.abc import Callable
from typing import NamedTuple

from miniprogram.delivery.documents.cache.document import content_tag, to_json
from miniprogram.delivery.documents.cache.document_cache import DocumentCache
from miniprogram.delivery.documents.indexed_programs import IndexedProgram, indexed_programs
from miniprogram.delivery.documents.program_documents import ProgramDocuments
from miniprogram.delivery.documents.read_access import refuse_without_key
from miniprogram.delivery.evaluation.context.evaluation_context import EvaluationContext
from miniprogram.delivery.evaluation.decide import decide
from miniprogram.delivery.evaluation.decision import Decision
from miniprogram.delivery.evaluation.errors import BrokenDocument
from miniprogram.delivery.evaluation.path_segments import is_safe_segment, percent_decode
from miniprogram.delivery.evaluation.refusals import CATALOG_ERROR, Members, Refusal, invalid_request
from miniprogram.delivery.evaluation.verdicts import Denied, Granted, broken_document
from miniprogram.delivery.evaluation.versions.display_texts import display_texts
from miniprogram.delivery.evaluation.versions.manifest import Manifest
from miniprogram.delivery.http.messages import HeaderPairs, Response
from miniprogram.delivery.http.responses.caching import REVALIDATE
from miniprogram.delivery.http.responses.response_builder import ResponseBuilder

FindProgram = Callable[[str], ProgramDocuments]
_Found = IndexedProgram | ProgramDocuments

MAX_LIMIT = 1_000
_EXAMINED_PER_ENTRY = 10


class Page(NamedTuple):
    """A part of the catalog: at most `limit` entries of programs whose ids come after `after`."""

    limit: int
    after: str = ""


def parse_page(query: str) -> Page | Refusal | None:
    """The page that `limit` and `after` ask for; None when neither was sent."""
    given = {}
    for pair in query.split("&"):
        name, _, value = pair.partition("=")
        if name in {"limit", "after"}:
            given[name] = percent_decode(value.replace("+", " ")).strip()
    if not given:
        return None
    limit, after = given.get("limit", str(MAX_LIMIT)), given.get("after", "")
    if not (limit.isascii() and limit.isdecimal() and len(limit) <= 4 and 1 <= int(limit) <= MAX_LIMIT):
        return invalid_request(f"The query parameter limit must be a whole number from 1 to {MAX_LIMIT}.")
    if after and not is_safe_segment(after):
        return invalid_request("The query parameter after must be the id of a mini-program.")
    return Page(int(limit), after)


def answer_discovery(
    builder: ResponseBuilder,
    documents: DocumentCache,
    find: FindProgram,
    context: EvaluationContext,
    page: Page | None,
) -> Response:
    """The catalog for `context`: all of it by title, or a page of it by id. Admits nobody."""
    context = context.read_only()
    layout = builder.profile.layout
    indexed = indexed_programs(documents, layout.keys, find)
    program_of: Callable[[str], _Found] = find
    if indexed is not None:
        ids, program_of, is_there = indexed.ids, indexed.program, True
    else:
        listing = documents.listing(layout.catalog_prefix)
        listed = map(layout.program_id, listing or ())
        ids = sorted(i for i in listed if i is not None and is_safe_segment(i))
        is_there = listing is not None
    found = _entries(builder, ids, program_of, context, page)
    if isinstance(found, Refusal):
        return builder.refuse(_as_catalog_error(found, builder))
    entries, last = found
    if page is None:
        entries.sort(key=lambda entry: (entry["title"].encode("utf-16-be", "surrogatepass"), entry["id"]))
    return _catalog(builder, entries, last, counted=is_there or not builder.profile.is_local)


def _entries(
    builder: ResponseBuilder,
    ids: list[str],
    program_of: Callable[[str], _Found],
    context: EvaluationContext,
    page: Page | None,
) -> tuple[list[Members], str | None] | Refusal:
    """The entries, and the id to go on after. A page looks at so many programs only, listed or not."""
    entries: list[Members] = []
    rest = ids if page is None else ids[bisect_right(ids, page.after) :]
    most = len(rest) if page is None else max(page.limit * _EXAMINED_PER_ENTRY, 100)
    for number, program_id in enumerate(rest, 1):
        found = _entry(builder, program_of(program_id), context)
        if isinstance(found, Refusal):
            return found
        if found is not None:
            entries.append(found)
        is_full = page is not None and (len(entries) == page.limit or number == most)
        if is_full and number < len(rest):
            return entries, program_id
    return entries, None


def _entry(builder: ResponseBuilder, program: _Found, context: EvaluationContext) -> Members | Refusal | None:
    """The program's entry; None when it is to be left out; the refusal when it fails the whole list."""
    strictness = builder.profile.strictness
    if (
        strictness.hides_protected_programs
        and refuse_without_key(program, builder.profile, builder.access_key) is not None
    ):
        return None
    verdict: Granted[Manifest] | Denied = decide(program, context, strictness)
    if isinstance(verdict, Denied):
        refusal = verdict.refusal
    else:
        try:
            return _describe(program.id, verdict.decision, verdict.manifest)
        except BrokenDocument as error:
            refusal = broken_document(
                program.id, error, {**error.details, **verdict.decision.fields(context.delivery)}
            )
    is_left_out = refusal.status in {404, 412} or (refusal.status == 500 and strictness.skips_broken_programs)
    return None if is_left_out else refusal


def _describe(own_id: str, decision: Decision, manifest: Manifest) -> Members:
    """Hosts refuse a whole catalog over one entry of the wrong shape, so each is checked here."""
    members = manifest.members
    program_id, entry = members.get("id", own_id), members.get("entry")
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


def _catalog(builder: ResponseBuilder, entries: list[Members], last: str | None, *, counted: bool) -> Response:
    shared: Members = {
        "responseType": "mini_program_catalog",
        "statusCode": 200,
        "entryCount": len(entries),
        "entries": entries,
    }
    if last is not None:
        shared["nextAfter"] = last
    encoded = to_json(shared)
    body = b'%b,"traceId":"%b"}' % (encoded[:-1], builder.trace_id.encode("ascii"))
    headers: HeaderPairs = (("cache-control", REVALIDATE),)
    if counted:
        headers = (("x-mini-program-catalog-count", str(len(entries))), *headers)
    return builder.composed(200, body, headers, etag=content_tag(encoded))


def _as_catalog_error(refusal: Refusal, builder: ResponseBuilder) -> Refusal:
    return refusal._replace(response_type=CATALOG_ERROR) if builder.profile.is_local else refusal
