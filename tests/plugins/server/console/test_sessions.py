"""Sessions: listed, ended, ended everywhere, and never taken over; and the record of who came."""

from __future__ import annotations

import re
from collections.abc import Callable
from dataclasses import replace

import pytest

from miniprogram.identity.access_log import MAX_ENTRIES, Access, list_access, note_access
from miniprogram.identity.command_context import CommandContext
from miniprogram.identity.members import add_member, remove_member
from miniprogram.identity.roles import Grant, Role, store_owner
from miniprogram.identity.sessions import end_sessions
from miniprogram.identity.tokens import create_token, revoke_token
from miniprogram.refusals import Denied
from miniprogram.testing import NOON
from miniprogram_server.console.session.came_from import CameFrom, address_words, browser_words
from miniprogram_server.console.session.sessions import COOKIE, IDLE_S, SEEN_EVERY_S, Sessions
from miniprogram_server.serving.shared_state import SharedState, shared_file
from plugins.server.conftest import API, CONSOLE

FIREFOX = "Mozilla/5.0 (X11; Linux x86_64; rv:145.0) Gecko/20100101 Firefox/145.0"


def signed_in(world, who: str) -> dict[str, str]:
    """The cookie of a new session of somebody, as headers."""
    world.client.cookies.clear()
    answer = world.client.post(
        f"{CONSOLE}/login", data={"token": world.tokens[who]}, headers={"user-agent": FIREFOX}
    )
    assert answer.status_code == 303
    cookie = answer.cookies[COOKIE]
    world.client.cookies.clear()
    return {"cookie": f"{COOKIE}={cookie}"}


def is_in(world, cookie: dict[str, str]) -> bool:
    return world.client.get(f"{CONSOLE}/", headers=cookie).status_code == 200


def listed(world, who: str) -> list[dict[str, str]]:
    return world.call(who, "GET", f"{API}/sessions").json()["sessions"]


def test_who_signs_in_again_has_a_new_id_and_the_old_one_opens_nothing(world) -> None:
    first = world.client.post(f"{CONSOLE}/login", data={"token": world.tokens["ann"]}).cookies[COOKIE]
    second = world.client.post(f"{CONSOLE}/login", data={"token": world.tokens["ann"]}).cookies[COOKIE]
    world.client.cookies.clear()

    assert first != second
    assert not is_in(world, {"cookie": f"{COOKIE}={first}"})
    assert is_in(world, {"cookie": f"{COOKIE}={second}"})


def test_an_id_that_somebody_else_chose_is_not_taken_over(world) -> None:
    planted = {"cookie": f"{COOKIE}=planted-by-somebody-else"}

    answer = world.client.post(f"{CONSOLE}/login", data={"token": world.tokens["ann"]}, headers=planted)
    world.client.cookies.clear()

    assert answer.cookies[COOKIE] != "planted-by-somebody-else"
    assert not is_in(world, planted)


def test_administrators_see_all_and_others_their_own(world) -> None:
    signed_in(world, "ann")
    signed_in(world, "bob")

    assert [(each["member"], each["browser"]) for each in listed(world, "cleo")] == [
        ("bob", "Firefox on Linux"), ("ann", "Firefox on Linux"),
    ]  # fmt: skip
    assert [each["member"] for each in listed(world, "ann")] == ["ann"]


def test_one_session_is_ended_and_the_others_go_on(world) -> None:
    ann, bob = signed_in(world, "ann"), signed_in(world, "bob")
    ids = {each["member"]: each["id"] for each in listed(world, "cleo")}

    assert world.call("ann", "POST", f"{API}/sessions/{ids['bob']}/end", {}).status_code == 404
    assert world.call("cleo", "POST", f"{API}/sessions/{ids['ann']}/end", {}).status_code == 200

    assert (is_in(world, ann), is_in(world, bob)) == (False, True)


def leave(context: CommandContext) -> None:
    remove_member(context, "ann")


def leave_and_come_back(context: CommandContext) -> None:
    remove_member(context, "ann")
    add_member(replace(context, now=context.now), "ann", [Grant(role=Role.OPERATOR)])


def all_ended(context: CommandContext) -> None:
    end_sessions(context, "ann", reason="a laptop was lost")


@pytest.mark.parametrize("end", [leave, leave_and_come_back, all_ended], ids=lambda each: each.__name__)
def test_what_is_done_with_the_store_ends_sessions_at_once(world, end: Callable[[CommandContext], None]) -> None:
    ann, bob = signed_in(world, "ann"), signed_in(world, "bob")
    later = CommandContext(world.storage, store_owner("owner"), world.now())

    end(later)

    assert (is_in(world, ann), is_in(world, bob)) == (False, True)
    assert [each["member"] for each in listed(world, "cleo")] == ["bob"]


def test_after_all_were_ended_one_signs_in_again(world) -> None:
    signed_in(world, "ann")
    all_ended(CommandContext(world.storage, store_owner("owner"), world.now()))

    assert is_in(world, signed_in(world, "ann"))


def test_nobody_ends_the_sessions_of_somebody_else(world) -> None:
    bob = signed_in(world, "bob")

    answer = world.call("ann", "POST", f"{API}/members/bob/sessions/end", {}, if_match="*")

    assert (answer.status_code, answer.json()["rule"]) == (403, "role")
    assert is_in(world, bob)


def test_a_session_is_known_to_every_process_and_ends_in_every_one() -> None:
    with shared_file() as path:
        one, other = Sessions(SharedState(path)), Sessions(SharedState(path))
        session = one.begin("ann", token_id=None, way="account", came=CameFrom("192.0.2.*", "Firefox"), now=NOON)
        (seen,) = other.listed()
        assert (seen.signed_in.member, seen.came.browser, seen.id) == ("ann", "Firefox", session.public_id)

        other.end_by_id(seen.id)

        assert one.find(session.id, NOON) is None


def test_a_session_that_is_left_alone_ends_and_being_seen_is_not_written_every_time() -> None:
    instant = [0.0]
    state = SharedState()
    sessions = Sessions(state, lambda: instant[0])
    session = sessions.begin("ann", token_id=None, way="account", came=CameFrom("", ""), now=NOON)
    changes = state._connection.total_changes

    for _ in range(10):
        instant[0] += SEEN_EVERY_S / 100
        assert sessions.find(session.id, NOON) is not None
    assert state._connection.total_changes == changes

    instant[0] += IDLE_S + 1
    assert sessions.find(session.id, NOON) is None
    assert sessions.listed() == []


@pytest.mark.parametrize(
    ("host", "words"),
    [
        ("192.0.2.77", "192.0.2.*"), ("127.0.0.1", "this machine"), ("::1", "this machine"),
        ("2001:db8:1:2::7", "2001:db8:1:*"), ("::ffff:192.0.2.77", "192.0.2.*"), ("fe80::1%eth0", "fe80:0:0:*"),
        ("", "a local socket"), ("testclient", "an unknown address"),
    ],
)  # fmt: skip
def test_an_address_is_told_by_its_beginning(host: str, words: str) -> None:
    assert address_words(host) == words


@pytest.mark.parametrize(
    ("agent", "words"),
    [
        (FIREFOX, "Firefox on Linux"),
        ("Mozilla/5.0 (Windows NT 10.0; Win64; x64) AppleWebKit/537.36 (KHTML, like Gecko) Chrome/140.0 "
         "Safari/537.36 Edg/140.0", "Edge on Windows"),
        ("Mozilla/5.0 (iPhone; CPU iPhone OS 18_0 like Mac OS X) AppleWebKit/605.1.15 Version/18.0 Safari/604.1",
         "Safari on iPhone"),
        ("curl/8.5.0", "curl"), ("", "an unknown browser"), ("<script>", "an unknown browser"),
    ],
)  # fmt: skip
def test_a_browser_is_told_by_its_name(agent: str, words: str) -> None:
    assert browser_words(agent) == words


def test_the_access_log_tells_who_came_and_who_did_not(world) -> None:
    browser = {"user-agent": FIREFOX}
    context = CommandContext(world.storage, store_owner("owner"), NOON)
    gone = create_token(context, "ivy")
    revoke_token(context, gone.id)
    world.client.post(f"{CONSOLE}/login", data={"token": "mpt_0_wrong"}, headers=browser)
    world.client.post(f"{CONSOLE}/login", data={"token": gone.token}, headers=browser)
    cookie = signed_in(world, "ann")
    page = world.client.get(f"{CONSOLE}/sessions", headers=cookie).text
    csrf = re.search(r'name="csrf" value="([^"]+)"', page)[1]  # type: ignore[index]
    world.client.post(f"{CONSOLE}/logout", data={"csrf": csrf}, headers={**cookie, **browser})

    entries = world.call("cleo", "GET", f"{API}/audit/access").json()["entries"]

    assert [(each["member"], each["outcome"], each["way"]) for each in entries] == [
        ("ann", "signed out", "token"), ("ann", "signed in", "token"),
        ("ivy", "refused", "token"), (None, "failed", "token"),
    ]  # fmt: skip
    stored = world.storage.store.get("metadata/admin/access.json").body.decode()
    assert "mpt_" not in stored
    assert gone.token.rsplit("_", 1)[1] not in stored


def test_only_administrators_read_the_access_log(world, browser) -> None:
    assert world.call("ann", "GET", f"{API}/audit/access").status_code == 403
    browser.sign_in("ann")
    assert world.client.get(f"{CONSOLE}/access").status_code == 403
    browser.sign_in("cleo")
    assert "signed in" in browser.get("/access")


def test_strangers_who_fail_keep_nobody_busy(world) -> None:
    """Whoever fails again is counted at most once a minute."""
    store, before = world.storage.store, None
    for number in range(9):
        world.client.post(f"{CONSOLE}/login", data={"token": f"wrong-{number}"})
        now = store.get("metadata/admin/access.json").etag
        before = before or now
        assert now == before


def test_the_log_is_bounded_and_read_by_pages(world) -> None:
    context = CommandContext(world.storage, store_owner("owner"), NOON)
    for number in range(MAX_ENTRIES + 3):
        note_access(world.storage, Access(member=f"m{number}", way="token", outcome="signed in"), now=NOON)

    newest = list_access(context, limit=2)
    older = list_access(context, limit=2, before=newest.next_before)
    oldest = list_access(context, limit=50, before=5)

    assert (newest.total, [each.member for each in newest.entries]) == (1003, ["m1002", "m1001"])
    assert [each.member for each in older.entries] == ["m1000", "m999"]
    assert ([each.member for each in oldest.entries], oldest.next_before) == (["m3"], None)


def test_reading_it_takes_an_administrator(world) -> None:
    context = CommandContext(world.storage, store_owner("owner"), NOON)
    with pytest.raises(Denied):
        list_access(replace(context, actor=context.actor.model_copy(update={"grants": ()})))
