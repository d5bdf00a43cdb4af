"""The console as a Starlette application: who is signed in, what every request must pass, and how pages answer."""

from __future__ import annotations

import hmac
from collections.abc import AsyncIterator, Mapping
from dataclasses import replace
from datetime import timedelta
from functools import partial
from typing import TYPE_CHECKING, Any

from starlette.applications import Starlette
from starlette.exceptions import HTTPException
from starlette.requests import ClientDisconnect, Request
from starlette.responses import RedirectResponse, Response, StreamingResponse
from starlette.routing import Route

from miniprogram.clock import Clock
from miniprogram.delivery.evaluation.ledger import AdmissionLedger
from miniprogram.documents.environment_storage import EnvironmentStorage
from miniprogram.errors import MiniProgramError
from miniprogram.identity.command_context import CommandContext
from miniprogram.identity.roles import Actor
from miniprogram.identity.sessions import actor_of_session
from miniprogram.identity.token_uses import TokenUses
from miniprogram.names import why_no_name
from miniprogram.refusals import Denied, RevisionConflict
from miniprogram.releases.queries.history import history
from miniprogram.releases.simulation.recent_requests import RecentRequests
from miniprogram_server.admin.framework.bodies import MAX_TEXT_BYTES
from miniprogram_server.admin.framework.operation import PATH_NAMES
from miniprogram_server.admin.framework.problems import Failure, failure_of, report
from miniprogram_server.admin.framework.rate_limit import RateLimit
from miniprogram_server.admin.framework.waiting import UPLOAD_DEADLINE_S, run
from miniprogram_server.console.accounts.account_pages import BACK, START, AccountPages
from miniprogram_server.console.accounts.pending import PendingSignIns
from miniprogram_server.console.accounts.settings import AccountSignIn
from miniprogram_server.console.entrance import Entrance
from miniprogram_server.console.forms.form import MAX_FORM_BYTES, Form, read_form
from miniprogram_server.console.forms.problems import problem_of
from miniprogram_server.console.frames.frame_document import HEADERS as FRAME_HEADERS
from miniprogram_server.console.frames.runtime_files import RUNTIME, RuntimeFiles
from miniprogram_server.console.live.hub import ChangeHub
from miniprogram_server.console.live.news import News
from miniprogram_server.console.observed import TRACE
from miniprogram_server.console.page_request import (
    BASE,
    Confirm,
    Download,
    Frame,
    Page,
    PageRequest,
    Redirect,
    Stream,
)
from miniprogram_server.console.pages import PageRoute, pages
from miniprogram_server.console.plain_words import plain, told
from miniprogram_server.console.rendering.static_files import send_static
from miniprogram_server.console.rendering.templates import csrf_field, templates
from miniprogram_server.console.session.drafts import STILL_THERE, Problem
from miniprogram_server.console.session.register import ConsoleSessions
from miniprogram_server.console.session.same_origin import HEADERS, is_from_here
from miniprogram_server.console.session.sessions import COOKIE, Session, Sessions
from miniprogram_server.console.set_up import PATH, SetUpPages
from miniprogram_server.console.sign_in import LOGIN_RATE, SignIn
from miniprogram_server.serving.shared_state import SharedState
from miniprogram_server.serving.threads import WorkerThreads

if TYPE_CHECKING:
    from miniprogram_server.console.accounts.provider import Provider

MOST_CHANGES = 10
"""Of others, that a refused form tells of."""

PARTS = frozenset({"condition.html", "contains.html", "events.html", "live.html", "numbers.html", "verified.html"})
"""Templates that are parts of pages."""


class Console:
    """Answers pages over one environment. Views run in worker threads: they read and write the store."""

    def __init__(
        self,
        storage: EnvironmentStorage,
        state: SharedState,
        *,
        now: Clock,
        recent: RecentRequests,
        uses: TokenUses,
        threads: WorkerThreads,
        ledger: AdmissionLedger | None = None,
        accounts: AccountSignIn | None = None,
        origin: str | None = None,
        set_up: str | None = None,
        hub: ChangeHub | None = None,
        runtime: RuntimeFiles | None = None,
    ) -> None:
        self._storage = storage
        self._news = News(storage, ChangeHub(storage.keys) if hub is None else hub, threads)
        self._threads = threads
        self._now = now
        self._recent = recent
        self._uses = uses
        self._set_up = set_up
        self._state, self._accounts, self._origin = state, accounts, origin
        self._sessions = Sessions(state)
        self.register = ConsoleSessions(self._sessions)
        """Who is signed in, for the API."""
        self._entrance = Entrance(storage, self._sessions, state, now)
        self._login_limit = RateLimit(LOGIN_RATE, state, "login")
        self._runtime = runtime or RuntimeFiles()
        self._pages = pages(ledger, self.register, self._runtime)

    def app(self) -> Starlette:
        """The application, for everything below BASE."""
        provider = None if self._accounts is None else _provider(self._accounts)
        back = f"{self._origin}{BASE}/login" if self._origin else ""
        sign_in = SignIn(
            self._storage,
            self._sessions,
            self._login_limit,
            self._now,
            entrance=self._entrance,
            threads=self._threads,
            is_new=self._set_up is not None,
            provider=self._accounts.settings.provider if self._accounts else "",
            sign_out_address=partial(provider.sign_out_address, back) if provider else lambda: None,
        )
        set_up = SetUpPages(self._storage, self._set_up, self._entrance, sign_in, self._threads, self._now)
        routes = [
            Route(f"{BASE}/static/{{name}}", send_static),
            Route(f"{RUNTIME}/{{stamp}}/{{path:path}}", self._runtime.send),
            Route(f"{BASE}/login", sign_in.show, methods=["GET"]),
            Route(f"{BASE}/login", sign_in.enter, methods=["POST"]),
            *self._account_routes(provider, sign_in),
            Route(PATH, set_up.show, methods=["GET"]),
            Route(PATH, set_up.take, methods=["POST"]),
            Route(f"{BASE}/logout", sign_in.leave, methods=["POST"]),
            Route(f"{BASE}/logout", lambda _request: RedirectResponse(f"{BASE}/", 303, HEADERS)),
            Route(f"{BASE}/live", self._live, methods=["GET"]),
            Route(BASE, lambda _request: RedirectResponse(f"{BASE}/", 308)),
            *(
                Route(BASE + page.path, partial(self._answer, page, sign_in), methods=[page.method])
                for page in self._pages
            ),
        ]
        return Starlette(routes=routes, exception_handlers={HTTPException: _no_page, Exception: _broken})

    def _account_routes(self, provider: Provider | None, sign_in: SignIn) -> list[Route]:
        if provider is None or self._accounts is None:
            return []
        pages = AccountPages(
            self._storage,
            provider,
            PendingSignIns(self._state),
            self._entrance,
            sign_in,
            self._threads,
            self._now,
            timedelta(days=self._accounts.settings.roles_hold_days),
            self._origin,
        )
        return [
            Route(START, pages.begin, methods=["POST"]),
            Route(START, lambda _request: RedirectResponse(f"{BASE}/login", 303, HEADERS)),
            Route(BACK, pages.back, methods=["GET"]),
        ]

    async def _answer(self, page: PageRoute, sign_in: SignIn, request: Request) -> Response:
        cookie = request.cookies.get(COOKIE, "")
        form = Form()
        try:
            found = await run(self._threads, cookie, partial(self._signed_in, cookie))
            if found is None:
                is_form = request.method == "POST" and not page.is_part
                return await sign_in.resume(request) if is_form else _to_login(request)
            session, actor = found
            form = await self._form(page, request, session)
            page_request = self._page_request(request, session, actor, form)
            deadline_s = UPLOAD_DEADLINE_S if page.takes_upload else None
            work = partial(_shown_or_refused, page, page_request)
            answer = await run(self._threads, actor.name, work, deadline_s=deadline_s)
            return self._sent_in_pieces(answer, actor.name) if isinstance(answer, Stream) else answer
        except (ClientDisconnect, HTTPException):
            return _problem(Failure(400, "invalid_request", "The form could not be read."))
        except Failure as failure:
            return _problem(failure)
        except MiniProgramError as error:
            return _problem(failure_of(error))
        finally:
            form.close()

    async def _live(self, request: Request) -> Response:
        """What others change while a page is looked at."""
        cookie = request.cookies.get(COOKIE, "")

        def find_actor() -> Actor | None:
            found = self._signed_in(cookie)
            return None if found is None else found[1]

        try:
            return await self._news.stream(request, find_actor)
        except (Failure, MiniProgramError) as failure:
            found = failure if isinstance(failure, Failure) else failure_of(failure)
            report(found, TRACE.get(), "console")
            return Response(status_code=found.status, headers=HEADERS)

    def _sent_in_pieces(self, stream: Stream, who: str) -> Response:
        """A file whose next piece is made when the one before was taken."""

        async def pieces() -> AsyncIterator[bytes]:
            while piece := await run(self._threads, who, partial(next, stream.pieces, b"")):
                yield piece

        sent = {"content-disposition": f'attachment; filename="{stream.name}"', "cache-control": "no-store"}
        return StreamingResponse(pieces(), 200, {**HEADERS, **sent}, media_type=stream.media_type)

    def _signed_in(self, cookie: str) -> tuple[Session, Actor] | None:
        """The session of a cookie and who is behind it; None for no session, or one that has ended."""
        now = self._now()
        session = self._sessions.find(cookie, now)
        if session is None:
            return None
        try:
            actor = actor_of_session(self._storage, session.signed_in, now=now, via="console")
        except Denied:
            self._sessions.end(session)
            return None
        if actor.token is not None:
            self._uses.note(actor.token, now)
        return session, actor

    async def _form(self, page: PageRoute, request: Request, session: Session) -> Form:
        """The form of a POST. Raises Failure unless it comes from a page of this session."""
        if request.method != "POST":
            return Form()
        if not is_from_here(request):
            raise Failure(403, "forbidden", "This form was not sent by a page of the console.")
        # a large file is taken only after the token in the query has shown where the form comes from
        may_be_large = page.takes_upload and _is_token(request.query_params.get("csrf", ""), session)
        return await read_form(request, max_bytes=MAX_TEXT_BYTES if may_be_large else MAX_FORM_BYTES)

    def _page_request(self, request: Request, session: Session, actor: Actor, form: Form) -> PageRequest:
        names = {name: str(value) for name, value in request.path_params.items()}
        for name, text in names.items():
            if name in PATH_NAMES and why_no_name(PATH_NAMES[name], text) is not None:
                raise Failure(404, "not_found", f"There is nothing called {text!r}.")
        context = CommandContext(self._storage, actor, self._now())
        host = request.headers.get("host", "")
        is_part = request.headers.get("hx-request") == "true"
        query = dict(request.query_params)
        draft = session.draft(query["draft"]) if query.get("draft") and request.method == "GET" else None
        return PageRequest(
            context, session, self._recent, names, request.url.path, query, form, is_part, draft, host
        )


def _provider(accounts: AccountSignIn) -> Provider:
    from miniprogram_server.console.accounts.provider import Provider  # deferred: an extra brings its library

    return Provider(accounts)


def _is_token(given: str, session: Session) -> bool:
    return hmac.compare_digest(given.encode("utf-8", "replace"), session.csrf.encode())


def _shown_or_refused(page: PageRoute, request: PageRequest) -> Response | Stream:
    try:
        request.call().require_sight()
    except (Failure, MiniProgramError) as error:
        return _problem(_failure(error), request)
    if page.method == "POST" and not _is_token(request.form.one("csrf"), request.session):
        return _from_another_session(page, request)
    try:
        answer = page.view(request)
    except (Failure, MiniProgramError) as error:
        return _refused(page, request, error)
    if isinstance(answer, Stream):
        return answer
    if isinstance(answer, Confirm):
        return _shown_again(request, Problem("", kind=""))
    if page.method == "POST" and not page.is_part and request.form.one("draft"):
        request.session.drop(request.form.one("draft"))
    return _response(answer, request)


def _from_another_session(page: PageRoute, request: PageRequest) -> Response:
    message = "You signed in again after this page was opened, so nothing was done"
    if page.is_part:
        return _problem(Failure(403, "forbidden", f"{message}. Reload the page."), request)
    return _shown_again(request, Problem(f"{message}.", STILL_THERE, kind="warn"))


def _refused(page: PageRoute, request: PageRequest, error: MiniProgramError | Failure) -> Response:
    """Back to the page of the form, which shows it as it was sent and why not; else a page that only says so."""
    failure = _failure(error)
    if page.method != "POST" or page.is_part or failure.code == "no_such_page":
        return _problem(failure, request)
    report(failure, TRACE.get(), "console")
    problem = problem_of(error)
    if isinstance(error, RevisionConflict):
        problem = replace(problem, changes=_changes_since(request))
    return _shown_again(request, problem)


def _shown_again(request: PageRequest, problem: Problem) -> Response:
    """The form is kept, and shown again by the page at its own address."""
    draft_id = request.session.keep(request.path, request.form.fields, problem)
    return RedirectResponse(f"{request.path}?draft={draft_id}", 303, HEADERS)


def _changes_since(request: PageRequest) -> tuple[Mapping[str, str], ...]:
    """What others did since the page was shown, the newest first."""
    context, program_id = request.context, request.names.get("programId")
    seen = request.form.one("revision")
    try:
        events = history(context.storage, program_id, limit=MOST_CHANGES, reader=context.actor).events
    except MiniProgramError:
        return ()
    return tuple(
        {"actor": each.actor, "command": each.command, "at": each.at, "about": each.version or each.subject}
        for each in events
        if each.revision > int(seen)
    )


def _failure(error: MiniProgramError | Failure) -> Failure:
    return error if isinstance(error, Failure) else failure_of(error)


def _response(result: Page | Redirect | Download | Frame, request: PageRequest) -> Response:
    if isinstance(result, Download):
        sent = {"content-disposition": f'attachment; filename="{result.name}"', "cache-control": "no-store"}
        return Response(result.body, 200, {**HEADERS, **sent}, media_type=result.media_type)
    if isinstance(result, Frame):
        sent = {**FRAME_HEADERS, "content-security-policy": result.policy}
        return Response(result.body, 200, sent, media_type="text/html; charset=utf-8")
    if isinstance(result, Redirect):
        return RedirectResponse(result.url, 303, HEADERS)
    return render(result.template, result.members, request, status=result.status)


def render(
    template: str, members: Mapping[str, Any], request: PageRequest | None, *, status: int = 200
) -> Response:
    """A template as a response. A page shows the session's notes; a part of one leaves them."""
    notes = request.session.take_notes() if request is not None and template not in PARTS else []
    known = {"section": "", "request": request, "notes": notes, **members}
    if request is not None:
        known |= {"csrf": partial(csrf_field, request.session.csrf), "form": request.form_state}
    body = templates().get_template(template).render(known)
    headers = {**HEADERS, "cache-control": "no-store"}
    return Response(body.encode("utf-8", "replace"), status, headers, media_type="text/html; charset=utf-8")


def _problem(failure: Failure, request: PageRequest | None = None) -> Response:
    report(failure, TRACE.get(), "console")
    headings = {404: "Not found", 403: "Not allowed", 503: "The store gives no answer", 500: "Something broke"}
    heading = headings.get(failure.status, "That did not work")
    members = {
        "heading": heading,
        "message": told(failure.message, failure.more.get("rule")),
        "hint": plain(failure.hint or ""),
    }
    return render("problem.html", members, request, status=failure.status)


async def _no_page(_request: Request, error: Any) -> Response:
    return _problem(Failure(error.status_code, "not_found", "There is no such page."))


async def _broken(_request: Request, _error: Exception) -> Response:
    return _problem(Failure(500, "internal_error", "The console failed. What happened is in its log."))


def _to_login(request: Request) -> Response:
    if request.headers.get("hx-request") == "true":
        return Response("", 401, {**HEADERS, "hx-redirect": f"{BASE}/login"})
    came_for = f"?next={request.url.path}" if request.method == "GET" and request.url.path != f"{BASE}/" else ""
    return RedirectResponse(f"{BASE}/login{came_for}", 303, HEADERS)
