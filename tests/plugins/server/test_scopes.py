"""What somebody may read reaches as far as their roles: every operation of the API, every page of the console."""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import Any

import pytest

from miniprogram.identity.command_context import CommandContext
from miniprogram.identity.host_apps import add_app
from miniprogram.identity.members import add_member
from miniprogram.identity.roles import Grant, Role, store_owner
from miniprogram.identity.tokens import create_token
from miniprogram.publish.layouts.cloud import CloudLocation, cloud_layout
from miniprogram.publish.to_store import publish_to_store
from miniprogram.releases.commands.overrides import add_override
from miniprogram.releases.commands.segments import put_ids
from miniprogram.releases.commands.switches import set_switch
from miniprogram.releases.execution import perform
from miniprogram.targets import Stage, Target
from miniprogram.testing import NOON, sample_release
from miniprogram_server.admin.framework.operation import ANYBODY, Operation
from miniprogram_server.admin.framework.rate_limit import Rate
from miniprogram_server.admin.operations.table import OPERATIONS
from miniprogram_server.console.pages import pages
from plugins.server.conftest import API, Administered, administered

PROGRAMS, APPS = ("acme_pay", "acme_shop", "zeta_mart"), ("wallet", "bank")
SAID = {"title": "T", "description": "D", "server_domains": ()}

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
    """Three programs, each with a full release, an override, a segment and a switch on two host apps."""
    made = administered(Rate(per_second=1000, burst=100_000))
    owner = CommandContext(made.storage, store_owner("owner"), NOON)
    add_app(owner, "bank")
    for program in PROGRAMS:
        layout = cloud_layout(sample_release(program), CloudLocation("team", "dev", "bucket", "here"))
        publish_to_store(made.storage.store, layout)
        put_ids(owner, program, "vip", ["ann"])
        set_switch(owner, program, {"key": "new", "type": "boolean", "default": True})
        for app in APPS:
            target = Target(host_app=app, environment=Stage.PRODUCTION)
            perform(owner, program, "create", "1.0.0", target)
            perform(owner, program, "configure", "1.0.0", target, **SAID)
            for verb in ("apply", "approve", "pilot skip"):
                perform(owner, program, verb, "1.0.0", target)
            perform(owner, program, "finish", "1.0.0", target, final=True)
            nobody = {"attribute": "userId", "operator": "in", "values": ["nobody"]}
            add_override(
                owner, program, target, kind="deny", audience=nobody, version=None, reason=f"{program} {app}"
            )
    for name, (grant, _, _) in SCOPES.items():
        member = name.replace(" ", "-") + "@example.com"
        add_member(owner, member, [grant])
        made.tokens[name] = create_token(owner, member).token
    yield made
    made.client.close()


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
            hidden_apps = set() if "hostApp" in named or operation.name == "ReleaseLint" else set(APPS) - apps
            text = answer.text
            if "programId" not in named:
                assert not [name for name in set(PROGRAMS) - programs if f'"{name}"' in text]
            assert not [
                name for name in hidden_apps if f'"{name}:production"' in text or f'"hostApp":"{name}"' in text
            ]


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
    "route", [each for each in pages(None) if each.method == "GET"], ids=lambda each: each.path
)
def test_a_page_shows_what_is_within_the_grant_and_nothing_else(
    world: Administered, route: Any, scope: str
) -> None:
    _, programs, apps = SCOPES[scope]
    sign_in(world, scope)
    for program in PROGRAMS:
        for app in APPS:
            names = {"programId": program, "hostApp": app, "environment": "production", "version": "1.0.0"}
            path = re.sub(r"\{(\w+)\}", lambda found: {**names, "segment": "vip"}[found[1]], route.path)  # noqa: B023
            query = f"?target={app}:production" if path.endswith("/why") else ""
            answer = world.client.get(f"/console{path}{query}")
            if "{programId}" in route.path:
                wanted = program in programs and (("{hostApp}" not in route.path and not query) or app in apps)
            else:
                wanted = not route.path.startswith("/audit") or scope == "everywhere"
            assert (answer.status_code < 400) == wanted, (path, answer.status_code)
            if not wanted:
                assert answer.status_code == 403
                assert "1.0.0" not in answer.text
                continue
            shown = answer.text
            if "{programId}" not in route.path:
                assert not [name for name in set(PROGRAMS) - programs if name in shown]
            if "{hostApp}" not in route.path and route.path != "/apps":
                assert not [name for name in set(APPS) - apps if f"{name}:production" in shown]


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
