"""`<mini-program trust-root>` in a real browser: what was signed is shown and nothing else, whoever serves it."""

from __future__ import annotations

import threading
import time
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pytest
import uvicorn
from playwright.sync_api import Browser, Page, Route, expect

from browser.element_site import page_handler, serving
from miniprogram.addresses import Address, listen
from miniprogram.delivery.documents.profile import cloud_profile
from miniprogram.packages.package_options import PackageOptions
from miniprogram.stores.delivery_source import StoreSource
from miniprogram_server.app import Served, delivery_app
from miniprogram_trust.service import sign_again, withdraw
from testbed.trust_world import TrustWorld, later, resigned

ALL = ("root-1", "targets", "online", "dev")


@dataclass
class PinnedSite:
    """A page, and a delivery service over a signed store."""

    world: TrustWorld
    page_url: str
    api_url: str
    root: bytes


@pytest.fixture
def site(tmp_path: Path) -> Iterator[PinnedSite]:
    world = TrustWorld(tmp_path)
    root = world.begin()
    world.publish()
    socket = listen(Address("127.0.0.1", 0))
    app = delivery_app(Served(StoreSource(world.store), cloud_profile(), "here"))
    server = uvicorn.Server(
        uvicorn.Config(app, log_config=None, ws="none", lifespan="off", timeout_graceful_shutdown=1)
    )
    thread = threading.Thread(target=server.run, kwargs={"sockets": [socket]}, daemon=True)
    thread.start()
    while not server.started:
        time.sleep(0.02)
    try:
        with serving(page_handler()) as page_url:
            yield PinnedSite(world, page_url, f"http://127.0.0.1:{socket.getsockname()[1]}/api/", root)
    finally:
        server.should_exit = True
        thread.join()


@pytest.fixture
def page(chromium: Browser) -> Iterator[Page]:
    context = chromium.new_context(viewport={"width": 400, "height": 700})
    page = context.new_page()
    page.set_default_timeout(8000)
    yield page
    context.close()


def open_pinned(page: Page, site: PinnedSite, script: str = "/runtime/element.js", **attributes: str) -> None:
    """The program in the page, which pins the root; until it is shown or was refused."""
    page.goto(f"{site.page_url}/?script={script}")
    page.wait_for_function("window.ready")
    given = {"app-id": "shop", "api-base-url": site.api_url, "host-app": "site", "host-version": "1.0.0"}
    given |= {"trust-root": site.root.decode(), **{name.replace("_", "-"): at for name, at in attributes.items()}}
    page.evaluate("attributes => open_program(attributes)", given)
    page.wait_for_function("told.some(([name]) => name === 'load' || name === 'error')")


def told(page: Page, name: str) -> list[Any]:
    return [detail for own, detail in page.evaluate("told") if own == name]


def refusal(page: Page) -> str:
    """Why it was refused. Fails when it was not."""
    assert told(page, "load") == []
    (error,) = told(page, "error")
    assert error["code"] == "signature_invalid", error
    return str(error["message"])


def tamper(page: Page, part: str, change: Callable[[bytes], bytes | None]) -> None:
    """Have the network change what comes from addresses with `part` in them; None is nothing there."""

    def answer(route: Route) -> None:
        found = route.fetch()
        body = change(found.body())
        if body is None:
            route.fulfill(status=404, headers={"access-control-allow-origin": "*"})
        else:
            route.fulfill(status=200, headers={"access-control-allow-origin": "*"}, body=body)

    page.route(lambda url: part in url, answer)


@pytest.mark.parametrize(
    ("script", "isolation"),
    [("/runtime/element.js", ""), ("/mini-program.js", ""), ("/mini-program.js", "frame")],
    ids=["modules", "one file", "in a frame"],
)
def test_what_was_signed_is_shown(script: str, isolation: str, page: Page, site: PinnedSite) -> None:
    open_pinned(page, site, script, **({"isolation": isolation} if isolation else {}))

    (loaded,) = told(page, "load")
    assert (loaded["version"], loaded["deliveryMetadata"]["selectionMode"]) == ("1.0.0", "catalog_latest")
    where = page.frame_locator("iframe") if isolation else page
    expect(where.get_by_text("Welcome")).to_be_visible()


def test_the_page_pins_a_root_by_its_address_too(page: Page, site: PinnedSite) -> None:
    page.route(
        f"{site.page_url}/root.json", lambda route: route.fulfill(body=site.root, content_type="application/json")
    )
    open_pinned(page, site, trust_root="/root.json")

    expect(page.get_by_text("Welcome")).to_be_visible()


def test_a_root_of_another_origin_pins_nothing_and_is_refused(page: Page, site: PinnedSite) -> None:
    open_pinned(page, site, trust_root=f"{site.api_url}trust/1.root.json")

    assert "address of the page itself" in refusal(page)


@pytest.mark.parametrize("root", ["", "{", '{"signed": {}}', "/nothing.json"])
def test_a_root_that_is_none_is_refused_not_ignored(root: str, page: Page, site: PinnedSite) -> None:
    open_pinned(page, site, trust_root=root)

    assert refusal(page)


def test_a_page_follows_the_root_from_version_1_to_5_unchanged(page: Page, site: PinnedSite) -> None:
    world = site.world
    open_pinned(page, site)
    world.rotate("root", ["root-2a", "root-2b", "root-2c"], (*ALL, "root-2a", "root-2b"), threshold=2)
    world.rotate("timestamp", ["online-2"], (*ALL, "root-2a", "root-2c", "online-2"))
    open_pinned(page, site)
    expect(page.get_by_text("Welcome")).to_be_visible()
    world.rotate("snapshot", ["online-2"], (*ALL, "root-2b", "root-2c", "online-2"))
    world.rotate("targets", ["targets-2"], (*ALL, "root-2a", "root-2b", "online-2", "targets-2"))
    world.rotate("shop", ["dev-2"], ("targets-2", "online-2", "dev-2"))
    world.publish("2.0.0", by=("dev-2", "online-2"), text="Two")
    asked: list[str] = []
    page.on("request", lambda request: asked.append(request.url.rpartition("/")[2]))

    open_pinned(page, site)

    assert told(page, "load")[0]["version"] == "2.0.0"
    expect(page.get_by_text("Two")).to_be_visible()
    assert [name for name in asked if name.endswith("root.json")] == ["4.root.json", "5.root.json", "6.root.json"]
    fresh = page.context.browser.new_context().new_page()  # type: ignore[union-attr]
    open_pinned(fresh, site)
    expect(fresh.get_by_text("Two")).to_be_visible()
    fresh.context.close()


@pytest.mark.parametrize(
    "part",
    [
        "timestamp.json",
        "snapshot.json",
        "1.targets.json",
        "program-shop.json",
        "trust/targets/shop/",
        "manifests/shop/versions/",
        "screens/shop/1.0.0/",
    ],
)
def test_anything_changed_on_the_way_is_refused(part: str, page: Page, site: PinnedSite) -> None:
    def change(body: bytes) -> bytes:
        at = body.rindex(b"1")
        return body[:at] + b"2" + body[at + 1 :]

    swapped = {"screens/shop/1.0.0/": lambda body: body.replace(b"Welcome", b"Welcomf")}
    tamper(page, part, swapped.get(part, change))
    open_pinned(page, site)

    assert refusal(page)


@pytest.mark.parametrize("part", ["/api/trust/", "timestamp.json", "trust/targets/", "program-shop.json"])
def test_a_downgrade_to_unsigned_is_refused(part: str, page: Page, site: PinnedSite) -> None:
    tamper(page, part, lambda _: None)
    open_pinned(page, site)

    assert refusal(page)


def test_without_a_root_the_same_page_takes_what_it_gets(page: Page, site: PinnedSite) -> None:
    """The control of the tests above: it is the root that refuses."""
    tamper(page, "screens/shop/1.0.0/", lambda body: body.replace(b"Welcome", b"Evil"))
    page.goto(f"{site.page_url}/?script=/runtime/element.js")
    page.wait_for_function("window.ready")
    page.evaluate("given => open_program(given)", {"app-id": "shop", "api-base-url": site.api_url})

    expect(page.get_by_text("Evil")).to_be_visible()


def test_rollback_is_refused_by_what_the_browser_remembers(page: Page, site: PinnedSite) -> None:
    old = {name: site.world.read(name) for name in site.world.names()}
    site.world.publish("1.1.0")
    withdraw(site.world.writer("dev", "online"), "shop", "1.0.0")
    open_pinned(page, site)
    assert told(page, "load")[0]["version"] == "1.1.0"

    for name, body in old.items():
        site.world.write(name, body)
    open_pinned(page, site)

    assert "older than one that was seen" in refusal(page)


def test_a_version_that_nobody_signed_is_refused(page: Page, site: PinnedSite) -> None:
    tamper(page, "latest.json", lambda body: body.replace(b'"1.0.0"', b'"6.6.6"'))
    open_pinned(page, site)

    assert "is not signed by anybody who may sign it" in refusal(page)


def test_a_freeze_ends_when_the_time_stamp_expires(page: Page, tmp_path: Path, site: PinnedSite) -> None:
    site.world.now = later(days=-8)
    sign_again(site.world.writer("online"), site.world.renewal("online", everything=True))
    open_pinned(page, site)
    assert "expired" in refusal(page)

    site.world.now = later()
    sign_again(site.world.writer("online"), site.world.renewal("online", everything=True))
    open_pinned(page, site)
    expect(page.get_by_text("Welcome")).to_be_visible()


def test_a_thief_who_counted_far_ahead_is_got_rid_of(page: Page, site: PinnedSite) -> None:

    stamp = resigned(site.world, "timestamp.json", lambda signed: signed.update(version=2_000_000), "online")
    page.route(lambda url: "timestamp.json" in url, lambda route: route.fulfill(body=stamp, headers=CORS))
    open_pinned(page, site)
    page.unroute_all()
    open_pinned(page, site)
    assert "older than one that was seen" in refusal(page)

    site.world.rotate("timestamp", ["online-2"], (*ALL, "online-2"), stolen=True)
    open_pinned(page, site)

    expect(page.get_by_text("Welcome")).to_be_visible()


CORS = {"access-control-allow-origin": "*"}


def test_endless_data_is_cut(page: Page, site: PinnedSite) -> None:
    tamper(page, "timestamp.json", lambda body: body + b" " * 1_000_000)
    open_pinned(page, site)

    assert "is longer than the 16384 bytes it may have" in refusal(page)


@pytest.mark.parametrize("scheme", ["rsassa-pss-sha256", "ecdsa-sha2-nistp256", "none"])
def test_an_algorithm_the_key_is_not_made_for_is_refused(scheme: str, page: Page, site: PinnedSite) -> None:
    online = next(iter(site.world.keyring("online").keys()))

    def swap(signed: dict[str, Any]) -> None:
        signed["version"] = 2
        signed["keys"][online]["scheme"] = scheme

    forged = resigned(site.world, "1.root.json", swap, "root-1")
    page.route(lambda url: "2.root.json" in url, lambda route: route.fulfill(body=forged, headers=CORS))
    open_pinned(page, site)

    assert "signatures" in refusal(page)


def test_one_key_of_three_makes_no_root(page: Page, site: PinnedSite) -> None:
    site.world.rotate("root", ["root-2a", "root-2b", "root-2c"], (*ALL, "root-2a", "root-2b"), threshold=2)
    forged = resigned(site.world, "2.root.json", lambda signed: signed.update(version=3), "root-2a")
    page.route(lambda url: "3.root.json" in url, lambda route: route.fulfill(body=forged, headers=CORS))
    open_pinned(page, site)

    assert "root 3 has 1 of 2 signatures" in refusal(page)


@pytest.mark.parametrize("kind", ["ecdsa", "rsa"])
def test_keys_of_other_kinds_verify(kind: str, page: Page, site: PinnedSite) -> None:
    """The online key is one of a key service: P-256 or RSA."""
    site.world.known["service"] = site.world.key("service").of_kind(kind)
    site.world.rotate("timestamp", ["service"], (*ALL, "service"))
    site.world.rotate("snapshot", ["service"], (*ALL, "service"))

    open_pinned(page, site)

    expect(page.get_by_text("Welcome")).to_be_visible()


def test_without_a_connection_only_a_verified_copy_is_shown(page: Page, site: PinnedSite) -> None:
    open_pinned(page, site)
    page.route(lambda url: url.startswith(site.api_url), lambda route: route.abort())
    open_pinned(page, site)
    (loaded,) = told(page, "load")
    assert loaded["stale"] is True
    expect(page.get_by_text("Welcome")).to_be_visible()


def test_a_copy_from_before_the_root_was_pinned_is_not_shown(page: Page, site: PinnedSite) -> None:
    page.goto(f"{site.page_url}/?script=/runtime/element.js")
    page.wait_for_function("window.ready")
    page.evaluate("given => open_program(given)", {"app-id": "shop", "api-base-url": site.api_url})
    expect(page.get_by_text("Welcome")).to_be_visible()
    page.route(lambda url: url.startswith(site.api_url), lambda route: route.abort())

    open_pinned(page, site)

    assert told(page, "error")[0]["code"] == "backend_unreachable"


def test_pictures_of_the_version_are_verified_too(page: Page, site: PinnedSite) -> None:
    site.world.publish("1.1.0", picture=True)
    shown = "document.querySelector('mini-program').shadowRoot.querySelectorAll('img').length"
    open_pinned(page, site)
    page.wait_for_function(f"{shown} > 0")
    sources = page.evaluate(
        "[...document.querySelector('mini-program').shadowRoot.querySelectorAll('img')].map((each) => each.src)"
    )
    assert all(source.startswith("data:image/png;base64,") for source in sources)

    tamper(page, "/assets/shop/1.1.0/", lambda body: body[:-1] + b"x")
    open_pinned(page, site)
    assert "assets/logo.png" in refusal(page)


def test_the_root_holds_for_a_program_wherever_an_element_says_it_is(page: Page, site: PinnedSite) -> None:
    """What a page pins for a mini-program is not lost when an element names another address for it."""
    page.goto(f"{site.page_url}/?script=/runtime/element.js")
    page.wait_for_function("window.ready")
    tamper(page, "screens/shop/1.0.0/", lambda body: body.replace(b"Welcome", b"Welcomf"))
    page.evaluate(
        """async ([root, api]) => {
            const { setDefaults } = await import('/runtime/element.js');
            setDefaults({ programs: { shop: { 'trust-root': root } } });
            open_program({ 'app-id': 'shop', 'api-base-url': api });
        }""",
        [site.root.decode(), site.api_url],
    )
    page.wait_for_function("told.some(([name]) => name === 'load' || name === 'error')")

    assert refusal(page)


class TestKeptVersions:
    """Elements with `offline`: the index is signed, and what it names by digest with it."""

    @pytest.fixture
    def packed(self, site: PinnedSite) -> PinnedSite:
        site.world.publish("1.1.0", text="Packed", packages=PackageOptions())
        return site

    def test_what_was_signed_is_kept_and_starts_without_a_connection(self, page: Page, packed: PinnedSite) -> None:
        open_pinned(page, packed, offline="")
        assert (told(page, "load")[0]["version"], told(page, "load")[0]["update"]) == ("1.1.0", "package")
        page.wait_for_timeout(300)
        page.route(lambda url: url.startswith(packed.api_url), lambda route: route.abort())

        open_pinned(page, packed, offline="")

        assert told(page, "load")[0]["source"] == "cached"
        expect(page.get_by_text("Packed")).to_be_visible()

    @pytest.mark.parametrize(
        "part",
        ["timestamp.json", "snapshot.json", "program-shop.json", "trust/targets/shop/", "1.2.0/deltas.json"],
    )
    @pytest.mark.parametrize("way", ["changed", "taken away"])
    def test_no_kept_version_stands_in_for_what_is_not_signed(
        self, way: str, part: str, page: Page, packed: PinnedSite
    ) -> None:
        open_pinned(page, packed, offline="")
        packed.world.publish("1.2.0", text="Next", packages=PackageOptions())
        tamper(page, part, lambda body: None if way == "taken away" else body.replace(b"1", b"2"))

        open_pinned(page, packed, offline="")

        assert refusal(page)

    def test_a_package_that_is_not_what_the_signed_index_says_is_not_taken(
        self, page: Page, packed: PinnedSite
    ) -> None:
        for part in ("package.tar", "screens/shop/1.1.0/"):
            tamper(page, part, lambda body: body.replace(b"Packed", b"Pocked"))

        open_pinned(page, packed, offline="")

        assert told(page, "load") == []
        assert "could not be loaded" in told(page, "error")[0]["message"]

    def test_what_was_kept_before_the_root_was_pinned_is_not_run(self, page: Page, packed: PinnedSite) -> None:
        page.goto(f"{packed.page_url}/?script=/runtime/element.js")
        page.wait_for_function("window.ready")
        given = {"app-id": "shop", "api-base-url": packed.api_url, "offline": ""}
        page.evaluate("given => open_program(given)", given)
        expect(page.get_by_text("Packed")).to_be_visible()
        page.route(lambda url: url.startswith(packed.api_url), lambda route: route.abort())

        open_pinned(page, packed, offline="")

        assert told(page, "error")[0]["code"] == "backend_unreachable"

    def test_a_version_that_was_signed_without_a_package_is_loaded_by_its_screens(
        self, page: Page, site: PinnedSite
    ) -> None:
        open_pinned(page, site, offline="")

        assert told(page, "load")[0]["version"] == "1.0.0"
        expect(page.get_by_text("Welcome")).to_be_visible()
