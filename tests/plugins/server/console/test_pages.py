"""What the pages show and do."""

from __future__ import annotations

import pytest

from miniprogram_server.console.plain_words import sentence

SHOP = "/programs/shop"
RELEASE = f"{SHOP}/targets/wallet/production/releases"


@pytest.mark.parametrize(
    ("path", "shown"),
    [
        ("/", "1.0.0"),
        ("/reviews", "Nothing waits"),
        ("/apps", "wallet"),
        ("/audit", "gave roles to"),
        (SHOP, "New release"),
        (f"{SHOP}/segments", "No segment yet"),
        (f"{SHOP}/switches", "No switch yet"),
        (f"{SHOP}/why", "Why does this user get this?"),
        (f"{SHOP}/audit", "Is the trail whole?"),
        (f"{RELEASE}/1.0.0", "Roll back"),
    ],
)
def test_every_page_opens(world, browser, path, shown) -> None:
    world.full("1.0.0")
    assert shown in browser.sign_in("ann").get(path)


def test_an_application_waits_in_the_inbox_of_somebody_else(world, browser) -> None:
    world.drafted("1.0.0")
    world.do("ann", "apply")
    assert "yours: somebody else decides" in browser.sign_in("ann").get("/reviews")
    assert f"{RELEASE}/1.0.0/review" in browser.sign_in("bob").get("/reviews")
    browser.get(f"{RELEASE}/1.0.0/review")
    seen = {"seen_digest": browser.hidden("seen_digest"), "reason": "I tried it"}
    moved = browser.send(f"{RELEASE}/1.0.0/approve", seen)
    assert moved.status_code == 303
    assert "It is approved now" in browser.get(f"{RELEASE}/1.0.0")
    assert "“I tried it”" in browser.get(f"{SHOP}/audit")


def test_what_was_changed_meanwhile_is_not_overwritten(world, browser) -> None:
    world.drafted("1.0.0")
    browser.sign_in("ann").get(f"{RELEASE}/1.0.0")
    world.do("ann", "configure", {"title": "Other"})
    page = browser.refused(f"{RELEASE}/1.0.0/apply")
    assert "Somebody changed this while you were looking" in page
    assert "ann configured 1.0.0" in page
    assert world.call("ann", "GET", f"/api/admin/v1{RELEASE}/1.0.0").json()["release"]["state"] == "created"


def test_a_refused_configuration_keeps_what_was_typed(world, browser) -> None:
    world.drafted("1.0.0")
    browser.sign_in("ann").get(f"{RELEASE}/1.0.0/configure")
    typed = {"title": "New <title>", "server_domains": "ftp://nowhere", "mode": "all"}
    page = browser.refused(f"{RELEASE}/1.0.0/configure", typed)
    assert "New &lt;title&gt;" in page
    assert "is not a domain" in page


def test_the_audience_is_counted_against_the_last_requests(world, browser) -> None:
    world.full("1.0.0")
    world.drafted("1.1.0")
    for country in ("de", "de", "fr", "es"):
        world.delivered(userId="u", country=country)
    browser.sign_in("ann").get(f"{RELEASE}/1.1.0/configure")
    row = {"attribute": "country", "operator": "in", "values": "de\nfr", "inverted": "", "case": ""}
    assert "<strong>3</strong> of the last 4" in browser.send(f"{RELEASE}/1.1.0/audience", row).text
    inverted = {**row, "inverted": "yes"}
    assert "<strong>1</strong> of the last 4" in browser.send(f"{RELEASE}/1.1.0/audience", inverted).text
    vips = {**row, "attribute": "userId", "operator": "segment", "values": "vip"}
    assert "no segment" in browser.send(f"{RELEASE}/1.1.0/audience", vips).text
    headers = {"authorization": f"Bearer {world.tokens['ann']}", "if-match": "*", "content-type": "text/plain"}
    world.client.put(f"/api/admin/v1{SHOP}/segments/vip/ids?ignoreCase=true", content="U\nx\n", headers=headers)
    assert "<strong>4</strong> of the last 4" in browser.send(f"{RELEASE}/1.1.0/audience", vips).text
    wrong = {**row, "attribute": "shoe"}
    assert "Not yet a condition" in browser.send(f"{RELEASE}/1.1.0/audience", wrong).text


def test_an_audience_survives_the_builder(world, browser) -> None:
    world.drafted("1.0.0")
    tree = {
        "all": [
            {"attribute": "osVersion", "operator": "num_gte", "values": ["12"]},
            {"attribute": "country", "operator": "in", "values": ["de", "fr"], "inverted": True},
        ]
    }
    world.do("ann", "configure", {"audience": tree})
    browser.sign_in("ann").get(f"{RELEASE}/1.0.0/configure")
    rows = {
        "attribute": ["osVersion", "country"], "operator": ["num_gte", "in"], "values": ["12", "de\nfr"],
        "inverted": ["", "yes"], "case": ["", ""], "mode": "all", "title": "Shop", "description": "d",
    }  # fmt: skip
    assert browser.send(f"{RELEASE}/1.0.0/configure", rows).status_code == 303
    stored = world.call("ann", "GET", f"/api/admin/v1{RELEASE}/1.0.0").json()["release"]["configuration"]
    assert stored["audience"] == tree


def test_a_deep_audience_is_edited_as_json(world, browser) -> None:
    world.drafted("1.0.0")
    tree = {"not": {"any": [{"attribute": "country", "operator": "in", "values": ["de"]}]}}
    world.do("ann", "configure", {"audience": tree})
    assert 'name="tree"' in browser.sign_in("ann").get(f"{RELEASE}/1.0.0/configure")


def test_testers_are_pasted_in_any_form(world, browser) -> None:
    world.drafted("1.0.0")
    world.do("ann", "apply")
    world.do("bob", "approve")
    world.do("ann", "pilot-start")
    browser.sign_in("ann").get(f"{RELEASE}/1.0.0")
    pasted = "Tess@example.com; tom@example.com,\n\n u-7\ttess@example.com"
    assert browser.send(f"{RELEASE}/1.0.0/testers-add", {"testers": pasted}).status_code == 303
    page = browser.get(f"{RELEASE}/1.0.0")
    assert all(each in page for each in ("tess@example.com", "tom@example.com", "u-7"))
    assert browser.send(f"{RELEASE}/1.0.0/testers-remove", {"testers": "u-7"}).status_code == 303
    assert world.delivered(userId="tom@example.com") == "1.0.0"


@pytest.mark.parametrize(("percent", "is_one"), [("12.5", 1), ("ten", 0), ("1.005", 0), ("NaN", 0), ("101", 0)])
def test_a_share_is_typed_in_percent(world, browser, percent, is_one) -> None:
    world.full("1.0.0")
    world.drafted("1.1.0")
    world.do("ann", "apply", version="1.1.0")
    world.do("bob", "approve", version="1.1.0")
    world.do("ann", "pilot-skip", version="1.1.0")
    browser.sign_in("ann").get(f"{RELEASE}/1.1.0")
    if is_one:
        assert "It is grayscale 12.5 % now" in browser.done(f"{RELEASE}/1.1.0/grayscale", {"percent": percent})
    else:
        assert f'value="{percent}" aria-invalid' in browser.refused(
            f"{RELEASE}/1.1.0/grayscale", {"percent": percent}
        )


def test_segments_are_imported_from_a_file_and_asked(world, browser) -> None:
    browser.sign_in("ann").get(f"{SHOP}/segments")
    sent = browser.send(
        f"{SHOP}/segments",
        {"name": "vip", "column": "mail"},
        files={"file": ("l.csv", b"id,mail\n1,a@x\n2,b@x\n")},
    )
    assert sent.status_code == 303
    assert "vip has 2 ids now." in browser.get(f"{SHOP}/segments")
    assert "yes, it is in" in browser.get(f"{SHOP}/segments/vip/contains?id=a@x")
    assert browser.get(f"{SHOP}/segments")
    assert "neither a file nor ids" in browser.refused(f"{SHOP}/segments", {"name": "vip"}).lower()
    assert browser.send(f"{SHOP}/segments/remove", {"name": "vip"}).status_code == 303


def test_switches_are_saved_turned_and_removed(world, browser) -> None:
    browser.sign_in("ann").get(f"{SHOP}/switches")
    said = {"key": "cart", "type": "number", "default": "3", "rules": "[]", "enabled": "yes"}
    assert browser.send(f"{SHOP}/switches", said).status_code == 303
    assert "cart" in browser.get(f"{SHOP}/switches?key=cart")
    assert browser.send(f"{SHOP}/switches/turn", {"key": "cart", "enabled": ""}).status_code == 303
    browser.get(f"{SHOP}/switches")
    assert "is not JSON" in browser.refused(f"{SHOP}/switches", {**said, "default": "three"})
    assert browser.send(f"{SHOP}/switches/remove", {"key": "cart"}).status_code == 303


def test_the_rules_of_a_switch_are_read_in_words(world, browser) -> None:
    rule = {"value": "<new>", "audience": {"attribute": "country", "operator": "in", "values": ["de"]}}
    body = {"type": "string", "default": "old", "rules": [{**rule, "basisPoints": 2500}]}
    assert world.call("ann", "PUT", f"/api/admin/v1{SHOP}/switches/cart", body, if_match="*").status_code == 200
    page = browser.sign_in("ann").get(f"{SHOP}/switches?key=cart")
    assert "<li>country is one of de</li>" in page
    assert "25 % of them" in page
    assert "<code>&#34;&lt;new&gt;&#34;</code>" in page
    said = {"key": "cart", "type": "string", "default": 'plain "text"', "rules": "[]", "enabled": "yes"}
    browser.done(f"{SHOP}/switches", said)
    stored = world.call("ann", "GET", f"/api/admin/v1{SHOP}/switches").json()["switches"][0]
    assert stored["default"] == 'plain "text"'


def test_why_is_answered_with_the_order_of_steps(world, browser) -> None:
    world.full("1.0.0")
    page = browser.sign_in("bob").get(f"{SHOP}/why?target=wallet:production&userId=u1&others=country%3Dde")
    assert '<li class="won"><strong>full</strong>' in page
    refused = world.client.get("/console" + f"{SHOP}/why?target=nowhere")
    assert refused.status_code == 422


def test_whom_somebody_asks_about_stands_in_no_address(world, browser) -> None:
    world.full("1.0.0")
    browser.sign_in("bob").get(f"{SHOP}/why")
    asked = {"target": "wallet:production", "userId": "eve@example.com", "others": "country=de"}
    page = browser.refused(f"{SHOP}/why", asked)
    assert '<li class="won"><strong>full</strong>' in page
    assert 'role="alert"' not in page
    assert "eve" not in str(browser.page.url)


def test_a_qr_code_is_a_link_that_works(world, browser) -> None:
    world.full("1.0.0")
    browser.sign_in("ann").get(f"{RELEASE}/1.0.0")
    made = browser.done(f"{RELEASE}/1.0.0/links", {"hours": "4"})
    assert "data:image/svg+xml;base64," in made
    assert world.client.get(str(browser.page.url)).text.count("link=mpl1.") == made.count("link=mpl1.") > 0


def test_tampering_is_shown_with_its_position(world, browser) -> None:
    world.full("1.0.0")
    browser.sign_in("bob")
    assert "are as they were written" in browser.get(f"{SHOP}/audit/verify")
    world.storage.store.delete(world.storage.keys.audit_event_key("shop", 3))
    assert "at 3: missing" in browser.get(f"{SHOP}/audit/verify")


def test_who_may_not_is_told_and_put_on_record(world, browser) -> None:
    world.drafted("1.0.0")
    world.do("ann", "apply")
    browser.sign_in("ann").get(f"{RELEASE}/1.0.0")
    assert "may not approve" in browser.refused(f"{RELEASE}/1.0.0/approve")
    denied = browser.get("/audit")
    assert "release approve" in denied
    assert "may not approve" in denied


@pytest.mark.parametrize(
    "path", ["/nothing", "/programs/none", f"{RELEASE}/9.9.9", f"{SHOP}/segments/none/contains?id=x"]
)
def test_addresses_that_lead_nowhere(world, browser, path) -> None:
    world.full("1.0.0")
    browser.sign_in("ann")
    answer = world.client.get("/console" + path)
    assert answer.status_code == 404
    assert "<h1>" in answer.text


def test_a_host_app_gets_another_title_and_goes_when_nothing_is_released_to_it(world, browser) -> None:
    browser.sign_in("cleo").get("/apps")
    browser.send("/apps", {"name": "bank", "title": "Old"})
    browser.get("/apps")
    browser.send("/apps/title", {"name": "bank", "title": "Bank of East"})
    assert "Bank of East" in browser.get("/apps")
    world.drafted()

    assert "releases to wallet, of shop" in browser.refused("/apps/remove", {"name": "wallet", "reason": "sold"})
    assert browser.send("/apps/remove", {"name": "bank", "reason": "sold"}).status_code == 303

    assert "Bank of East" not in browser.get("/apps")


@pytest.mark.parametrize(
    ("text", "shown"),
    [
        ("approve is not possible", "Approve is not possible"),
        ("ann@example.com applied for it", "ann@example.com applied for it"),
        ("1.0.0 was removed", "1.0.0 was removed"),
        ("'x' is no version", "'x' is no version"),
        ("coupon_center has no releases", "coupon_center has no releases"),
    ],
)
def test_a_name_at_the_start_of_a_sentence_stays_as_it_is(text: str, shown: str) -> None:
    assert sentence(text) == shown + "."
