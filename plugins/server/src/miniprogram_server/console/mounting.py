"""Delivery with the API and the console beside it. Delivery requests pass through no framework, only two tests."""

from __future__ import annotations

import json
from collections.abc import Iterable
from datetime import datetime
from functools import partial
from importlib.metadata import version

from miniprogram.clock import Clock
from miniprogram.delivery.function.asgi import Receive, Scope, Send
from miniprogram.documents.environment_storage import EnvironmentStorage
from miniprogram.identity.roles import Actor
from miniprogram.identity.token_uses import TokenUses
from miniprogram.identity.tokens import authenticate
from miniprogram.releases.simulation.recent_requests import RecentRequests
from miniprogram_server.admin.framework.application import admin_app
from miniprogram_server.admin.framework.bearer import Authenticate
from miniprogram_server.admin.framework.idempotency import IdempotencyCache
from miniprogram_server.admin.framework.openapi import Examples, openapi_document
from miniprogram_server.admin.framework.rate_limit import Rate, RateLimit
from miniprogram_server.admin.framework.service import AdminService
from miniprogram_server.admin.framework.waiting import administration_threads
from miniprogram_server.admin.operations.examples import BODIES, LIST_OF_IDS, NAMES, answers
from miniprogram_server.admin.operations.links import links
from miniprogram_server.admin.operations.table import OPERATIONS
from miniprogram_server.asgi import DeliveryApp
from miniprogram_server.console.accounts.settings import AccountSignIn
from miniprogram_server.console.application import Console
from miniprogram_server.console.frames.runtime_files import RuntimeFiles
from miniprogram_server.console.live.hub import ChangeHub
from miniprogram_server.console.observed import Observed
from miniprogram_server.console.page_request import BASE
from miniprogram_server.request_log import Observer
from miniprogram_server.serving.plain_requests import Answer, PlainRequest
from miniprogram_server.serving.refusals import API
from miniprogram_server.serving.shared_state import SharedState


class AdministeredDelivery:
    """An ASGI application: delivery over `storage`, and what administers it.

    `state` is what it shares with the other processes of the server; without it this process stands alone.
    `runtime` is what screens are drawn with; without it none are.
    """

    def __init__(
        self,
        delivery: DeliveryApp,
        storage: EnvironmentStorage,
        *,
        now: Clock,
        rate: Rate | None = None,
        log: Observer | None = None,
        state: SharedState | None = None,
        accounts: AccountSignIn | None = None,
        origin: str | None = None,
        set_up: str | None = None,
        runtime: RuntimeFiles | None = None,
    ) -> None:
        state = state or SharedState()
        self._delivery = delivery
        self._recent = RecentRequests()
        ledger, uses = storage.open_ledger(), TokenUses(storage)
        find = partial(_find_actor, storage, uses)
        limit = RateLimit(rate or Rate(), state, "api")
        answers = IdempotencyCache(state)
        threads = administration_threads()
        self._hub = ChangeHub(storage.keys)
        console = Console(
            storage,
            state,
            now=now,
            recent=self._recent,
            uses=uses,
            threads=threads,
            ledger=ledger,
            accounts=accounts,
            origin=origin,
            set_up=set_up,
            hub=self._hub,
            runtime=runtime,
        )
        service = AdminService(
            storage,
            Authenticate(find),
            now=now,
            limit=limit,
            answers=answers,
            ledger=ledger,
            sessions=console.register,
        )
        self._admin = Observed("api", admin_app(service, OPERATIONS, description(), threads), log)
        self._console = Observed("console", console.app(), log)

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        if scope["type"] == "http":
            surface = surface_of(scope["path"])
            if surface is not None:
                app = self._admin if surface == "api" else self._console
                try:
                    return await app(scope, receive, send)
                finally:
                    if scope["method"] != "GET" and "programId" in scope.get("path_params", {}):
                        self._hub.changed([scope["path_params"]["programId"]])
            self._recent.note(scope["path"], scope["query_string"])
        return await self._delivery(scope, receive, send)

    def changed(self, keys: Iterable[str] | None) -> None:
        """What the store's feed tells: pages that show it hear of it. See `ChangeHub`."""
        self._hub.keys_changed(keys)

    def stop(self) -> None:
        """End what would go on for as long as somebody looks at a page."""
        self._hub.stop()

    def answer_now(self, asked: PlainRequest, client: str) -> Answer | None:
        """Delivery's answer to what takes no waiting; nothing of administration is answered so."""
        raw, _, query = asked.target.partition(b"?")
        path = raw.decode("latin-1")
        if "%" in path or surface_of(path) is not None:
            return None
        answer = self._delivery.answer_now(asked, client)
        if answer is not None:
            self._recent.note(path, query)
        return answer


def surface_of(path: str) -> str | None:
    """`api` or `console`; None for what is delivery's."""
    if path.startswith(API):
        return "api"
    return "console" if path.startswith(BASE) and path[len(BASE) :][:1] in ("", "/") else None


def description() -> bytes:
    """The OpenAPI document of this version."""
    examples = Examples(NAMES, BODIES, LIST_OF_IDS, answers())
    document = openapi_document(
        OPERATIONS, version=version("miniprogram-server"), examples=examples, links=links()
    )
    return json.dumps(document).encode()


def _find_actor(storage: EnvironmentStorage, uses: TokenUses, token: str, now: datetime) -> Actor:
    actor = authenticate(storage, token, now=now)
    if actor.token is not None:
        uses.note(actor.token, now)
    return actor
