"""The review: every difference to the version in force can be read before somebody decides."""

from __future__ import annotations

import html
import re
from datetime import datetime, timedelta
from itertools import count
from typing import Any

import pytest

from miniprogram.identity.command_context import CommandContext
from miniprogram.identity.host_apps import add_app
from miniprogram.identity.members import add_member
from miniprogram.identity.roles import Grant, Role, store_owner
from miniprogram.identity.tokens import create_token
from miniprogram.packages.bundle import Bundle, BundleFile
from miniprogram.packages.manifest import Manifest
from miniprogram.publish.layouts.cloud import CloudLocation, cloud_layout
from miniprogram.publish.to_store import publish_to_store
from miniprogram.seams.publish_target import Release
from miniprogram.strict_json import to_pretty_json
from miniprogram.targets import Stage
from miniprogram.testing.clock import NOON
from miniprogram.testing.samples import sample_manifest, sample_screens
from miniprogram_server.console.frames.frame_document import frame_policy
from miniprogram_server.console.frames.runtime_files import RuntimeFiles
from miniprogram_server.console.mounting import AdministeredDelivery
from plugins.server.conftest import Administered, Browser

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


def test_without_a_plugin_that_draws_screens_the_review_says_which_one_would(world, browser) -> None:
    in_review(world, text="Hello")
    page = html.unescape(browser.sign_in("bob").get(f"{NEW}/review"))
    assert "Screens are shown where the distribution miniprogram-web is installed" in page
    assert "<iframe" not in page
    assert "Hello" in page, "what changes in the source is read without it"


class Drawing:
    script = "draw.js"

    def __init__(self) -> None:
        self.files = {"draw.js": b"export {};", "notes.txt": b"not for browsers"}


@pytest.fixture
def drawing(world) -> Any:
    """A world whose console has something to draw screens with."""
    in_review(world, text="Hello </script>")
    seconds = count()

    def now() -> datetime:
        return NOON + timedelta(hours=1, seconds=next(seconds))

    app = AdministeredDelivery(world.app._delivery, world.storage, now=now, runtime=RuntimeFiles(Drawing))
    return Administered(world.storage, app, world.tokens, now)


def test_a_frame_has_a_policy_that_lets_in_its_runtime_only(drawing) -> None:
    browser = Browser(drawing).sign_in("bob")
    page = browser.get(f"{NEW}/review")
    (source,) = re.findall(r'src="/console([^"]+/frames/new/[^"]+)"', page)[:1]
    body = browser.get(source)
    policy = browser.page.headers["content-security-policy"]
    assert policy.startswith("sandbox allow-scripts; default-src 'none'; ")
    assert "allow-same-origin" not in policy
    script = re.findall(r'<script type="module" src="([^"]+)"', body)[0]
    folder = script.removesuffix("draw.js")
    host = drawing.client.get(script).request.url.netloc.decode()
    assert f"script-src {host}{folder};" in policy
    assert body.count("</script>") == 2, "text of a screen ends no script"
    found = drawing.client.get(script)
    assert (found.status_code, found.headers["access-control-allow-origin"]) == (200, "*")
    assert drawing.client.get(f"{folder}notes.txt").status_code == 404
    assert drawing.client.get(script.replace(folder, "/console/runtime/0000/")).status_code == 404
    drawing.client.close()


def test_whoever_may_not_see_the_review_sees_no_frame(drawing) -> None:
    anonymous = drawing.client.get(f"/console{NEW}/frames/new/shop_home")
    assert (anonymous.status_code, anonymous.headers["location"]) == (
        303,
        f"/console/login?next=/console{NEW}/frames/new/shop_home",
    )
    owner = CommandContext(drawing.storage, store_owner("owner"), NOON)
    add_app(owner, "bank", stages=[Stage.TEST])
    add_member(owner, "dora", [Grant(role=Role.REVIEWER, host_app="bank")])
    drawing.tokens["dora"] = create_token(owner, "dora").token
    Browser(drawing).sign_in("dora")
    for address in (f"{NEW}/review", f"{NEW}/frames/new/shop_home", f"{NEW}/frames/old/shop_home"):
        answer = drawing.client.get(f"/console{address}")
        assert (answer.status_code, "Welcome" in answer.text) in ((403, False), (404, False)), address
    drawing.client.close()


@pytest.mark.parametrize(
    "host", ["[::1]:8090", "a b", "x;script-src *", "evil.example/,*"], ids=["ipv6", "blank", "directive", "list"]
)
def test_a_name_that_no_policy_can_hold_is_not_put_into_one(host: str) -> None:
    policy = frame_policy("/console/runtime/1/", host)
    assert host not in policy
    assert "script-src 'self';" in policy
