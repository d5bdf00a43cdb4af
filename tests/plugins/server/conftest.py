from __future__ import annotations

import asyncio
import re
from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import timedelta
from functools import partialmethod
from itertools import count
from typing import Any

import httpx
import pytest

from miniprogram.clock import Clock
from miniprogram.delivery.documents.profile import cloud_profile
from miniprogram.delivery.evaluation.ledger import MemoryLedger
from miniprogram.delivery.http.service import DeliveryService
from miniprogram.documents.environment_storage import EnvironmentStorage
from miniprogram.identity.command_context import CommandContext
from miniprogram.identity.host_apps import add_app
from miniprogram.identity.members import add_member
from miniprogram.identity.roles import Grant, Role, store_owner
from miniprogram.identity.tokens import create_token
from miniprogram.publish.layouts.cloud import CloudLocation, cloud_layout
from miniprogram.publish.to_store import publish_to_store
from miniprogram.stores.delivery_source import StoreSource
from miniprogram.stores.memory import MemoryObjectStore
from miniprogram.targets import Stage
from miniprogram.testing import NOON, sample_release
from miniprogram_server.admin.framework.rate_limit import Rate
from miniprogram_server.asgi import DeliveryApp
from miniprogram_server.console.mounting import AdministeredDelivery
from miniprogram_server.request_log import Observer
from plugins.server.described import check_answer

PEOPLE = {
    "ann": (Role.DEVELOPER_ADMIN, Role.OPERATOR),
    "bob": (Role.REVIEWER,),
    "cleo": (Role.ADMIN, Role.REVIEWER),
    "ivy": (Role.INSPECTOR,),
}
API = "/api/admin/v1"
CONSOLE = "/console"
SHOP = f"{API}/programs/shop"
TARGET = f"{SHOP}/targets/wallet/production"


class Client:
    """A browser, or a program, in front of an ASGI application in this process. Keeps cookies.

    Whatever the API answers to any test must be as its description says.
    """

    def __init__(self, app: AdministeredDelivery) -> None:
        self._runner = asyncio.Runner()
        transport = httpx.ASGITransport(app, raise_app_exceptions=True)
        self._http = httpx.AsyncClient(transport=transport, base_url="http://console.test")

    @property
    def cookies(self) -> httpx.Cookies:
        return self._http.cookies

    def request(self, method: str, path: str, **options: Any) -> httpx.Response:
        answer = self._runner.run(self._http.request(method, path, **options))
        check_answer(method, path, answer)
        return answer

    get = partialmethod(request, "GET")
    post = partialmethod(request, "POST")
    put = partialmethod(request, "PUT")

    def close(self) -> None:
        self._runner.run(self._http.aclose())
        self._runner.close()


@dataclass
class Administered:
    """A store with two published versions, a host app and four members, behind the whole application."""

    storage: EnvironmentStorage
    app: AdministeredDelivery
    tokens: dict[str, str]
    now: Clock
    client: Client = field(init=False)

    def __post_init__(self) -> None:
        self.client = Client(self.app)

    def call(self, who: str, method: str, path: str, body: object = None, **headers: str):
        sent = {
            "authorization": f"Bearer {self.tokens[who]}",
            **{k.replace("_", "-"): v for k, v in headers.items()},
        }
        return self.client.request(method, path, json=body, headers=sent)

    def do(self, who: str, verb: str, body: object = None, *, version: str = "1.0.0", base: str = "") -> dict:
        """A command of the state machine, on whatever revision there is."""
        path = f"{base or f'{TARGET}/releases/{version}'}/{verb}"
        answer = self.call(who, "POST", path, body or {}, if_match="*")
        assert answer.status_code == 200, answer.text
        return answer.json()

    def drafted(self, version: str = "1.0.0") -> None:
        made = self.call("ann", "POST", f"{TARGET}/releases", {"version": version})
        assert made.status_code == 201, made.text
        said = {"title": "Shop", "description": "Buy things", "serverDomains": ["https://api.example.com"]}
        self.do("ann", "configure", said, version=version)

    def full(self, version: str = "1.0.0") -> None:
        self.drafted(version)
        self.do("ann", "apply", version=version)
        self.do("bob", "approve", version=version)
        self.do("ann", "pilot-skip", version=version)
        self.do("ann", "finish", {"final": True}, version=version)

    def delivered(self, **query: str) -> str:
        """The version a host gets, or the error code."""
        answer = self.client.get("/api/manifests/shop/latest", params={"hostApp": "wallet", **query}).json()
        return answer.get("version") or answer["errorCode"]


def administered(rate: Rate, observe: Observer | None = None, **more: Any) -> Administered:
    store = MemoryObjectStore()
    storage = EnvironmentStorage(store, environment="team", ledger=MemoryLedger)
    for version in ("1.0.0", "1.1.0"):
        layout = cloud_layout(sample_release("shop", version), CloudLocation("team", "dev", "bucket", "here"))
        publish_to_store(store, layout, allow_older=False)
    owner = CommandContext(storage, store_owner("owner"), NOON)
    add_app(owner, "wallet", stages=[Stage.TEST])
    for name, roles in PEOPLE.items():
        add_member(owner, name, [Grant(role=role) for role in roles])
    tokens = {name: create_token(owner, name).token for name in PEOPLE}
    profile = cloud_profile(artifacts_prefix="artifacts", metadata_prefix="metadata")
    delivery = DeliveryApp(DeliveryService(StoreSource(store), profile, ledger=MemoryLedger()), observe)
    seconds = count()
    now = lambda: NOON + timedelta(seconds=next(seconds))  # noqa: E731
    app = AdministeredDelivery(delivery, storage, now=now, rate=rate, log=observe, **more)
    return Administered(storage, app, tokens, now)


@pytest.fixture
def world() -> Iterator[Administered]:
    made = administered(Rate(per_second=1000, burst=100_000))
    yield made
    made.client.close()


@pytest.fixture(scope="module")
def lasting_world() -> Iterator[Administered]:
    """One for all tests of a module, with a full release in it."""
    made = administered(Rate(per_second=1000, burst=100_000))
    made.full("1.0.0")
    yield made
    made.client.close()


@pytest.fixture
def slow_world() -> Iterator[Administered]:
    """One that lets a token ask three times."""
    made = administered(Rate(per_second=0.001, burst=3))
    yield made
    made.client.close()


@dataclass
class Browser:
    """Somebody at the console: signs in, reads pages, and sends their forms with what is hidden in them."""

    world: Any
    page: httpx.Response | None = None

    def sign_in(self, who: str) -> Browser:
        self.world.client.cookies.clear()
        self.page = self.world.client.post(f"{CONSOLE}/login", data={"token": self.world.tokens[who], "next": ""})
        assert self.page.status_code == 303, self.page.text
        return self

    def get(self, path: str) -> str:
        self.page = self.world.client.get(CONSOLE + path)
        assert self.page.status_code == 200, self.page.text
        return self.page.text

    def hidden(self, name: str) -> str:
        assert self.page is not None
        found = re.search(rf'name="{name}" value="([^"]*)"', self.page.text)
        assert found, f"no {name} in the page"
        return found[1]

    def send(self, path: str, data: dict[str, Any] | None = None, **options: Any) -> httpx.Response:
        """POST a form of the page that is shown."""
        body = {"csrf": self.hidden("csrf"), **(data or {})}
        if "revision" not in body and 'name="revision"' in self.page.text:
            body["revision"] = self.hidden("revision")
        return self.world.client.post(CONSOLE + path, data=body, **options)

    def refused(self, path: str, data: dict[str, Any] | None = None, **options: Any) -> str:
        """POST a form that is refused, follow to the page that shows it again, and return that page."""
        answer = self.send(path, data, **options)
        assert answer.status_code == 303, answer.text
        assert "?draft=" in answer.headers["location"], f"{path} was not refused"
        return self.get(answer.headers["location"].removeprefix(CONSOLE))

    def done(self, path: str, data: dict[str, Any] | None = None, **options: Any) -> str:
        """POST a form that is taken, and return the page it leads to."""
        answer = self.send(path, data, **options)
        assert answer.status_code == 303, answer.text
        location = answer.headers["location"].removeprefix(CONSOLE)
        page = self.get(location)
        assert "?draft=" not in location, page
        return page


@pytest.fixture
def browser(world) -> Browser:
    return Browser(world)
