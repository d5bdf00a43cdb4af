"""The delivery service: a request in, a response out, whatever the request and whatever is stored."""

from __future__ import annotations

import time
from collections.abc import Callable, Iterable
from typing import TYPE_CHECKING

from miniprogram.delivery.documents.cache.document_cache import DEFAULT_MAX_BYTES, DocumentCache, MemoryOnlyCache
from miniprogram.delivery.documents.outage import NO_TOLERANCE, Notices, OutageTolerance
from miniprogram.delivery.documents.profile import Profile
from miniprogram.delivery.documents.program_documents import ProgramDocuments
from miniprogram.delivery.documents.segment_lists import SegmentLists
from miniprogram.delivery.evaluation.context.evaluation_context import EvaluationContext, RequestMeta
from miniprogram.delivery.evaluation.errors import BrokenDocument, Degraded, SourceUnavailable
from miniprogram.delivery.evaluation.path_segments import is_safe_file_name
from miniprogram.delivery.evaluation.refusals import Refusal, broken, invalid_request
from miniprogram.delivery.http.answers.plain import (
    INTERNAL,
    UNREACHABLE,
    answer_health,
    invalid_name,
    refuse_route,
)
from miniprogram.delivery.http.contexts import DeliveryContexts, QueryContext
from miniprogram.delivery.http.messages import Request, Response
from miniprogram.delivery.http.response_cache import ResponseCache
from miniprogram.delivery.http.responses.cors import CorsHeaders
from miniprogram.delivery.http.responses.response_builder import ResponseBuilder, new_trace_id
from miniprogram.delivery.http.routes import Route, find_route

if TYPE_CHECKING:
    from miniprogram.delivery.documents.cache.snapshot import DocumentSnapshot
    from miniprogram.delivery.documents.layouts.layout import Layout
    from miniprogram.delivery.documents.sources import DocumentSource
    from miniprogram.delivery.evaluation.ledger import AdmissionLedger
    from miniprogram.delivery.http.responses.cached_response import CachedResponse

Reporter = Callable[[Exception, str], None]
"""Gets a failure that was answered with 5xx, and the trace id; or Degraded, and a blank. Must not raise."""


class PostRoute:
    """A route that a server adds to the engine's: what is posted to `path`. `kind` is its name in logs.

    `answer` gets the response builder, the documents, and the time in nanoseconds since the epoch.
    """

    __slots__ = ("answer", "kind", "path")

    def __init__(
        self, path: str, kind: str, answer: Callable[[ResponseBuilder, DocumentCache, int], Response]
    ) -> None:
        self.path, self.kind, self.answer = path, kind, answer


class _Reach:
    """What answering one request may use: everything, or what is in memory."""

    __slots__ = ("_layout", "_lists", "documents", "ledger")

    def __init__(
        self, documents: DocumentCache, layout: Layout, lists: SegmentLists, ledger: AdmissionLedger | None
    ) -> None:
        self.documents, self.ledger = documents, ledger
        self._layout, self._lists = layout, lists

    def program(self, program_id: str) -> ProgramDocuments:
        return ProgramDocuments(program_id, self._layout, self.documents, self._lists)


class DeliveryService:
    """Answers delivery requests over `source`. Safe to use from many threads.

    `max_staleness_s`: how old pointers may be, 0 to look at every request (right for a folder). `max_bytes`:
    memory for kept documents. `clock_ns` gives nanoseconds since the epoch, `monotonic` seconds for ages.
    `ledger` remembers who was admitted to windows; without it they admit nobody. `post_routes` are served by the
    local profile only. `tolerance` and `snapshot`: what goes on while the source fails.
    """

    def __init__(
        self,
        source: DocumentSource,
        profile: Profile,
        *,
        max_staleness_s: float = 0.0,
        max_bytes: int = DEFAULT_MAX_BYTES,
        clock_ns: Callable[[], int] = time.time_ns,
        monotonic: Callable[[], float] = time.monotonic,
        ledger: AdmissionLedger | None = None,
        report: Reporter | None = None,
        post_routes: Iterable[PostRoute] = (),
        tolerance: OutageTolerance = NO_TOLERANCE,
        snapshot: DocumentSnapshot | None = None,
    ) -> None:
        self.profile = profile
        self._post_routes = {route.kind: route for route in post_routes}
        self._posts = {route.path: route.kind for route in self._post_routes.values()}
        # A document is looked at again after half of the time and used for another quarter by those who may not
        # wait; a repeated answer is good for the last quarter. Together that is what may go unnoticed.
        half = max_staleness_s / 2
        self._report = report or _print_failure
        self._documents = DocumentCache(
            source,
            max_staleness_s=half,
            max_bytes=max_bytes,
            clock=monotonic,
            tolerance=tolerance,
            snapshot=snapshot,
            notices=Notices(lambda degraded: self._report(degraded, "")),
        )
        self._lists = SegmentLists(self._documents.unshared_bytes, profile.layout)
        self._everything = _Reach(self._documents, profile.layout, self._lists, ledger)
        self._memory: _Reach | None = None
        self._memory_documents: MemoryOnlyCache | None = None
        self._contexts = DeliveryContexts("last" if profile.is_local else "joined")
        self._responses = ResponseCache(half / 2, monotonic, self._contexts)
        self._cors = CorsHeaders(echoes_origin=profile.is_local)
        self._clock_ns, self._monotonic = clock_ns, monotonic

    def handle(self, request: Request) -> Response:
        """The response to `request`. Never raises."""
        cached = self._responses.find(request, self._clock_ns, self._everything.ledger)
        if cached is not None:
            return cached.again(self.new_trace_id())
        route = self._find_route(request)
        builder = ResponseBuilder(request, route.kind, self.profile, self._cors, self._clock_ns())
        try:
            return self._answer(builder, route, self._everything)
        except BrokenDocument as error:
            self._report(error, builder.trace_id)
            return builder.refuse(broken("A stored file cannot be served.", {"reason": error.reason}))
        except SourceUnavailable as error:
            self._report(error, builder.trace_id)
            return builder.refuse(UNREACHABLE)
        except Exception as error:  # noqa: BLE001 - the outermost boundary: a host must get an envelope
            self._report(error, builder.trace_id)
            return builder.refuse(INTERNAL)

    def try_from_memory(self, request: Request) -> Response | None:
        """The response to `request` if it takes no waiting, no reading and no long work. Never raises.

        None for everything else, failures included: `handle` knows the answer.
        """
        cached = self.find_cached(request)
        return self.try_at_once(request) if cached is None else cached.again(self.new_trace_id())

    def find_cached(self, request: Request) -> CachedResponse | None:
        """What somebody in the same place was answered a moment ago, from memory. Never raises.

        To be given under a `new_trace_id`; and again to the same request for as long as it `is_good`.
        """
        self._lists.hurry()
        try:
            return self._responses.find(request, self._clock_ns, self._in_memory().ledger)
        finally:
            self._lists.take_time()

    def is_good(self, cached: CachedResponse) -> bool:
        """Whether what answered a request answers it still."""
        return self._monotonic() < cached.good_until and cached.good_until > self._responses.good_after

    def changed(self, keys: Iterable[str] | None) -> None:
        """Somebody says that `keys` changed in the source, or anything: what is known of them is looked at again.

        Only a hint: what nobody tells of is found out by its age. Called by one thread at a time.
        """
        if self._documents.expire(keys):
            self._responses.forget()

    def try_at_once(self, request: Request) -> Response | None:
        """As `try_from_memory`, for a request whose answer is worked out, as it was not found."""
        reach = self._in_memory()
        self._lists.hurry()
        try:
            route = self._find_route(request)
            if route.kind in _NEVER_AT_ONCE or route.kind in self._post_routes:
                return None
            builder = ResponseBuilder(request, route.kind, self.profile, self._cors, self._clock_ns())
            return self._answer(builder, route, reach)
        except Exception:  # noqa: BLE001 - whatever it is, it is met again and told by `handle`
            return None
        finally:
            self._lists.take_time()

    def take_due(self) -> bool:
        """Whether answers from memory used something that `refresh` should look at; asked once for each time."""
        documents = self._memory_documents
        if documents is None or not documents.is_due:
            return False
        documents.is_due = False
        return True

    def refresh(self, request: Request) -> None:
        """Look again at what `request` needs, so that those who may not wait find it in memory. Never raises."""
        route = self._find_route(request)
        builder = ResponseBuilder(request, route.kind, self.profile, self._cors, self._clock_ns())
        try:
            self._answer(builder, route, self._everything)
        except Exception:  # noqa: BLE001 - whatever it is, the next request meets it and tells
            return

    def unavailable(self, request: Request) -> Response:
        """What is answered when `handle` did not come to an end in time, or could not be begun."""
        route = self._find_route(request)
        builder = ResponseBuilder(request, route.kind, self.profile, self._cors, self._clock_ns())
        return builder.refuse(UNREACHABLE, (("retry-after", "1"),))

    def _answer(  # noqa: PLR0911 - one return per kind of route
        self, builder: ResponseBuilder, route: Route, reach: _Reach
    ) -> Response:
        match route.kind:
            case "manifest_latest" | "manifest_decision_inspect" | "mini_program_catalog" | "switches":
                return self._decide(builder, route, reach)
            case "screen_versioned" | "manifest_versioned" | "asset" | "package":
                read = _read_package if route.kind == "package" else self._read
                return read(builder, route, reach)
            case "cors_preflight":
                return builder.preflight()
            case "health":
                return answer_health(builder)
            case "trust_metadata" | "signed_version":
                return self._trust(builder, route, reach)
        added = self._post_routes.get(route.kind)
        if added is not None:
            return added.answer(builder, reach.documents, self._clock_ns())
        return refuse_route(builder, route)

    def _decide(self, builder: ResponseBuilder, route: Route, reach: _Reach) -> Response:
        """Routes that take a delivery context."""
        refusal = invalid_name(route.names)
        if refusal is not None:
            return builder.refuse(refusal)
        asked = self._contexts.read(builder.request.query)
        if isinstance(asked, Refusal):
            return builder.refuse(asked)
        meta = RequestMeta(self._clock_ns() // 1_000_000, builder.request.client)
        context = EvaluationContext(asked.context, meta, ledger=reach.ledger, admits=True)
        if route.kind == "mini_program_catalog":
            from miniprogram.delivery.http.answers.discovery import answer_discovery, parse_page

            page = parse_page(builder.request.query)
            if isinstance(page, Refusal):
                return builder.refuse(page)
            return answer_discovery(builder, reach.documents, reach.program, context, page)
        program = reach.program(route.names[0])
        if route.kind == "manifest_latest":
            return self._latest(builder, program, asked, context)
        return _answer_to(route.kind)(builder, program, context)

    def _latest(
        self, builder: ResponseBuilder, program: ProgramDocuments, asked: QueryContext, context: EvaluationContext
    ) -> Response:
        from miniprogram.delivery.http.answers.latest import answer_latest, decide_latest

        answers = self._responses.answers
        granted = decide_latest(builder, program, context)
        if isinstance(granted, Refusal):
            return builder.refuse(granted)
        response = answer_latest(builder, program, asked.context, granted)
        self._responses.keep(builder, asked, program, granted, response, answers=answers)
        return response

    def _read(self, builder: ResponseBuilder, route: Route, reach: _Reach) -> Response:
        """Routes that send a stored file."""
        program_id, version, *rest = route.names
        is_asset = route.kind == "asset"
        refusal = invalid_name((program_id, version) if is_asset else route.names)
        if refusal is None and is_asset and not all(map(is_safe_file_name, rest)):
            refusal = invalid_request(f"The path of an asset of {program_id} {version} is not a plain file path.")
        if refusal is not None:
            return builder.refuse(refusal)
        from miniprogram.delivery.http.answers.files import answer_asset, answer_screen, answer_versioned_manifest

        program = reach.program(program_id)
        if is_asset:
            return answer_asset(builder, program, version, "/".join(rest))
        if route.kind == "screen_versioned":
            return answer_screen(builder, program, version, rest[0])
        return answer_versioned_manifest(builder, program, version)

    def _trust(self, builder: ResponseBuilder, route: Route, reach: _Reach) -> Response:
        """What hosts that verify ask for besides."""
        refusal = invalid_name((route.names[0], route.names[-1]))
        if refusal is not None:
            return builder.refuse(refusal)
        from miniprogram.delivery.http.answers.trust import answer_metadata, answer_signed_version

        keys = self.profile.layout.keys
        if route.kind == "trust_metadata":
            return answer_metadata(builder, reach.documents, keys, route.names[0])
        program_id, name = route.names
        return answer_signed_version(builder, reach.documents, keys, reach.program(program_id), name)

    def _find_route(self, request: Request) -> Route:
        return find_route(request.method, request.path, is_local=self.profile.is_local, posts=self._posts)

    def new_trace_id(self) -> str:
        """A trace id for an answer that is given again."""
        return new_trace_id(self.profile, self._clock_ns())

    def _in_memory(self) -> _Reach:
        if self._memory is None:
            from miniprogram.delivery.evaluation.ledger import UnaskedLedger  # a function never comes here

            documents = self._memory_documents = self._documents.without_source()
            ledger = None if self._everything.ledger is None else UnaskedLedger()
            self._memory = _Reach(documents, self.profile.layout, self._lists, ledger)
        return self._memory


_NEVER_AT_ONCE = frozenset({"mini_program_catalog", "asset"})
"""Routes that look at every program or compress large files; so are all that a server adds."""

_Answer = Callable[[ResponseBuilder, ProgramDocuments, EvaluationContext], Response]


# A function instance mostly answers one or two kinds of requests; the others' modules would cost its cold start.
def _answer_to(kind: str) -> _Answer:
    if kind == "switches":
        from miniprogram.delivery.http.answers.switches import answer_switches

        return answer_switches
    from miniprogram.delivery.http.answers.inspection import answer_inspection

    return answer_inspection


def _read_package(builder: ResponseBuilder, route: Route, reach: _Reach) -> Response:
    """Routes that send the package of a version, or a part of it."""
    program_id, version, *path = route.names
    refusal = invalid_name((program_id, version))
    if refusal is not None:
        return builder.refuse(refusal)
    from miniprogram.delivery.http.answers.packages import answer_package

    return answer_package(builder, reach.program(program_id), version, tuple(path))


def _print_failure(error: Exception, trace_id: str) -> None:
    """The default reporter: the failure with its traceback, on stderr."""
    import sys
    import traceback

    if isinstance(error, Degraded):
        sys.stderr.write(f"delivery goes on with what it knew: {error}\n")
        return
    sys.stderr.write(f"delivery request {trace_id} failed\n")
    traceback.print_exception(error, file=sys.stderr)
