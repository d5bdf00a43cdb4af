"""The review: every difference to the version in force can be read before somebody decides."""

from __future__ import annotations

import html
import re
from typing import Any

import pytest

from miniprogram.packages.bundle import Bundle, BundleFile
from miniprogram.packages.manifest import Manifest
from miniprogram.publish.layouts.cloud import CloudLocation, cloud_layout
from miniprogram.publish.to_store import publish_to_store
from miniprogram.seams.publish_target import Release
from miniprogram.strict_json import to_pretty_json
from miniprogram.testing.clock import NOON
from miniprogram.testing.samples import sample_manifest, sample_screens

SHOP = "/programs/shop"
NEW = f"{SHOP}/targets/wallet/production/releases/1.2.0"
IDS = [f"person-{number:03}" for number in range(500)]


def publish(world: Any, version: str, *, text: str = "Welcome", capabilities: tuple[str, ...] = ()) -> None:
    document = sample_manifest("shop", version, requiredCapabilities=["analytics", *capabilities])
    files = {"manifest.json": document}
    files |= {f"screens/{name}.json": node for name, node in sample_screens("shop", text=text).items()}
    parts = [BundleFile.of(path, to_pretty_json(node)) for path, node in files.items()]
    release = Release(Bundle.of(Manifest.model_validate(document), parts), NOON)
    layout = cloud_layout(release, CloudLocation("team", "dev", "bucket", "here"))
    publish_to_store(world.storage.store, layout, allow_older=False)


def in_review(world: Any, *, rules: dict[str, int] | None = None, **more: Any) -> None:
    world.full("1.0.0")
    path = "/api/admin/v1/apps/wallet/environments/production"
    assert world.call("cleo", "PUT", path, rules or {"demandsPilot": False}, if_match="*").status_code == 200
    publish(world, "1.2.0", **more)
    world.drafted("1.2.0")
    tree = {"attribute": "userId", "operator": "in", "values": IDS}
    said = {"audience": tree, "serverDomains": ["https://api.example.com", "https://pay.example.com"]}
    world.do("ann", "configure", said, version="1.2.0")
    world.do("ann", "apply", version="1.2.0")


def test_one_screen_one_capability_one_domain_and_one_id_out_of_500_can_be_read(world, browser) -> None:
    in_review(world, text="Hello <there>", capabilities=("secure_api",))
    page = browser.sign_in("bob").get(f"{NEW}/review")
    text = html.unescape(re.sub(r"<[^>]+>", "", page))
    assert IDS[-1] in text
    assert all(each in text for each in ("capability secure_api", "server domain https://pay.example.com"))
    assert "server domain https://api.example.com" not in text
    lines = [line.strip() for line in text.splitlines()]
    assert any(line.startswith("-") and "Welcome" in line for line in lines)
    assert any(line.startswith("+") and "Hello <there>" in line for line in lines)
    assert "Hosts have 1.0.0 now" in text
    assert len(page) < 150_000


def test_what_is_the_same_is_not_shown_as_a_change(world, browser) -> None:
    in_review(world)
    page = browser.sign_in("bob").get(f"{NEW}/review")
    assert 'id="screen-' not in page, "both have the same screens"
    assert "capability" not in page


def test_a_first_version_is_all_new(world, browser) -> None:
    world.drafted("1.0.0")
    world.do("ann", "apply")
    page = browser.sign_in("bob").get(NEW.replace("1.2.0", "1.0.0") + "/review")
    assert "Nothing is in force there yet" in page
    assert page.count('class="added"') > 6


def test_a_screen_has_a_page_of_its_own(world, browser) -> None:
    in_review(world, text="Hello")
    page = browser.sign_in("bob").get(f"{NEW}/review")
    screen = re.findall(r'id="screen-(\w+)"', page)[0]
    assert 'class="removed"' in browser.get(f"{NEW}/screens/{screen}")
    assert world.client.get(f"/console{NEW}/screens/none").status_code == 404


def test_earlier_rounds_are_shown_with_what_was_said(world, browser) -> None:
    in_review(world)
    world.do("bob", "reject", {"reason": "the text is wrong"}, version="1.2.0")
    world.do("ann", "reopen", {"reason": "mended"}, version="1.2.0")
    world.do("ann", "apply", version="1.2.0")
    page = browser.sign_in("bob").get(f"{NEW}/review")
    assert "Attempt 1:" in page
    assert "“the text is wrong”" in page


@pytest.mark.parametrize("who", ["ann", "ivy"])
def test_whoever_cannot_decide_may_look_and_is_told_why(world, browser, who) -> None:
    in_review(world)
    page = browser.sign_in(who).get(f"{NEW}/review")
    assert "Hosts have" in page
    assert "/approve" not in page


def test_several_reviewers_are_counted_where_it_may_do_more(world, browser) -> None:
    in_review(world, rules={"extraReviewers": 1})
    browser.sign_in("bob").get(f"{NEW}/review")
    browser.done(f"{NEW}/approve", {"reason": "fine", "seen_digest": browser.hidden("seen_digest")})
    page = browser.get(f"{NEW}/review")
    assert "1 of 2 approvals are given: bob “fine”" in page
    assert "bob approved it already" in page
    browser.sign_in("cleo").get(f"{NEW}/review")
    assert "It is approved now" in browser.done(f"{NEW}/approve")


def test_a_refused_decision_is_shown_beside_what_it_is_about(world, browser) -> None:
    in_review(world)
    browser.sign_in("bob").get(f"{NEW}/review")
    world.do("cleo", "approve", version="1.2.0")
    page = browser.refused(f"{NEW}/reject", {"reason": "I disagree"})
    assert "Somebody changed this" in page
    assert "cleo approved 1.2.0" in page
