"""Trust metadata and the signed lists of versions: stored bytes, sent as they are; vouched for by others."""

from __future__ import annotations

from typing import TYPE_CHECKING

from miniprogram.delivery.documents.cache_control import IMMUTABLE
from miniprogram.delivery.documents.kinds import SIGNED_VERSION, TRUST_METADATA, TRUST_TIMESTAMP
from miniprogram.delivery.documents.read_access import is_protected, refuse_without_key
from miniprogram.delivery.evaluation.refusals import not_found
from miniprogram.delivery.http.responses.caching import PRIVATE_IMMUTABLE, REVALIDATE
from miniprogram.delivery.http.responses.response_builder import JSON_TYPE, ResponseBuilder

if TYPE_CHECKING:
    from miniprogram.delivery.documents.cache.document import Document
    from miniprogram.delivery.documents.cache.document_cache import DocumentCache
    from miniprogram.delivery.documents.layouts.keys import Keys
    from miniprogram.delivery.documents.program_documents import ProgramDocuments
    from miniprogram.delivery.http.messages import Response


def answer_metadata(builder: ResponseBuilder, documents: DocumentCache, keys: Keys, name: str) -> Response:
    """`GET /api/trust/{number}.{role}.json` and `GET /api/trust/timestamp.json`."""
    number, _, role = name.removesuffix(".json").partition(".")
    if name == "timestamp.json":
        document = documents.document(keys.key(TRUST_TIMESTAMP))
    elif name.endswith(".json") and number.isdecimal() and role:
        document = documents.document(keys.key(TRUST_METADATA, number, role), immutable=True)
    else:
        document = None
    if document is None:
        return builder.refuse(not_found(f"There is no trust metadata {name}."))
    return builder.stored(document, JSON_TYPE, (("cache-control", _caching(name)),))


def answer_signed_version(
    builder: ResponseBuilder, documents: DocumentCache, keys: Keys, program: ProgramDocuments, name: str
) -> Response:
    """`GET /api/trust/targets/{id}/{sha256}.{version}.json`. Needs a key where the mini-program does."""
    refusal = refuse_without_key(program, builder.profile, builder.access_key)
    if refusal is not None:
        return builder.refuse(refusal)
    digest, _, version = name.removesuffix(".json").partition(".")
    document: Document | None = None
    if name.endswith(".json") and digest and version:
        document = documents.document(keys.key(SIGNED_VERSION, program.id, digest, version), immutable=True)
    if document is None:
        return builder.refuse(not_found(f"There is no signed list {name} of mini-program {program.id}."))
    is_private = is_protected(program, builder.profile)
    return builder.stored(
        document, JSON_TYPE, (("cache-control", PRIVATE_IMMUTABLE if is_private else IMMUTABLE),)
    )


def _caching(name: str) -> str:
    return REVALIDATE if name == "timestamp.json" else IMMUTABLE
