"""Every resource once, as a client would use it."""

from __future__ import annotations

API = "/api/admin/v1"
SHOP = f"{API}/programs/shop"
TARGET = f"{SHOP}/targets/wallet/production"


def test_a_release_goes_all_the_way(world) -> None:
    world.full("1.0.0")
    assert world.delivered(userId="u1") == "1.0.0"

    world.drafted("1.1.0")
    world.do("ann", "apply", version="1.1.0")
    shown = world.call("bob", "GET", f"{TARGET}/releases/1.1.0").json()["release"]
    world.do("bob", "approve", {"seenDigest": shown["review"]["digest"]}, version="1.1.0")
    world.do("ann", "pilot-start", {"testers": ["Tess"]}, version="1.1.0")
    assert (world.delivered(userId="tess"), world.delivered(userId="u1")) == ("1.1.0", "1.0.0")
    assert world.call("bob", "GET", f"{TARGET}/releases/1.1.0/testers").json()["testers"] == ["tess"]

    world.do("ann", "pilot-complete", version="1.1.0")
    world.do("ann", "grayscale", {"basisPoints": 10_000}, version="1.1.0")
    world.do("ann", "finish", version="1.1.0")
    assert world.delivered(userId="u1") == "1.1.0"
    world.do("ann", "rollback", {"reason": "it flickers"}, base=TARGET)
    assert world.delivered(userId="u1") == "1.0.0"
    ended = world.call("bob", "GET", f"{SHOP}/finished-releases").json()["releases"]
    assert ended[0]["version"] == "1.1.0"


def test_a_share_only_goes_up_and_shrinks_with_a_reason(world) -> None:
    world.full("1.0.0")
    world.drafted("1.1.0")
    world.do("ann", "apply", version="1.1.0")
    world.do("bob", "approve", version="1.1.0")
    world.do("ann", "pilot-skip", version="1.1.0")
    world.do("ann", "grayscale", {"basisPoints": 5_000}, version="1.1.0")
    release = f"{TARGET}/releases/1.1.0"
    lower = world.call("ann", "POST", f"{release}/grayscale", {"basisPoints": 100}, if_match="*")
    assert (lower.status_code, lower.json()["rule"]) == (409, "ratio_goes_up")
    assert world.do("ann", "shrink", {"basisPoints": 100, "reason": "slow"}, version="1.1.0")["release"][
        "grayscale"
    ] == {
        "basisPoints": 100,
        "kept": 5_000,
    }
    simulated = world.call("ann", "POST", f"{release}/simulate", {"basisPoints": 9_000, "visitors": 2_000})
    assert simulated.status_code == 200
    assert simulated.json()["visitors"] == 2_000


def test_segments_are_imported_as_text_or_csv(world) -> None:
    headers = {"authorization": f"Bearer {world.tokens['ann']}", "if-match": "*"}
    for content_type, content, query in (
        ("text/plain", "u1\nu2\n# nobody\n", ""),
        ("text/csv", "name,id\nAnn,u1\nBob,u3\n", "?column=id"),
    ):
        answer = world.client.put(
            f"{SHOP}/segments/vip/ids{query}", content=content, headers={**headers, "content-type": content_type}
        )
        assert answer.status_code == 200, answer.text
        assert answer.json()["subject"]["count"] == 2
    asked = [
        world.call("bob", "GET", f"{SHOP}/segments/vip?contains={each}").json()["contains"]
        for each in ("u2", "u3")
    ]
    assert asked == [False, True]
    missing = world.client.put(
        f"{SHOP}/segments/vip/ids?column=email", content="id\nu1", headers={**headers, "content-type": "text/csv"}
    )
    assert missing.status_code == 422
    assert "the list" in missing.json()["detail"]
    patterns = world.call("ann", "PUT", f"{SHOP}/segments/staff/patterns", {"patterns": ["^emp-"]}, if_match="*")
    assert patterns.status_code == 200
    assert world.call("ann", "DELETE", f"{SHOP}/segments/staff", if_match="*").status_code == 200
    assert [each["name"] for each in world.call("bob", "GET", f"{SHOP}/segments").json()["segments"]] == ["vip"]


def test_switches(world) -> None:
    body = {"type": "boolean", "default": False, "rules": [{"value": True, "basisPoints": 10_000}]}
    assert world.call("ann", "PUT", f"{SHOP}/switches/new-cart", body, if_match="*").status_code == 200
    listed = world.call("bob", "GET", f"{SHOP}/switches")
    turned = world.call(
        "ann", "PUT", f"{SHOP}/switches/new-cart/enabled", {"enabled": False}, if_match=listed.headers["etag"]
    )
    assert turned.json()["subject"]["enabled"] is False
    export = {"existing": "skip", "switches": listed.json()["switches"]}
    assert world.call("ann", "POST", f"{SHOP}/switches", export, if_match="*").json()["subject"]["skipped"] == [
        "new-cart"
    ]
    assert world.call("ann", "DELETE", f"{SHOP}/switches/new-cart", if_match="*").status_code == 200


def test_exceptions_are_made_and_lifted(world) -> None:
    world.full("1.0.0")
    body = {
        "kind": "deny",
        "audience": {"attribute": "userId", "operator": "in", "values": ["mallory"]},
        "reason": "abuse",
    }
    made = world.call("ann", "POST", f"{TARGET}/overrides", body, if_match="*")
    assert made.status_code == 201, made.text
    assert world.delivered(userId="mallory") != "1.0.0"
    override = world.call("bob", "GET", f"{SHOP}/overrides").json()["overrides"][0]["id"]
    assert world.call(
        "ann", "POST", f"{SHOP}/overrides/{override}/lift", {"reason": "over"}, if_match="*"
    ).is_success
    assert world.delivered(userId="mallory") == "1.0.0"
    assert world.call("cleo", "PUT", f"{SHOP}/otherwise", {"otherwise": "legacy"}, if_match="*").is_success


def test_why_lint_and_links(world) -> None:
    world.full("1.0.0")
    why = world.call("bob", "POST", f"{TARGET}/why", {"attributes": {"userId": "u1"}}).json()
    assert (why["version"], why["step"]) == ("1.0.0", "full")
    assert world.call("bob", "POST", f"{TARGET}/why", {"attributes": {"shoe": "9"}}).status_code == 422
    assert world.call("bob", "GET", f"{SHOP}/lint").json()["findings"] == []
    link = world.call("ann", "POST", f"{TARGET}/releases/1.0.0/links", {"hours": 1})
    assert link.status_code == 201
    assert world.delivered(link=link.json()["token"]) == "1.0.0"


def test_apps_and_members_are_the_admins(world) -> None:
    assert (
        world.call("cleo", "POST", f"{API}/apps", {"name": "bank", "environments": ["sandbox"]}).status_code == 201
    )
    rules = world.call(
        "cleo", "PUT", f"{API}/apps/bank/environments/sandbox", {"requiresReview": False}, if_match="*"
    )
    assert rules.json()["subject"]["requiresReview"] is False
    assert world.call("ann", "POST", f"{API}/apps", {"name": "other"}).status_code == 403
    grants = {"grants": [{"role": "developer", "hostApp": "bank"}]}
    assert world.call("cleo", "PUT", f"{API}/members/dan", grants, if_match="*").status_code == 200
    token = world.call("cleo", "POST", f"{API}/tokens", {"member": "dan", "days": 1}).json()["token"]
    world.tokens["dan"] = token
    there = world.call("dan", "POST", f"{SHOP}/targets/bank/sandbox/releases", {"version": "1.0.0"})
    elsewhere = world.call("dan", "POST", f"{TARGET}/releases", {"version": "1.0.0"})
    assert (there.status_code, elsewhere.status_code) == (201, 403)
    assert (
        world.call("cleo", "POST", f"{API}/members/dan/remove", {"reason": "left"}, if_match="*").status_code
        == 200
    )
    assert world.call("dan", "GET", f"{API}/me").status_code == 401


def test_the_trail_is_read_in_pages_and_tampering_is_found(world) -> None:
    world.full("1.0.0")
    page = world.call("bob", "GET", f"{SHOP}/audit?limit=2").json()
    older = world.call("bob", "GET", f"{SHOP}/audit?limit=2&before={page['events'][-1]['seq']}").json()
    seqs = [each["seq"] for each in (*page["events"], *older["events"])]
    assert seqs == sorted(range(page["total"] - 3, page["total"] + 1), reverse=True)
    assert world.call("bob", "GET", f"{SHOP}/audit/verification").json()["sound"] is True

    key = world.storage.keys.audit_event_key("shop", 2)
    body = world.storage.store.get(key).body
    world.storage.store.delete(key)
    world.storage.store.put(key, body.replace(b"ann", b"eve"), content_type="application/json")
    found = world.call("bob", "GET", f"{SHOP}/audit/verification").json()
    assert (found["sound"], found["findings"][0]["position"]) == (False, 2)


def test_names_of_versions_come_highest_first(world) -> None:
    assert world.call("bob", "GET", f"{SHOP}/versions").json()["versions"] == ["1.1.0", "1.0.0"]
    (shop,) = world.call("bob", "GET", f"{API}/programs").json()["programs"]
    assert (shop["miniProgramId"], shop["title"], shop["managed"]) == ("shop", "Shop", False)
    assert (shop["state"], shop["latestVersion"], shop["unreadable"]) == ("served", "1.1.0", None)
    assert world.call("bob", "GET", f"{API}/programs?search=nothing&limit=5").json()["programs"] == []


def test_an_environment_nobody_can_read_is_said_at_every_door_and_hosts_are_answered(world) -> None:
    world.full("1.0.0")
    world.client.post("/console/login", data={"token": world.tokens["ann"]})
    store = world.storage.store
    store.put(world.storage.keys.environment_document_key, b"{")

    answer = world.call("ann", "GET", "/api/admin/v1/programs")
    page = world.client.get("/console/")
    login = world.client.post("/console/login", data={"token": world.tokens["ann"]})

    said = "metadata/admin/environment.json is not JSON"
    assert (answer.status_code, answer.json()["code"]) == (500, "invalid_backend_json")
    assert said in answer.json()["detail"]
    assert (page.status_code, said in page.text, "env repair" in page.text) == (500, True, True)
    assert (login.status_code, said in login.text) == (503, True)
    assert world.delivered() == "1.0.0"
