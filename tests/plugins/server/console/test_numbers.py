"""Who would move by a step, said before it is done, and what came of it."""

from __future__ import annotations

import re
from typing import Any

import pytest

from miniprogram.releases.simulation.consequences import MADE_UP

SHOP = "/programs/shop"
NEW = f"{SHOP}/targets/wallet/production/releases/1.1.0"
USERS = [f"user-{number}" for number in range(60)]


def shared(world: Any, basis_points: int = 1000) -> None:
    world.full("1.0.0")
    world.drafted("1.1.0")
    world.do("ann", "apply", version="1.1.0")
    world.do("bob", "approve", version="1.1.0")
    world.do("ann", "pilot-skip", version="1.1.0")
    world.do("ann", "grayscale", {"basisPoints": basis_points}, version="1.1.0")


def served(world: Any) -> dict[str, str]:
    return {name: world.delivered(userId=name) for name in USERS}


def said(page: str) -> tuple[int, int]:
    """Of how many, how many would move."""
    found = re.search(r"<strong>([0-9,]+)</strong> of ([0-9,]+) (?:recent requests|made-up people)", page)
    assert found, page
    return int(found[2].replace(",", "")), int(found[1].replace(",", ""))


STEPS: list[tuple[str, dict[str, str], str]] = [
    ("grayscale", {"percent": "50"}, "grayscale"),
    ("finish", {"final": "yes"}, "finish"),
    ("halt", {"reason": "x"}, "halt"),
    ("cancel", {"reason": "x"}, "cancel"),
]


@pytest.mark.parametrize(("verb", "fields", "path"), STEPS, ids=[verb for verb, _, _ in STEPS])
def test_as_many_move_as_was_said(world, browser, verb, fields, path) -> None:
    shared(world)
    before = served(world)
    browser.sign_in("ann").get(f"{NEW}/{path}")
    shown = browser.get(f"{NEW}/numbers?verb={verb}&percent={fields.get('percent', '')}")
    seen, moving = said(shown)
    assert seen == len(USERS)
    browser.get(f"{NEW}/{path}")
    browser.done(f"{NEW}/{path}", {**fields, "confirmed": "yes", "seen": browser_seen(browser)})
    after = served(world)
    assert moving == sum(before[name] != after[name] for name in USERS) > 0


def browser_seen(browser: Any) -> str:
    found = re.search(r'name="seen" value="([^"]*)"', browser.page.text)
    return found[1] if found else ""


def test_a_rollback_says_to_which_version_people_go(world, browser) -> None:
    shared(world, 10_000)
    world.do("ann", "finish", version="1.1.0")
    served(world)
    page = browser.sign_in("ann").get(f"{NEW}/rollback")
    assert said(page) == (len(USERS), len(USERS))
    assert '<span class="mono">1.1.0</span> → <span class="mono">1.0.0</span>' in page
    page = browser.refused(f"{NEW}/rollback", {"to": "none", "reason": "x"})
    assert '<span class="mono">1.1.0</span> → <span class="mono">nothing</span>' in page
    page = browser.refused(f"{NEW}/rollback", {"to": "embedded", "reason": "x"})
    assert '<span class="mono">1.1.0</span> → <span class="mono">embedded</span>' in page


def test_without_requests_made_up_people_are_counted(world, browser) -> None:
    shared(world)
    page = browser.sign_in("ann").get(f"{NEW}/numbers?verb=finish")
    seen, moving = said(page)
    assert seen == MADE_UP
    assert 0.85 * MADE_UP < moving < 0.95 * MADE_UP
    assert "No request for this target came through this server yet" in page


def test_the_page_says_what_is_served_now(world, browser) -> None:
    shared(world, 5000)
    now = list(served(world).values())
    page = browser.sign_in("ann").get(NEW)
    share = re.search(r'<span class="mono">1\.1\.0</span> <span class="number">([0-9.]+) %', page)
    assert share
    assert float(share[1]) == pytest.approx(100 * now.count("1.1.0") / len(now), abs=0.01)


@pytest.mark.parametrize("percent", ["abc", "101", "1.005"])
def test_a_share_that_is_none_is_told(world, browser, percent) -> None:
    shared(world)
    page = browser.sign_in("ann").get(f"{NEW}/numbers?verb=grayscale&percent={percent}")
    assert "The share" in page
    assert "would get" not in page
