"""Signing in with an account in a real browser: cookies and the policy of pages as browsers take them."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest
from playwright.sync_api import Browser, Page, expect

from browser.conftest import Site, running_site
from miniprogram_server.console.accounts.settings import AccountSettings, AccountSignIn
from testbed.openid_provider import CLIENT, SECRET, OpenIdProvider, openid_provider

DANA = {"sub": "u-17", "email": "dana@corp.example", "email_verified": True, "groups": ["admins"]}
EVE = {"sub": "u-18", "email": "eve@corp.example", "email_verified": True, "groups": []}


@pytest.fixture
def provider() -> Iterator[OpenIdProvider]:
    with openid_provider() as found:
        found.people = {"dana": DANA, "eve": EVE}
        yield found


@pytest.fixture
def office(tmp_path: Path, provider: OpenIdProvider) -> Iterator[Site]:
    settings = AccountSettings.model_validate(
        {
            "issuer": provider.issuer, "client_id": CLIENT, "label": "Corp", "allowed_domains": ["corp.example"],
            "roles": [{"group": "admins", "role": "admin"}],
        }
    )  # fmt: skip
    with running_site(tmp_path, AccountSignIn(settings, SECRET)) as site:
        yield site


@pytest.fixture
def page(chromium: Browser) -> Iterator[Page]:
    context = chromium.new_context(color_scheme="light")
    page = context.new_page()
    page.set_default_timeout(8_000)
    yield page
    context.close()


def test_somebody_signs_in_does_something_and_signs_out_here_and_there(office: Site, page: Page) -> None:
    complaints: list[str] = []
    page.on("console", lambda message: complaints.append(message.text) if message.type == "error" else None)
    page.goto(f"{office.url}/console/people")
    page.get_by_role("button", name="Sign in with Corp").click()
    page.get_by_role("button", name="dana").click()

    expect(page.get_by_role("heading", name="People", exact=True)).to_be_visible()
    expect(page.get_by_text("dana@corp.example in team")).to_be_visible()
    page.get_by_role("navigation", name="People").get_by_role("link", name="Sessions").click()
    expect(page.get_by_text("by account")).to_be_visible()
    page.reload()
    expect(page.get_by_text("this one")).to_be_visible()

    page.get_by_role("button", name="Sign out").click()
    page.get_by_role("link", name="Sign out of Corp, too").click()
    expect(page.get_by_role("heading", name="Signed out")).to_be_visible()
    page.goto(f"{office.url}/console/people")
    expect(page.get_by_role("button", name="Sign in with Corp")).to_be_visible()
    assert complaints == []


def test_who_has_no_role_is_told_so(office: Site, page: Page) -> None:
    page.goto(f"{office.url}/console/")
    page.get_by_role("button", name="Sign in with Corp").click()
    page.get_by_role("button", name="eve").click()

    expect(page.get_by_role("alert")).to_contain_text("eve@corp.example has no role here")


def test_while_the_provider_is_down_a_token_still_opens(
    office: Site, provider: OpenIdProvider, page: Page
) -> None:
    provider.is_down = True
    page.goto(f"{office.url}/console/apps")
    page.get_by_role("button", name="Sign in with Corp").click()
    expect(page.get_by_role("alert")).to_contain_text("Corp gives no answer to sign-ins now")

    page.get_by_label("Token").fill(office.tokens["cleo"])
    page.get_by_role("button", name="Sign in", exact=True).click()
    expect(page.get_by_role("heading", name="Host apps")).to_be_visible()
