"""What went on before goes on, what was taken back can come back, and every way a refusal names is open."""

from __future__ import annotations

import json
import re
from typing import Any
from urllib.parse import urlencode

import pytest

from miniprogram.delivery.documents.profile import cloud_profile
from miniprogram.delivery.evaluation.ledger import MemoryLedger
from miniprogram.delivery.http.messages import Request
from miniprogram.delivery.http.service import DeliveryService
from miniprogram.identity.roles import Role
from miniprogram.refusals import Denied, NotFound, Refused
from miniprogram.releases.commands.overrides import set_otherwise
from miniprogram.releases.execution import perform
from miniprogram.releases.lint.lint import lint
from miniprogram.releases.model.states import State
from miniprogram.releases.verbs import BY_NAME
from miniprogram.stores.delivery_source import StoreSource
from miniprogram.targets import Stage, Target
from miniprogram.testing import NOON

PUBLISHED = "1.2.0"
NOW_NS = 1_893_585_600_000_000_000
PLACES = [(host, stage) for host in ("wallet", "bank", None) for stage in ("production", "test", "sandbox")]
AUDIENCE = {"attribute": "userId", "operator": "in", "values": ["ann"]}
WINDOW = {"start": "2030-01-02T00:00:00Z", "end": "2030-01-03T00:00:00Z", "max_users": 10}


def served(world: Any, host: str | None, stage: str, user: str = "stranger") -> str:
    """The version somebody gets there, or the reason for none."""
    service = DeliveryService(
        StoreSource(world.store), cloud_profile(), clock_ns=lambda: NOW_NS, ledger=MemoryLedger()
    )
    sent = {"sdkVersion": "1.0.0", "capabilities": "analytics", "environment": stage, "userId": user}
    query = urlencode({**sent, **({"hostApp": host} if host else {})})
    response = service.handle(Request("GET", "/api/manifests/shop/latest", query))
    body = json.loads(response.body)
    return str(body["version"] if response.status == 200 else body["error"]["details"]["decisionReason"])


def everywhere(world: Any) -> dict[Any, str]:
    return {where: served(world, *where) for where in PLACES}


WAY = [
    ("create", {}), ("configure", {"title": "Shop", "description": "Buy", "server_domains": []}), ("apply", {}),
    ("approve", {}), ("pilot start", {"testers": ["tess"]}), ("pause", {}), ("resume", {}),
    ("halt", {"reason": "why"}), ("resume", {}), ("pilot complete", {}), ("finish", {"final": True}),
    ("halt", {"reason": "why"}), ("resume", {}),
]  # fmt: skip


@pytest.mark.parametrize("stage", [Stage.TEST, Stage.PRODUCTION], ids=str)
def test_only_the_targets_own_people_see_a_release(world: Any, stage: Stage) -> None:
    """Everybody elsewhere has what is published after each command; strangers here until a release is full."""
    target = Target(host_app="wallet", environment=stage)
    before = everywhere(world)
    assert set(before.values()) == {PUBLISHED}

    for verb, arguments in WAY:
        if verb == "approve" and stage is Stage.TEST:
            continue  # it was approved at once
        perform(world.context, "shop", verb, "1.0.0", target, **arguments)
        release = world.document.live("1.0.0", target)
        here = ("wallet", str(stage))
        after = everywhere(world)
        assert {where: got for where, got in after.items() if where != here} == {
            where: got for where, got in before.items() if where != here
        }, verb
        if release.state is not State.FULL:
            assert after[here] == PUBLISHED, verb
        elif release.overlay is None:
            assert after[here] == "1.0.0", verb
        piloted = release.state in (State.PILOT, State.PREPARED) and release.overlay is None
        if release.state is not State.FULL:
            assert served(world, *here, user="tess") == ("1.0.0" if piloted else PUBLISHED), verb

    perform(world.context, "shop", "rollback", None, target, to="none", reason="off")
    assert everywhere(world) == {**before, ("wallet", str(stage)): "no_release_available"}


def test_what_others_lose_is_said_before_and_after(world: Any) -> None:
    world.approved("1.0.0")
    assert not lint(world.storage, "shop", now=NOON).findings
    set_otherwise(world.context, "shop", "refuse")
    assert set(everywhere(world).values()) == {PUBLISHED}, "nothing is out yet"

    (found,) = lint(world.storage, "shop", now=NOON).findings
    assert (found.code, "once the first release goes out" in found.message) == ("others-get-nothing", True)
    report = perform(world.context, "shop", "pilot start", "1.0.0", world.target, testers=["tess"])

    assert any("gives them that" in advice for advice in report.advice)
    assert served(world, "bank", "production") == "no_target"
    set_otherwise(world.context, "shop", "legacy")
    assert served(world, "bank", "production") == PUBLISHED


def _taken(world: Any, way: str) -> None:
    """Takes the full release of the target away, with nothing left."""
    if way == "rollback":
        perform(world.context, "shop", "rollback", None, world.target, to="none", reason="off")
    else:
        perform(world.context, "shop", "offline", None, world.target, reason="off")
        perform(world.as_person("bob", Role.REVIEWER), "shop", "approve", "1.1.0", world.target)


@pytest.mark.parametrize("way", ["rollback", "offline"])
@pytest.mark.parametrize("version", ["1.0.0", "1.1.0"])
def test_whatever_was_full_comes_back_from_nothing(world: Any, way: str, version: str) -> None:
    world.full("1.0.0", "1.1.0")
    _taken(world, way)
    assert served(world, "wallet", "production") == "no_release_available"

    report = perform(world.context, "shop", "rollback", None, world.target, to=version, reason="on again")

    assert (report.release.version, report.release.state) == (version, State.FULL)
    assert served(world, "wallet", "production") == version
    fulls = [each for each in world.document.releases if each.state is State.FULL]
    assert [each.version for each in fulls] == [version]
    if version == "1.1.0":
        assert world.document.fallback(world.target).version == "1.0.0"


def test_what_an_inspector_removed_does_not_come_back(world: Any) -> None:
    world.full("1.0.0")
    perform(world.context, "shop", "force-remove", "1.0.0", world.target, reason="malware")

    with pytest.raises(Refused) as caught:
        perform(world.context, "shop", "rollback", None, world.target, to="1.0.0", reason="on again")

    assert caught.value.rule == "destination_known"


def test_bringing_back_takes_a_reason(world: Any) -> None:
    world.full("1.0.0")
    _taken(world, "rollback")

    with pytest.raises(Refused) as caught:
        perform(world.context, "shop", "rollback", None, world.target, to="1.0.0")

    assert caught.value.rule == "reason_given"


@pytest.mark.parametrize("ended", ["cancel", "reject", "withdraw"])
def test_a_second_attempt_is_the_same_release(world: Any, ended: str) -> None:
    world.full("1.0.0")
    upgrade = {"mode": "forced", "network": "wifi"}
    world.drafted("1.1.0", audience=AUDIENCE, window=WINDOW, upgrade=upgrade)
    perform(world.context, "shop", "apply", "1.1.0", world.target)
    if ended == "cancel":
        perform(world.context, "shop", "approve", "1.1.0", world.target)
    before = world.document.live("1.1.0", world.target).configuration
    perform(
        world.context, "shop", ended, "1.1.0", world.target, **({} if ended == "withdraw" else {"reason": "no"})
    )

    again = perform(world.context, "shop", "reopen", "1.1.0", world.target, reason="again").release

    assert again.configuration == before
    assert (again.attempt, again.state, again.grayscale.basis_points) == (2, State.CREATED, 0)


SITUATIONS = {
    "canceled": lambda world: (world.approved("1.0.0"), _end(world, "cancel", reason="no")),
    "withdrawn": lambda world: (
        world.drafted("1.0.0"), perform(world.context, "shop", "apply", "1.0.0", world.target),
        _end(world, "withdraw"),
    ),
    "full": lambda world: world.full("1.0.0"),
    "nothing": lambda world: (world.full("1.0.0"), _end(world, "rollback", to="none", reason="off")),
    "removed": lambda world: (world.full("1.0.0"), _end(world, "force-remove", reason="malware")),
    "shared": lambda world: (world.full("1.0.0"), world.shared("1.1.0", 5000)),
    "no pilot": lambda world: world.approved("1.0.0"),
}  # fmt: skip
ARGUMENTS: dict[str, dict[str, Any]] = {
    "create": {}, "reopen": {"reason": "again"}, "configure": {"title": "x"}, "apply": {}, "withdraw": {},
    "approve": {}, "reject": {"reason": "no"}, "pilot start": {}, "testers add": {"testers": ["a"]},
    "testers remove": {"testers": ["a"]}, "pilot complete": {}, "pilot skip": {},
    "grayscale": {"basis_points": 100},
    "shrink": {"basis_points": 1, "reason": "less"}, "finish": {}, "pause": {}, "resume": {},
    "halt": {"reason": "no"},
    "cancel": {}, "rollback": {}, "offline": {"reason": "no"}, "force-remove": {"reason": "no"},
}  # fmt: skip
_command = re.compile(r"`release ([a-z-]+(?: [a-z]+)?)((?: --?[a-z]+(?: [A-Z0-9.]+)?)*)`").findall


def _end(world: Any, verb: str, **arguments: Any) -> None:
    version = None if BY_NAME[verb].scope == "target" else "1.0.0"
    perform(world.context, "shop", verb, version, world.target, **arguments)


def _suggestions(error: Exception) -> list[tuple[str, dict[str, Any]]]:
    """Verbs that a refusal names, with the arguments it names."""
    text = f"{error} {getattr(error, 'hint', None) or ''}"
    found = []
    for words, options in _command(text):
        name = words if words in BY_NAME else words.split()[0]
        more: dict[str, Any] = {}
        to = re.search(r"--to ([0-9.]+[0-9])", options)
        if to:
            more["to"] = to[1]
        if "--final" in options:
            more["final"] = True
        if name in BY_NAME:
            found.append((name, more))
    return found


@pytest.mark.parametrize("situation", SITUATIONS)
@pytest.mark.parametrize("verb", ARGUMENTS)
def test_every_way_a_refusal_names_is_open(world_over: Any, situation: str, verb: str) -> None:
    from miniprogram.stores.memory import MemoryObjectStore

    world = world_over(MemoryObjectStore())
    SITUATIONS[situation](world)
    version = None if BY_NAME[verb].scope == "target" else ("1.1.0" if situation == "shared" else "1.0.0")
    try:
        perform(world.context, "shop", verb, version, world.target, **ARGUMENTS[verb])
    except (Refused, NotFound, Denied) as error:
        for name, more in _suggestions(error):
            arguments = {
                **ARGUMENTS[name],
                **({"reason": "because"} if name in ("rollback", "cancel") else {}),
                **more,
            }
            if name in ("shrink", "configure"):
                continue  # names the verb that does it, with arguments of one's own
            about = None if BY_NAME[name].scope == "target" else version
            if "VERSION" in str(getattr(error, "hint", "")):
                arguments["to"] = re.search(r"back: ([0-9.]+[0-9])", str(error.hint))[1]
            perform(world.context, "shop", name, about, world.target, **arguments)
