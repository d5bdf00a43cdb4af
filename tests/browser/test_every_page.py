"""Every page of the console, narrow and wide, light and dark: nobody is kept out and nothing is cut off.

With MINIPROGRAM_PICTURES set to a folder, a picture of each goes there, to be looked at.
"""

from __future__ import annotations

import os
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import httpx
import pytest
from playwright.sync_api import Browser, Page

from browser.conftest import Site
from testbed import servers

API = "/api/admin/v1"
SHOP = "/programs/shop"
LIVE = f"{SHOP}/targets/wallet/production/releases"
TEST = f"{SHOP}/targets/wallet/test/releases"
AUDIENCE = {
    "all": [
        {"attribute": "userId", "operator": "in", "values": [f"person-{number:03}" for number in range(40)]},
        {"any": [
            {"attribute": "country", "operator": "in", "values": ["de", "fr"]},
            {"not": {"attribute": "platform", "operator": "in", "values": ["web"]}},
        ]},
    ]
}  # fmt: skip
RULES = [{"value": 9, "audience": AUDIENCE, "basisPoints": 2500}, {"value": 5, "basisPoints": 5000}]
WINDOW = {"start": "2020-01-01T00:00:00Z", "end": "2090-01-01T00:00:00Z", "maxUsers": 100, "onEnd": "stop"}
SAID = {
    "title": "Shop",
    "description": "What the corner shop sells.",
    "serverDomains": ["https://api.example.com"],
}
WIDTHS = (390, 1280, 2000)
PAGES = {
    "programs": ("ann", "/"),
    "reviews": ("bob", "/reviews"),
    "apps": ("cleo", "/apps"),
    "people": ("cleo", "/people"),
    "myself": ("ann", "/people"),
    "person": ("cleo", "/people/dana.long-name@department.corp.example"),
    "offboard": ("cleo", "/people/ann/offboard"),
    "tokens": ("cleo", "/tokens"),
    "sessions": ("cleo", "/sessions"),
    "access": ("cleo", "/access"),
    "trail": ("ann", "/audit"),
    "no programs": ("ann", "/?search=moon&state=mars"),
    "program": ("ann", SHOP),
    "archived": ("ann", f"{SHOP}/archived"),
    "versions": ("ann", f"{SHOP}/versions"),
    "segments": ("ann", f"{SHOP}/segments"),
    "segment": ("ann", f"{SHOP}/segments/staff/contains?id=eve@corp"),
    "switches": ("ann", f"{SHOP}/switches?key=cart"),
    "overrides": ("ann", f"{SHOP}/overrides"),
    "check": ("ann", f"{SHOP}/check"),
    "why": ("ann", f"{SHOP}/why?target=wallet:test&userId=person-001"),
    "program trail": ("ann", f"{SHOP}/audit"),
    "trail searched": ("ann", f"{SHOP}/audit?command=release+apply&since=2020-01-01&until=soon"),
    "trail verified": ("ann", f"{SHOP}/audit/verify?order=oldest"),
    "full": ("ann", f"{LIVE}/1.0.0"),
    "rollback": ("ann", f"{LIVE}/1.0.0/rollback"),
    "in review": ("bob", f"{LIVE}/1.1.0"),
    "review": ("bob", f"{LIVE}/1.1.0/review"),
    "screen": ("bob", f"{LIVE}/1.1.0/screens/shop_home"),
    "grayscale": ("ann", f"{TEST}/1.1.0"),
    "finish": ("ann", f"{TEST}/1.1.0/finish"),
    "configured": ("ann", f"{TEST}/1.1.0/configure"),
    "testers": ("ann", f"{TEST}/1.1.0/testers"),
    "links": ("ann", f"{LIVE}/1.0.0/links"),
    "nothing": ("ann", "/nothing"),
    "sign in": ("", "/login"),
}


class Api:
    """Whoever prepares what the pages show."""

    def __init__(self, site: Site) -> None:
        self._site = site

    def send(self, who: str, method: str, path: str, body: Any = None) -> None:
        headers = {"authorization": f"Bearer {self._site.tokens[who]}", "if-match": "*"}
        url = self._site.url + API + path
        answer = httpx.request(method, url, json=body or {}, headers=headers, trust_env=False, timeout=20)
        assert answer.status_code < 300, answer.text

    def walk(self, base: str, version: str, *verbs: tuple[str, str, dict[str, Any]]) -> None:
        self.send("ann", "POST", base, {"version": version})
        for who, verb, body in verbs:
            self.send(who, "POST", f"{base}/{version}/{verb}", body)


@pytest.fixture(scope="module")
def filled(lasting_site: Site) -> Site:
    """A full release, one in review, one that a part of the people have, and lists beside them."""
    api = Api(lasting_site)
    configure, apply, skip = ("ann", "configure", SAID), ("ann", "apply", {}), ("ann", "pilot-skip", {})
    finish = ("ann", "finish", {"final": True})
    api.walk(LIVE, "1.0.0", configure, apply, ("bob", "approve", {}), skip, finish)
    api.walk(LIVE, "1.1.0", configure, apply)
    api.walk(TEST, "1.0.0", configure, apply, skip, finish)
    aimed = ("ann", "configure", {**SAID, "audience": AUDIENCE, "window": WINDOW})
    testers = {"testers": [f"tester-{number:03}@example.com" for number in range(120)]}
    pilot = [("ann", "pilot-start", testers), ("ann", "pilot-complete", {})]
    api.walk(TEST, "1.1.0", aimed, apply, *pilot, ("ann", "grayscale", {"basisPoints": 1250}))
    patterns = {"patterns": ["@corp$", "^staff-[0-9]+$"]}
    api.send("ann", "PUT", f"{SHOP}/segments/staff/patterns", patterns)
    api.send("ann", "PUT", f"{SHOP}/switches/cart", {"type": "number", "default": 3, "rules": RULES})
    deny = {
        "kind": "deny",
        "audience": AUDIENCE["all"][0],
        "version": "1.0.0",
        "reason": "It fails on their phones",
    }
    api.send("ann", "POST", f"{SHOP}/targets/wallet/production/overrides", deny)
    api.send("ann", "POST", f"{LIVE}/1.0.0/links", {"hours": 3})
    grants = [
        {"role": "operator", "hostApp": "wallet", "environment": "production", "program": "acme_*"},
        {"role": "reviewer"},
    ]
    api.send(
        "cleo", "PUT", "/members/dana.long-name@department.corp.example", {"grants": grants, "title": "Dana Long"}
    )
    token = {"member": "dana.long-name@department.corp.example", "description": "The nightly pipeline"}
    api.send("cleo", "POST", "/tokens", token)
    for number in range(30):
        lasting_site.delivered(f"person-{number:03}")
    return lasting_site


@pytest.fixture(scope="module", params=["light", "dark"])
def tabs(request: pytest.FixtureRequest, chromium: Browser, filled: Site) -> Iterator[dict[str, Page]]:
    """A signed-in page for each person; `` for nobody."""
    scheme = request.param
    opened = {}
    for name in ("", "ann", "bob", "cleo"):
        page = chromium.new_context(color_scheme=scheme, reduced_motion="reduce").new_page()
        page.goto(f"{filled.url}/console/login")
        if name:
            page.get_by_label("Token").fill(filled.tokens[name])
            page.get_by_role("button", name="Sign in").click()
            page.get_by_role("navigation", name="Main").wait_for()
        opened[name] = page
    yield opened
    for page in opened.values():
        page.context.close()


def wrong_for_people(page: Page) -> list[str]:
    """What axe-core finds against WCAG 2.2 AA."""
    page.evaluate(Path(servers.axe_script()).read_text("utf-8"))
    tags = ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa", "best-practice"]
    script = """async (tags) => {
      const { violations } = await axe.run({ runOnly: { type: 'tag', values: tags } });
      return violations.flatMap(({ id, nodes }) => nodes.map(({ target }) => `${id}: ${target.join(' ')}`));
    }"""
    found: list[str] = page.evaluate(script, tags)
    return found


CUT_OFF = """() => {
  const wide = document.documentElement.scrollWidth - document.documentElement.clientWidth;
  const cut = [...document.querySelectorAll('main .card, main td, main .pill, main button')].filter((each) => {
    const style = getComputedStyle(each);
    return each.scrollWidth > each.clientWidth + 1 && style.overflowX === 'hidden' && !each.closest('.unseen');
  });
  const narrow = document.documentElement.clientWidth < 700;
  const sideways = [...document.querySelectorAll('main .scroll')].filter((each) =>
    narrow && each.scrollWidth > each.clientWidth + 1);
  const split = [...document.querySelectorAll('.stepper li')].filter((each) => {
    const range = document.createRange();
    range.selectNodeContents(each.lastChild);
    return range.getClientRects().length > 1;
  });
  const broken = [...document.querySelectorAll('td strong.mono, td a.mono, h1 .mono')].filter((each) =>
    /^[0-9.]+$/.test(each.textContent) && each.getClientRects().length > 1);
  return [wide > 0 ? `wider by ${wide}` : '', ...cut.map((each) => `cut: ${each.outerHTML.slice(0, 80)}`),
    ...sideways.map((each) => `sideways: ${each.innerText.slice(0, 60)}`),
    ...split.map((each) => `split: ${each.textContent}`),
    ...broken.map((each) => `wrapped: ${each.textContent}`)].filter(Boolean);
}"""


@pytest.mark.parametrize("name", PAGES)
def test_a_page_keeps_nobody_out_and_cuts_nothing_off(tabs: dict[str, Page], filled: Site, name: str) -> None:
    who, path = PAGES[name]
    page = tabs[who]
    scheme = "dark" if page.evaluate("matchMedia('(prefers-color-scheme: dark)').matches") else "light"
    problems: list[str] = []
    for width in WIDTHS:
        page.set_viewport_size({"width": width, "height": 900})
        answer = page.goto(f"{filled.url}/console{path}")
        assert answer is not None
        assert answer.status == (404 if name == "nothing" else 200), page.inner_text("main")
        page.wait_for_load_state("networkidle")
        problems += [f"{width}: {each}" for each in page.evaluate(CUT_OFF)]
        if width != WIDTHS[-1]:
            problems += [f"{width}: {each}" for each in wrong_for_people(page)]
        folder = os.environ.get("MINIPROGRAM_PICTURES")
        if folder:
            page.screenshot(path=Path(folder) / f"{name.replace(' ', '-')}-{width}-{scheme}.png", full_page=True)
    assert problems == []
