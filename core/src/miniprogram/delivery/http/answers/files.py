"""Versioned manifests, screens and assets: stored bytes, sent as they are."""

from __future__ import annotations

from miniprogram.delivery.documents.cache.document import Document
from miniprogram.delivery.documents.cache_control import IMMUTABLE
from miniprogram.delivery.documents.content_types import extension_of, served_content_type
from miniprogram.delivery.documents.program_documents import ProgramDocuments
from miniprogram.delivery.documents.read_access import is_protected, refuse_direct_read, refuse_without_key
from miniprogram.delivery.evaluation.errors import BrokenDocument
from miniprogram.delivery.evaluation.refusals import Refusal, broken, not_found
from miniprogram.delivery.http.messages import HeaderPairs, Response
from miniprogram.delivery.http.responses.caching import PRIVATE_IMMUTABLE, REVALIDATE
from miniprogram.delivery.http.responses.response_builder import JSON_TYPE, ResponseBuilder

_COMPRESSIBLE = {"css", "html", "js", "json", "otf", "svg", "ttf", "txt"}

# An asset is a publisher's file on the server's own origin: a page or drawing among them must not run there.
_ASSET_HEADERS: HeaderPairs = (
    ("content-security-policy", "default-src 'none'; style-src 'unsafe-inline'; sandbox"),
    ("x-content-type-options", "nosniff"),
)


def answer_versioned_manifest(builder: ResponseBuilder, program: ProgramDocuments, version: str) -> Response:
    """`GET /api/manifests/{id}/versions/{version}`."""
    refusal = refuse_without_key(program, builder.profile, builder.access_key) or refuse_direct_read(
        program, version, builder.profile, builder.host_app
    )
    if refusal is not None:
        return builder.refuse(refusal)
    document = program.versioned_manifest(version)
    name = f"Version {version} of mini-program {program.id}"
    return _answer_json(builder, program, document, name)


def answer_screen(builder: ResponseBuilder, program: ProgramDocuments, version: str, screen_id: str) -> Response:
    """`GET /api/screens/{id}/{version}/{screenId}`."""
    refusal = refuse_without_key(program, builder.profile, builder.access_key) or refuse_direct_read(
        program, version, builder.profile, builder.host_app
    )
    if refusal is not None:
        return builder.refuse(refusal)
    document = program.screen(version, screen_id)
    name = f"Screen {screen_id} of version {version} of mini-program {program.id}"
    return _answer_json(builder, program, document, name)


def answer_asset(builder: ResponseBuilder, program: ProgramDocuments, version: str, path: str) -> Response:
    """`GET /api/assets/{id}/{version}/{path}`. Needs no key unless the profile protects assets."""
    refusal = _refuse_asset(builder, program, version)
    if refusal is not None:
        return builder.refuse(refusal)
    document = program.asset(version, path)
    if document is None:
        name = f"Asset {path} of version {version} of mini-program {program.id}"
        return builder.refuse(not_found(f"{name} does not exist."))
    content_type = served_content_type(path)
    is_private = builder.profile.protects_assets and is_protected(program, builder.profile)
    headers = (*file_headers(builder, program, is_private=is_private), *_ASSET_HEADERS)
    return builder.stored(document, content_type, headers, compressible=extension_of(path) in _COMPRESSIBLE)


def _refuse_asset(builder: ResponseBuilder, program: ProgramDocuments, version: str) -> Refusal | None:
    refusal = (
        refuse_without_key(program, builder.profile, builder.access_key)
        if builder.profile.protects_assets
        else None
    )
    return refusal or refuse_direct_read(program, version, builder.profile, builder.host_app)


def _answer_json(
    builder: ResponseBuilder, program: ProgramDocuments, document: Document | None, name: str
) -> Response:
    if document is None:
        return builder.refuse(not_found(f"{name} does not exist."))
    try:
        document.require_json()
    except BrokenDocument as error:
        details = {"reason": error.reason}
        return builder.refuse(broken(f"{name} is stored as something else than JSON.", details))
    headers = file_headers(builder, program, is_private=is_protected(program, builder.profile))
    return builder.stored(document, JSON_TYPE, headers)


def file_headers(builder: ResponseBuilder, program: ProgramDocuments, *, is_private: bool) -> HeaderPairs:
    cache_control = PRIVATE_IMMUTABLE if is_private else IMMUTABLE
    if not builder.profile.versions_are_immutable:
        cache_control = REVALIDATE
    return (("x-mini-program-id", program.id), ("cache-control", cache_control))
