"""One request on its way to a response: trace id, headers every response has, conditional and encoded bodies."""

from __future__ import annotations

from miniprogram.delivery.documents.cache.document import Document, to_json
from miniprogram.delivery.documents.contents.access_keys import HEADER as ACCESS_KEY_HEADER
from miniprogram.delivery.documents.profile import Profile
from miniprogram.delivery.evaluation.path_segments import has_safe_characters
from miniprogram.delivery.evaluation.refusals import ACCESS_KEY_ERROR, REQUEST_ERROR, Members, Refusal
from miniprogram.delivery.http.messages import HeaderPairs, Request, Response
from miniprogram.delivery.http.responses.cached_response import TRACE_HEADER
from miniprogram.delivery.http.responses.caching import (
    DO_NOT_STORE,
    ENCODING,
    MIN_DYNAMIC_GZIP_BYTES,
    MIN_STATIC_GZIP_BYTES,
    accepts_gzip,
    is_unchanged,
)
from miniprogram.delivery.http.responses.cors import CorsHeaders
from miniprogram.delivery.http.responses.gzip_prefix import GzipPrefix

JSON_TYPE = "application/json; charset=utf-8"

_MAX_TRACE_CHARACTERS = 80
_JSON_HEADERS: HeaderPairs = (("content-type", JSON_TYPE),)
_GZIP = ("content-encoding", "gzip")
_NOTHING_BEFORE = GzipPrefix(b"")


class ResponseBuilder:
    """Builds the response to one request. `route_kind` is for logs."""

    __slots__ = ("_cors", "profile", "request", "route_kind", "trace_id")

    def __init__(
        self, request: Request, route_kind: str, profile: Profile, cors: CorsHeaders, now_ns: int
    ) -> None:
        self.request = request
        self.route_kind = route_kind
        self.profile = profile
        self._cors = cors
        self.trace_id = _trace_id(request, profile, now_ns)

    @property
    def access_key(self) -> str | None:
        """The access key sent, if any."""
        return self.request.headers.get(ACCESS_KEY_HEADER)

    @property
    def host_app(self) -> str:
        """The host that says it asks for a file; blank when it does not say."""
        return (self.request.headers.get("x-host-app") or "").strip()

    def header(self, name: str) -> str | None:
        """A request header by its lower-case name."""
        return self.request.headers.get(name)

    def json(self, status: int, body: Members, headers: HeaderPairs = ()) -> Response:
        """`body` with `traceId` as its last member. Not to be stored by anybody."""
        encoded = to_json({**body, "traceId": self.trace_id})
        return self.composed(status, encoded, (*headers, ("cache-control", DO_NOT_STORE)))

    def refuse(self, refusal: Refusal, headers: HeaderPairs = ()) -> Response:
        """`refusal` in its envelope."""
        from miniprogram.delivery.http.responses.error_bodies import error_body  # most are not refused

        everywhere = refusal.response_type == ACCESS_KEY_ERROR or (
            refusal.response_type == REQUEST_ERROR and not self.profile.is_local
        )
        body = error_body(refusal, self.trace_id, trace_everywhere=everywhere)
        headers = (*headers, ("cache-control", DO_NOT_STORE))
        return self.composed(refusal.status, body, headers, reason=refusal.code)

    def composed(
        self,
        status: int,
        body: bytes,
        headers: HeaderPairs,
        *,
        etag: str | None = None,
        start: GzipPrefix = _NOTHING_BEFORE,
        reason: str = "",
    ) -> Response:
        """A JSON body made for this request, after `start`. `etag` is its weak tag, without marks, if any."""
        weak = None if etag is None else f'W/"{etag}"'
        is_long = len(start.body) + len(body) >= MIN_DYNAMIC_GZIP_BYTES
        varies = ENCODING if is_long else ""
        if weak is not None:
            headers = (*headers, ("etag", weak))
            if is_unchanged(self.header("if-none-match"), weak):
                return self._finish(304, headers, b"", varies=varies, reason=reason)
        headers = _JSON_HEADERS + headers
        if is_long and accepts_gzip(self.header("accept-encoding")):
            return self._finish(status, (*headers, _GZIP), start.gzipped(body), varies=varies, reason=reason)
        return self._finish(status, headers, start.body + body, varies=varies, reason=reason)

    def stored(
        self, document: Document, content_type: str, headers: HeaderPairs, *, compressible: bool = True
    ) -> Response:
        """A stored file, byte for byte, with a strong tag per encoding."""
        may_zip = compressible and len(document.body) >= MIN_STATIC_GZIP_BYTES
        varies = ENCODING if may_zip else ""
        zipped = may_zip and accepts_gzip(self.header("accept-encoding"))
        etag = f'"{document.etag}-gzip"' if zipped else f'"{document.etag}"'
        headers = (*headers, ("etag", etag))
        if is_unchanged(self.header("if-none-match"), etag):
            return self._finish(304, headers, b"", varies=varies)
        headers = (("content-type", content_type), *headers)
        if zipped:
            return self._finish(200, (*headers, _GZIP), document.gzipped(), varies=varies)
        return self._finish(200, headers, document.body, varies=varies)

    def ranged(self, document: Document, headers: HeaderPairs, *, varies: str = "") -> Response:
        """A stored file, byte for byte, or the part of it that is asked for. `headers` name its type."""
        from miniprogram.delivery.http.responses.ranges import UNSATISFIABLE, asked_part  # packages only

        etag = f'"{document.etag}"'
        headers = (*headers, ("etag", etag), ("accept-ranges", "bytes"))
        if is_unchanged(self.header("if-none-match"), etag):
            return self._finish(304, headers, b"", varies=varies)
        size = len(document.body)
        part = asked_part(self.request.headers, size, etag)
        if part is UNSATISFIABLE:
            return self._finish(416, (*headers, ("content-range", f"bytes */{size}")), b"", varies=varies)
        if part is None:
            return self._finish(200, headers, document.body, varies=varies)
        told = ("content-range", f"bytes {part.start}-{part.stop - 1}/{size}")
        return self._finish(206, (*headers, told), document.body[part.start : part.stop], varies=varies)

    def preflight(self) -> Response:
        """204 to any OPTIONS."""
        return self._finish(204, () if self.profile.is_local else _JSON_HEADERS, b"")

    def _finish(
        self, status: int, headers: HeaderPairs, body: bytes, *, varies: str = "", reason: str = ""
    ) -> Response:
        cors = self._cors.block(self.request.headers, varies=varies)
        headers = (*headers, (TRACE_HEADER, self.trace_id), *cors)
        return Response(status, headers, body, self.route_kind, reason)


def _trace_id(request: Request, profile: Profile, now_ns: int) -> str:
    given = request.headers.get("x-request-id", "").strip()
    if len(given) <= _MAX_TRACE_CHARACTERS and has_safe_characters(given):
        return given
    return new_trace_id(profile, now_ns)


def new_trace_id(profile: Profile, now_ns: int) -> str:
    """A trace id for a request that brings none."""
    return f"{profile.trace_prefix}{now_ns // profile.trace_unit_ns:x}"
