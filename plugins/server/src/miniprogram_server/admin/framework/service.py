"""What every operation goes through: who asks, how often, under which conditions, and was it asked before."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from miniprogram.clock import Clock
from miniprogram.delivery.evaluation.ledger import AdmissionLedger
from miniprogram.documents.environment_storage import EnvironmentStorage
from miniprogram.errors import MiniProgramError
from miniprogram.identity.command_context import CommandContext
from miniprogram.identity.roles import Actor
from miniprogram.models import FrozenModel
from miniprogram.names import why_no_name
from miniprogram.releases.queries.visible import visible
from miniprogram_server.admin.framework.bearer import Authenticate
from miniprogram_server.admin.framework.bodies import JSON, fit, parse_body
from miniprogram_server.admin.framework.idempotency import Answer, IdempotencyCache, fingerprint
from miniprogram_server.admin.framework.operation import PATH_NAMES, Call, Operation
from miniprogram_server.admin.framework.preconditions import expected_revision, tag_of
from miniprogram_server.admin.framework.problems import Failure, failure_of
from miniprogram_server.admin.framework.rate_limit import RateLimit
from miniprogram_server.admin.framework.sessions import SessionRegister
from miniprogram_server.admin.framework.uploads import Upload


class NoQuery(FrozenModel):
    """What is asked of an operation that reads no query: nothing that is said is ignored."""


@dataclass(frozen=True, slots=True)
class HttpRequest:
    """A request, read whole. `query` holds the last value of each parameter."""

    names: Mapping[str, str]
    path: str
    query_text: str
    query: Mapping[str, str]
    body: bytes | Upload
    digest: bytes
    """Of the body."""
    if_match: str | None
    if_none_match: str | None
    idempotency_key: str | None


class AdminService:
    """Runs operations. Knows nothing of the web framework; blocks, so call it from a worker thread."""

    def __init__(
        self,
        storage: EnvironmentStorage,
        authenticate: Authenticate,
        *,
        now: Clock,
        limit: RateLimit,
        answers: IdempotencyCache,
        ledger: AdmissionLedger | None = None,
        sessions: SessionRegister | None = None,
    ) -> None:
        self._storage = storage
        self._authenticate = authenticate
        self._now = now
        self._limit = limit
        self._ledger = ledger
        self._sessions = sessions
        self._answers = answers

    def admit(self, authorization: str | None, client: str) -> Actor:
        """Who asks. Raises Failure: 401 without a token that counts, 429 when it asks too often."""
        self._slow_down(self._authenticate.caller(authorization, client))
        try:
            return self._authenticate(authorization, self._now())
        except Failure:
            self._slow_down(f"refused:{client}")  # whoever tries many tokens is slowed down by address
            raise

    def run(self, operation: Operation, actor: Actor, request: HttpRequest) -> Answer:
        """The answer to an admitted request. Raises Failure."""
        if request.idempotency_key is None or not operation.writes or not operation.keeps_answer:
            return self._do(operation, actor, request)
        mark = fingerprint(
            operation.method, request.path, request.query_text, request.if_match or "", request.digest
        )
        caller = actor.token or actor.name  # another token of the same member may be trusted with less
        earlier = self._answers.begin(caller, request.idempotency_key, mark)
        if earlier is not None:
            return Answer(earlier.status, (*earlier.headers, ("idempotent-replayed", "true")), earlier.body)
        try:
            answer = self._do(operation, actor, request)
        except BaseException:
            self._answers.forget(caller, request.idempotency_key)
            raise
        self._answers.keep(caller, request.idempotency_key, answer)
        return answer

    def _do(self, operation: Operation, actor: Actor, request: HttpRequest) -> Answer:
        call = self._call(operation, actor, request)
        try:
            call.require_sight()
            answered = operation.handle(call)
        except MiniProgramError as error:
            raise failure_of(error) from error
        revision = getattr(answered, "revision", None)
        tag = None if revision is None else tag_of(revision)
        headers = (("etag", tag),) if tag else ()
        if not operation.writes and tag is not None and tag in _tags(request.if_none_match):
            return Answer(304, headers, b"")
        body = visible(actor, answered).model_dump_json(by_alias=True).encode("utf-8", "backslashreplace")
        return Answer(operation.status, (("content-type", JSON), *headers), body)

    def _call(self, operation: Operation, actor: Actor, request: HttpRequest) -> Call:
        for name, text in request.names.items():
            problem = why_no_name(PATH_NAMES[name], text)
            if problem is not None and name != "environment":  # Call.target says what there is
                raise Failure(422, "invalid_request", f"{name} in the path: {problem}")
        revision = None
        if operation.writes:
            revision = expected_revision(request.if_match, required=operation.guarded)
        query = fit(operation.query or NoQuery, dict(request.query), where="the query")
        body: Any = request.body if operation.takes_text else None
        if operation.body is not None:
            assert isinstance(request.body, bytes)  # noqa: S101 - only lists of ids are uploads
            body = parse_body(operation.body, request.body)
        context = CommandContext(self._storage, actor, self._now(), revision)
        return Call(context, request.names, query, body, self._ledger, self._sessions)

    def _slow_down(self, caller: str) -> None:
        wait_s = self._limit(caller)
        if wait_s:
            message = f"too many requests; try again in {wait_s} s"
            raise Failure(429, "rate_limited", message, headers=(("retry-after", str(wait_s)),))


def _tags(if_none_match: str | None) -> frozenset[str]:
    return frozenset(part.strip().removeprefix("W/") for part in (if_none_match or "").split(","))
