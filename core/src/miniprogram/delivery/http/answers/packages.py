"""Packages of versions: the archive, deltas from other archives, and the index of both. All are stored bytes.

Below `/api/packages/{id}/{version}/` lie the files as they are stored. One address more, `package.tar`, is the
archive by content negotiation, as browsers do it by themselves: RFC 9842, with an archive they have as dictionary.
"""

from __future__ import annotations

import re
from binascii import Error, a2b_base64

from miniprogram.delivery.documents.cache.document import Document
from miniprogram.delivery.documents.content_types import served_content_type
from miniprogram.delivery.documents.kinds import (
    AUTHORED_SCREEN,
    PACKAGE,
    PACKAGE_DELTA,
    PACKAGE_INDEX,
    SEALED_PACKAGE,
    DocumentKind,
)
from miniprogram.delivery.documents.program_documents import ProgramDocuments
from miniprogram.delivery.documents.read_access import is_protected, refuse_direct_read, refuse_without_key
from miniprogram.delivery.evaluation.errors import TooLarge
from miniprogram.delivery.evaluation.path_segments import is_safe_segment
from miniprogram.delivery.evaluation.refusals import ARTIFACT_ERROR, REQUEST_ERROR, Refusal, not_found
from miniprogram.delivery.http.answers.files import file_headers
from miniprogram.delivery.http.messages import HeaderPairs, Response
from miniprogram.delivery.http.responses.caching import ENCODING, accepts_coding
from miniprogram.delivery.http.responses.response_builder import ResponseBuilder

NEGOTIATED = "package.tar"
"""The archive, in whatever form the client can read."""
NAMES = {"package.tar.zst": PACKAGE, "deltas.json": PACKAGE_INDEX}
VARIES = f"{ENCODING}, Available-Dictionary"

_ARCHIVE = ("content-type", "application/x-tar")
_delta_name = re.compile(r"([0-9a-f]{64})\.dcz").fullmatch
_sealed_name = re.compile(r"([0-9a-f]{64})\.sealed").fullmatch
_byte_sequence = re.compile(r"[ \t]*:([A-Za-z0-9+/]{43}=):[ \t]*").fullmatch


def answer_package(
    builder: ResponseBuilder, program: ProgramDocuments, version: str, path: tuple[str, ...]
) -> Response:
    """`GET` and `HEAD /api/packages/{id}/{version}/…`, for whoever may read the screens of the version."""
    refusal = refuse_without_key(program, builder.profile, builder.access_key) or refuse_direct_read(
        program, version, builder.profile, builder.host_app
    )
    if refusal is not None:
        return builder.refuse(refusal)
    try:
        return _answer(builder, program, version, path)
    except TooLarge:
        # no fault of this server: whoever asks loads the files of the version one by one
        return builder.refuse(_too_large(program, version, "/".join(path)))


def _answer(builder: ResponseBuilder, program: ProgramDocuments, version: str, path: tuple[str, ...]) -> Response:
    is_private = is_protected(program, builder.profile)
    headers = file_headers(builder, program, is_private=is_private)
    if path == (NEGOTIATED,):
        return _answer_archive(builder, program, version, headers)
    named = _named(path)
    document = None if named is None else program.of_package(named[0], version, *named[1])
    if document is None:
        return builder.refuse(_absent(program, version, "/".join(path)))
    content_type = _content_type(path[-1])
    headers = (*headers, ("x-content-type-options", "nosniff"))
    if path[-1].endswith(".json") and builder.header("range") is None:
        # an index is most of what a small update costs
        return builder.stored(document, content_type, (*headers, ("accept-ranges", "bytes")))
    return builder.ranged(document, (("content-type", content_type), *headers))


def _answer_archive(
    builder: ResponseBuilder, program: ProgramDocuments, version: str, headers: HeaderPairs
) -> Response:
    """The archive as a delta, if the client has what one builds upon, else as a whole."""
    # whatever stands before, such as a gateway's stage: browsers take no pattern relative to the address
    use = f'match="/*/packages/{program.id}/*/{NEGOTIATED}", id="{version}"'
    headers = (_ARCHIVE, *headers, ("use-as-dictionary", use))
    document = _delta_for(builder, program, version)
    if document is not None:
        return builder.ranged(document, (*headers, ("content-encoding", "dcz")), varies=VARIES)
    if not accepts_coding(builder.header("accept-encoding"), "zstd"):
        return builder.refuse(_unreadable(program, version))
    document = program.of_package(PACKAGE, version)
    if document is None:
        return builder.refuse(_absent(program, version, NEGOTIATED))
    return builder.ranged(document, (*headers, ("content-encoding", "zstd")), varies=VARIES)


def _delta_for(builder: ResponseBuilder, program: ProgramDocuments, version: str) -> Document | None:
    """The delta from the archive that the client says it has; None when no delta builds upon it."""
    available = _byte_sequence(builder.header("available-dictionary") or "")
    if available is None or not accepts_coding(builder.header("accept-encoding"), "dcz"):
        return None
    try:
        base = a2b_base64(available[1]).hex()
    except Error:
        return None
    return program.of_package(PACKAGE_DELTA, version, base)


def _named(path: tuple[str, ...]) -> tuple[DocumentKind, tuple[str, ...]] | None:
    """The kind of document a path below the version means, and its fields; None when it means none."""
    if len(path) == 1:
        kind = NAMES.get(path[0])
        sealed = _sealed_name(path[0])
        if sealed is not None:
            return SEALED_PACKAGE, (sealed[1],)
        delta = _delta_name(path[0])
        return (PACKAGE_DELTA, (delta[1],)) if delta is not None else None if kind is None else (kind, ())
    if len(path) == 2 and path[0] == "screens" and path[1].endswith(".json"):
        screen = path[1].removesuffix(".json")
        return (AUTHORED_SCREEN, (screen,)) if is_safe_segment(screen) else None
    return None


def _content_type(name: str) -> str:
    return "application/zstd" if name.endswith(".zst") else served_content_type(name)


def _absent(program: ProgramDocuments, version: str, name: str) -> Refusal:
    return not_found(f"Version {version} of mini-program {program.id} has no {name} for hosts that load packages.")


def _too_large(program: ProgramDocuments, version: str, name: str) -> Refusal:
    message = (
        f"{name} of version {version} of mini-program {program.id} is too large for this server: load its files."
    )
    return Refusal(404, "artifact_too_large", message, ARTIFACT_ERROR)


def _unreadable(program: ProgramDocuments, version: str) -> Refusal:
    message = (
        f"The package of version {version} of mini-program {program.id} is stored compressed by Zstandard, which "
        "the request does not accept; package.tar.zst is the same as a file."
    )
    return Refusal(406, "not_acceptable", message, REQUEST_ERROR)
