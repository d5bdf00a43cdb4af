"""Lists of the console: searched, narrowed and in order, and as cheap with very many as with a few."""

from __future__ import annotations

import re
from collections.abc import Iterator

import pytest

from miniprogram_server.console.lists.list_page import Filter, ListSpec, asked_of
from plugins.server.crowd import TESTED, CountedWorld, Crowd, crowded

SHOP = "/programs/shop"
MAX_BYTES = 150_000
FEW = 8
"""Reads of a page: who asks, what there is to narrow by, the index or the document of the program."""
PAGES = {
    "/": FEW,
    "/?page=9": FEW,
    "/?search=_00123": FEW,
    "/?state=grayscale&app=wallet&environment=test&order=changed": FEW,
    "/?waiting=me": FEW,
    "/reviews": FEW,
    "/reviews?waiting=me&page=2": FEW,
    SHOP: FEW,
    f"{SHOP}/archived": FEW + 25,
    f"{SHOP}/archived?search=0.1.&page=2": FEW + 25,
    f"{SHOP}/versions": FEW,
    f"{SHOP}/versions?is=free": FEW,
    f"{SHOP}/segments": FEW,
    f"{SHOP}/switches": FEW,
    f"{SHOP}/audit": FEW + 50,
    f"{TESTED}/testers": FEW,
    f"{TESTED}/testers?search=0099": FEW,
    "/apps": FEW,
    "/audit": FEW + 50,
}
"""And how many reads of the store each may cost, however much there is."""


@pytest.fixture(scope="module")
def crowd() -> Iterator[CountedWorld]:
    made = crowded(Crowd(programs=1_200, releases=700, ended=260, versions=260, testers=1_500, events=300))
    yield made
    made.world.client.close()


@pytest.mark.parametrize("path", PAGES)
def test_a_list_costs_a_fixed_number_of_reads_and_stays_small(crowd: CountedWorld, path: str) -> None:
    browser = crowd.browser("ann")
    crowd.store.reads.clear()

    page = browser.get(path)

    assert len(page.encode()) < MAX_BYTES
    assert len(crowd.store.reads) <= PAGES[path], crowd.store.reads


def numbers_in(page: str) -> list[str]:
    return re.findall(r"<strong>program_(\d+)</strong>", page)


def test_what_waits_for_whoever_asks_comes_first(crowd: CountedWorld) -> None:
    """Ann, a developer admin, applies for what is created; bob reviews what she applied for."""
    first = {who: numbers_in(crowd.browser(who).get("/?state=managed&app=wallet"))[:3] for who in ("ann", "bob")}
    assert first == {"ann": ["00000", "00002", "00003"], "bob": ["00001", "00006", "00011"]}
    of_bob = crowd.browser("bob").get("/?waiting=me")
    assert "of 140 programs" in of_bob
    assert numbers_in(of_bob)[:2] == ["00001", "00006"]
    assert "Nothing" in crowd.browser("ann").get("/reviews?waiting=me")


def test_a_list_is_searched_and_narrowed_by_what_is_in_one_release(crowd: CountedWorld) -> None:
    browser = crowd.browser("ann")

    assert numbers_in(browser.get("/?search=2.123.0")) == ["00123"]
    assert numbers_in(browser.get("/?search=the+PROGRAM+321")) == ["00321"]
    narrowed = browser.get("/?environment=test&state=grayscale")
    assert "1–50 of 70 programs" in narrowed
    assert numbers_in(narrowed)[:2] == ["00008", "00018"]
    assert "No mini-program here fits that" in browser.get("/?environment=sandbox")


def test_every_page_leads_to_the_next_until_all_were_shown(crowd: CountedWorld) -> None:
    browser = crowd.browser("ann")
    seen: list[str] = []
    path = "/?state=managed&order=id"
    while True:
        page = browser.get(path)
        seen += numbers_in(page)
        following = re.search(r'rel="next" href="/console([^"]*)"', page)
        if following is None:
            break
        path = following[1].replace("&amp;", "&")
    assert seen == [f"{number:05}" for number in range(700)]


def test_a_page_after_the_last_is_the_last(crowd: CountedWorld) -> None:
    assert 'aria-current="page">25<' in crowd.browser("ann").get("/?page=99999")


def test_what_a_list_does_not_know_is_told_and_not_asked(crowd: CountedWorld) -> None:
    page = crowd.browser("ann").get("/?state=moon")
    assert "“moon” is no choice; there are served, disabled" in page
    assert "of 1,201 programs" in page


def test_what_ended_is_found_by_version_and_place_without_being_read(crowd: CountedWorld) -> None:
    browser = crowd.browser("ann")
    crowd.store.reads.clear()

    page = browser.get(f"{SHOP}/archived?search=0.2.&environment=production")

    assert "1–25 of 60 releases" in page
    assert "0.2.59" in page
    assert len([key for key in crowd.store.reads if re.search(r"/shop/0\.", key)]) == 25
    assert "No release that ended fits" in browser.get(f"{SHOP}/archived?environment=test")


def test_a_version_far_down_the_list_can_be_released(crowd: CountedWorld) -> None:
    browser = crowd.browser("ann")
    assert '<option value="0.0.7"' not in browser.get(SHOP)
    found = browser.get(f"{SHOP}/versions?search=0.0.7")
    assert f'href="/console{SHOP}?version=0.0.7#new"' in found
    assert '<option value="0.0.7" selected>' in browser.get(f"{SHOP}?version=0.0.7")


SPEC = ListSpec("Id", (Filter("state", "State", (("on", "on"),)),), (("id", "by id"), ("age", "by age")), size=10)


def test_an_address_says_what_is_asked_and_nothing_else() -> None:
    asked = asked_of(SPEC, "/x", {"search": " a&b ", "state": "on", "order": "age", "page": "3", "other": "1"})
    page = asked.of(95)

    assert (page.search, page.asked("state"), page.order, page.start, page.stop) == ("a&b", "on", "age", 20, 30)
    assert page.address(page=4) == "/x?search=a%26b&state=on&order=age&page=4"
    assert page.address(page=1, state="", order="") == "/x?search=a%26b"
    assert list(page.numbers()) == [1, 2, 3, 4, None, 10]
    assert asked.of(0).number == 1


@pytest.mark.parametrize("text", ["0", "-1", "x", "١", "9" * 40, ""])
def test_a_page_number_that_is_none_is_the_first(text: str) -> None:
    assert asked_of(SPEC, "/x", {"page": text}).of(95).number in (1, 10)
