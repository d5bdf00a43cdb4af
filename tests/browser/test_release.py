"""A release manager and a reviewer take a version all the way, and back, in a real browser."""

from __future__ import annotations

import re
import time
from collections.abc import Callable

from playwright.sync_api import expect

RELEASE = "/programs/shop/targets/wallet/production/releases"


def eventually(value: Callable[[], str], wanted: str) -> None:
    """A folder is looked at every few milliseconds."""
    deadline = time.monotonic() + 3
    while (found := value()) != wanted and time.monotonic() < deadline:
        time.sleep(0.02)
    assert found == wanted


def draft(person, version: str) -> None:
    person.open("/programs/shop")
    person.page.get_by_label("Version").select_option(version)
    person.page.get_by_label("Target").select_option("wallet:production")
    person.press("Create release")
    person.page.get_by_role("link", name="Configure").click()
    person.page.get_by_label("Title").fill("Shop")
    person.page.get_by_label("Description").fill("Everything the corner shop sells.")
    person.page.get_by_label("Server domains").fill("https://api.example.com")
    person.press("Save")
    person.press("Apply for release")
    person.sees("in review")


def draft_only(person) -> None:
    person.open("/programs/shop")
    person.page.get_by_label("Version").select_option("1.0.0")
    person.press("Create release")
    person.page.get_by_role("link", name="Configure").click()


def approve(person) -> None:
    person.open("/reviews")
    person.page.get_by_role("link", name=re.compile("^Review shop")).click()
    person.press("Approve")


def share(person, percent: int) -> None:
    person.page.get_by_label("Share of users").fill(str(percent))
    person.page.get_by_role("button", name=re.compile("^(Raise the share|Start the grayscale)$")).click()
    if percent == 100:
        person.press("Set the share")
    person.sees(f"grayscale {percent} %")


def finish(person, version: str) -> None:
    person.press("Finish")
    assert person.page.get_by_role("heading", level=1).inner_text() == "Finish"
    person.press(f"Finish: {version} on wallet:production")
    person.sees("full")


def test_from_draft_to_full_and_back(site, people) -> None:
    ann, bob = people
    draft(ann, "1.0.0")
    ann.sees("in review")
    assert ann.page.get_by_role("button", name="Approve").count() == 0
    approve(bob)
    bob.sees("approved")
    ann.page.reload()
    ann.press("Skip the pilot")
    ann.page.get_by_label("For everybody now").check()
    finish(ann, "1.0.0")
    eventually(lambda: site.delivered("u1"), "1.0.0")

    draft(ann, "1.1.0")
    assert site.delivered("u1") == "1.0.0"
    approve(bob)
    bob.sees("approved")
    ann.page.reload()
    ann.page.get_by_label("Testers").fill("Tess@example.com, tom@example.com")
    ann.press("Start the pilot")
    ann.sees("pilot")
    eventually(lambda: site.delivered("tess@example.com"), "1.1.0")
    assert site.delivered("u1") == "1.0.0"

    ann.press("Complete the pilot")
    share(ann, 40)
    users = [f"user-{number}" for number in range(60)]
    eventually(lambda: site.delivered("tess@example.com"), "1.1.0")
    time.sleep(0.05)
    in_at_40 = {user for user in users if site.delivered(user) == "1.1.0"}
    assert 8 <= len(in_at_40) <= 40
    assert ann.page.get_by_label("Share of users").input_value() == "50", "the next usual share"
    share(ann, 100)
    eventually(lambda: site.delivered(next(iter(set(users) - in_at_40))), "1.1.0")

    finish(ann, "1.1.0")
    eventually(lambda: site.delivered("u1"), "1.1.0")
    ann.page.locator("#rollback-reason").fill("it flickers")
    ann.press("Roll back")
    ann.press("Roll back: 1.1.0 on wallet:production")
    ann.sees("archived")
    eventually(lambda: site.delivered("u1"), "1.0.0")

    ann.open("/programs/shop/audit")
    ann.press("Verify")
    ann.page.get_by_text("are as they were written").wait_for()
    assert (ann.complaints, bob.complaints) == ([], [])


def test_the_audience_builder_counts_as_one_types(site, people) -> None:
    ann, _ = people
    for _ in range(4):
        site.delivered("vip-1")
    site.delivered("somebody")
    draft_only(ann)
    ann.press("Add a condition")
    ann.page.locator(".condition").wait_for()
    ann.page.get_by_label("Attribute").fill("userId")
    ann.page.get_by_label("Operator").select_option("str_starts_with")
    ann.page.locator(".condition textarea").fill("vip-")
    ann.page.get_by_text("4 of the last 5 requests would match").wait_for()
    ann.page.get_by_role("button", name="Remove this condition").click()
    ann.page.get_by_text("5 of the last 5 requests would match").wait_for()
    assert ann.complaints == []


def test_it_can_be_used_by_keyboard_and_on_a_phone(on_a_phone) -> None:
    ann = on_a_phone
    ann.page.keyboard.press("Tab")
    assert ann.page.evaluate("document.activeElement.className") == "skip"
    outline = "getComputedStyle(document.activeElement).outlineStyle"
    for _ in range(4):
        ann.page.keyboard.press("Tab")
        assert ann.page.evaluate(outline) == "solid"
    for path in ("/", "/programs/shop", "/reviews", "/apps", "/audit", "/programs/shop/segments"):
        ann.open(path)
        wide = ann.page.evaluate("document.documentElement.scrollWidth > document.documentElement.clientWidth")
        assert not wide, path


def test_times_are_typed_and_shown_by_the_clock_of_the_browser(site, chromium) -> None:
    there = chromium.new_context(timezone_id="America/New_York", locale="en-US").new_page()
    there.goto(f"{site.url}/console/login")
    there.get_by_label("Token").fill(site.tokens["ann"])
    there.get_by_role("button", name="Sign in").click()
    there.goto(f"{site.url}/console/programs/shop")
    there.get_by_label("Target").select_option("wallet:production")
    there.get_by_role("button", name="Create release").click()
    there.get_by_role("link", name="Configure").click()
    there.get_by_label("Title").fill("Shop")
    there.get_by_label("From", exact=False).fill("2031-07-01T08:00")
    there.get_by_label("Until", exact=False).fill("2031-12-01T08:00")
    there.get_by_label("At most so many people").evaluate(
        "input => { input.type = 'text'; input.value = 'three' }"
    )
    there.get_by_role("button", name="Save").click()
    expect(there.get_by_label("From", exact=False)).to_have_value("2031-07-01T08:00")
    there.get_by_label("At most so many people").fill("3")
    there.get_by_role("button", name="Save").click()
    expect(there.locator("dl.facts")).to_contain_text("Jul 1, 2031, 8:00 AM")
    assert there.locator('time[datetime^="2031-07-01T12:00:00"]').count() == 1, "summer: four hours behind"
    assert there.locator('time[datetime^="2031-12-01T13:00:00"]').count() == 1, "winter: five"
