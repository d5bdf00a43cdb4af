"""What keeps strangers out: sessions, forms from elsewhere, what a page may load."""

from __future__ import annotations

import re
from pathlib import Path

import pytest

from miniprogram.releases.simulation.recent_requests import CAPACITY, RecentRequests
from miniprogram.testing import NOON
from miniprogram_server import console
from miniprogram_server.admin.framework.rate_limit import Rate, RateLimit
from miniprogram_server.console.session.came_from import CameFrom
from miniprogram_server.console.session.sessions import COOKIE, IDLE_S, LIFETIME_S, Sessions
from miniprogram_server.serving.shared_state import SharedState

SHOP = "/programs/shop"
TEMPLATES = Path(console.__file__).parent / "templates"


def test_nobody_gets_in_without_signing_in(world) -> None:
    answer = world.client.get(f"/console{SHOP}")
    assert (answer.status_code, answer.headers["location"]) == (303, f"/console/login?next=/console{SHOP}")


def test_the_cookie_is_out_of_reach_of_scripts_and_other_sites(world) -> None:
    answer = world.client.post("/console/login", data={"token": world.tokens["ann"]})
    cookie = answer.headers["set-cookie"]
    assert all(part in cookie for part in (COOKIE, "HttpOnly", "SameSite=strict", "Path=/console"))
    assert world.tokens["ann"] not in cookie


@pytest.mark.parametrize("token", ["", "wrong", "x" * 600, "mpt_é"], ids=["blank", "unknown", "long", "other"])
def test_a_wrong_token_is_refused(world, token) -> None:
    answer = world.client.post("/console/login", data={"token": token})
    assert answer.status_code == 403
    assert "set-cookie" not in answer.headers


def test_guessing_tokens_is_slow(world) -> None:
    codes = [world.client.post("/console/login", data={"token": f"t{number}"}).status_code for number in range(12)]
    assert codes == [403] * 10 + [429] * 2


@pytest.mark.parametrize(
    "next_page", ["https://evil.example/", "//evil.example", "/console//evil", "/\\evil", "/api"]
)
def test_signing_in_leads_nowhere_else(world, next_page) -> None:
    answer = world.client.post("/console/login", data={"token": world.tokens["ann"], "next": next_page})
    assert answer.headers["location"] == "/console/"


@pytest.mark.parametrize(
    ("change", "headers"),
    [
        ({}, {"origin": "https://evil.example"}),
        ({}, {"sec-fetch-site": "cross-site"}),
    ],
    ids=["origin", "site"],
)
def test_a_form_from_elsewhere_changes_nothing(world, browser, change, headers) -> None:
    browser.sign_in("ann").get(SHOP)
    fields = {"version": "1.0.0", "target": "wallet:production", **change}
    assert browser.send(f"{SHOP}/releases", fields, headers=headers).status_code == 403
    assert world.call("ann", "GET", f"/api/admin/v1{SHOP}/releases").status_code == 404


@pytest.mark.parametrize("guess", ["guess", "é", ""])
def test_a_form_without_the_secret_of_the_session_is_only_shown(world, browser, guess) -> None:
    browser.sign_in("ann").get(SHOP)
    fields = {"version": "1.1.0", "target": "wallet:test", "csrf": guess}
    page = browser.refused(f"{SHOP}/releases", fields)
    assert "nothing was done" in page
    assert '<option value="wallet:test" selected>' in page
    assert world.call("ann", "GET", f"/api/admin/v1{SHOP}/releases").status_code == 404


def test_a_revoked_token_ends_the_session(world, browser) -> None:
    browser.sign_in("ann").get("/")
    world.call("cleo", "POST", "/api/admin/v1/members/ann/remove", {}, if_match="*")
    assert world.client.get("/console/").headers["location"] == "/console/login"


def test_signing_out_ends_the_session(world, browser) -> None:
    browser.sign_in("ann").get("/")
    browser.send("/logout")
    assert world.client.get("/console/").status_code == 303


def test_every_answer_forbids_what_it_does_not_need(world, browser) -> None:
    browser.sign_in("ann")
    for path in ("/", "/login", "/nothing", "/static/console.css", "/static/secret"):
        headers = world.client.get("/console" + path).headers
        assert "default-src 'none'" in headers["content-security-policy"], path
        assert headers["x-frame-options"] == "DENY"


def test_no_template_has_inline_script_or_style() -> None:
    for template in TEMPLATES.glob("*.html"):
        text = template.read_text()
        assert not re.search(r"<style|<script(?![^>]*\bsrc=)|\sstyle=|\son[a-z]+=|javascript:", text), (
            template.name
        )


def test_every_form_that_changes_something_carries_its_secret() -> None:
    for template in TEMPLATES.glob("*.html"):
        for form in re.findall(r'<form[^>]*method="post".*?</form>', template.read_text(), re.S):
            assert "begin(f" in form or "csrf()" in form, template.name


def test_sessions_end_by_themselves() -> None:
    now = [0.0]
    sessions = Sessions(SharedState(), lambda: now[0])
    session = sessions.begin("ann", token_id="t", way="token", came=CameFrom("", ""), now=NOON)
    while now[0] < LIFETIME_S:
        assert sessions.find(session.id, NOON) is not None
        now[0] += IDLE_S / 2
    now[0] = LIFETIME_S + 1
    assert sessions.find(session.id, NOON) is None
    assert session.id not in repr(session)


def test_only_so_many_requests_are_remembered_and_no_tokens() -> None:
    recent = RecentRequests()
    for number in range(CAPACITY + 10):
        recent.note("/api/manifests/shop/latest", f"userId=u{number}&link=mpl1.k.p.m&accessKey=s".encode())
    recent.note("/api/manifests/shop/latest", b"x" * 5000)
    recent.note("/health", b"")
    seen = list(recent.contexts("shop"))
    assert len(seen) == CAPACITY
    assert seen[0]["userId"] == f"u{CAPACITY + 9}"
    assert "mpl1" not in repr(seen)
    assert "accessKey" not in repr(seen)


def test_a_bucket_fills_again() -> None:
    now = [0.0]
    limit = RateLimit(Rate(per_second=1, burst=2), SharedState(), "test", lambda: now[0])
    assert [limit("a") for _ in range(3)] == [0, 0, 1]
    now[0] = 1.0
    assert limit("a") == 0
