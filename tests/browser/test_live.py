"""Two people at once: what one does is said on the page of the other, and nothing they type is touched."""

from __future__ import annotations

from typing import Any

import pytest
from playwright.sync_api import Browser, expect

from browser.conftest import Person, Site
from browser.test_every_page import LIVE, SAID, Api

WAITS_MS = 15_000


@pytest.fixture
def drafted(site: Site) -> Api:
    api = Api(site)
    api.walk(LIVE, "1.0.0", ("ann", "configure", SAID))
    return api


def test_a_page_says_what_somebody_else_did_and_leads_to_it(drafted: Any, people: tuple[Person, Person]) -> None:
    _, bob = people
    bob.open("/programs/shop")
    with bob.page.expect_request(lambda request: "/console/live" in request.url, timeout=WAITS_MS):
        pass
    drafted.send("ann", "POST", f"{LIVE}/1.0.0/apply")
    news = bob.page.locator("#news")
    expect(news).to_contain_text("ann applied for 1.0.0 on wallet:production", timeout=WAITS_MS)
    expect(bob.page.locator("main .pill").first).to_have_text("created")
    news.get_by_role("link", name="Show").click()
    expect(bob.page.locator("main .pill").first).to_have_text("in review")
    assert bob.complaints == []


def test_a_form_one_types_in_stays_as_it_is(drafted: Any, chromium: Browser, site: Site) -> None:
    ann = Person(chromium, site, "ann")
    ann.open(f"{LIVE}/1.0.0/configure")
    with ann.page.expect_request(lambda request: "/console/live" in request.url, timeout=WAITS_MS):
        ann.page.get_by_label("Title").fill("Half a ti")
    drafted.send("cleo", "POST", f"{LIVE}/1.0.0/configure", {**SAID, "title": "Another"})
    news = ann.page.locator("#news")
    expect(news).to_contain_text("cleo configured 1.0.0", timeout=WAITS_MS)
    expect(news.get_by_role("link")).to_have_text("Show in another tab")
    assert ann.page.get_by_label("Title").input_value() == "Half a ti"
    ann.page.get_by_label("Title").press("End")
    ann.page.keyboard.type("tle")
    assert ann.page.get_by_label("Title").input_value() == "Half a title"


def test_a_page_without_scripts_is_whole(drafted: Any, chromium: Browser, site: Site) -> None:
    context = chromium.new_context(java_script_enabled=False)
    page = context.new_page()
    page.goto(f"{site.url}/console/login")
    page.get_by_label("Token").fill(site.tokens["ann"])
    page.get_by_role("button", name="Sign in").click()
    page.goto(f"{site.url}/console{LIVE}/1.0.0")
    page.get_by_role("button", name="Apply for release", exact=True).click()
    expect(page.locator(".title .pill").first).to_have_text("in review")
    page.goto(f"{site.url}/console/programs/shop/audit/verify")
    expect(page.locator("#verified")).to_contain_text("events are as they were written")
    context.close()


def test_a_page_that_is_left_gives_its_stream_back(drafted: Any, people: tuple[Person, Person]) -> None:
    _, bob = people
    for path in ("/programs/shop", "/", "/programs/shop/switches"):
        bob.open(path)
        with bob.page.expect_request(lambda request: "/console/live" in request.url, timeout=WAITS_MS):
            pass
    bob.open("/login")
    bob.page.wait_for_timeout(500)
    assert bob.complaints == []
