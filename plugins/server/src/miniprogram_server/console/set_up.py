"""The one-time link of a server whose environment nobody administers: it makes the first administrator."""

from __future__ import annotations

import hashlib
import hmac
import secrets
from collections.abc import Mapping
from dataclasses import dataclass
from functools import partial

from starlette.exceptions import HTTPException
from starlette.requests import ClientDisconnect, Request
from starlette.responses import Response

from miniprogram.clock import Clock
from miniprogram.documents.environment_storage import EnvironmentStorage
from miniprogram.errors import MiniProgramError
from miniprogram.identity.command_context import CommandContext
from miniprogram.identity.first_administrator import is_administered, make_first_administrator
from miniprogram.identity.roles import Actor, Grant, Role
from miniprogram.identity.tokens import NewToken
from miniprogram.refusals import Denied, RevisionConflict
from miniprogram_server.admin.framework.problems import Failure, failure_of
from miniprogram_server.admin.framework.waiting import run
from miniprogram_server.console.entrance import Entrance, Visitor, visitor_of
from miniprogram_server.console.page_request import BASE
from miniprogram_server.console.plain_words import sentence
from miniprogram_server.console.rendering.templates import csrf_field
from miniprogram_server.console.session.sessions import Session
from miniprogram_server.console.sign_in import SignIn, rendered, with_cookie
from miniprogram_server.serving.threads import WorkerThreads

PATH = f"{BASE}/set-up"
WAY = "set-up link"
DONE = "This environment is set up already. Somebody who administers it adds you; then you sign in."
CHANGED = "Somebody changed the environment just now, so nothing was done. Send it again."
WRONG = "This link opens nothing. The terminal in which the server was started shows the one that does."


@dataclass(frozen=True, slots=True)
class SetUpCode:
    """What stands in the link, and the digest that a server keeps of it."""

    text: str
    digest: str


def new_set_up_code() -> SetUpCode:
    """For one start of a server."""
    text = secrets.token_urlsafe(32)
    return SetUpCode(text, digest_of(text))


def digest_of(code: str) -> str:
    return hashlib.sha256(code.encode("utf-8", "surrogatepass")).hexdigest()


@dataclass(frozen=True, slots=True)
class SetUpPages:
    """`digest` is that of the code; None where the server was started with an administrator there."""

    storage: EnvironmentStorage
    digest: str | None
    entrance: Entrance
    sign_in: SignIn
    threads: WorkerThreads
    now: Clock

    async def show(self, request: Request) -> Response:
        """The form. Looking at it uses nothing up."""
        code = request.query_params.get("code", "")
        try:
            await run(self.threads, WAY, partial(self._require_open, code))
        except Denied as denial:
            return self.sign_in.page("", str(denial), 403)
        except (Failure, MiniProgramError) as error:
            return self.sign_in.page("", sentence(_failure(error).message), 503)
        return self._form({"code": code})

    async def take(self, request: Request) -> Response:
        """Make the administrator, sign them in, and show their token, this once."""
        try:
            form = await self.sign_in.sent(request)
        except (HTTPException, ClientDisconnect):
            return self.sign_in.page("", "The form could not be read.", 400)
        except (Failure, MiniProgramError) as error:
            failure = _failure(error)
            return self.sign_in.page("", sentence(failure.message), failure.status)
        said = {name: form.one(name) for name in ("code", "name", "title")}
        try:
            session, made = await run(self.threads, WAY, partial(self._done, visitor_of(request), said))
        except Denied as denial:
            return self.sign_in.page("", str(denial), 403)
        except RevisionConflict:
            return self._form(said, CHANGED, 409)
        except (Failure, MiniProgramError) as error:
            failure = _failure(error)
            return self._form(said, sentence(failure.message), failure.status)
        shown: dict[str, object] = {"made": made, "request": None, "notes": [], "section": ""}
        return with_cookie(rendered("set_up_done.html", shown, 200), request, session)

    def _done(self, visitor: Visitor, said: Mapping[str, str]) -> tuple[Session, NewToken]:
        try:
            self._require_open(said["code"])
        except Denied as denial:
            self.entrance.turn_away(visitor, way=WAY, reason=str(denial))
            raise
        actor = Actor(name=said["name"] or "nobody", grants=(Grant(role=Role.ADMIN),), via="console")
        context = CommandContext(self.storage, actor, self.now())
        made = make_first_administrator(context, said["name"], title=said["title"])
        return self.entrance.enter(visitor, made.member, way=WAY, token_id=made.id), made

    def _require_open(self, code: str) -> None:
        """Raises Denied unless it is the code of this start, and nobody administers the environment yet."""
        if self.digest is None or not hmac.compare_digest(digest_of(code), self.digest):
            raise Denied("token", WRONG)
        nobody = Actor(name="nobody", via="console")
        if is_administered(CommandContext(self.storage, nobody, self.now())):
            raise Denied("token", DONE)

    def _form(self, said: Mapping[str, str], problem: str = "", status: int = 200) -> Response:
        shown = {"name": "", "title": "", **said}
        notes = [("bad", problem)] if problem else []
        environment = self.storage.environment
        return rendered(
            "set_up.html",
            {
                "said": shown,
                "environment": environment,
                "request": None,
                "notes": notes,
                "section": "",
                "csrf": lambda: csrf_field(""),
            },
            status,
        )


def _failure(error: Failure | MiniProgramError) -> Failure:
    return error if isinstance(error, Failure) else failure_of(error)
