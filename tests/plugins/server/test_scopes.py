"""What somebody may read reaches as far as their roles: every operation of the API, every page of the console."""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import Any
from urllib.parse import urlencode

import pytest

from miniprogram.identity.command_context import CommandContext
from miniprogram.identity.host_apps import add_app
from miniprogram.identity.members import add_member
from miniprogram.identity.roles import Grant, Role, store_owner
from miniprogram.identity.tokens import create_token
from miniprogram.publish.layouts.cloud import CloudLocation, cloud_layout
from miniprogram.publish.to_store import publish_to_store
from miniprogram.releases.commands.overrides import add_override
from miniprogram.releases.commands.segments import put_ids, put_patterns
from miniprogram.releases.commands.switches import set_switch
from miniprogram.releases.execution import perform
from miniprogram.targets import Stage, Target
from miniprogram.testing import NOON, sample_release
from miniprogram_server.admin.framework.operation import ANYBODY, Operation
from miniprogram_server.admin.framework.rate_limit import Rate
from miniprogram_server.admin.operations.table import OPERATIONS
from miniprogram_server.console.pages import pages
from miniprogram_server.console.views import programs as program_pages
from plugins.server.conftest import API, Administered, administered

pytestmark = pytest.mark.slow

PROGRAMS, APPS = ("acme_pay", "acme_shop", "zeta_mart"), ("wallet", "bank")
SAID = {"title": "T", "description": "D", "server_domains": ()}
VIP = {"attribute": "userId", "operator": "segment", "values": ["vip"]}
NEVER = {"attribute": "hostApp", "operator": "in", "values": ["no app of this environment"]}
"""So that `lint` has something to say about each release."""

SCOPES: dict[str, tuple[Grant, set[str], set[str]]] = {
    "everywhere": (Grant(role=Role.REVIEWER), set(PROGRAMS), set(APPS)),
    "one program": (Grant(role=Role.DEVELOPER, program="acme_pay"), {"acme_pay"}, set(APPS)),
    "a beginning": (Grant(role=Role.OPERATOR, program="acme_*"), {"acme_pay", "acme_shop"}, set(APPS)),
    "one app": (Grant(role=Role.ADMIN, host_app="wallet"), set(PROGRAMS), {"wallet"}),
    "a program on an app": (
        Grant(role=Role.DEVELOPER, host_app="bank", program="zeta_mart"),
        {"zeta_mart"},
        {"bank"},
    ),
    "another stage": (Grant(role=Role.DEVELOPER, environment=Stage.SANDBOX), set(PROGRAMS), set()),
    "nothing there": (Grant(role=Role.DEVELOPER, host_app="gone", program="gone"), set(), set()),
}
"""A grant, and the programs and apps of which it lets somebody read."""


@pytest.fixture(scope="module")
def world() -> Iterator[Administered]:
    """Three programs, each with a release, an override and a switch on two host apps, which all ask a segment."""
    made = administered(Rate(per_second=1000, burst=100_000))
    owner = CommandContext(made.storage, store_owner("owner"), NOON)
    add_app(owner, "bank", stages=[Stage.TEST])
    for program in PROGRAMS:
        layout = cloud_layout(sample_release(program), CloudLocation("team", "dev", "bucket", "here"))
        publish_to_store(made.storage.store, layout)
        put_ids(owner, program, "vip", ["ann"])
        put_patterns(owner, program, "staff", ["s[0-9]+"])
        for app in APPS:
            rules = [{"value": False, "audience": VIP}]
            switch = {"key": f"only_{app}", "type": "boolean", "default": True, "rules": rules}
            switch |= {"hostApp": app, "environment": "production"}
            set_switch(owner, program, switch)
            target = Target(host_app=app, environment=Stage.PRODUCTION)
            perform(owner, program, "create", "1.0.0", target)
            perform(owner, program, "configure", "1.0.0", target, **SAID, audience={"all": [VIP, NEVER]})
            for verb in ("apply", "approve", "pilot skip"):
                perform(owner, program, verb, "1.0.0", target)
            perform(owner, program, "finish", "1.0.0", target, final=True)
            reason = f"{program} {app}"
            add_override(owner, program, target, kind="deny", audience=VIP, version=None, reason=reason)
        perform(owner, program, "create", "1.0.0", Target(host_app="bank", environment=Stage.TEST))
    for name, (grant, _, _) in SCOPES.items():
        add_member(owner, member_of(name), [grant])
        made.tokens[name] = create_token(owner, member_of(name)).token
    yield made
    made.client.close()


def member_of(scope: str) -> str:
    return scope.replace(" ", "-") + "@example.com"


NUMBER = {"wallet": 2, "bank": 4}
"""What follows `o-` in the id of the override on each app."""


def named_by(app: str) -> list[str]:
    """How answers and pages would tell of something on `app`."""
    return [f"{app}:production", f'"hostApp":"{app}"', f"only_{app}", f"on {app}", f"deny o-{NUMBER[app]}"]


def pages_of(world: Administered, scope: str, **query: str) -> list[dict[str, Any]]:
    """All pages of the list of programs, one program on each."""
    found, after = [], ""
    while True:
        asked = urlencode({**query, "limit": 1, "after": after})
        found.append(world.call(scope, "GET", f"{API}/programs?{asked}").json())
        after = found[-1]["nextAfter"]
        if after is None:
            return found


def readings() -> list[Operation]:
    return [operation for operation in OPERATIONS if operation.permission == ANYBODY]


def path_of(operation: Operation, program: str, app: str) -> str:
    names = {
        "programId": program,
        "hostApp": app,
        "environment": "production",
        "version": "1.0.0",
        "segment": "vip",
    }
    return API + re.sub(r"\{(\w+)\}", lambda found: names[found[1]], operation.path)


@pytest.mark.parametrize("scope", SCOPES)
@pytest.mark.parametrize("operation", readings(), ids=lambda operation: operation.name)
def test_an_operation_answers_within_the_grant_and_nowhere_else(
    world: Administered, operation: Operation, scope: str
) -> None:
    _, programs, apps = SCOPES[scope]
    for program in PROGRAMS:
        for app in APPS:
            query = "?contains=ann" if "{segment}" in operation.path else ""
            answer = world.call(
                scope,
                operation.method,
                path_of(operation, program, app) + query,
                {} if operation.method == "POST" else None,
            )
            named = set(operation.names)
            if "programId" in named:
                wanted = program in programs and ("hostApp" not in named or app in apps)
            else:
                wanted = not operation.path.startswith("/audit") or scope == "everywhere"
            assert answer.status_code == (200 if wanted else 403), (program, app, answer.text)
            if not wanted:
                assert answer.json()["rule"] == "sight"
                continue
            text = answer.text
            if "programId" not in named:
                assert not [name for name in set(PROGRAMS) - programs if name in text]
            for hidden in set(APPS) - apps:
                assert not [each for each in named_by(hidden) if each in text]


@pytest.mark.parametrize("scope", SCOPES)
def test_no_page_of_programs_ends_at_one_that_may_not_be_read(world: Administered, scope: str) -> None:
    _, programs, _ = SCOPES[scope]

    found = pages_of(world, scope)

    listed = [each["miniProgramId"] for page in found for each in page["programs"]]
    assert programs == {*listed} - {"shop"}
    assert [page["nextAfter"] for page in found] == [*listed[:-1], None]


def test_no_page_of_the_console_ends_at_a_program_that_may_not_be_read(
    world: Administered, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(program_pages, "PAGE_SIZE", 1)
    sign_in(world, "a program on an app")

    shown = world.client.get("/console/").text

    assert "zeta_mart" in shown
    assert "1 program<" in shown
    assert 'rel="next"' not in shown


@pytest.mark.parametrize(
    "query", [{"state": "created"}, {"state": "created", "search": "1.0.0"}], ids=["state", "state and version"]
)
def test_a_search_finds_nothing_by_what_may_not_be_read(world: Administered, query: dict[str, str]) -> None:
    def found(scope: str) -> set[str]:
        return {each["miniProgramId"] for page in pages_of(world, scope, **query) for each in page["programs"]}

    assert found("everywhere") == set(PROGRAMS)
    assert found("one app") == set()
    assert found("a program on an app") == {"zeta_mart"}


@pytest.mark.parametrize("scope", SCOPES)
def test_people_are_for_those_who_have_a_role_everywhere(world: Administered, scope: str) -> None:
    members = [each["name"] for each in world.call(scope, "GET", f"{API}/members").json()["members"]]
    tokens = {each["member"] for each in world.call(scope, "GET", f"{API}/tokens").json()["tokens"]}
    me = world.call(scope, "GET", f"{API}/me").json()["name"]

    assert (len(members) > len(SCOPES)) == (scope == "everywhere")
    assert scope == "everywhere" or (members == [me] and tokens == {me})


_sessions: dict[tuple[int, str], dict[str, str]] = {}
"""Cookies by world and scope: signing in is limited."""


def sign_in(world: Administered, scope: str) -> None:
    known = _sessions.get((id(world), scope))
    world.client.cookies.clear()
    if known is None:
        signed = world.client.post("/console/login", data={"token": world.tokens[scope]})
        assert signed.status_code == 303, signed.text
        _sessions[id(world), scope] = dict(world.client.cookies)
    else:
        world.client.cookies.update(known)


@pytest.mark.parametrize("scope", SCOPES)
@pytest.mark.parametrize(
    "route",
    [each for each in pages(None, None) if each.method == "GET" and not each.path.startswith("/{rest")],
    ids=lambda each: each.path,
)
def test_a_page_shows_what_is_within_the_grant_and_nothing_else(
    world: Administered, route: Any, scope: str
) -> None:
    _, programs, apps = SCOPES[scope]
    sign_in(world, scope)
    for program in PROGRAMS:
        for app in APPS:
            names = {"programId": program, "hostApp": app, "environment": "production", "version": "1.0.0"}
            names |= {
                "member": member_of(scope),
                "tokenId": "0a1b2c3d4e",
                "segment": "staff" if route.path.endswith("/export") else "vip",
                "verb": "halt",
                "link": "k1",
                "overrideId": "o-1",
                "screen": f"{program}_home",
                "side": "new",
            }
            path = re.sub(r"\{(\w+)\}", lambda found: names[found[1]], route.path)  # noqa: B023
            query = f"?target={app}:production" if path.endswith("/why") else ""
            form = "?format=csv" if path.endswith("/export") else ""
            answer = world.client.get(f"/console{path}{query}{form}")
            if "{programId}" in route.path:
                wanted = program in programs and (("{hostApp}" not in route.path and not query) or app in apps)
            else:
                wanted = not route.path.startswith("/audit") or scope == "everywhere"
                wanted &= route.path not in ("/access", "/people/{member}/offboard")  # for administrators
            if wanted and {"{link}", "{overrideId}", "{tokenId}"} & set(re.findall(r"{\w+}", route.path)):
                assert answer.status_code in (403, 404), "there is none, and not everybody may know"
                continue
            assert (answer.status_code < 400) == wanted, (path, answer.status_code)
            if not wanted:
                assert answer.status_code == 403
                assert "1.0.0" not in answer.text
                continue
            shown = answer.text
            if "{programId}" not in route.path:
                assert not [name for name in set(PROGRAMS) - programs if name in shown]
            for hidden in set(APPS) - apps:
                assert not [each for each in named_by(hidden) if each in shown]


@pytest.mark.parametrize("scope", ["one program", "a beginning", "one app", "a program on an app"])
def test_writes_stay_within_the_grant_too(world: Administered, scope: str) -> None:
    grant, programs, apps = SCOPES[scope]
    verb, body = ("halt", {"reason": "x"}) if grant.role is not Role.DEVELOPER else ("offline", {"reason": "x"})
    for program in PROGRAMS:
        for app in APPS:
            target = f"{API}/programs/{program}/targets/{app}/production"
            path = f"{target}/offline" if verb == "offline" else f"{target}/releases/1.0.0/halt"
            before = world.storage.store.get(world.storage.keys.release_document_key(program)).etag
            answer = world.call(scope, "POST", path, body, if_match="*")
            allowed = program in programs and app in apps
            assert (answer.status_code != 403) == allowed, answer.text
            if not allowed:
                assert answer.json()["rule"] in {"role", "sight"}
                assert world.storage.store.get(world.storage.keys.release_document_key(program)).etag == before


@pytest.mark.parametrize("app", ["bank", "an app that is not there"])
def test_a_form_tells_nothing_of_a_target_that_may_not_be_read(world: Administered, app: str) -> None:
    sign_in(world, "one app")
    csrf = re.search(r'name="csrf" value="([^"]*)"', world.client.get("/console/programs/acme_pay").text)
    assert csrf is not None
    form = {"csrf": csrf[1], "version": "1.0.0", "target": f"{app}:production", "kind": "official"}

    answer = world.client.post("/console/programs/acme_pay/releases", data=form)

    shown = world.client.get(answer.headers["location"]).text
    assert "no role" in shown
    assert "is full" not in shown


OVERRIDES = f"{API}/programs/acme_pay/overrides"


def override_ids(world: Administered, scope: str) -> list[str]:
    return [each["id"] for each in world.call(scope, "GET", OVERRIDES).json()["overrides"]]


def test_whoever_may_set_an_override_may_lift_it(world: Administered) -> None:
    body = {"kind": "deny", "audience": VIP, "reason": "a fault"}
    path = f"{API}/programs/acme_pay/targets/wallet/production/overrides"
    made = world.call("one app", "POST", path, body, if_match="*").json()["subject"]["id"]

    lifted = world.call("one app", "POST", f"{OVERRIDES}/{made}/lift", {"reason": "mended"}, if_match="*")

    assert (lifted.status_code, lifted.json()["subject"]["id"]) == (200, made)
    assert made not in override_ids(world, "everywhere")
    trail = world.call("one app", "GET", f"{API}/programs/acme_pay/audit").json()["events"]
    assert (trail[0]["command"], trail[0]["target"]) == ("release lift", "wallet:production")


def test_an_override_that_may_not_be_read_is_as_one_that_is_not_there(world: Administered) -> None:
    everywhere, readable = override_ids(world, "everywhere"), override_ids(world, "one app")
    (hidden,) = set(everywhere) - set(readable)

    answers = [
        world.call("one app", "POST", f"{OVERRIDES}/{name}/lift", {"reason": "x"}, if_match="*")
        for name in (hidden, "o-999")
    ]

    assert [answer.status_code for answer in answers] == [404, 404]
    told = [
        answer.json()["detail"].replace(name, "ID")
        for answer, name in zip(answers, (hidden, "o-999"), strict=True)
    ]
    assert told[0] == told[1]
    assert override_ids(world, "everywhere") == everywhere


def test_an_answer_is_kept_for_the_token_that_got_it(world: Administered) -> None:
    """Two tokens of one member may not be trusted with the same."""
    owner = CommandContext(world.storage, store_owner("owner"), NOON)
    add_member(owner, "dan", [Grant(role=Role.OPERATOR), Grant(role=Role.DEVELOPER, program="zeta_mart")])
    for name, grant in (
        ("dan's", Grant(role=Role.OPERATOR)),
        ("less", Grant(role=Role.DEVELOPER, program="zeta_mart")),
    ):
        world.tokens[name] = create_token(owner, "dan", grants=[grant]).token
    path, key = f"{API}/programs/acme_pay/targets/bank/production/why", "same-key"

    answers = [world.call(name, "POST", path, {}, Idempotency_Key=key).status_code for name in ("dan's", "less")]

    assert answers == [200, 403]


def test_members_are_named_by_their_address(world: Administered) -> None:
    name = "new.person+test@corp.example"
    path = f"{API}/members/{name.replace('+', '%2B').replace('@', '%40')}"

    grants = [{"role": "developer", "program": "acme_*"}, {"role": "reviewer"}]
    added = world.call("cleo", "PUT", path, {"grants": grants}, if_match="*")
    assert (added.status_code, added.json()["subject"]["name"]) == (200, name)
    taken = world.call("cleo", "POST", f"{path}/revoke", {"grants": grants[:1]}, if_match="*")
    assert taken.status_code == 200
    assert [each["role"] for each in taken.json()["subject"]["grants"]] == ["reviewer"]
    gone = world.call("cleo", "POST", f"{path}/remove", {}, if_match="*")
    assert gone.status_code == 200
