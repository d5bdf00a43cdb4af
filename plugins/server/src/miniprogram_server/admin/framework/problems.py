"""What a refused request is told: a problem document (RFC 9457) with the code of what stands against it."""

from __future__ import annotations

from http import HTTPStatus
from typing import Any

from pydantic import Field

from miniprogram.errors import DocumentError, MiniProgramError, StoreError, UsageError
from miniprogram.logs import get_log
from miniprogram.models import CamelModel
from miniprogram.refusals import Denied, NotFound, Refused, RevisionConflict
from miniprogram_server.serving.refusals import PROBLEM, PROBLEM_TYPE

log = get_log(__name__)

Headers = tuple[tuple[str, str], ...]


MEDIA_TYPE = PROBLEM.decode()


class Problem(CamelModel):
    """Why a request was refused (RFC 9457). `code` is for programs, `detail` and `hint` are for people."""

    type: str
    """`urn:miniprogram:problem:` and the code."""
    title: str
    """The status in words."""
    status: int = Field(ge=400, le=599)
    detail: str
    code: str
    hint: str | None = None
    rule: str | None = None
    """The code of the guard that stands against it, where one does."""
    revision: int | None = None
    """Where the document is now, when the caller's is not."""
    trace_id: str


_EVENTS = {"invalid_backend_json": "document_unreadable"}
"""What the log calls a code; the others by their own word."""


class Failure(Exception):  # noqa: N818 - it is an answer
    """A request that gets a problem as its answer."""

    def __init__(
        self, status: int, code: str, message: str, *, hint: str | None = None, headers: Headers = (), **more: Any
    ) -> None:
        super().__init__(message)
        self.status, self.code, self.message = status, code, message
        self.hint, self.headers, self.more = hint, headers, more

    def problem(self, trace_id: str) -> Problem:
        return Problem(
            type=PROBLEM_TYPE + self.code,
            title=HTTPStatus(self.status).phrase,
            status=self.status,
            detail=self.message,
            code=self.code,
            hint=self.hint,
            trace_id=trace_id,
            **self.more,
        )


def report(failure: Failure, trace_id: str, surface: str) -> None:
    """Put into the log why a request got 5xx. What breaks unforeseen is put there by `Observed`."""
    if failure.status >= 500 and failure.code != "internal_error":
        event = _EVENTS.get(failure.code, failure.code)
        log.error(event, trace_id=trace_id, surface=surface, reason=failure.message)


_ANSWERS: tuple[tuple[type[MiniProgramError], int, str], ...] = (
    (Denied, 403, "forbidden"),
    (NotFound, 404, "not_found"),
    (RevisionConflict, 412, "revision_conflict"),
    (Refused, 409, "refused"),
    (UsageError, 422, "invalid_request"),
    (StoreError, 503, "store_unavailable"),
    (DocumentError, 500, "invalid_backend_json"),
)
"""The first class that fits decides; everything else of ours is a request that cannot be followed now."""


def failure_of(error: MiniProgramError) -> Failure:
    """The answer to an error of a use case."""
    found = ((status, code) for kind, status, code in _ANSWERS if isinstance(error, kind))
    status, code = next(found, (409, "refused"))
    more: dict[str, Any] = {}
    if isinstance(error, Refused | Denied):
        more["rule"] = error.rule
    if isinstance(error, RevisionConflict):
        more["revision"] = error.found
    return Failure(status, code, str(error), hint=error.hint, **more)
