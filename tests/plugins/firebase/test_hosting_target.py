"""Publishing to a Hosting site: whole or not at all, beside others, and never more than is needed."""

from __future__ import annotations

import json
import re
import time
from collections.abc import Callable
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest

from miniprogram.errors import PublishError
from miniprogram.publish.to_store import publish_to_store
from miniprogram.testing import PNG, VersionKeepingContract, sample_release
from miniprogram_firebase.hosting.known_versions import KnownVersions
from miniprogram_firebase.hosting.serving_config import header_rules, with_our_headers
from miniprogram_firebase.hosting.settings import HostingSettings
from miniprogram_firebase.hosting.site import HostingSite, packed
from miniprogram_firebase.hosting.target import HostingTarget
from miniprogram_gcp.google_calls import GoogleCalls
from testbed.google.hosting import HostingService
from testbed.google.server import Call, GoogleStandIn, Reply, refusal

Target = Callable[..., HostingTarget]


@pytest.fixture
def target(google: GoogleStandIn, hosting: HostingService, calls: GoogleCalls) -> Target:
    def made(site: str = "shop-project", **settings: Any) -> HostingTarget:
        opened = HostingSite(calls, "shop-project", site, environment="live")
        return HostingTarget(opened, HostingSettings(**settings), sleep=lambda _: None)

    return made


class TestContract(VersionKeepingContract):
    @pytest.fixture(autouse=True)
    def _site(self, target: Target, hosting: HostingService) -> None:
        self.target, self.hosting = target, hosting

    def make_target(self) -> HostingTarget:
        return self.target()

    def read(self, name: str) -> bytes | None:
        return self.hosting.visit("shop-project", name)[0]

    def remove(self, name: str) -> None:
        """Another tool releases the site without the file."""
        state = self.hosting.channels["shop-project"]["live"]
        before = self.hosting.versions[state.releases[0]["version"]["name"]]
        rest = {path: digest for path, digest in before.files.items() if path != f"/{name}"}
        version = f"sites/shop-project/versions/without{len(self.hosting.versions)}"
        self.hosting.versions[version] = replace(before, files=rest)
        state.releases.insert(0, {"name": f"release of {version}", "version": {"name": version}, "type": "DEPLOY"})


def between(google: GoogleStandIn, when: Callable[[Call], bool], do: Callable[[], object]) -> None:
    """Before the first request that `when` is true of, somebody else does something."""

    def interruption(call: Call) -> Reply | None:
        if not when(call):
            return None
        do()
        return google.services[0].answer(call)

    google.interruptions.append(interruption)


def test_hosts_get_the_address_the_site_is_served_at(google: GoogleStandIn, target: Target) -> None:
    receipt = target().publish(sample_release())

    assert receipt.delivery_api_base_url == f"{google.address}/visit/shop-project/live/"


def test_every_path_has_one_cache_header_and_any_origin_may_load_it(
    hosting: HostingService, target: Target
) -> None:
    target().publish(sample_release(assets={"logo.png": PNG}))

    _, pointer = hosting.visit("shop-project", "manifests/shop/latest.json")
    _, version = hosting.visit("shop-project", "manifests/shop/versions/1.0.0.json")
    _, screen = hosting.visit("shop-project", "screens/shop/1.0.0/shop_home.json")
    _, asset = hosting.visit("shop-project", "assets/shop/1.0.0/logo.png")
    assert "immutable" not in pointer["Cache-Control"]
    assert all("immutable" in headers["Cache-Control"] for headers in (version, screen, asset))
    assert pointer["Access-Control-Allow-Origin"] == "*"


def test_one_changed_screen_is_all_that_is_sent(google: GoogleStandIn, target: Target) -> None:
    screens = {"shop_home": {"type": "text", "data": "one"}, "shop_more": {"type": "text", "data": "more"}}
    target().publish(sample_release(screens=screens))
    google.calls.clear()
    screens["shop_home"] = {"type": "text", "data": "two"}

    target().publish(sample_release(version="1.1.0", screens=screens))

    sent = [call.body for call in google.calls if call.path.startswith("/upload/")]
    assert len(sent) == 6  # two screens have a new name and only one of them new bytes: see what is not sent
    unchanged = packed(json.dumps(screens["shop_more"], indent=2).encode())[1]
    assert unchanged not in sent


def test_only_what_names_a_version_is_read(google: GoogleStandIn, target: Target) -> None:
    target().publish(sample_release())
    google.calls.clear()

    target().publish(sample_release(version="1.1.0"))

    read = sorted(call.path.partition("/live/")[2] for call in google.calls if call.path.startswith("/visit/"))
    assert read == [
        "PUBLISH_INSTRUCTIONS.md",
        "discovery/mini-programs.json",
        "manifests/shop/latest.json",
        "metadata/catalog/shop.json",
    ]


def remembering(target: HostingTarget, path: Path) -> HostingTarget:
    target._known = KnownVersions(path)
    return target


def test_what_a_publish_asks_does_not_grow_with_what_the_site_holds(
    google: GoogleStandIn, hosting: HostingService, target: Target, tmp_path: Path
) -> None:
    asked = []
    for minor in range(5):
        google.calls.clear()
        remembering(target(), tmp_path / "known.json").publish(sample_release(version=f"1.{minor}.0"))
        asked.append(
            sorted(f"{call.verb} {re.sub('/[0-9a-f]*[0-9][0-9a-f]*', '/ID', call.path)}" for call in google.calls)
        )
    assert asked[1] == asked[2] == asked[4]
    assert not [line for line in asked[4] if line.endswith("/files") and line.startswith("GET")]
    assert not [line for line in asked[4] if "/visit/" in line]
    live = hosting.versions[hosting.channels["shop-project"]["live"].releases[0]["version"]["name"]]
    assert {f"/manifests/shop/versions/1.{minor}.0.json" for minor in range(5)} <= live.files.keys()


@pytest.mark.parametrize("text", ["", "{", "[]", "{}", '{"schemaVersion": 1, "version": "00000001", "files": 7}'])
def test_a_broken_memory_is_no_memory(hosting: HostingService, target: Target, tmp_path: Path, text: str) -> None:
    known = tmp_path / "known.json"
    remembering(target(), known).publish(sample_release())
    known.write_text(text)

    remembering(target(), known).publish(sample_release(version="1.1.0"))

    assert hosting.visit("shop-project", "manifests/shop/versions/1.0.0.json")[0]
    assert KnownVersions(known).find(hosting.channels["shop-project"]["live"].releases[0]["version"]["name"])


def test_what_others_released_since_is_not_taken_from_memory(
    hosting: HostingService, target: Target, tmp_path: Path
) -> None:
    remembering(target(), tmp_path / "known.json").publish(sample_release("shop"))
    target().publish(sample_release("cafe"))
    target_of_another(hosting)

    remembering(target(), tmp_path / "known.json").publish(sample_release("shop", version="1.1.0"))

    listed = json.loads(hosting.visit("shop-project", "discovery/mini-programs.json")[0] or b"")
    assert [each["id"] for each in listed["entries"]] == ["cafe", "shop"]
    assert hosting.visit("shop-project", "theirs.txt")[0] == b"theirs"


def test_where_versions_cannot_be_copied_the_whole_site_is_listed(hosting: HostingService, target: Target) -> None:
    hosting.copies = False
    target().publish(sample_release("shop"))
    target().publish(sample_release("cafe"))

    assert hosting.visit("shop-project", "manifests/shop/latest.json")[0]
    assert hosting.visit("shop-project", "manifests/cafe/latest.json")[0]


def test_a_publish_that_changes_nothing_makes_no_version(
    google: GoogleStandIn, hosting: HostingService, target: Target
) -> None:
    target().publish(sample_release())
    before = dict(hosting.versions)

    assert not target().publish(sample_release()).changed
    assert hosting.versions == before


def test_google_copies_the_version_while_the_package_is_made(
    google: GoogleStandIn, target: Target, monkeypatch: pytest.MonkeyPatch
) -> None:
    def copied() -> bool:
        return any(call.path.endswith(":clone") for call in google.calls)

    def with_time_to_ask(*args: Any, **options: Any) -> Any:
        outcome = publish_to_store(*args, **options)
        end = time.monotonic() + 10
        while not copied() and time.monotonic() < end:
            time.sleep(0.01)
        return outcome

    target().publish(sample_release())
    target().plan(sample_release(version="1.1.0"))
    assert not copied()
    monkeypatch.setattr("miniprogram_firebase.hosting.target.publish_to_store", with_time_to_ask)

    made = HostingTarget._made

    def made_later(*args: Any) -> Any:
        assert copied(), "nothing was asked before"
        return made(*args)

    monkeypatch.setattr(HostingTarget, "_made", made_later)
    target().publish(sample_release(version="1.1.0"))
    assert sum(call.path.endswith(":clone") for call in google.calls) == 1


def test_whoever_releases_after_the_first_look_loses_nothing(
    google: GoogleStandIn, hosting: HostingService, target: Target
) -> None:
    ours = target()
    ours.look_early()
    assert ours._early is not None
    ours._early.result()
    target().publish(sample_release("other"))

    ours.publish(sample_release())

    for program in ("shop", "other"):
        assert hosting.visit("shop-project", f"manifests/{program}/latest.json")[0]


def test_programs_share_a_site(hosting: HostingService, target: Target) -> None:
    target().publish(sample_release("shop"))
    target().publish(sample_release("cafe"))

    assert hosting.visit("shop-project", "manifests/shop/latest.json")[0]
    listed = json.loads(hosting.visit("shop-project", "discovery/mini-programs.json")[0] or b"")
    assert [each["id"] for each in listed["entries"]] == ["cafe", "shop"]


def test_what_others_have_on_the_site_stays(
    google: GoogleStandIn, hosting: HostingService, calls: GoogleCalls, target: Target
) -> None:
    site = HostingSite(calls, "shop-project", "shop-project", environment="live")
    digest, body = packed(b"<h1>Shop</h1>")
    config = {
        "rewrites": [{"glob": "/app/**", "path": "/index.html"}],
        "headers": [{"glob": "**", "headers": {"X-Frame-Options": "DENY"}}, {"glob": "/x", "headers": {"X": "1"}}],
    }
    theirs = site.make_version()
    site.fill(theirs, {"index.html": digest}, {digest: body})
    site.finish(theirs, config, {})
    site.release(theirs, "live", message="the web site")

    target().publish(sample_release())

    page, headers = hosting.visit("shop-project", "index.html")
    assert page == b"<h1>Shop</h1>"
    assert headers["X-Frame-Options"] == "DENY"
    served = hosting.versions[hosting.channels["shop-project"]["live"].releases[0]["version"]["name"]].config
    assert served["rewrites"] == config["rewrites"]
    assert {"glob": "/x", "headers": {"X": "1"}} in served["headers"]


def test_rules_of_ours_are_read_by_javascript_too_and_replace_earlier_ones() -> None:
    rules = header_rules()
    assert not [rule for rule in rules if re.search(r"\\[^.]", rule.get("regex", ""))]
    earlier = [
        {**rule, "regex": rule["regex"].replace("-", "\\-")} for rule in rules if "mini-" in rule.get("regex", "")
    ]
    assert len(earlier) == 1
    assert with_our_headers({"headers": earlier}) == {"headers": rules}


@pytest.mark.parametrize(
    "moment",
    [
        lambda call: call.path.endswith("/versions:clone"),
        lambda call: call.path.endswith("live/releases") and call.verb == "POST",
    ],
    ids=["while the version is made", "just before the release"],
)
def test_whoever_releases_meanwhile_loses_nothing(
    moment: Callable[[Call], bool], google: GoogleStandIn, hosting: HostingService, target: Target
) -> None:
    target().publish(sample_release("first"))
    between(google, moment, lambda: target_of_another(hosting))

    target().publish(sample_release("shop"))

    for program in ("first", "shop"):
        assert hosting.visit("shop-project", f"manifests/{program}/latest.json")[0], program
    assert hosting.visit("shop-project", "theirs.txt")[0] == b"theirs"


def target_of_another(hosting: HostingService) -> None:
    """Another tool releases the site as it is with one more file."""
    state = hosting.channels["shop-project"]["live"]
    before = hosting.versions[state.releases[0]["version"]["name"]]
    digest, body = packed(b"theirs")
    hosting.content[digest] = body
    name = "sites/shop-project/versions/77777777"
    hosting.versions[name] = type(before)(before.config, {}, {**before.files, "/theirs.txt": digest}, "FINALIZED")
    release = {
        "name": "sites/shop-project/channels/live/releases/other",
        "version": {"name": name},
        "type": "DEPLOY",
    }
    state.releases.insert(0, release)


def test_a_release_whose_answer_was_lost_is_ours(
    google: GoogleStandIn, hosting: HostingService, target: Target
) -> None:
    def lost(call: Call) -> Reply | None:
        if not (call.verb == "POST" and call.path.endswith("live/releases")):
            return None
        google.services[0].answer(call)
        return refusal(503, "Backend Error")

    google.interruptions.append(lost)

    assert target().publish(sample_release()).changed
    assert len(hosting.versions) == 1


def test_a_preview_leaves_the_live_site_alone(
    google: GoogleStandIn, hosting: HostingService, target: Target
) -> None:
    target().publish(sample_release())

    receipt = target(channel="pr-7", expires="2d").publish(sample_release(version="1.1.0"))

    live = json.loads(hosting.visit("shop-project", "manifests/shop/latest.json")[0] or b"")
    preview = json.loads(hosting.visit("shop-project", "manifests/shop/latest.json", "pr-7")[0] or b"")
    assert (live["version"], preview["version"]) == ("1.0.0", "1.1.0")
    assert receipt.delivery_api_base_url == f"{google.address}/visit/shop-project/pr-7/"
    assert hosting.channels["shop-project"]["pr-7"].ttl == "172800s"
    assert any("ends at" in note for note in receipt.notes)


def test_a_plan_makes_nothing(google: GoogleStandIn, hosting: HostingService, target: Target) -> None:
    plan = target(channel="pr-7").plan(sample_release())

    assert "manifests/shop/latest.json" in plan.written
    assert {call.verb for call in google.calls} == {"GET"}
    assert hosting.versions == {}
    assert "pr-7" not in hosting.channels["shop-project"]


def test_cleaning_leaves_one_program_and_what_is_not_ours(hosting: HostingService, target: Target) -> None:
    target().publish(sample_release("cafe"))
    target_of_another(hosting)

    receipt = target(clean=True).publish(sample_release("shop"))

    assert hosting.visit("shop-project", "manifests/cafe/latest.json")[0] is None
    assert hosting.visit("shop-project", "theirs.txt")[0] == b"theirs"
    assert "manifests/cafe/latest.json" in receipt.removed


def test_a_site_that_is_not_there_is_named(target: Target) -> None:
    with pytest.raises(PublishError, match="there is no Hosting site nobodys in the project shop-project"):
        target("nobodys").publish(sample_release())
    with pytest.raises(PublishError, match="there is no Hosting site nobodys"):
        target("nobodys", channel="pr-1").publish(sample_release())


def test_a_disabled_site_is_not_enabled_by_the_way(hosting: HostingService, target: Target) -> None:
    target().publish(sample_release())
    hosting.channels["shop-project"]["live"].releases.insert(0, {"name": "r", "type": "SITE_DISABLE"})

    with pytest.raises(PublishError, match="was disabled"):
        target().publish(sample_release(version="1.1.0"))


def test_a_crash_before_the_release_leaves_the_site_as_it_was(
    google: GoogleStandIn, hosting: HostingService, target: Target
) -> None:
    target().publish(sample_release())

    def crash(call: Call) -> Reply | None:
        if call.verb == "PATCH":
            raise ConnectionError
        return None

    google.interruptions.append(crash)
    with pytest.raises(Exception):  # noqa: B017, PT011 - whatever the connection makes of it
        target().publish(sample_release(version="1.1.0"))
    google.interruptions.clear()

    live = json.loads(hosting.visit("shop-project", "manifests/shop/latest.json")[0] or b"")
    assert live["version"] == "1.0.0"
    assert target().publish(sample_release(version="1.1.0")).changed


@pytest.mark.parametrize("text", ["", "7", "7m", "0d", "31d", "5w", "-1d", "1.5d"])
def test_how_long_a_preview_lives_is_checked_first(text: str) -> None:
    with pytest.raises(ValueError, match=r"hours, days or weeks|30 days"):
        HostingSettings(channel="pr", expires=text)


def test_a_lifetime_without_a_preview_is_refused(target: Target) -> None:
    with pytest.raises(PublishError, match="name it with --channel"):
        target(expires="2d")
