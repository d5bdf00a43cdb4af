"""Every form of the console: refused, it comes back as it was sent, at an address that can be reloaded."""

from __future__ import annotations

import json
import re
from html.parser import HTMLParser
from pathlib import Path
from typing import Any
from urllib.parse import parse_qs

import pytest

from miniprogram.identity.command_context import CommandContext
from miniprogram.identity.denials import note_denial
from miniprogram.identity.members import add_member
from miniprogram.identity.roles import Grant, Role, store_owner
from miniprogram.releases.commands.links import list_links
from miniprogram.releases.state_machine import guards
from miniprogram.releases.verbs import VERBS
from miniprogram.rule_codes import RULES
from miniprogram.targets import Stage, Target
from miniprogram.testing import NOON
from miniprogram_server.console.pages import pages
from miniprogram_server.console.plain_words import plain
from plugins.server.conftest import CONSOLE

SHOP = "/programs/shop"
AT = f"{SHOP}/targets/wallet/production/releases"
PRODUCTION = Target(host_app="wallet", environment=Stage.PRODUCTION)


class Forms(HTMLParser):
    """The forms of a page by their action: what each would send, field by field."""

    def __init__(self, page: str) -> None:
        super().__init__(convert_charrefs=True)
        self.found: dict[str, dict[str, list[str]]] = {}
        self._form: dict[str, list[str]] | None = None
        self._text: tuple[str, list[str]] | None = None
        self._select: str | None = None
        self._first = False
        self.feed(page)

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        said = {name: value or "" for name, value in attrs}
        if tag == "form":
            if said.get("method") != "post":
                return  # it only asks
            self._form = self.found.setdefault(said.get("action", "").partition("?")[0], {})
        if self._form is None:
            return
        if tag == "input" and (said.get("type") not in ("checkbox", "radio") or "checked" in said):
            self._form.setdefault(said.get("name", ""), []).append(said.get("value", ""))
        elif tag == "textarea":
            self._text = (said["name"], [])
        elif tag == "select":
            self._select, self._first = said.get("name", ""), True
            self._form.setdefault(self._select, []).append("")
        elif tag == "option" and self._select is not None and (self._first or "selected" in said):
            self._form[self._select][-1] = said.get("value", "")
            self._first = False

    def handle_data(self, data: str) -> None:
        if self._text is not None:
            self._text[1].append(data)

    def handle_endtag(self, tag: str) -> None:
        if tag == "textarea" and self._text is not None and self._form is not None:
            self._form.setdefault(self._text[0], []).append("".join(self._text[1]).removeprefix("\n"))
            self._text = None
        elif tag == "select":
            self._select = None
        elif tag == "form":
            self._form = None


def sent_by(page: str, action: str) -> dict[str, list[str]]:
    return Forms(page).found[CONSOLE + action]


def in_review(world: Any) -> None:
    world.full("1.0.0")
    world.drafted("1.1.0")
    world.do("ann", "apply", version="1.1.0")


def approved(world: Any) -> None:
    in_review(world)
    world.do("bob", "approve", version="1.1.0")


def in_pilot(world: Any) -> None:
    approved(world)
    world.do("ann", "pilot-start", {"testers": ["tess", "tom"]}, version="1.1.0")


def shared(world: Any) -> None:
    approved(world)
    world.do("ann", "pilot-skip", version="1.1.0")
    world.do("ann", "grayscale", {"basisPoints": 1000}, version="1.1.0")


def paused(world: Any) -> None:
    shared(world)
    world.do("ann", "pause", version="1.1.0")


def canceled(world: Any) -> None:
    shared(world)
    world.do("ann", "cancel", version="1.1.0")


def drafted(world: Any) -> None:
    world.full("1.0.0")
    world.drafted("1.1.0")


def full(world: Any) -> None:
    world.full("1.0.0")


def denied(world: Any) -> None:
    world.full("1.0.0")
    body = {"kind": "deny", "audience": {"attribute": "userId", "operator": "in", "values": ["eve"]}, **WHY}
    path = f"/api/admin/v1{SHOP}/targets/wallet/production/overrides"
    made = world.call("ann", "POST", path, body, if_match="*")
    assert (made.status_code, made.json()["subject"]["id"]) == (201, "o-2")


def listed(world: Any) -> None:
    headers = {"authorization": f"Bearer {world.tokens['ann']}", "if-match": "*", "content-type": "text/plain"}
    for name in ("aaa", "vip"):
        answer = world.client.put(f"/api/admin/v1{SHOP}/segments/{name}/ids", content="u\n", headers=headers)
        assert answer.status_code == 200, answer.text


def switched(world: Any) -> None:
    for key in ("aaa", "cart"):
        body = {"type": "number", "default": 3}
        answer = world.call("ann", "PUT", f"/api/admin/v1{SHOP}/switches/{key}", body, if_match="*")
        assert answer.status_code == 200, answer.text


def joined(world: Any) -> None:
    add_member(owner(world), "dan", [Grant(role=Role.DEVELOPER), Grant(role=Role.OPERATOR, host_app="wallet")])


def nothing(_world: Any) -> None:
    """The world as it is."""


NEW = f"{AT}/1.1.0"
PUBLIC_KEY = "ed25519:MCowBQYDK2VwAyEAGb9ECWmEzf6FQbrBZ9w7lshQhqowtrbLDFw4rXAxZuE="
WHY = {"reason": "it <flickers> & blinks"}
FORMS: list[tuple[str, Any, str, dict[str, Any]]] = [
    ("cleo", nothing, "/apps", {"name": "Bank & Co", "title": "The <bank>", "environments": ["test", "sandbox"]}),
    ("cleo", nothing, "/apps/title", {"name": "wallet", "title": "New \"title\""}),
    (
        "cleo", nothing, "/apps/rules",
        {"environment": "wallet:sandbox", "requires_review": "yes", "supports_pilot": "no", "demands_pilot": "",
         "static_host": "no", "extra_reviewers": "2"},
    ),
    ("cleo", nothing, "/apps/rules", {"environment": "wallet:production", "provenance_keys": PUBLIC_KEY}),
    ("cleo", nothing, "/apps/rules", {"environment": "wallet:production", "promotion_keys": PUBLIC_KEY}),
    ("cleo", nothing, "/apps/remove", {"name": "wallet", **WHY}),
    (
        "cleo", nothing, "/members",
        {"name": "dan <d>", "title": "Dan & Co", "role": "reviewer", "host_app": "wallet", "environment": "test",
         "program": "acme_*", **WHY},
    ),
    (
        "cleo", joined, "/people/dan/give",
        {"role": "inspector", "host_app": "", "environment": "sandbox", "program": "shop", **WHY},
    ),
    ("cleo", joined, "/people/dan/take", {"grant": ["operator on wallet:*"], **WHY}),
    (
        "cleo", nothing, "/tokens",
        {"member": "ann", "description": "The <pipeline>", "days": "7", "role": "operator", "host_app": "wallet",
         "environment": "production", "program": "shop"},
    ),
    ("cleo", joined, "/people/dan/offboard", WHY),
    ("cleo", nothing, "/sessions/end", {"member": "ann", **WHY}),
    ("ann", nothing, f"{SHOP}/releases", {"version": "1.0.0", "target": "wallet:test", "kind": "trial"}),
    (
        "ann", nothing, f"{SHOP}/segments",
        {"name": "vip", "ids": "a\n<b>", "column": "mail", "kind": "patterns", "ignore_case": "yes"},
    ),
    ("ann", listed, f"{SHOP}/segments/remove", {"name": "vip"}),
    ("ann", listed, f"{SHOP}/segments/vip/ids", {"ids": "a\n<b>"}),
    (
        "ann", nothing, f"{SHOP}/switches",
        {"key": "cart", "type": "string", "default": '"<x>"', "description": "What & why", "rules": "[\n1]"},
    ),
    ("ann", switched, f"{SHOP}/switches/turn", {}),
    ("ann", switched, f"{SHOP}/switches/import", {"text": '{"switches": <>}', "existing": "overwrite"}),
    ("ann", switched, f"{SHOP}/switches/remove", {"key": "cart"}),
    ("ann", full, f"{AT}/1.0.0/links", {"hours": "336"}),
    (
        "ann", drafted, f"{NEW}/configure",
        {
            "title": "A <title>", "description": "two\nlines", "server_domains": "https://a.example",
            "webview_domains": "https://b.example", "upgrade": "forced", "network": "wifi",
            "minimum_version": "0.9.0", "window_users": "7", "window_on_end": "revert", "mode": "any",
            "attribute": ["country", "userId"], "operator": ["in", "str_contains"], "values": ["de\nfr", "x"],
            "inverted": ["", "yes"], "case": ["yes", ""],
        },
    ),
    (
        "ann", shared, f"{SHOP}/overrides",
        {
            "kind": "pin", "release": "1.1.0 on wallet:production", "mode": "any", "attribute": ["userId"],
            "operator": ["in"], "values": ["vip-1\nvip-2"], "inverted": ["yes"], "case": ["yes"], **WHY,
        },
    ),
    (
        "ann", full, f"{SHOP}/why",
        {"target": "wallet:test", "userId": "u<1>", "deviceId": "d", "others": "a=b\nc=d"},
    ),
    ("cleo", full, f"{SHOP}/overrides/otherwise", {"otherwise": "refuse"}),
    ("ann", denied, f"{SHOP}/overrides/o-2/lift", WHY),
    ("ann", drafted, f"{NEW}/apply", {}),
    ("bob", in_review, f"{NEW}/approve", {"reason": "good <work>"}),
    ("bob", in_review, f"{NEW}/reject", WHY),
    ("ann", in_review, f"{NEW}/withdraw", {}),
    ("ann", approved, f"{NEW}/pilot-start", {"testers": "tess@example.com; <tom>"}),
    ("ann", approved, f"{NEW}/pilot-skip", {}),
    ("ann", in_pilot, f"{NEW}/testers-add", {"testers": "one\ntwo, three"}),
    ("ann", in_pilot, f"{NEW}/testers-remove", {"testers": ["tom"], "others": "tess\n<x>"}),
    ("ann", in_pilot, f"{NEW}/pilot-complete", {}),
    ("ann", shared, f"{NEW}/grayscale", {"percent": "12.34"}),
    ("ann", shared, f"{NEW}/shrink", {"percent": "3.3", **WHY}),
    ("ann", shared, f"{NEW}/finish", {"final": "yes"}),
    ("ann", shared, f"{NEW}/pause", WHY),
    ("ann", paused, f"{NEW}/resume", WHY),
    ("ann", shared, f"{NEW}/halt", WHY),
    ("ann", shared, f"{NEW}/cancel", WHY),
    ("ann", canceled, f"{NEW}/reopen", WHY),
    ("ann", full, f"{AT}/1.0.0/rollback", {"to": "none", **WHY}),
    ("ann", full, f"{AT}/1.0.0/offline", WHY),
    ("ivy", shared, f"{NEW}/force-remove", WHY),
]  # fmt: skip
"""Who, in which world, sends what to where."""
IDS = [action for _, _, action, _ in FORMS]
TOKEN = "/tokens/{tokenId}/revoke"
LINK = f"{AT}/1.0.0/links/{{link}}/revoke"


def as_route(action: str) -> str:
    names = {"{overrideId}": "o-2", "{programId}": "shop", "{hostApp}": "wallet", "{environment}": "production"}
    names |= {"{member}": "dan", "{segment}": "vip"}
    for name, value in names.items():
        action = action.replace(name, value)
    return action.replace("{version}", "1.1.0")


def test_the_table_has_every_form() -> None:
    takes = {as_route(each.path) for each in pages(None, None) if each.method == "POST" and not each.is_part}
    for verb in VERBS:
        takes.add(f"{AT}/1.1.0/{verb.path}" if verb.scope != "new" else f"{SHOP}/releases")
    takes.discard(f"{AT}/1.1.0/{{verb}}")
    written = {action.replace("1.0.0", "1.1.0") for _, _, action, _ in FORMS} | {LINK.replace("1.0.0", "1.1.0")}
    assert takes == written | {TOKEN, "/sessions"}


@pytest.mark.parametrize(("who", "prepare", "action", "fields"), FORMS, ids=IDS)
def test_a_refused_form_comes_back_as_it_was_sent(world, browser, who, prepare, action, fields) -> None:
    """Refused for another session's secret, which any form can be; the next test has refusals of their own."""
    prepare(world)
    browser.sign_in(who).get(action)
    page = browser.refused(action, {**fields, "csrf": "of another session"})
    again = browser.get(str(browser.page.url).removeprefix(f"http://console.test{CONSOLE}"))
    for shown in (page, again):
        form = sent_by(shown, action)
        assert {name: form.get(name) for name in fields} == {
            name: value if isinstance(value, list) else [value] for name, value in fields.items()
        }
        assert "nothing was done" in shown


REFUSALS: list[tuple[str, Any, str, dict[str, Any], str, str]] = [
    ("cleo", nothing, "/apps", {"name": "wallet", "title": "Twice"}, "", "wallet"),
    ("cleo", nothing, "/members", {"name": "a b", "role": "reviewer"}, "name", "member"),
    ("cleo", nothing, "/members", {"name": "cleo", "role": "inspector"}, "", "another administrator"),
    ("cleo", nothing, "/members", {"name": "dan", "role": "king"}, "role", "hoose a role"),
    ("cleo", nothing, "/members", {"name": "dan", "role": "reviewer", "program": "a b"}, "program", "program"),
    ("cleo", nothing, "/members", {"name": "dan", "role": "reviewer", "environment": "x"}, "environment", ""),
    ("ann", nothing, "/members", {"name": "dan", "role": "reviewer"}, "", "takes the role admin"),
    ("cleo", joined, "/people/dan/offboard", {"reason": ""}, "reason", "ay why they leave"),
    ("cleo", nothing, "/people/cleo/offboard", WHY, "", "is the last one"),
    ("cleo", joined, "/people/dan/take", {}, "grant", "ick at least one"),
    ("cleo", joined, "/people/dan/take", {"grant": ["admin"]}, "grant", "not held any more"),
    ("cleo", nothing, "/tokens", {"member": "ann", "days": "900"}, "days", "1 to 366 days"),
    ("cleo", nothing, "/tokens", {"member": "ann", "days": "x"}, "days", "no whole number"),
    ("cleo", nothing, "/sessions/end", {"member": "nobody"}, "", "no member"),
    ("ann", nothing, "/tokens", {"days": "100"}, "days", "ends no later"),
    ("ann", nothing, "/tokens", {"member": "bob"}, "", "takes the role admin"),
    ("ann", nothing, "/tokens", {"role": "reviewer"}, "", "does not have the role reviewer"),
    ("ann", full, f"{SHOP}/releases", {"version": "1.0.0", "target": "wallet:production"}, "", "goes to a target"),
    ("ann", full, f"{SHOP}/overrides", {"release": "1.0.0 on wallet:production", **WHY}, "audience", "condition"),
    ("ann", full, f"{SHOP}/why", {"target": "wallet:production", "others": "x"}, "others", "is not name=value"),
    ("ann", full, f"{SHOP}/why", {"target": "wallet:production", "others": "x=y"}, "others", "not an attribute"),
    ("ann", full, f"{SHOP}/overrides", {"release": "nowhere", **WHY}, "release", "is not a target"),
    ("ann", nothing, f"{SHOP}/segments", {"name": "vip", "column": "x"}, "ids", "either a file nor ids"),
    ("ann", nothing, f"{SHOP}/switches", {"key": "k", "type": "number", "default": "x"}, "default", "is not JSON"),
    ("ann", nothing, f"{SHOP}/switches", {"key": "k", "type": "json", "default": "1", "rules": "{"}, "rules", ""),
    ("ann", drafted, f"{NEW}/configure", {"title": "T", "server_domains": "ftp://x"}, "server_domains", "is not"),
    ("ann", nothing, f"{SHOP}/segments", {"name": "vip", "kind": "patterns", "ids": "(a+)+$"}, "ids", "pattern"),
    ("ann", switched, f"{SHOP}/switches/import", {"text": "{"}, "text", "is not JSON"),
    ("cleo", nothing, "/apps/rules", {"environment": "wallet:test"}, "", "othing is changed"),
    (
        "cleo", nothing, "/apps/rules", {"environment": "wallet:production", "extra_reviewers": "x"},
        "extra_reviewers", "no whole number",
    ),
    ("ann", drafted, f"{NEW}/configure", {"minimum_version": "one"}, "minimum_version", "one"),
    ("ann", drafted, f"{NEW}/configure", {"window_start": "x", "window_users": "3"}, "window_end", ""),
    ("bob", in_review, f"{NEW}/reject", {}, "reason", "has to be filled in"),
    ("ann", in_pilot, f"{NEW}/testers-add", {"testers": "\u0000x"}, "testers", "tester"),
    ("ann", shared, f"{NEW}/grayscale", {"percent": "5"}, "percent", "only goes up"),
    ("ann", shared, f"{NEW}/grayscale", {"percent": "abc"}, "percent", "is not a percentage"),
    ("ann", shared, f"{NEW}/shrink", {"percent": "50", **WHY}, "percent", "below the present"),
    ("ann", shared, f"{NEW}/halt", {"reason": ""}, "reason", "has to be filled in"),
    ("ann", full, f"{AT}/1.0.0/rollback", {"to": "9.9.9", "confirmed": "yes"}, "to", "choose one of the list"),
    ("ann", full, f"{AT}/1.0.0/links", {"hours": "x"}, "hours", "how many hours"),
]  # fmt: skip


@pytest.mark.parametrize(
    ("who", "prepare", "action", "fields", "field", "words"), REFUSALS,
    ids=[f"{action}:{field}" for _, _, action, _, field, _ in REFUSALS],
)  # fmt: skip
def test_a_refusal_stands_at_its_field_in_plain_words(
    world, browser, who, prepare, action, fields, field, words
) -> None:
    prepare(world)
    browser.sign_in(who).get(action)
    page = browser.refused(action, fields)
    told = re.findall(r'class="problem" id="[^"]*?([a-z_]+)-problem">([^<]*)<', page)
    assert [name for name, _ in told] == ([field] if field else [])
    shown = page[page.index('role="alert"') :]
    assert words in shown
    assert not re.search(r"`|--[a-z]|\b[a-z]+_[a-z]+: ", shown[: shown.index("</div>")])


def test_every_action_address_can_be_looked_at(world, browser) -> None:
    shared(world)
    made = world.call("ann", "POST", f"/api/admin/v1{AT}/1.0.0/links", {"hours": 3})
    link = list_links(owner(world), "shop", "1.0.0", PRODUCTION).links[0].link_id
    assert made.status_code == 201
    browser.sign_in("ann")
    for action in [*IDS, LINK.format(link=link), "/login", "/logout", f"{NEW}/audience"]:
        answer = world.client.get(CONSOLE + action)
        gone = 404 if "/o-2/" in action or "/vip/" in action or action.startswith("/people/dan/") else 200
        gone = 403 if action.endswith("/offboard") else gone
        assert answer.status_code in (gone, 303), action


def owner(world: Any) -> CommandContext:
    return CommandContext(world.storage, store_owner("owner"), NOON)


@pytest.mark.parametrize("end", ["signed out", "revoked", "unknown"])
def test_a_session_that_ended_keeps_the_text(world, browser, end) -> None:
    drafted(world)
    browser.sign_in("ann").get(f"{NEW}/configure")
    typed = {
        "title": "A long <title>",
        "description": "l\n" * 900,
        "csrf": browser.hidden("csrf"),
        "revision": "1",
    }
    if end == "signed out":
        world.client.post(f"{CONSOLE}/logout", data={"csrf": typed["csrf"]})
    elif end == "revoked":
        world.call("cleo", "POST", "/api/admin/v1/members/ann/remove", {}, if_match="*")
    else:
        world.client.cookies.clear()

    asked = world.client.post(CONSOLE + f"{NEW}/configure", data=typed)
    resumed = sent_by(asked.text, "/login")["resumed"][0]
    who = "ann" if end != "revoked" else "bob"
    wrong = world.client.post(f"{CONSOLE}/login", data={"token": "mpt_wrong", "resumed": resumed})
    assert sent_by(wrong.text, "/login")["resumed"][0] == resumed, "a mistyped token loses nothing either"
    signed = world.client.post(f"{CONSOLE}/login", data={"token": world.tokens[who], "resumed": resumed})

    page = browser.get(signed.headers["location"].removeprefix(CONSOLE))
    form = sent_by(page, f"{NEW}/configure")
    assert (form["title"], form["description"]) == ([typed["title"]], [typed["description"]])
    assert "Your session had ended, so nothing was done." in page


@pytest.mark.parametrize("action", ["https://evil.example/", "//evil", "/api/admin/v1/x", 3, None])
def test_what_is_resumed_leads_nowhere_else(world, action) -> None:
    resumed = json.dumps({"action": action, "fields": {"a": ["b"]}})
    answer = world.client.post(f"{CONSOLE}/login", data={"token": world.tokens["ann"], "resumed": resumed})
    assert answer.headers["location"] == f"{CONSOLE}/"


def test_only_what_must_be_filled_in_is_demanded_by_the_browser(world, browser) -> None:
    shared(world)
    browser.sign_in("ann")
    assert not re.search(r'<(input|textarea)[^>]* name="reason"[^>]* required', browser.get(f"{NEW}/cancel"))
    assert re.search(r'<input[^>]* name="reason"[^>]* required', browser.get(f"{NEW}/halt"))


def test_somebody_elses_draft_is_not_shown(world, browser) -> None:
    drafted(world)
    browser.sign_in("ann").get(f"{NEW}/configure")
    browser.refused(f"{NEW}/configure", {"title": "secret plans", "server_domains": "x"})
    address = str(browser.page.url).removeprefix(f"http://console.test{CONSOLE}")
    assert "secret plans" in browser.get(address)
    assert "secret plans" not in browser.sign_in("cleo").get(address)


def test_a_form_that_is_done_is_forgotten(world, browser) -> None:
    drafted(world)
    browser.sign_in("ann").get(f"{NEW}/configure")
    browser.refused(f"{NEW}/configure", {"title": "Version of June", "server_domains": "x"})
    address = str(browser.page.url).removeprefix(f"http://console.test{CONSOLE}")
    draft = parse_qs(address.partition("?")[2])["draft"][0]
    browser.done(f"{NEW}/configure", {"title": "Second", "server_domains": "", "draft": draft})
    assert "Version of June" not in browser.get(address)


def test_a_conflict_tells_what_the_others_did_and_what_the_field_says_now(world, browser) -> None:
    drafted(world)
    browser.sign_in("ann").get(f"{NEW}/configure")
    world.do("cleo", "configure", {"title": "From Cleo"}, version="1.1.0")
    page = browser.refused(f"{NEW}/configure", {"title": "From Ann", "description": "Buy things"})
    assert "cleo configured 1.1.0" in page
    assert "Somebody made it: From Cleo" in page
    assert page.count("Somebody made it:") == 1
    assert sent_by(page, f"{NEW}/configure")["title"] == ["From Ann"]
    sent = sent_by(page, f"{NEW}/configure")
    browser.done(f"{NEW}/configure", {name: values[0] for name, values in sent.items() if name})


STEPS_FOR_ALL = [
    (shared, f"{NEW}/finish", {"final": "yes"}, "full"),
    (shared, f"{NEW}/grayscale", {"percent": "100"}, "grayscale 100 %"),
    (full, f"{AT}/1.0.0/rollback", {"to": "none", "reason": "it broke"}, "archived"),
    (full, f"{AT}/1.0.0/rollback", {"to": "embedded", "reason": "it broke"}, "archived"),
    (full, f"{AT}/1.0.0/offline", {"reason": "it is over"}, "asked to go offline"),
]


@pytest.mark.parametrize(
    ("prepare", "action", "fields", "after"), STEPS_FOR_ALL, ids=[s[1] for s in STEPS_FOR_ALL]
)
def test_what_reaches_everybody_is_asked_first(world, browser, prepare, action, fields, after) -> None:
    prepare(world)
    browser.sign_in("ann").get(action.rpartition("/")[0])
    page = browser.refused(action, fields)
    assert 'role="alert"' not in page
    version = action.rpartition("/")[0].rpartition("/")[2]
    before = world.call("ann", "GET", f"/api/admin/v1{action.rpartition('/')[0]}").json()["revision"]
    sent = sent_by(page, action)
    assert sent["confirmed"] == ["yes"]
    done = browser.done(action, {name: values[0] for name, values in sent.items()})
    assert f'">{after}</span>' in done
    assert version in done
    assert world.call("ann", "GET", f"/api/admin/v1{action.rpartition('/')[0]}").json()["revision"] > before


BRAKES = [("ann", "pause"), ("ann", "halt"), ("ivy", "force-remove")]


@pytest.mark.parametrize(("who", "verb"), BRAKES, ids=[verb for _, verb in BRAKES])
def test_nobody_holds_up_a_brake(world, browser, who, verb) -> None:
    """Denials, testers and switches of others between opening the page and pressing."""
    assert {each.name for each in VERBS if each.brake} == {verb for _, verb in BRAKES}
    shared(world)
    browser.sign_in(who).get(f"{NEW}/{verb}")
    sent = {name: values[0] for name, values in sent_by(browser.page.text, f"{NEW}/{verb}").items()}
    for _ in range(3):
        world.call("bob", "POST", f"/api/admin/v1{NEW}/finish", {}, if_match="*")
    note_denial(world.storage, owner(world).event("release finish", outcome="denied", reason="x"), now=NOON)
    switched(world)
    browser.done(f"{NEW}/{verb}", {**sent, "reason": "it flickers"})
    assert "“it flickers”" in browser.get(f"{SHOP}/audit")


def test_no_rule_speaks_of_commands_in_the_browser() -> None:
    source = Path(guards.__file__).read_text()
    said = re.findall(r'f?"([^"\n]*(?:`|--)[^"\n]*)"', source)
    assert len(said) > 6
    codes = dict(
        re.findall(
            r'@_guard\("(\w+)".*?\)\ndef \w+\(inputs: TransitionInput\).*?:\n(.*?)(?=\n\n\n|\Z)', source, re.S
        )
    )
    for code, body in codes.items():
        assert code in RULES
        for text in re.findall(r'f?"([^"\n]*(?:`|--)[^"\n]*)"', body):
            assert not re.search(r"`|--", plain(text, code)), (code, plain(text, code))
    for text in said:
        if "--" not in text:
            assert "`" not in plain(text)
