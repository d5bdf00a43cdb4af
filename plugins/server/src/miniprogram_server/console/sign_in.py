"""Signing in with a token, and out again."""

from __future__ import annotations

import hmac
import json
from collections.abc import Callable, Mapping
from functools import partial

from starlette.exceptions import HTTPException
from starlette.requests import ClientDisconnect, Request
from starlette.responses import RedirectResponse, Response

from miniprogram.clock import Clock
from miniprogram.documents.environment_storage import EnvironmentStorage
from miniprogram.errors import MiniProgramError
from miniprogram.identity.tokens import TokenEnded, authenticate
from miniprogram.json_values import parse_given_json
from miniprogram.refusals import Denied, Unacceptable
from miniprogram_server.admin.framework.bearer import MAX_TOKEN_CHARACTERS
from miniprogram_server.admin.framework.problems import Failure
from miniprogram_server.admin.framework.rate_limit import Rate, RateLimit
from miniprogram_server.admin.framework.waiting import run
from miniprogram_server.console.entrance import Entrance, Visitor, visitor_of
from miniprogram_server.console.forms.form import MAX_RESUMED_BYTES, SIGN_IN_BYTES, Form, read_form
from miniprogram_server.console.page_request import BASE
from miniprogram_server.console.plain_words import sentence
from miniprogram_server.console.rendering.templates import csrf_field, templates
from miniprogram_server.console.session.drafts import STILL_THERE, UNKEPT, Problem
from miniprogram_server.console.session.same_origin import HEADERS, is_from_here
from miniprogram_server.console.session.sessions import COOKIE, LIFETIME_S, Session, Sessions
from miniprogram_server.serving.threads import WorkerThreads

WAY = "token"
"""How somebody signed in who showed one."""
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
        entrance: Entrance,
        threads: WorkerThreads,
        is_new: bool = False,
        provider: str = "",
        sign_out_address: Callable[[], str | None] = lambda: None,
    ) -> None:
        """`is_new`: nobody administered the environment when the server was started.

        `provider` is where people sign in with their account, blank without one.
        """
        self._is_new = is_new
        self._provider, self._sign_out_address = provider, sign_out_address
        self._threads = threads
        self._entrance = entrance
        self._storage = storage
        self._sessions = sessions
        self._limit = limit
        self._now = now

    async def show(self, request: Request) -> Response:
        came_for = safe_next(request.query_params.get("next", ""))
        return self.page(came_for, left=request.query_params.get("left") == "account")

    async def resume(self, request: Request) -> Response:
        """Ask to sign in again, for a form whose session has ended; what was typed goes with the page."""
        if not is_from_here(request):
            return self.page("", "This form was not sent by a page of the console.", 403)
        try:
            form = await read_form(request, max_bytes=MAX_RESUMED_BYTES)
        except Failure:
            return self.page("", "Your session has ended, and what you sent is too large to be kept.", 413)
        form.close()
        fields = {name: values for name, values in form.fields.items() if name not in UNKEPT}
        resumed = json.dumps({"action": request.url.path, "fields": fields})
        return self.page("", "Your session has ended. Sign in: what you typed is kept.", 403, resumed=resumed)

    async def enter(self, request: Request) -> Response:
        """Begin a session for a token that counts."""
        try:
            form = await self.sent(request)
        except Failure as failure:
            return self.page("", failure.message, failure.status)
        except MiniProgramError as error:
            return self.page("", f"{error}.", 503)
        came_for, resumed = safe_next(form.one("next")), form.one("resumed")
        again = partial(self.page, came_for, resumed=resumed)
        try:
            work = partial(self._signed_in, visitor_of(request), form.one("token"), resumed)
            session, came_back = await run(self._threads, _client(request), work)
        except Failure as failure:
            return again(sentence(failure.message), failure.status)
        except Denied as denial:
            return again(sentence(str(denial)), 403)
        except MiniProgramError as error:
            return again(f"{error}.", 503)
        return begun(request, session, came_back or came_for)

    def _signed_in(self, visitor: Visitor, token: str, resumed: str) -> tuple[Session, str]:
        """A new session, and the page of the form that waits for it. Raises Denied for a token that is none."""
        try:
            if not 0 < len(token) <= MAX_TOKEN_CHARACTERS:
                raise Denied("token", "that is no token")
            actor = authenticate(self._storage, token, now=self._now(), via="console")
        except Denied as denial:
            member = denial.member if isinstance(denial, TokenEnded) else None
            self._entrance.turn_away(visitor, way=WAY, reason=str(denial), member=member)
            raise
        session = self._entrance.enter(visitor, actor.name, way=WAY, token_id=actor.token)
        return session, resumed_at(session, resumed) if resumed else ""

    async def sent(self, request: Request) -> Form:
        """What was sent by somebody who is not known yet. Raises Failure."""
        if not is_from_here(request):
            raise Failure(403, "forbidden", "This form was not sent by a page of the console.")
        client = _client(request)
        if await run(self._threads, client, partial(self._limit, client)):
            raise Failure(429, "rate_limited", "Too many attempts. Wait a little.")
        try:
            return await read_form(request, max_bytes=SIGN_IN_BYTES)
        except (HTTPException, ClientDisconnect):
            raise Failure(400, "invalid_request", "The form could not be read.") from None

    async def leave(self, request: Request) -> Response:
        """End the session."""
        way = ""
        if is_from_here(request):
            try:
                form = await read_form(request, max_bytes=SIGN_IN_BYTES)
            except (Failure, HTTPException, ClientDisconnect):
                return self.page("", "The form could not be read.", 400)
            visitor = visitor_of(request)
            try:
                way = await run(self._threads, visitor.cookie, partial(self._end, visitor, form.one("csrf")))
            except Failure as failure:
                return self.page("", sentence(failure.message), failure.status)
            except MiniProgramError as error:
                return self.page("", f"{error}.", 503)
        left = "?left=account" if way == "account" else ""
        response = RedirectResponse(f"{BASE}/login{left}", 303, HEADERS)
        response.delete_cookie(COOKIE, path=BASE, httponly=True, samesite="strict")
        return response

    def _end(self, visitor: Visitor, csrf: str) -> str:
        """End the session. Returns how they had signed in."""
        session = self._sessions.find(visitor.cookie, self._now())
        if session is not None and hmac.compare_digest(csrf.encode("utf-8", "replace"), session.csrf.encode()):
            self._entrance.leave(visitor, session)
            return session.way
        return ""

    def page(
        self,
        came_for: str,
        problem: str | None = None,
        status: int = 200,
        *,
        resumed: str = "",
        left: bool = False,
    ) -> Response:
        """The page that asks who is there. `left`: they just signed out, who came with an account."""
        members: dict[str, object] = {
            "provider": self._provider,
            "is_new": self._is_new,
            "sign_out_address": self._sign_out_address() if left else None,
            "resumed": resumed,
            "request": None,
            "environment": self._storage.environment,
            "next": came_for,
            "notes": [("bad", problem)] if problem else [],
            "csrf": lambda: csrf_field(""),
            "section": "",
        }
        return rendered("login.html", members, status)

    def leading(self, template: str, address: str) -> Response:
        """A page that leads on by itself."""
        members: dict[str, object] = {
            "request": None,
            "notes": [],
            "section": "",
            "provider": self._provider,
            "address": address,
        }
        return rendered(template, members, 200)


def rendered(template: str, members: Mapping[str, object], status: int) -> Response:
    """A page for somebody who is not signed in."""
    body = templates().get_template(template).render(members)
    headers = {**HEADERS, "cache-control": "no-store"}
    return Response(body, status, headers, media_type="text/html; charset=utf-8")


def resumed_at(session: Session, text: str) -> str:
    """Keep the form that was sent without a session. Returns where it is shown; blank for what is none."""
    try:
        found = parse_given_json(text, what="the form")
        action = safe_next(found["action"])
        fields = {str(name): tuple(map(str, values)) for name, values in found["fields"].items()}
    except (Unacceptable, KeyError, TypeError, AttributeError):
        return ""
    message = "Your session had ended, so nothing was done."
    told = Problem(message, STILL_THERE, kind="warn")
    return f"{action}?draft={session.keep(action, fields, told)}" if action else ""


def begun(request: Request, session: Session, came_for: str) -> Response:
    return with_cookie(RedirectResponse(came_for or f"{BASE}/", 303, HEADERS), request, session)


def with_cookie(response: Response, request: Request, session: Session) -> Response:
    """`response`, which signs the browser in."""
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


def safe_next(text: str) -> str:
    """Where to go after signing in: a page of the console, or nowhere in particular."""
    is_own = text.startswith(f"{BASE}/") and text.isascii() and text.isprintable()
    return text if is_own and "//" not in text and "\\" not in text else ""
