"""Segments and testers by the thousand: found, asked, changed by some, and told of every line that is wrong."""

from __future__ import annotations

from typing import Any

import pytest

SHOP = "/programs/shop"
PILOT = f"{SHOP}/targets/wallet/test/releases/1.0.0"
MANY = 5_000


@pytest.fixture
def listed(world: Any, browser: Any) -> Any:
    """A list of five thousand ids, and somebody in front of it."""
    ids = "".join(f"user-{number:05}\n" for number in range(MANY))
    browser.sign_in("ann").get(f"{SHOP}/segments")
    path = f"{SHOP}/segments?csrf={browser.hidden('csrf')}"
    page = browser.done(path, {"name": "beta"}, files={"file": ("ids.txt", ids + "user-00007\n")})
    assert "beta has 5,000 ids now" in page
    assert "1 of the 5,001 ids came twice or more" in page
    browser.get(f"{SHOP}/segments/beta/ids")
    return browser


def test_somebody_is_in_it_or_not_and_it_is_said_why(listed: Any) -> None:
    assert "one of the 5,000 ids of version 1" in listed.get(f"{SHOP}/segments/beta/contains?id=user-04999")
    assert "none of the 5,000 ids" in listed.get(f"{SHOP}/segments/beta/contains?id=User-04999")
    part = listed.world.client.get(f"/console{SHOP}/segments/beta/contains?id=x", headers={"hx-request": "true"})
    assert "<html" not in part.text
    assert "no, it is not" in part.text


def test_one_and_many_go_in_and_out_without_the_others(listed: Any) -> None:
    address = f"{SHOP}/segments/beta/ids"
    page = listed.done(address, {"ids": "user-00001\nuser-00002\nstranger", "what": "remove"})
    assert "beta has 4,998 ids now: 2 taken out" in page
    assert "1 of the 3 ids were not in it" in page
    path = f"{address}?csrf={listed.hidden('csrf')}"
    table = {"file": ("more.csv", "name,email\nA,a@x\nB,user-00003\n")}
    assert "several columns" in listed.refused(path, {"what": "add"}, files=table)
    page = listed.done(path, {"what": "add", "column": "email"}, files=table)
    assert "beta has 4,999 ids now: 1 put in" in page
    assert "yes, it is in" in listed.get(f"{SHOP}/segments/beta/contains?id=a@x")
    assert "no, it is not" in listed.get(f"{SHOP}/segments/beta/contains?id=user-00001")


def test_a_file_with_bad_lines_is_told_line_by_line_and_nothing_is_done(listed: Any) -> None:
    path = f"{SHOP}/segments/beta/ids?csrf={listed.hidden('csrf')}"
    page = listed.refused(path, {"what": "add"}, files={"file": ("ids.txt", "good\n1.2E+11\nok\n#REF!\n")})
    assert "line 2: 1.2E+11 is a number that a spreadsheet shortened" in page
    assert "line 4: " in page
    assert "version 1" in page
    assert "no, it is not" in listed.get(f"{SHOP}/segments/beta/contains?id=good")


def test_patterns_are_written_out_and_ids_are_not(world: Any, listed: Any) -> None:
    listed.get(f"{SHOP}/segments")
    listed.done(f"{SHOP}/segments", {"name": "staff", "kind": "patterns", "ids": "@corp$\n^vip-"})
    written = world.client.get(f"/console{SHOP}/segments/staff/export")
    assert written.text == "@corp$\n^vip-\n"
    assert world.client.get(f"/console{SHOP}/segments/beta/export").status_code == 422
    assert "the pattern" in listed.get(f"{SHOP}/segments/staff/contains?id=vip-1")


def test_segments_are_found_by_name_kind_and_use(listed: Any) -> None:
    listed.get(f"{SHOP}/segments")
    listed.done(f"{SHOP}/segments", {"name": "staff", "kind": "patterns", "ids": "x"})
    assert "1 segment<" in listed.get(f"{SHOP}/segments?search=STA")
    assert "1 segment<" in listed.get(f"{SHOP}/segments?kind=regex&used=no")
    assert "No segment fits that" in listed.get(f"{SHOP}/segments?used=yes")


def piloted(world: Any) -> None:
    made = world.call("ann", "POST", f"/api/admin/v1{SHOP}/targets/wallet/test/releases", {"version": "1.0.0"})
    assert made.status_code == 201
    said = {"title": "Shop", "description": "Buy things", "serverDomains": []}
    people = [f"user-{number:05}@x" for number in range(MANY)]
    for verb, body in (("configure", said), ("apply", {}), ("pilot-start", {"testers": people})):
        world.do("ann", verb, body, base=f"/api/admin/v1{PILOT}")


def test_any_tester_of_five_thousand_is_found_and_taken_off(world: Any, browser: Any) -> None:
    piloted(world)
    page = browser.sign_in("ann").get(f"{PILOT}/testers?search=0499")
    assert "11 testers" in page
    assert len(page) < 150_000
    page = browser.done(f"{PILOT}/testers-remove", {"testers": ["user-04991@x", "user-04992@x"]})
    assert "4,998 testers have it now" in page
    page = browser.done(f"{PILOT}/testers-remove", {"others": "user-00001@x, nobody@x"})
    assert "4,997 testers have it now" in page
    assert "1 of the 2 ids were not on the list" in page
    page = browser.done(f"{PILOT}/testers-add", files={"file": ("t.txt", "user-00001@x\nuser-00002@x\n")})
    assert "4,998 testers have it now" in page
    assert "1 of the 2 ids were on the list already" in page
    assert "is a tester: the pilot gives them this version" in browser.get(f"{PILOT}/testers?search=USER-00001@x")
    page = browser.get(f"{PILOT}/testers?page=50")
    assert "4,901–4,998 of 4,998 testers".replace("4,901–4,998", "4901–4998") in page


def test_the_list_is_written_out_as_the_form_takes_it(world: Any, browser: Any) -> None:
    piloted(world)
    browser.sign_in("ann")
    written = world.client.get(f"/console{PILOT}/testers/export")
    assert written.text.splitlines() == [f"user-{number:05}@x" for number in range(MANY)]
    assert world.client.get(f"/console{PILOT}/testers/export?search=04999").text == "user-04999@x\n"
