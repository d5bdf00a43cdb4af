"""Signing in with an account: out to the provider, and back."""

from __future__ import annotations

import re
from dataclasses import dataclass
from datetime import timedelta
from functools import partial
from typing import TYPE_CHECKING
from urllib.parse import urlsplit

from starlette.exceptions import HTTPException
from starlette.requests import ClientDisconnect, Request
from starlette.responses import Response

from miniprogram.clock import Clock
from miniprogram.documents.environment_storage import EnvironmentStorage
from miniprogram.errors import MiniProgramError
from miniprogram.identity.accounts import member_of_account
from miniprogram.refusals import Denied
from miniprogram_server.admin.framework.problems import Failure
from miniprogram_server.admin.framework.waiting import run
from miniprogram_server.console.accounts.pending import COOKIE, LIFETIME_S, PendingSignIn, PendingSignIns
from miniprogram_server.console.accounts.settings import LOOPBACK
from miniprogram_server.console.entrance import Entrance, Visitor, visitor_of
from miniprogram_server.console.page_request import BASE
from miniprogram_server.console.plain_words import sentence
from miniprogram_server.console.session.same_origin import HEADERS
from miniprogram_server.console.session.sessions import Session
from miniprogram_server.console.sign_in import SignIn, resumed_at, safe_next, with_cookie
from miniprogram_server.serving.threads import WorkerThreads

if TYPE_CHECKING:
    from miniprogram_server.console.accounts.provider import Provider

WAY = "account"
"""How somebody signed in who has one."""
START = f"{BASE}/login/account"
BACK = f"{START}/back"
MAX_CODE_CHARACTERS = 4_096
_is_error_code = re.compile(r"[a-z_]{1,64}").fullmatch


@dataclass(frozen=True, slots=True)
class AccountPages:
    """The page that leads to the provider, and the one it leads back to."""

    storage: EnvironmentStorage
    provider: Provider
    pending: PendingSignIns
    entrance: Entrance
    sign_in: SignIn
    threads: WorkerThreads
    now: Clock
    holds: timedelta
    """How long roles of groups hold without signing in again."""
    origin: str | None = None
    """Where browsers reach this server; None for one that only this machine reaches."""

    async def begin(self, request: Request) -> Response:
        """Send the browser to the provider. It leaves by a page of ours: forms lead nowhere else."""
        try:
            form = await self.sign_in.sent(request)
        except Failure as failure:
            return self.sign_in.page("", failure.message, failure.status)
        except (HTTPException, ClientDisconnect):
            return self.sign_in.page("", "The form could not be read.", 400)
        came_for, resumed = safe_next(form.one("next")), form.one("resumed")
        again = partial(self.sign_in.page, came_for, resumed=resumed)
        pending = PendingSignIn(came_for, resumed)
        try:
            work = partial(self._begun, pending, self._back(request))
            address = await run(self.threads, request.client.host if request.client else "", work)
        except Failure as failure:
            return again(sentence(failure.message), failure.status)
        except MiniProgramError as error:
            return again(f"{sentence(str(error))} {error.hint or ''}".strip(), 503)
        response = self.sign_in.leading("leaving.html", address)
        response.set_cookie(
            COOKIE,
            pending.browser,
            max_age=int(LIFETIME_S),
            path=START,
            httponly=True,
            samesite="lax",  # the way back begins at the provider
            secure=request.url.scheme == "https",
        )
        return response

    async def back(self, request: Request) -> Response:
        """Whom the provider vouches for gets a session. A page leads on: a redirect would lose its cookie."""
        said = request.query_params
        visitor = visitor_of(request)
        came_for = ""
        try:
            pending = await run(
                self.threads,
                visitor.came.address,
                partial(self.pending.take, said.get("state", ""), request.cookies.get(COOKIE, "")),
            )
            if pending is None:
                message = (
                    "This sign-in was not begun in this browser, is done already, or took too long. Begin again."
                )
                return self._over(self.sign_in.page("", message, 403))
            came_for = pending.came_for
            again = partial(self.sign_in.page, came_for, resumed=pending.resumed)
            work = partial(self._entered, visitor, pending, dict(said), self._back(request))
            session, came_back = await run(self.threads, visitor.came.address, work)
        except Denied as denial:
            return self._over(again(sentence(str(denial)), 403))
        except Failure as failure:
            return self._over(self.sign_in.page(came_for, sentence(failure.message), failure.status))
        except MiniProgramError as error:
            text = f"{sentence(str(error))} {error.hint or ''}".strip()
            return self._over(self.sign_in.page(came_for, text, 503))
        response = self.sign_in.leading("entered.html", came_back or came_for or f"{BASE}/")
        return self._over(with_cookie(response, request, session))

    def _begun(self, pending: PendingSignIn, redirect_uri: str) -> str:
        address = self.provider.address(pending, redirect_uri)
        self.pending.keep(pending)
        return address

    def _entered(
        self, visitor: Visitor, pending: PendingSignIn, said: dict[str, str], redirect_uri: str
    ) -> tuple[Session, str]:
        member = None
        try:
            self.provider.check_issuer(said.get("iss"))
            if "error" in said:
                code = said["error"] if _is_error_code(said["error"]) else "an error"
                raise Denied("account", f"the provider did not let you in ({code.replace('_', ' ')})")
            if not 0 < len(said.get("code", "")) <= MAX_CODE_CHARACTERS:
                raise Denied("account", "the provider sent no code")
            vouched = self.provider.signed_in(said["code"], pending, redirect_uri)
            member = vouched.name
            found = member_of_account(self.storage, vouched, now=self.now(), holds=self.holds)
        except Denied as denial:
            self.entrance.turn_away(visitor, way=WAY, reason=str(denial), member=member)
            raise
        session = self.entrance.enter(visitor, found.name, way=WAY)
        return session, resumed_at(session, pending.resumed) if pending.resumed else ""

    def _back(self, request: Request) -> str:
        """The address that the provider leads back to. Raises Failure where a browser's word would decide it."""
        if self.origin is not None:
            return self.origin + BACK
        host = urlsplit(f"//{request.headers.get('host', '')}").hostname
        if host not in LOOPBACK:
            message = "this server does not know its own address: start it with --public-origin"
            raise Failure(503, "no_public_origin", message)
        return f"{request.url.scheme}://{request.headers['host']}{BACK}"

    @staticmethod
    def _over(response: Response) -> Response:
        response.delete_cookie(COOKIE, path=START, httponly=True, samesite="lax")
        response.headers.update(HEADERS)
        return response
