"""Signing in with a token, and out again."""

from __future__ import annotations

import hmac
from functools import partial

from starlette.exceptions import HTTPException
from starlette.requests import ClientDisconnect, Request
from starlette.responses import RedirectResponse, Response

from miniprogram.clock import Clock
from miniprogram.documents.environment_storage import EnvironmentStorage
from miniprogram.errors import MiniProgramError
from miniprogram.identity.tokens import authenticate
from miniprogram.refusals import Denied
from miniprogram_server.admin.framework.bearer import MAX_TOKEN_CHARACTERS
from miniprogram_server.admin.framework.problems import Failure
from miniprogram_server.admin.framework.rate_limit import Rate, RateLimit
from miniprogram_server.admin.framework.waiting import run
from miniprogram_server.console.forms.form import SIGN_IN_BYTES, read_form
from miniprogram_server.console.page_request import BASE
from miniprogram_server.console.rendering.templates import capitalized, csrf_field, templates
from miniprogram_server.console.session.same_origin import HEADERS, is_from_here
from miniprogram_server.console.session.sessions import COOKIE, LIFETIME_S, Session, Sessions
from miniprogram_server.serving.threads import WorkerThreads

LOGIN_RATE = Rate(per_second=0.2, burst=10)
"""Attempts by address."""


class SignIn:
    """The pages before a session, and the one after it."""

    def __init__(
        self,
        storage: EnvironmentStorage,
        sessions: Sessions,
        limit: RateLimit,
        now: Clock,
        *,
        threads: WorkerThreads,
    ) -> None:
        self._threads = threads
        self._storage = storage
        self._sessions = sessions
        self._limit = limit
        self._now = now

    async def show(self, request: Request) -> Response:
        return self._page(_safe_next(request.query_params.get("next", "")))

    async def enter(self, request: Request) -> Response:
        """Begin a session for a token that counts."""
        try:
            came_for, token = await self._sent(request)
        except Failure as failure:
            return self._page("", failure.message, failure.status)
        except MiniProgramError as error:
            return self._page("", f"{error}.", 503)
        try:
            session = await run(self._threads, _client(request), partial(self._signed_in, token))
        except Failure as failure:
            return self._page(came_for, f"{capitalized(failure.message)}.", failure.status)
        except Denied as denial:
            return self._page(came_for, f"{capitalized(str(denial))}.", 403)
        except MiniProgramError as error:
            return self._page(came_for, f"{error}.", 503)
        return _begun(request, session, came_for)

    def _signed_in(self, token: str) -> Session:
        """A new session. Raises Denied for a token that does not count."""
        actor = authenticate(self._storage, token, now=self._now(), via="console")
        return self._sessions.begin(actor.token or "")

    async def _sent(self, request: Request) -> tuple[str, str]:
        """Where to go afterwards, and the token. Raises Failure."""
        if not is_from_here(request):
            raise Failure(403, "forbidden", "This form was not sent by a page of the console.")
        client = _client(request)
        if await run(self._threads, client, partial(self._limit, client)):
            raise Failure(429, "rate_limited", "Too many attempts. Wait a little.")
        try:
            form = await read_form(request, max_bytes=SIGN_IN_BYTES)
        except (HTTPException, ClientDisconnect):
            raise Failure(400, "invalid_request", "The form could not be read.") from None
        token = form.one("token")
        if not 0 < len(token) <= MAX_TOKEN_CHARACTERS:
            raise Failure(403, "forbidden", "That is no token.")
        return _safe_next(form.one("next")), token

    async def leave(self, request: Request) -> Response:
        """End the session."""
        if is_from_here(request):
            try:
                form = await read_form(request, max_bytes=SIGN_IN_BYTES)
            except (Failure, HTTPException, ClientDisconnect):
                return self._page("", "The form could not be read.", 400)
            cookie = request.cookies.get(COOKIE, "")
            try:
                await run(self._threads, cookie, partial(self._end, cookie, form.one("csrf")))
            except Failure as failure:
                return self._page("", f"{capitalized(failure.message)}.", failure.status)
            except MiniProgramError as error:
                return self._page("", f"{error}.", 503)
        response = RedirectResponse(f"{BASE}/login", 303, HEADERS)
        response.delete_cookie(COOKIE, path=BASE, httponly=True, samesite="strict")
        return response

    def _end(self, cookie: str, csrf: str) -> None:
        session = self._sessions.find(cookie)
        if session is not None and hmac.compare_digest(csrf.encode("utf-8", "replace"), session.csrf.encode()):
            self._sessions.end(session)

    def _page(self, came_for: str, problem: str | None = None, status: int = 200) -> Response:
        members = {
            "request": None,
            "environment": self._storage.environment,
            "next": came_for,
            "notes": [("bad", problem)] if problem else [],
            "csrf": lambda: csrf_field(""),
            "section": "",
        }
        body = templates().get_template("login.html").render(members)
        headers = {**HEADERS, "cache-control": "no-store"}
        return Response(body, status, headers, media_type="text/html; charset=utf-8")


def _begun(request: Request, session: Session, came_for: str) -> Response:
    response = RedirectResponse(came_for or f"{BASE}/", 303, HEADERS)
    response.set_cookie(
        COOKIE,
        session.id,
        max_age=LIFETIME_S,
        path=BASE,
        httponly=True,
        samesite="strict",
        secure=request.url.scheme == "https",
    )
    return response


def _client(request: Request) -> str:
    return request.client.host if request.client else ""


def _safe_next(text: str) -> str:
    """Where to go after signing in: a page of the console, or nowhere in particular."""
    is_own = text.startswith(f"{BASE}/") and text.isascii() and text.isprintable()
    return text if is_own and "//" not in text and "\\" not in text else ""
