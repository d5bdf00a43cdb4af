"""Delivery with the API and the console beside it. Delivery requests pass through no framework, only two tests."""

from __future__ import annotations

import json
from datetime import datetime
from functools import partial
from importlib.metadata import version

from miniprogram.clock import Clock
from miniprogram.documents.environment_storage import EnvironmentStorage
from miniprogram.identity.roles import Actor
from miniprogram.identity.tokens import authenticate
from miniprogram.releases.simulation.recent_requests import RecentRequests
from miniprogram_server.admin.framework.application import admin_app
from miniprogram_server.admin.framework.bearer import Authenticate
from miniprogram_server.admin.framework.openapi import openapi_document
from miniprogram_server.admin.framework.rate_limit import Rate, RateLimit
from miniprogram_server.admin.framework.service import AdminService
from miniprogram_server.admin.operations.table import OPERATIONS
from miniprogram_server.asgi import DeliveryApp, Receive, Scope, Send
from miniprogram_server.console.application import Console
from miniprogram_server.console.visit import BASE

API = "/api/admin/"


class AdministeredDelivery:
    """An ASGI application: delivery over `storage`, and what administers it."""

    def __init__(
        self, delivery: DeliveryApp, storage: EnvironmentStorage, *, now: Clock, rate: Rate | None = None
    ) -> None:
        self._delivery = delivery
        self._recent = RecentRequests()
        ledger = storage.open_ledger()
        find = partial(_find_actor, storage)
        limit = RateLimit(rate or Rate())
        service = AdminService(storage, Authenticate(find), now=now, limit=limit, ledger=ledger)
        self._admin = admin_app(service, OPERATIONS, description())
        self._console = Console(storage, find, now=now, recent=self._recent, ledger=ledger).app()

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        if scope["type"] == "http":
            path: str = scope["path"]
            if path.startswith(API):
                return await self._admin(scope, receive, send)
            if path.startswith(BASE) and path[len(BASE) :][:1] in ("", "/"):
                return await self._console(scope, receive, send)
            self._recent.note(path, scope["query_string"])
        return await self._delivery(scope, receive, send)


def description() -> bytes:
    """The OpenAPI document of this version."""
    return json.dumps(openapi_document(OPERATIONS, version=version("miniprogram-server"))).encode()


def _find_actor(storage: EnvironmentStorage, token: str, now: datetime) -> Actor:
    return authenticate(storage, token, now=now)
