"""The trail in the console: narrowed, written out, verified in parts, and read by whom it is for."""

from __future__ import annotations

import csv
import io
import json
import re
from collections.abc import Iterator

import pytest

from miniprogram_server.console.views import audit as views
from plugins.server.crowd import CountedWorld, Crowd, crowded

TRAIL = "/programs/shop/audit"
EVENTS = 1_500


@pytest.fixture(scope="module")
def crowd() -> Iterator[CountedWorld]:
    made = crowded(Crowd(programs=3, releases=1, ended=0, versions=0, testers=3, events=EVENTS))
    yield made
    made.world.client.close()


def positions(page: str) -> list[int]:
    return [int(each) for each in re.findall(r'class="seq">(\d+)<', page)]


def following(page: str, name: str) -> str:
    found = re.search(rf'{name}="/console([^"]*)"', page)
    assert found, page
    return found[1].replace("&amp;", "&")


def test_a_rare_event_is_looked_for_part_by_part(crowd: CountedWorld) -> None:
    """Halts of one person are one in 350: the page shows how far it looked, and goes on by itself."""
    browser = crowd.browser("ann")
    address = f"{TRAIL}?by=person-3&command=release+halt"
    crowd.store.reads.clear()
    page = browser.get(address)
    assert len(crowd.store.reads) <= views.MOST_READ + 12
    assert "Looked at events down to 1001" in page
    seen = positions(page)
    while found := re.search(r'<li class="wide" hx-get="([^"]*)" hx-trigger="load"', page):
        page = crowd.world.client.get(found[1].replace("&amp;", "&"), headers={"hx-request": "true"}).text
        assert "<html" not in page
        seen += positions(page)
    assert "Nothing more fits that" in page
    asked = f"/api/admin/v1{TRAIL}?actor=person-3&command=release halt&limit=500"
    assert seen == [each["seq"] for each in crowd.world.call("ann", "GET", asked).json()["events"]]
    assert seen == sorted(seen, reverse=True)
    assert len(seen) >= 3


def test_the_oldest_come_first_when_asked_and_pages_follow_each_other(crowd: CountedWorld) -> None:
    browser = crowd.browser("ann")
    page = browser.get(f"{TRAIL}?order=oldest")
    assert positions(page) == list(range(1, 51))
    assert "Newer events" in page
    page = browser.get(following(page, 'class="button" href'))
    assert positions(page) == list(range(51, 101))
    newest = browser.get(TRAIL)
    assert positions(newest)[0] == EVENTS
    assert positions(browser.get(following(newest, 'class="wide"><a class="button" href')))[0] == EVENTS - 50


def test_days_narrow_it_with_few_reads(crowd: CountedWorld) -> None:
    browser = crowd.browser("ann")
    crowd.store.reads.clear()
    page = browser.get(f"{TRAIL}?until=2030-01-01T02:00:00Z")
    assert len(crowd.store.reads) < 150
    assert positions(page)
    assert max(positions(page)) < 200


@pytest.mark.parametrize(
    ("query", "told"),
    [
        ("since=soon", "'soon' is no day and no time"),
        ("outcome=maybe", "“maybe” is no choice; there are done, denied"),
        ("since=2031-01-01&until=2030-01-01", "[Ii]t ends before it begins."),
    ],
)
def test_what_cannot_be_asked_is_told_and_finds_nothing(crowd: CountedWorld, query: str, told: str) -> None:
    page = crowd.browser("ann").get(f"{TRAIL}?{query}").replace("&#39;", "'")
    assert re.search(told, page)
    exported = crowd.world.client.get(f"/console{TRAIL}/export?format=csv&{query}")
    assert exported.status_code == 422


def test_both_files_hold_what_is_asked_for_the_oldest_first(crowd: CountedWorld) -> None:
    browser = crowd.browser("ann")
    page = browser.get(f"{TRAIL}?by=person-2")
    links = re.findall(r'href="/console([^"]*export[^"]*)" download>(CSV|JSON lines)', page)
    by_words = {words: path.replace("&amp;", "&") for path, words in links}

    answer = crowd.world.client.get("/console" + by_words["JSON lines"])
    lines = [json.loads(line) for line in answer.text.splitlines()]
    table = crowd.world.client.get("/console" + by_words["CSV"])
    rows = list(csv.DictReader(io.StringIO(table.text, newline="")))

    assert answer.headers["content-disposition"] == 'attachment; filename="shop-audit.jsonl"'
    assert table.headers["content-type"] == "text/csv; charset=utf-8"
    assert {each["actor"] for each in lines} == {"person-2"}
    assert [int(row["seq"]) for row in rows] == [each["seq"] for each in lines]
    assert [each["seq"] for each in lines] == sorted(each["seq"] for each in lines)
    assert len(lines) > 200


def test_verifying_goes_on_by_itself_and_shows_how_far_it_is(
    crowd: CountedWorld, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(views, "PART_S", 0.02)
    page = crowd.browser("ann").get(f"{TRAIL}/verify")
    steps = 0
    while "<progress" in page:
        assert 'hx-trigger="load, submit"' in page
        assert f'max="{EVENTS}"' in page
        query = {
            name: found[1]
            for name in ("after", "hash", "unbroken")
            if (found := re.search(rf'name="{name}" value="([^"]*)"', page))
        }
        part = crowd.world.client.get(f"/console{TRAIL}/verify", params=query, headers={"hx-request": "true"})
        page, steps = part.text, steps + 1
    assert steps >= 1
    assert f"All {EVENTS:,} events are as they were written" in page


def test_a_part_alone_does_not_say_that_all_is_whole(crowd: CountedWorld) -> None:
    page = crowd.browser("ann").get(f"{TRAIL}/verify?after={EVENTS - 5}")
    assert f"Events {EVENTS - 4} to {EVENTS} of {EVENTS} are as they were written" in page
    assert "All " not in page[page.index("verified") :]


def test_tampering_stops_it_where_it_is_shown(crowd: CountedWorld, monkeypatch: pytest.MonkeyPatch) -> None:
    storage = crowd.world.storage
    key = storage.keys.audit_event_key("shop", 20)
    before = storage.store.get(key)
    assert before is not None
    storage.store.put(key, before.body.replace(b"person", b"nobody"))
    try:
        monkeypatch.setattr(views, "PART_S", 0.0)
        page = crowd.browser("ann").get(f"{TRAIL}/verify?after=19")
    finally:
        storage.store.put(key, before.body)
    assert "tampered with" in page
    assert 'hx-trigger="load' not in page[page.index("verified") : page.index("tampered with") + 900]


def test_the_trail_of_a_mini_program_is_reached_by_its_name(crowd: CountedWorld) -> None:
    crowd.browser("ann")
    answer = crowd.world.client.get("/console/audit?program=shop&by=ann&outcome=done")
    assert answer.status_code == 303
    assert answer.headers["location"] == "/console/programs/shop/audit?by=ann&outcome=done"


def test_what_was_denied_is_narrowed_too(crowd: CountedWorld) -> None:
    refused = crowd.world.call("bob", "POST", "/api/admin/v1/apps", {"name": "bank"}, if_match="*")
    assert refused.status_code == 403
    browser = crowd.browser("ann")
    assert "app add" in browser.get("/audit?outcome=denied&by=BOB")
    assert "Nobody was denied anything like that" in browser.get("/audit?outcome=denied&by=cleo")
    found = crowd.world.call("ann", "GET", "/api/admin/v1/audit/denials?actor=bob&command=app").json()
    assert [each["event"]["command"] for each in found["denials"]] == ["app add"]
    assert crowd.world.call("ann", "GET", "/api/admin/v1/audit/denials?program=shop").json()["denials"] == []
