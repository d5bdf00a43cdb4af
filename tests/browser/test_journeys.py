"""Two people at once in real browsers, and somebody whose session ends: nothing that was typed is lost."""

from __future__ import annotations

import re

from playwright.sync_api import expect

from browser.test_release import approve, draft, finish

SHOP = "/programs/shop"
LIVE = f"{SHOP}/targets/wallet/production/releases"


def first_full(ann, bob) -> None:
    draft(ann, "1.0.0")
    approve(bob)
    bob.sees("approved")
    ann.page.reload()
    ann.press("Skip the pilot")
    ann.page.get_by_label("For everybody now").check()
    finish(ann, "1.0.0")


def test_a_window_without_a_share_lets_in_its_number_and_nobody_else(site, people) -> None:
    ann, bob = people
    first_full(ann, bob)
    ann.open(SHOP)
    ann.page.get_by_label("Version").select_option("1.1.0")
    ann.page.get_by_label("Target").select_option("wallet:production")
    ann.press("Create release")
    ann.page.get_by_role("link", name="Configure").click()
    ann.page.get_by_label("Title").fill("Shop")
    ann.page.get_by_label("Description").fill("More of it.")
    ann.page.get_by_label("From").fill("2020-01-01T00:00")
    ann.page.get_by_label("Until").fill("2090-01-01T00:00")
    ann.page.get_by_label("At most so many people").fill("3")
    ann.press("Save")
    ann.press("Apply for release")
    ann.sees("in review")
    approve(bob)
    bob.sees("approved")
    ann.page.reload()
    ann.press("Skip the pilot")
    assert ann.page.get_by_label("Share of users").input_value() == "", "a window needs no share"
    ann.press("Start the grayscale")
    ann.sees("grayscale 0 %")
    users = [f"user-{number}" for number in range(60)]
    for _ in range(2):
        got = [user for user in users if site.delivered(user) == "1.1.0"]
        assert len(got) == 3
    ann.page.reload()
    expect(ann.page.locator("dl.facts")).to_contain_text("3 of 3 admitted, full")
    assert (ann.complaints, bob.complaints) == ([], [])


def test_whoever_was_slower_keeps_the_text_and_sees_what_changed(people) -> None:
    ann, _ = people
    ann.open(SHOP)
    ann.page.get_by_label("Target").select_option("wallet:production")
    ann.press("Create release")
    ann.page.get_by_role("link", name="Configure").click()
    second = ann.page.context.new_page()
    second.goto(ann.page.url)
    ann.page.get_by_label("Title").fill("The first")
    ann.press("Save")
    ann.sees("created")
    second.get_by_label("Title").fill("The second")
    second.get_by_label("Description").fill("Written with care.")
    second.get_by_role("button", name="Save").click()
    expect(second.get_by_role("alert")).to_contain_text("Somebody changed this while you were looking")
    expect(second.get_by_role("alert")).to_contain_text("ann configured")
    for _ in range(2):
        assert second.get_by_label("Title").input_value() == "The second"
        assert second.get_by_label("Description").input_value() == "Written with care."
        expect(second.get_by_text("Somebody made it: The first")).to_be_visible()
        second.reload()
    second.get_by_role("button", name="Save").click()
    expect(second.locator("h2", has_text="The second")).to_be_visible()


def test_a_session_that_ends_while_somebody_types_loses_nothing(site, people) -> None:
    ann, _ = people
    ann.open(f"{SHOP}/segments")
    ann.page.get_by_label("Name").fill("vip")
    ann.page.get_by_label("or paste them").fill("ann@example.com\nbob@example.com")
    other = ann.page.context.new_page()
    other.goto(f"{site.url}/console/")
    other.get_by_role("button", name="Sign out").click()
    other.get_by_label("Token").wait_for()
    ann.press("Import")
    expect(ann.page.get_by_role("alert")).to_contain_text("Your session has ended")
    ann.page.get_by_label("Token").fill("mistyped")
    ann.press("Sign in")
    ann.page.get_by_label("Token").fill(site.tokens["ann"])
    ann.press("Sign in")
    expect(ann.page.get_by_role("alert")).to_contain_text("Your session had ended, so nothing was done.")
    assert ann.page.get_by_label("or paste them").input_value() == "ann@example.com\nbob@example.com"
    ann.press("Import")
    expect(ann.page.get_by_text("vip has 2 ids now.")).to_be_visible()


def test_people_are_kept_from_a_version_and_let_in_again(site, people) -> None:
    ann, bob = people
    first_full(ann, bob)
    ann.open(f"{SHOP}/overrides")
    ann.page.get_by_label("Version").select_option("1.0.0 on wallet:production")
    ann.press("Add a condition")
    ann.page.get_by_label("Attribute").fill("userId")
    ann.page.locator(".condition textarea").fill("eve")
    ann.page.get_by_label("Reason").fill("Her phone fails")
    ann.press("Make the override")
    expect(ann.page.get_by_text("“Her phone fails”")).to_be_visible()
    assert site.delivered("eve") != "1.0.0"
    assert site.delivered("adam") == "1.0.0"
    ann.page.get_by_role("link", name=re.compile("^Lift")).click()
    ann.page.get_by_label("Reason").fill("It is mended")
    ann.press("Lift the override")
    expect(ann.page.get_by_text("No override is in force.")).to_be_visible()
    assert site.delivered("eve") == "1.0.0"
    assert ann.complaints == []


def test_a_link_is_made_shown_again_and_taken_back(people) -> None:
    ann, bob = people
    first_full(ann, bob)
    ann.page.get_by_role("link", name="All links").click()
    ann.press("Make a QR code")
    url = ann.page.locator("code").inner_text()
    address = ann.page.url
    ann.page.reload()
    assert ann.page.locator("code").inner_text() == url, "a reload makes no other link"
    ann.page.get_by_role("link", name="Links", exact=True).click()
    assert ann.page.locator("tbody tr").count() == 1
    ann.page.locator("tbody a").click()
    assert ann.page.url == address
    ann.press("Take the link back")
    expect(ann.page.get_by_text("No link opens this release now.")).to_be_visible()
    assert ann.complaints == []
