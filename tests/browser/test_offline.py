"""`<mini-program offline>` in a real Chromium: whole versions, small updates, starts without a connection."""

from __future__ import annotations

import json
import re
from collections.abc import Iterator
from contextlib import suppress
from pathlib import Path
from random import Random

import pytest
from playwright.sync_api import Browser, Error, expect

from browser.offline_site import CORS, OfflineSite, Visitor, offline_site

NO_DICTIONARIES = (
    "DOMTokenList.prototype.supports = ((own) => function (token) {"
    " return token !== 'compression-dictionary' && own.call(this, token); })(DOMTokenList.prototype.supports)"
)


@pytest.fixture
def site(tmp_path: Path) -> Iterator[OfflineSite]:
    with offline_site(tmp_path / "store") as site:
        yield site


@pytest.fixture
def visitor(chromium: Browser, site: OfflineSite) -> Iterator[Visitor]:
    visitor = Visitor(chromium, site)
    yield visitor
    visitor.close()


class TestUpdates:
    def test_a_browser_with_dictionaries_updates_by_a_delta(self, site: OfflineSite, visitor: Visitor) -> None:
        site.publish("1.0.0")
        first = visitor.come_by()
        visitor.page.wait_for_timeout(500)  # a dictionary is written after the answer was handed to the page
        site.publish("1.1.0")
        second = visitor.come_by()

        assert (first["version"], first["update"], first["source"]) == ("1.0.0", "package", "delivered")
        assert (second["version"], second["update"]) == ("1.1.0", "delta")
        expect(visitor.page.get_by_text("Welcome to 1.1.0")).to_be_visible()
        (_, coding, whole), (_, delta_coding, delta) = visitor.delivered("package.tar")
        assert (coding, delta_coding) == ("zstd", "dcz")
        assert delta < whole / 3
        assert not visitor.delivered("screens/")

    def test_a_browser_without_dictionaries_loads_the_files_that_changed(
        self, site: OfflineSite, visitor: Visitor
    ) -> None:
        visitor.context.add_init_script(NO_DICTIONARIES)
        site.publish("1.0.0")
        visitor.come_by()
        site.publish("1.1.0")
        visitor.forget()
        second = visitor.come_by()

        assert (second["version"], second["update"]) == ("1.1.0", "files")
        expect(visitor.page.get_by_text("Welcome to 1.1.0")).to_be_visible()
        assert sorted(path for path, _, _ in visitor.delivered()) == [
            "manifests/shop/latest.json",
            "manifests/shop/versions/1.1.0.json",
            "packages/shop/1.1.0/deltas.json",
            "screens/shop/1.1.0/shop_home.json",
        ]

    def test_where_the_browser_threw_its_dictionary_away_the_changed_files_are_loaded(
        self, site: OfflineSite, visitor: Visitor
    ) -> None:
        site.publish("1.0.0")
        visitor.come_by()
        visitor.page.wait_for_timeout(500)
        site.publish("1.1.0")
        site.forgets.append(True)

        assert visitor.come_by()["update"] == "files"
        expect(visitor.page.get_by_text("Welcome to 1.1.0")).to_be_visible()

    def test_a_version_that_is_here_is_not_loaded_again(self, site: OfflineSite, visitor: Visitor) -> None:
        site.publish("1.0.0")
        visitor.come_by()
        visitor.forget()

        again = visitor.come_by()

        assert (again["version"], again["update"], again["source"]) == ("1.0.0", None, "delivered")
        assert [path for path, _, _ in visitor.delivered()] == ["manifests/shop/latest.json"]

    def test_a_version_without_a_package_is_loaded_screen_by_screen(
        self, site: OfflineSite, visitor: Visitor
    ) -> None:
        site.without_package("1.0.0")

        found = visitor.come_by()

        assert found["version"] == "1.0.0"
        assert "digest" not in found
        expect(visitor.page.get_by_text("Welcome to 1.0.0")).to_be_visible()
        assert [each["code"] for each in visitor.told("warning")] == ["not_kept"]

    @pytest.mark.parametrize("isolation", ["", "frame"], ids=["in the page", "in a frame"])
    def test_pictures_come_with_the_version(self, isolation: str, site: OfflineSite, visitor: Visitor) -> None:
        screens = {"shop_home": {"type": "column", "children": [{"type": "image", "src": "assets/logo.png"}]}}
        site.publish("1.0.0", **screens)
        visitor.come_by(script="/mini-program.js", **({"isolation": isolation} if isolation else {}))
        where = visitor.page.frame_locator("iframe") if isolation else visitor.page

        expect(where.locator("img")).to_have_attribute("src", re.compile("^data:image/png;base64,"))
        assert not visitor.delivered("assets/")

    def test_what_no_version_needs_any_more_is_forgotten(self, site: OfflineSite, visitor: Visitor) -> None:
        site.publish("1.0.0")
        visitor.come_by()
        for version in ("1.1.0", "1.2.0", "1.3.0"):
            site.publish(version)
            visitor.come_by()

        files = len(visitor.state()["good"]["files"])
        visitor.page.evaluate(f"until(async () => (await bodies_of('shop')).length === {files})")


class TestWithoutANetwork:
    @pytest.mark.parametrize("script", ["/runtime/element.js", "/mini-program.js"], ids=["modules", "one file"])
    def test_every_screen_is_there(self, script: str, site: OfflineSite, visitor: Visitor) -> None:
        site.publish("1.0.0")
        visitor.come_by(script=script)
        visitor.cut()

        found = visitor.come_by(script=script)

        assert (found["version"], found["source"], found["stale"]) == ("1.0.0", "cached", True)
        assert "cannot be reached" in found["reason"]
        expect(visitor.page.get_by_text("Welcome to 1.0.0")).to_be_visible()
        screen = visitor.page.evaluate(
            "document.querySelector('mini-program').view.options.loadScreen('shop_page_7')"
        )
        assert screen["type"] == "text"

    def test_a_copy_that_is_too_old_does_not_stand_in(self, site: OfflineSite, visitor: Visitor) -> None:
        site.publish("1.0.0")
        visitor.come_by()
        visitor.cut()
        visitor.page.clock.install(time=visitor.page.evaluate("Date.now()") / 1000 + 4000)

        assert visitor.come_by()["code"] == "backend_unreachable"

    def test_an_update_that_breaks_off_leaves_the_old_version(self, site: OfflineSite, visitor: Visitor) -> None:
        site.publish("1.0.0")
        visitor.come_by()
        site.publish("1.1.0")
        visitor.context.route(lambda url: "1.1.0/" in url, lambda route: route.abort())
        visitor.context.route(lambda url: "versions/1.1.0" in url, lambda route: route.abort())

        found = visitor.come_by()

        assert (found["version"], found["source"]) == ("1.0.0", "cached")
        visitor.context.unroute_all()
        assert visitor.come_by()["version"] == "1.1.0"

    def test_the_first_start_runs_the_embedded_version(self, site: OfflineSite, visitor: Visitor) -> None:
        embed(visitor, site, "0.9.0")
        visitor.cut()

        found = visitor.come_by(preset="/presets/shop.tar")

        assert (found["version"], found["source"]) == ("0.9.0", "embedded")
        expect(visitor.page.get_by_text("Welcome to 0.9.0")).to_be_visible()

    def test_the_first_update_loads_what_differs_from_the_embedded_version(
        self, site: OfflineSite, visitor: Visitor
    ) -> None:
        embed(visitor, site, "0.9.0")
        site.publish("1.0.0")

        found = visitor.come_by(preset="/presets/shop.tar")

        assert (found["version"], found["update"]) == ("1.0.0", "files")
        assert [path for path, _, _ in visitor.delivered("screens/")] == ["screens/shop/1.0.0/shop_home.json"]

    @pytest.mark.parametrize("other", ["/nothing.tar", "https://elsewhere.example/shop.tar"])
    def test_a_preset_that_cannot_be_read_is_told_and_passed_over(
        self, other: str, site: OfflineSite, visitor: Visitor
    ) -> None:
        site.publish("1.0.0")

        assert visitor.come_by(preset=other)["version"] == "1.0.0"
        assert [each["code"] for each in visitor.told("warning")] == ["preset_unreadable"]


class TestRolledBack:
    def test_the_embedded_version_is_run_now_and_without_a_network(
        self, site: OfflineSite, visitor: Visitor
    ) -> None:
        embed(visitor, site, "0.9.0")
        site.publish("1.0.0")
        assert visitor.come_by(preset="/presets/shop.tar")["version"] == "1.0.0"
        direct_to_embedded(visitor)

        found = visitor.come_by(preset="/presets/shop.tar")

        assert (found["version"], found["source"], found["reason"]) == ("0.9.0", "embedded", "Go back.")
        visitor.context.unroute_all()
        embed(visitor, site, "0.9.0")
        visitor.cut()
        assert visitor.come_by(preset="/presets/shop.tar")["version"] == "0.9.0"

    @pytest.mark.parametrize("offline", ["", "false"], ids=["kept whole", "by screens"])
    def test_a_page_that_has_none_shows_the_refusal(
        self, offline: str, site: OfflineSite, visitor: Visitor
    ) -> None:
        site.publish("1.0.0")
        direct_to_embedded(visitor)

        assert visitor.come_by(offline=offline)["code"] == "roll_back_to_embedded"
        expect(visitor.page.get_by_text("Go back.")).to_be_visible()


class TestTheNetworkThatIsAllowed:
    def test_over_wifi_only_the_old_version_stays_on_a_mobile_network(
        self, site: OfflineSite, visitor: Visitor
    ) -> None:
        site.publish("1.0.0")
        visitor.come_by()
        site.publish("1.1.0")
        visitor.upgrade(mode="silent", network="wifi")
        connected(visitor, "cellular")

        found = visitor.come_by()

        assert (found["version"], found["source"]) == ("1.0.0", "cached")
        assert found["reason"] == "1.1.0 is to be loaded over Wi-Fi only"

    @pytest.mark.parametrize("by", ["wifi", "ethernet", "unknown", ""])
    def test_elsewhere_and_where_it_is_not_known_it_is_loaded(
        self, by: str, site: OfflineSite, visitor: Visitor
    ) -> None:
        site.publish("1.0.0")
        visitor.come_by()
        site.publish("1.1.0")
        visitor.upgrade(mode="silent", network="wifi")
        connected(visitor, by)

        assert visitor.come_by()["version"] == "1.1.0"

    def test_the_host_may_know_better(self, site: OfflineSite, visitor: Visitor) -> None:
        site.publish("1.0.0")
        visitor.come_by()
        site.publish("1.1.0")
        visitor.upgrade(mode="silent", network="wifi")

        assert visitor.come_by(network="cellular")["version"] == "1.0.0"

    def test_a_forced_upgrade_is_loaded_over_whatever_there_is(self, site: OfflineSite, visitor: Visitor) -> None:
        site.publish("1.0.0")
        visitor.come_by()
        site.publish("1.1.0")
        visitor.upgrade(mode="forced", network="wifi")
        connected(visitor, "cellular")

        assert visitor.come_by()["version"] == "1.1.0"


class TestAVersionThatDoesNotStart:
    def test_the_last_good_one_comes_back_and_it_is_never_tried_again(
        self, site: OfflineSite, visitor: Visitor
    ) -> None:
        site.publish("1.0.0")
        visitor.come_by()
        digest = site.publish("1.1.0", text="Broken")
        breaks_drawing(visitor, "Broken")

        found = visitor.come_by()

        assert (found["version"], found["source"]) == ("1.0.0", "cached")
        expect(visitor.page.get_by_text("Welcome to 1.0.0")).to_be_visible()
        (failed,) = visitor.told("start-failed")
        assert (failed["version"], failed["digest"], failed["id"]) == ("1.1.0", digest, "shop")
        assert "white screen" in failed["reason"]
        again = visitor.come_by()
        assert (again["version"], again["reason"]) == ("1.0.0", "1.1.0 did not start on this host")
        assert visitor.told("start-failed") == []

        site.publish("1.1.1")
        assert visitor.come_by()["version"] == "1.1.1"

    def test_in_a_frame_too(self, site: OfflineSite, visitor: Visitor) -> None:
        site.publish("1.0.0")
        visitor.come_by(script="/mini-program.js", isolation="frame")
        site.publish("1.1.0", text="Broken")
        breaks_drawing(visitor, "Broken")

        found = visitor.come_by(script="/mini-program.js", isolation="frame")

        assert found["version"] == "1.0.0"
        expect(visitor.page.frame_locator("iframe").get_by_text("Welcome to 1.0.0")).to_be_visible()

    def test_a_screen_that_is_not_kept_and_cannot_be_drawn_is_told_too(
        self, site: OfflineSite, visitor: Visitor
    ) -> None:
        site.publish("1.0.0", text="Broken")
        breaks_drawing(visitor, "Broken")
        visitor.go()
        visitor.open(wait=False, offline="false")
        visitor.page.wait_for_function("told.some(([name]) => name === 'error')")

        (error,) = visitor.told("error")
        assert (error["code"], "white screen" in error["message"]) == ("screen_failed", True)

    def test_without_another_version_it_says_so(self, site: OfflineSite, visitor: Visitor) -> None:
        site.publish("1.0.0", text="Broken")
        breaks_drawing(visitor, "Broken")

        assert visitor.come_by()["code"] == "nothing_to_launch"

    def test_the_embedded_one_comes_back_where_nothing_else_started(
        self, site: OfflineSite, visitor: Visitor
    ) -> None:
        embed(visitor, site, "0.9.0")
        site.publish("1.0.0", text="Broken")
        breaks_drawing(visitor, "Broken")

        found = visitor.come_by(preset="/presets/shop.tar")

        assert (found["version"], found["source"]) == ("0.9.0", "embedded")

    def test_a_page_that_dies_before_the_first_screen_counts(self, site: OfflineSite, visitor: Visitor) -> None:
        site.publish("1.0.0")
        visitor.come_by()
        site.publish("1.1.0")
        visitor.go()
        on_trial(visitor)
        with suppress(Error):
            visitor.page.goto("chrome://crash", timeout=2000)
        visitor.page = visitor.new_tab()

        found = visitor.come_by()

        assert (found["version"], found["reason"]) == ("1.0.0", "1.1.0 did not start on this host")

    @pytest.mark.parametrize("way", ["another page", "the tab is closed", "the element is taken away"])
    def test_who_only_goes_away_before_it_leaves_it_for_the_next_time(
        self, way: str, site: OfflineSite, visitor: Visitor
    ) -> None:
        site.publish("1.0.0")
        visitor.come_by()
        site.publish("1.1.0")
        visitor.go()
        on_trial(visitor)
        if way == "another page":
            visitor.page.goto(f"{site.page_url}/?script=/runtime/element.js")
        elif way == "the tab is closed":
            visitor.page.close()
            visitor.page = visitor.new_tab()
        else:
            visitor.page.evaluate("document.querySelector('mini-program').remove()")
            visitor.page.evaluate("until(async () => (await state_of('shop')).trying === null)")

        assert visitor.come_by()["version"] == "1.1.0"


class TestTwoTabs:
    def test_the_other_tab_runs_the_good_version_meanwhile(self, site: OfflineSite, visitor: Visitor) -> None:
        site.publish("1.0.0")
        visitor.come_by()
        site.publish("1.1.0")
        visitor.go()
        on_trial(visitor)
        other = visitor.go(visitor.new_tab())
        visitor.open(other, wait=False)
        other.wait_for_function("told.some(([name]) => name === 'load')")
        (found,) = visitor.told("load", other)

        assert (found["version"], found["reason"]) == (
            "1.0.0",
            "another tab is starting a version for the first time",
        )

        visitor.page.bring_to_front()
        visitor.page.evaluate("document.getElementById('place').style.display = ''")
        visitor.page.evaluate("until(async () => (await state_of('shop')).good.version === '1.1.0')")
        assert visitor.come_by()["version"] == "1.1.0"

    def test_both_at_once_load_a_version_once(self, site: OfflineSite, visitor: Visitor) -> None:
        site.publish("1.0.0")
        visitor.go()
        other = visitor.go(visitor.new_tab())
        visitor.open(wait=False)
        visitor.open(other, wait=False)
        for page in (visitor.page, other):
            page.wait_for_function("told.some(([name]) => name === 'load')")

        assert [visitor.told("load", page)[0]["version"] for page in (visitor.page, other)] == ["1.0.0", "1.0.0"]
        assert len(visitor.delivered("package.tar")) == 1


class TestTampering:
    @pytest.mark.parametrize("dictionaries", [True, False], ids=["dictionaries", "files"])
    def test_what_was_changed_on_the_way_is_not_taken(
        self, dictionaries: bool, site: OfflineSite, visitor: Visitor
    ) -> None:
        if not dictionaries:
            visitor.context.add_init_script(NO_DICTIONARIES)
        site.publish("1.0.0")
        visitor.come_by()
        site.publish("1.1.0")
        for part in ("1.1.0/package.tar", "1.1.0/shop_home.json"):
            visitor.change(part, lambda body: body.replace(b"Welcome", b"Welcomf"))

        found = visitor.come_by()

        assert (found["version"], found["source"]) == ("1.0.0", "cached")
        assert "could not be loaded" in found["reason"]

    def test_endless_data_is_cut(self, site: OfflineSite, visitor: Visitor) -> None:
        site.publish("1.0.0")
        visitor.change("1.0.0/package.tar", lambda body: body + bytes(1_000_000))
        visitor.change("screens/", lambda body: body + b" " * 1_000_000)

        assert "is larger than the" in visitor.come_by()["message"]

    def test_a_listing_that_does_not_have_its_digest_is_refused(self, site: OfflineSite, visitor: Visitor) -> None:
        site.publish("1.0.0")
        visitor.change("deltas.json", lambda body: body.replace(b"shop_page_7", b"shop_page_x"))

        assert "does not list the files" in visitor.come_by()["message"]

    def test_a_file_that_was_changed_in_the_browser_is_loaded_again(
        self, site: OfflineSite, visitor: Visitor
    ) -> None:
        site.publish("1.0.0")
        visitor.come_by()
        visitor.page.evaluate("spoil('shop')")

        found = visitor.come_by()

        assert (found["version"], found["update"]) == ("1.0.0", "files")
        assert visitor.told("start-failed") == []


class TestNoRoom:
    def test_a_full_disk_is_told_and_survived(self, site: OfflineSite, visitor: Visitor) -> None:
        visitor.go()
        session = visitor.context.new_cdp_session(visitor.page)
        session.send("Storage.overrideQuotaForOrigin", {"origin": site.page_url, "quotaSize": 300_000})
        site.publish("1.0.0")
        visitor.open()
        site.publish("1.1.0", large={"type": "text", "data": random_text(500_000)})

        found = visitor.open()

        assert found["version"] == "1.1.0"
        expect(visitor.page.get_by_text("Welcome to 1.1.0")).to_be_visible()
        assert any("no room for 1.1.0" in each["message"] for each in visitor.told("warning"))
        assert visitor.state()["good"]["version"] == "1.0.0"
        session.detach()
        assert visitor.come_by()["version"] == "1.1.0"
        assert visitor.state()["good"]["version"] == "1.1.0"


def random_text(size: int) -> str:
    return Random(1).randbytes(size // 2).hex()


def embed(visitor: Visitor, site: OfflineSite, version: str) -> None:
    """Have a package lie where the page is."""
    archive = site.preset(version)
    visitor.context.route("**/presets/shop.tar", lambda route: route.fulfill(body=archive))


def direct_to_embedded(visitor: Visitor) -> None:
    """Have delivery answer as after `release rollback --to embedded`."""
    body = json.dumps({"errorCode": "roll_back_to_embedded", "message": "Go back."})
    visitor.context.route("**/latest.json?*", lambda route: route.fulfill(status=412, body=body, headers=CORS))


def connected(visitor: Visitor, by: str) -> None:
    """The browser says so of its connection; blank: it says nothing."""
    given = f"{{ type: '{by}' }}" if by else "undefined"
    visitor.context.add_init_script(f"Object.defineProperty(navigator, 'connection', {{ get: () => ({given}) }})")


def breaks_drawing(visitor: Visitor, text: str) -> None:
    """As a fault of the runtime that one version's screen meets: whoever measures this text throws."""
    visitor.context.add_init_script(
        "{ const own = Object.getOwnPropertyDescriptor(Node.prototype, 'textContent');"
        " Object.defineProperty(Node.prototype, 'textContent', { ...own, set(value) {"
        f" if (value === {text!r}) throw new Error('white screen'); own.set.call(this, value); }} }}); }}"
    )


def on_trial(visitor: Visitor) -> None:
    """A version is handed out and not drawn: the element has no place on the page."""
    visitor.page.evaluate("document.getElementById('place').style.display = 'none'")
    visitor.open(wait=False)
    visitor.page.wait_for_function("told.some(([name]) => name === 'load')")
    visitor.page.evaluate("until(async () => (await state_of('shop')).trying?.version === '1.1.0')")
