"""A real browser in front of a real server over a folder."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

import httpx
import pytest
from playwright.sync_api import Browser, Page, expect

from browser.serving import serving
from miniprogram.clock import utc_now
from miniprogram.delivery.documents.profile import cloud_profile
from miniprogram.documents.environment_storage import EnvironmentStorage
from miniprogram.identity.command_context import CommandContext
from miniprogram.identity.host_apps import add_app
from miniprogram.identity.members import add_member
from miniprogram.identity.roles import Grant, Role, store_owner
from miniprogram.identity.tokens import create_token
from miniprogram.publish.layouts.cloud import CloudLocation, cloud_layout
from miniprogram.publish.to_store import publish_to_store
from miniprogram.stores.delivery_source import StoreSource
from miniprogram.stores.filesystem import FilesystemObjectStore
from miniprogram.stores.ledger_sqlite import SqliteLedger, ledger_beside
from miniprogram.targets import Stage
from miniprogram.testing import sample_release
from miniprogram_server.app import Served, delivery_app
from miniprogram_server.console.accounts.settings import AccountSignIn
from miniprogram_server.console.frames.runtime_files import RuntimeFiles
from miniprogram_server.console.mounting import AdministeredDelivery
from miniprogram_web.screen_frame import RuntimeFrame

PEOPLE = {"ann": (Role.DEVELOPER_ADMIN, Role.OPERATOR), "bob": (Role.REVIEWER,), "cleo": (Role.ADMIN,)}


@dataclass(frozen=True)
class Site:
    """A running server: its address, and a token for each person."""

    url: str
    tokens: dict[str, str]
    storage: EnvironmentStorage

    def delivered(self, user: str) -> str:
        """The version `user` gets, or the error code."""
        query = {"hostApp": "wallet", "userId": user}
        answer = httpx.get(f"{self.url}/api/manifests/shop/latest", params=query, trust_env=False).json()
        return str(answer.get("version") or answer["errorCode"])


@pytest.fixture
def site(tmp_path: Path) -> Iterator[Site]:
    with running_site(tmp_path) as site:
        yield site


@pytest.fixture(scope="module")
def lasting_site(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Site]:
    """One for all tests of a module."""
    with running_site(tmp_path_factory.mktemp("site")) as site:
        yield site


@contextmanager
def running_site(tmp_path: Path, accounts: AccountSignIn | None = None) -> Iterator[Site]:
    """A server over a folder below `tmp_path`, with two published versions and a host app."""
    store = FilesystemObjectStore(tmp_path / "store")
    ledger = SqliteLedger(ledger_beside(tmp_path / "store"))
    storage = EnvironmentStorage(store, environment="team", ledger=lambda: ledger)
    for version in ("1.0.0", "1.1.0"):
        layout = cloud_layout(sample_release("shop", version), CloudLocation("team", "dev", "bucket", "here"))
        publish_to_store(store, layout, allow_older=False)
    owner = CommandContext(storage, store_owner("owner"), utc_now())
    add_app(owner, "wallet", stages=[Stage.TEST])
    for name, roles in PEOPLE.items():
        add_member(owner, name, [Grant(role=role) for role in roles])
    tokens = {name: create_token(owner, name).token for name in PEOPLE}
    profile = cloud_profile(artifacts_prefix="artifacts", metadata_prefix="metadata")
    app = AdministeredDelivery(
        delivery_app(Served(StoreSource(store), profile, "here", ledger=ledger)),
        storage,
        now=utc_now,
        accounts=accounts,
        runtime=RuntimeFiles(RuntimeFrame),
    )
    with serving(app) as url:
        yield Site(url, tokens, storage)


class Person:
    """Somebody with a browser window of their own. `complaints` are what the browser found wrong."""

    def __init__(self, browser: Browser, site: Site, name: str, *, width: int = 1280) -> None:
        self.site = site
        self.complaints: list[str] = []
        self.page: Page = browser.new_context(viewport={"width": width, "height": 900}).new_page()
        self.page.set_default_timeout(8_000)
        self.page.on("pageerror", lambda error: self.complaints.append(str(error)))
        self.page.on("console", self._listen)
        self.page.goto(f"{site.url}/console/")
        self.page.get_by_label("Token").fill(site.tokens[name])
        self.page.get_by_role("button", name="Sign in").click()
        self.page.get_by_role("navigation", name="Main").wait_for()

    def _listen(self, message: object) -> None:
        if message.type == "error":  # type: ignore[attr-defined]
            self.complaints.append(message.text)  # type: ignore[attr-defined]

    def open(self, path: str) -> None:
        self.page.goto(f"{self.site.url}/console{path}")

    def press(self, name: str) -> None:
        self.page.get_by_role("button", name=name, exact=True).click()

    def sees(self, state: str) -> None:
        """Wait until the release that is shown is in `state`."""
        expect(self.page.locator(".title .pill").first).to_have_text(state)


@pytest.fixture
def people(chromium: Browser, site: Site) -> tuple[Person, Person]:
    return Person(chromium, site, "ann"), Person(chromium, site, "bob")


@pytest.fixture
def on_a_phone(chromium: Browser, site: Site) -> Person:
    return Person(chromium, site, "ann", width=390)
