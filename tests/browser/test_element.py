"""`<mini-program>` in a real page, before a real delivery server and a real backend of the program's own."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from playwright.sync_api import Browser, Page, expect

from browser.element_site import KEY, ElementSite, element_site

SCRIPTS = {"modules": "/runtime/element.js", "one file": "/mini-program.js"}


def text(data: str, **more: object) -> dict[str, object]:
    return {"type": "text", "data": data, **more}


def button(label: str, action: object) -> dict[str, object]:
    return {"type": "filledButton", "child": text(label), "onPressed": action}


def navigation(action: str, **payload: object) -> dict[str, object]:
    return {"actionType": "miniProgramNavigation", "action": action, "requestId": "n", "payload": payload}


TRACK = {"actionType": "hostAction", "action": "trackEvent", "payload": {"name": "opened", "properties": {"a": 1}}}
REFRESH = {
    "actionType": "miniProgramBackendQuery",
    "requestId": "home",
    "endpoint": "home/bootstrap",
    "forceRefresh": True,
}
BUILDER = {
    "type": "miniProgramBackendBuilder",
    "requestId": "home",
    "endpoint": "home/bootstrap",
    "cacheTtlSeconds": 60,
    "loading": text("Loading"),
    "error": text("Failed: {{backend.home.errorCode}}"),
    "child": text("{{backend.home.data.title}} for {{ backend.home.data.user.name }}"),
}
COUPONS = {
    "type": "miniProgramBackendBuilder",
    "requestId": "coupons",
    "endpoint": "coupons/list",
    "itemsPath": "data.coupons",
    "empty": text("No coupons"),
    "itemTemplate": text("Coupon {{item.title}}"),
}
AUTH = {
    "type": "miniProgramAuthBuilder",
    "signedIn": text("Signed in as {{auth.user.email}}"),
    "signedOut": button("Sign in", {"actionType": "miniProgramAuth", "action": "showEmailAuth"}),
}
SCREENS: dict[str, Any] = {
    "shop_home": {
        "type": "scaffold",
        "appBar": {"type": "appBar", "title": text("Shop")},
        "body": {
            "type": "column",
            "children": [
                button("Details", navigation("openMiniProgramScreen", screenId="shop_details")),
                button("Nowhere", navigation("openMiniProgramScreen", screenId="shop_nowhere")),
                button("Track", TRACK),
                button("Refresh", REFRESH),
                BUILDER,
                COUPONS,
                AUTH,
            ],
        },
    },
    "shop_details": {
        "type": "scaffold",
        "appBar": {"type": "appBar", "title": text("Details")},
        "body": {"type": "center", "child": button("Start", navigation("popToMiniProgramRoot"))},
    },
}


@pytest.fixture
def site(tmp_path: Path) -> Iterator[ElementSite]:
    with element_site(tmp_path, SCREENS) as site:
        yield site


@pytest.fixture
def protected(tmp_path: Path) -> Iterator[ElementSite]:
    with element_site(tmp_path, SCREENS, protected=True) as site:
        yield site


@pytest.fixture
def page(chromium: Browser) -> Iterator[Page]:
    context = chromium.new_context(viewport={"width": 400, "height": 700})
    page = context.new_page()
    page.set_default_timeout(5000)
    yield page
    context.close()


def open_page(page: Page, site: ElementSite, script: str = SCRIPTS["modules"]) -> None:
    page.goto(f"{site.page_url}/?script={script}")
    page.wait_for_function("window.ready")


def open_program(page: Page, site: ElementSite, script: str = SCRIPTS["modules"], **attributes: str) -> None:
    open_page(page, site, script)
    given = {"app-id": "shop", "api-base-url": site.api_url, "host-app": "site", "host-version": "1.0.0"}
    given |= {name.replace("_", "-"): value for name, value in attributes.items()}
    page.evaluate("attributes => open_program(attributes)", given)


def told(page: Page, name: str) -> list[Any]:
    return [detail for own, detail in page.evaluate("told") if own == name]


@pytest.mark.parametrize("script", SCRIPTS.values(), ids=SCRIPTS)
def test_a_program_is_loaded_and_walked_through(script: str, page: Page, site: ElementSite) -> None:
    open_program(page, site, script)

    page.get_by_role("button", name="Details").click()
    expect(page.get_by_role("heading", name="Details")).to_be_visible()
    page.get_by_role("button", name="Start").click()
    expect(page.get_by_role("heading", name="Shop")).to_be_visible()

    (loaded,) = told(page, "load")
    assert (loaded["id"], loaded["version"], loaded["stale"]) == ("shop", "1.0.0", False)
    assert told(page, "navigation")[-1]["screenIds"] == ["shop_home"]


def test_the_host_is_asked_and_told(page: Page, site: ElementSite) -> None:
    open_program(page, site)

    page.get_by_role("button", name="Track").click()
    page.wait_for_function("window.tracked")

    assert page.evaluate("tracked") == {"name": "opened", "properties": {"a": 1}}
    assert told(page, "result")[0]["result"]["status"] == "success"


def test_a_screen_that_is_not_there_is_an_error_view_on_the_stack(page: Page, site: ElementSite) -> None:
    open_program(page, site)

    page.get_by_role("button", name="Nowhere").click()
    expect(page.get_by_text("artifact_not_found")).to_be_visible()

    (result,) = [each["result"] for each in told(page, "result")]
    assert (result["status"], result["errorCode"]) == ("failed", "artifact_not_found")


def test_a_protected_program_needs_its_key(page: Page, protected: ElementSite) -> None:
    open_program(page, protected)
    expect(page.get_by_text("access_key_missing")).to_be_visible()

    open_program(page, protected, access_key="mpk_wrong_0123456789abcdefghij")
    expect(page.get_by_text("access_key_invalid")).to_be_visible()

    open_program(page, protected, access_key=KEY)
    expect(page.get_by_role("heading", name="Shop")).to_be_visible()


@pytest.mark.parametrize(
    ("attributes", "code"),
    [({"sdk_version": "2.0.0"}, "incompatible_sdk_version"), ({"capabilities": "auth"}, "missing_capabilities")],
)
def test_a_host_that_is_too_old_or_too_poor_is_told(
    attributes: dict[str, str], code: str, page: Page, site: ElementSite
) -> None:
    open_program(page, site, **attributes)

    page.wait_for_function("told.some(([name]) => name === 'error')")
    assert told(page, "error")[0]["code"] in {code, "unsupported_sdk_version", "unsupported_capability"}
    expect(page.get_by_role("button", name="Retry")).to_be_visible()


def test_without_a_connection_the_stored_copy_is_shown(page: Page, site: ElementSite) -> None:
    open_program(page, site)
    expect(page.get_by_role("heading", name="Shop")).to_be_visible()
    page.wait_for_timeout(200)
    site.stop_delivery()

    open_program(page, site)
    expect(page.get_by_role("heading", name="Shop")).to_be_visible()

    assert told(page, "load")[0]["stale"] is True


def test_without_a_connection_and_a_copy_it_says_so_and_can_be_tried_again(page: Page, site: ElementSite) -> None:
    site.stop_delivery()

    open_program(page, site)

    expect(page.get_by_text("backend_unreachable")).to_be_visible()
    page.get_by_role("button", name="Retry").click()
    page.wait_for_function("told.filter(([name]) => name === 'error').length === 2")


def test_data_of_the_backend_is_shown_and_refreshed(page: Page, site: ElementSite) -> None:
    answers = site.backend.answers
    answers["GET", "/api/home/bootstrap"] = (200, {"title": "Hello", "user": {"name": "Ada"}})
    answers["GET", "/api/coupons/list"] = (200, {"coupons": [{"title": "A"}, {"title": "B"}]})
    open_program(page, site, backend_base_url=site.backend_url, locale="de")

    expect(page.get_by_text("Hello for Ada")).to_be_visible()
    expect(page.get_by_text("Coupon A")).to_be_visible()
    expect(page.get_by_text("Coupon B")).to_be_visible()
    answers["GET", "/api/home/bootstrap"] = (200, {"title": "Bye", "user": {"name": "Ada"}})
    page.get_by_role("button", name="Refresh").click()
    expect(page.get_by_text("Bye for Ada")).to_be_visible()
    answers["GET", "/api/home/bootstrap"] = (503, {"errorCode": "asleep"})
    page.get_by_role("button", name="Refresh").click()
    expect(page.get_by_text("Failed: asleep")).to_be_visible()

    headers = site.backend.asked[0][2]
    assert (headers["x-mini-program-app-id"], headers["x-mini-program-host-app"]) == ("shop", "site")
    assert (headers["x-mini-program-sdk-version"], headers["x-mini-program-locale"]) == ("1.0.0", "de")


def test_a_person_signs_in_and_stays_signed_in(page: Page, site: ElementSite) -> None:
    session = {
        "user": {"uid": "1", "email": "ada@shop.example"},
        "idToken": "id-token",
        "refreshToken": "refresh-token",
        "expiresIn": 3600,
    }
    site.backend.answers["POST", "/api/auth/email/sign-in"] = (200, session)
    open_program(page, site, backend_base_url=site.backend_url)

    page.get_by_role("button", name="Sign in").click()
    dialog = page.get_by_role("alertdialog")
    dialog.get_by_label("E-mail").fill("ada@shop.example")
    dialog.get_by_label("Password").fill("secret")
    dialog.get_by_role("button", name="Sign in").click()
    expect(page.get_by_text("Signed in as ada@shop.example")).to_be_visible()
    open_program(page, site, backend_base_url=site.backend_url)
    expect(page.get_by_text("Signed in as ada@shop.example")).to_be_visible()

    page.get_by_role("button", name="Refresh").click()
    page.wait_for_timeout(300)
    assert site.backend.asked[-1][2]["authorization"] == "Bearer id-token"


def test_a_frame_has_no_origin_and_talks_to_nobody(page: Page, protected: ElementSite) -> None:
    """As one file: modules would have to come from a server that lets every origin read them."""
    script = SCRIPTS["one file"]
    open_program(
        page, protected, script, access_key=KEY, isolation="frame", backend_base_url=protected.backend_url
    )
    frame = page.frame_locator("iframe")

    frame.get_by_role("button", name="Details").click()
    expect(frame.get_by_role("heading", name="Details")).to_be_visible()
    frame.get_by_role("button", name="Start").click()
    frame.get_by_role("button", name="Track").click()
    page.wait_for_function("window.tracked")
    inside = page.frames[1]

    assert inside.evaluate("origin") == "null"
    assert inside.evaluate(f"fetch('{protected.api_url}health').then(() => 'asked', () => 'refused')") == "refused"
    assert KEY not in inside.content()
    assert page.evaluate("tracked.name") == "opened"
