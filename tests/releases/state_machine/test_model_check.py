"""Every reachable situation of two versions on one target, with every command of every role.

What the table must say is written down here a second time, from the description of the domain, and the two are
held against each other in every situation; invariants are looked at after every step.
"""

from __future__ import annotations

from collections import deque
from collections.abc import Iterator
from dataclasses import dataclass, replace
from typing import Any

import pytest

from miniprogram.identity.roles import INCLUDED, Actor, Grant, Role
from miniprogram.refusals import Denied, Refused
from miniprogram.releases.model.configuration import Configuration
from miniprogram.releases.model.document import ReleaseDocument
from miniprogram.releases.model.release import Release
from miniprogram.releases.model.states import IN_FLIGHT, RELEASED, Overlay, State
from miniprogram.releases.state_machine.machine import find_row, transition
from miniprogram.releases.state_machine.transition_input import Command, LoadedInputs, TransitionInput
from miniprogram.releases.state_machine.transitions import TABLE
from miniprogram.releases.storage.compile import compile_policy
from miniprogram.releases.verbs import BY_NAME
from miniprogram.targets import AppEnvironment, Kind, Stage, Target

pytestmark = pytest.mark.slow

NOW = "2030-01-02T12:00:00.000Z"
TARGET = Target(host_app="wallet", environment=Stage.PRODUCTION)
VERSIONS = ("1.0.0", "1.1.0")
CONFIGURATION = Configuration(title="Shop", description="Buy", server_domains=())

S, R = State, Role
ROLES_OF: dict[str, set[Role]] = {
    "create": {R.DEVELOPER}, "configure": {R.DEVELOPER}, "apply": {R.DEVELOPER_ADMIN}, "withdraw": {R.DEVELOPER},
    "approve": {R.REVIEWER}, "reject": {R.REVIEWER}, "pilot start": {R.DEVELOPER}, "testers add": {R.DEVELOPER},
    "testers remove": {R.DEVELOPER}, "pilot complete": {R.DEVELOPER}, "pilot skip": {R.DEVELOPER},
    "grayscale": {R.DEVELOPER, R.OPERATOR}, "shrink": {R.DEVELOPER, R.OPERATOR}, "finish": {R.DEVELOPER},
    "pause": {R.DEVELOPER, R.OPERATOR}, "halt": {R.OPERATOR, R.AUTOMATION}, "cancel": {R.DEVELOPER},
    "rollback": {R.OPERATOR}, "offline": {R.DEVELOPER}, "force-remove": {R.INSPECTOR},
}  # fmt: skip
"""Who, by command. `resume` and `reopen` depend on what they start from; see `_roles`."""

FROM: dict[str, set[State]] = {
    "configure": {S.CREATED}, "apply": {S.CREATED}, "withdraw": {S.IN_REVIEW}, "approve": {S.IN_REVIEW, S.FULL},
    "reject": {S.IN_REVIEW, S.FULL}, "pilot start": {S.APPROVED}, "testers add": {S.APPROVED, S.PILOT},
    "testers remove": {S.APPROVED, S.PILOT}, "pilot complete": {S.PILOT}, "pilot skip": {S.APPROVED},
    "grayscale": {S.PREPARED, S.GRAYSCALE}, "shrink": {S.GRAYSCALE}, "finish": {S.PREPARED, S.GRAYSCALE},
    "pause": {S.PILOT, S.GRAYSCALE}, "resume": {S.PILOT, S.GRAYSCALE, S.FULL},
    "halt": {S.PILOT, S.GRAYSCALE, S.FULL}, "cancel": {S.APPROVED, S.PILOT, S.PREPARED, S.GRAYSCALE},
    "rollback": {S.FULL}, "offline": {S.FULL},
}  # fmt: skip


@dataclass(frozen=True)
class Node:
    """A document, and the finished attempts by version."""

    document: ReleaseDocument
    archive: tuple[Release, ...] = ()

    def key(self) -> Any:
        """What makes two situations the same: numbers, names and times do not."""
        live = sorted(map(repr, map(_key, self.document.releases)))
        gone = {each.version: each.state for each in self.archive}
        return tuple(live), tuple(sorted(gone.items()))

    def last(self, version: str | None) -> Release | None:
        return next((each for each in reversed(self.archive) if each.version == version), None)


def _key(release: Release) -> Any:
    """What later commands depend on. Who applied counts only while somebody must decide about it."""
    by_both = release.review is not None and release.state is S.IN_REVIEW and release.review.applicant == "both"
    share = release.grayscale.basis_points if release.state is S.GRAYSCALE else 0
    complete = release.state is not S.CREATED or bool(release.configuration.title)
    return (release.version, release.state, release.overlay, share, by_both,
            release.offline_request is not None, complete)  # fmt: skip


def commands() -> Iterator[Command]:
    """Every verb for every version, with and without a reason, and with each interesting argument."""
    for version in VERSIONS:
        for verb in BY_NAME:
            yield from (Command(verb, version, TARGET, reason=reason, **more) for reason, more in _arguments(verb))
        yield Command("rollback", version, TARGET, reason="why", destination=version)


def _arguments(verb: str) -> list[tuple[str | None, dict[str, Any]]]:
    if verb in ("grayscale", "shrink"):
        return [("why", {"basis_points": points}) for points in (100, 10_000)] + [(None, {"basis_points": 100})]
    special: dict[str, list[tuple[str | None, dict[str, Any]]]] = {
        "configure": [(None, {"configuration": CONFIGURATION})],
        "finish": [(None, {}), (None, {"final": True})],
        "rollback": [(None, {}), (None, {"destination": "none"}), (None, {"destination": "embedded"})],
        "testers add": [(None, {"testers": ("ann",)})],
        "testers remove": [(None, {"testers": ("ann",)})],
        "approve": [(None, {})],
    }
    needs_reason = verb in ("reject", "halt", "offline", "force-remove", "reopen")
    return special.get(verb, [("why", {}), (None, {})] if needs_reason else [(None, {})])


def actors() -> Iterator[Actor]:
    for role in Role:
        yield Actor(name=f"a {role}", grants=(Grant(role=role),), authenticated=True)
    # somebody who may do both, so that keeping maker and checker apart has something to stop
    both = (Grant(role=Role.ADMIN), Grant(role=Role.REVIEWER))
    yield Actor(name="both", grants=both, authenticated=True)


def loaded_of(node: Node, command: Command) -> LoadedInputs:
    destination = None
    if command.verb == "rollback" and command.destination not in ("none", "embedded"):
        full = node.document.full(TARGET)
        fallback = node.document.fallback(TARGET)
        usual = fallback.version if fallback else full.replaced if full else None
        destination = node.last(command.destination or usual)
    return LoadedInputs(
        environment=AppEnvironment(name=Stage.PRODUCTION, requires_review=True),
        package_digest=f"sha256:{destination.version if destination else command.version}",
        earlier=node.last(command.version),
        destination=destination,
        below=node.last(destination.replaced) if destination else None,
        salt="salt",
    )


def situation_of(node: Node, command: Command, actor: Actor) -> TransitionInput:
    document = node.document.model_copy(update={"outbox": ()})
    release = document.live(command.version, TARGET)
    return TransitionInput(document, release, command, actor, loaded_of(node, command), NOW)


def step(node: Node, situation: TransitionInput) -> Node:
    done = transition(situation)
    return Node(done.document, (*node.archive, *done.document.outbox))


def _leads_on(situation: TransitionInput) -> bool:
    try:
        find_row(situation)
    except Refused:
        return False
    return True


def _held(actor: Actor) -> set[Role]:
    return {role for grant in actor.grants for role in (grant.role, *INCLUDED.get(grant.role, ()))}


def _roles(node: Node, command: Command) -> set[Role]:
    release = node.document.live(command.version, TARGET)
    if command.verb == "resume":
        halted = release is not None and release.overlay is Overlay.HALTED
        return {R.OPERATOR} if halted else {R.DEVELOPER, R.OPERATOR}
    if command.verb == "reopen":
        earlier = node.last(command.version)
        return {R.INSPECTOR} if earlier and earlier.state is S.SUSPENDED else {R.DEVELOPER}
    return ROLES_OF[command.verb]


def _may_start(node: Node, command: Command) -> bool:
    """Whether the description lets the command start from here; guards may still stand against it."""
    release = node.document.live(command.version, TARGET)
    if release is None:
        return command.verb in ("create", "reopen", "force-remove", "rollback")
    if command.verb == "force-remove":
        return True
    if release.state not in FROM.get(command.verb, set()):
        return False
    if command.verb == "resume":
        return release.overlay is not None
    if command.verb in ("pilot complete", "grayscale", "finish", "pause"):
        return release.overlay is None
    return not (command.verb in ("halt", "testers add") and release.overlay is Overlay.HALTED)


def check_allowed(before: Node, command: Command, actor: Actor, after: Node) -> None:
    """A command went through: it must have been allowed, by a rule written down here."""
    document, release = before.document, before.document.live(command.version, TARGET)
    assert _may_start(before, command), (command, release)
    assert _roles(before, command) & _held(actor), (command, actor.name)
    if command.verb in ("reject", "shrink", "halt", "offline", "force-remove", "reopen"):
        assert command.reason
    if command.verb == "create":
        assert before.last(command.version) is None
        assert document.in_flight(TARGET, Kind.OFFICIAL) is None
    if command.verb == "reopen":
        earlier = before.last(command.version)
        assert earlier is not None
        assert earlier.state in {S.REJECTED, S.WITHDRAWN, S.CANCELED, S.SUSPENDED}
    if command.verb in ("approve", "reject") and release is not None:
        asked = release.offline_request if release.state is S.FULL else release.review
        assert asked is not None
        assert asked.applicant != actor.name
    if command.verb == "rollback" and release is None:
        assert document.full(TARGET) is None
        earlier = before.last(command.version)
        assert earlier is not None
        assert (earlier.state, bool(earlier.full_at), bool(command.reason)) == (S.ARCHIVED, True, True)
        assert command.version not in document.withdrawn_versions
        assert after.document.full(TARGET).version == command.version
    if command.verb == "withdraw" and release is not None and release.review is not None:
        assert release.review.applicant == actor.name
    if command.verb == "grayscale" and release is not None:
        assert document.full(TARGET) is not None
        assert (command.basis_points or 0) > release.grayscale.basis_points
    if command.verb == "shrink" and release is not None:
        assert (command.basis_points or 0) < release.grayscale.basis_points
    if command.verb == "finish" and release is not None:
        assert command.final or release.grayscale.basis_points == 10_000
    check_invariants(after)


def check_invariants(node: Node) -> None:
    document = node.document
    assert sum(each.state in IN_FLIGHT for each in document.releases) <= 1
    full = [each for each in document.releases if each.state is S.FULL]
    assert len(full) <= 1
    assert [each.id for each in full] == ([document.record(TARGET).full] if full else [])
    for each in document.releases:
        assert each.overlay is not Overlay.PAUSED or each.state in {S.PILOT, S.GRAYSCALE}
        assert each.overlay is not Overlay.HALTED or each.state in {S.PILOT, S.GRAYSCALE, S.FULL}
        if each.state in RELEASED:  # production is always reviewed, by somebody else
            assert each.review is not None
            assert each.review.approved
            assert each.review.reviewer != each.review.applicant
            assert each.version not in document.withdrawn_versions
        if each.state is S.ARCHIVED:
            assert each.id == document.record(TARGET).fallback


@pytest.fixture(scope="module")
def explored() -> dict[str, Any]:
    """Walk everything reachable, checking each step; returns what was seen."""
    start = Node(ReleaseDocument(mini_program_id="shop", updated_at_utc=NOW))
    seen, queue = {start.key()}, deque([start])
    visited: set[Any] = set()
    met: set[Any] = set()
    done: set[tuple[str, State | None, Overlay | None]] = set()
    everything, people = list(commands()), list(actors())
    while queue:
        node = queue.popleft()
        for command in everything:
            release = node.document.live(command.version, TARGET)
            source, overlay = (release.state, release.overlay) if release else (None, None)
            situation = situation_of(node, command, people[-1])
            place = (source, overlay, command.verb)
            if place in met and not _leads_on(situation):
                continue  # no row starts here, whoever asks; every role was tried once
            met.add(place)
            for actor in people:
                visited.add((source, overlay, actor.name, command.verb))
                try:
                    after = step(node, replace(situation, actor=actor))
                except (Denied, Refused):
                    continue
                check_allowed(node, command, actor, after)
                done.add((command.verb, source, overlay))
                if after.key() not in seen:
                    seen.add(after.key())
                    compile_policy(after.document)
                    queue.append(after)
    return {"nodes": len(seen), "visited": visited, "done": done}


def test_every_state_is_met_by_every_role_and_command(explored: dict[str, Any]) -> None:
    states = {(source, overlay) for source, overlay, _, _ in explored["visited"]}
    people = [actor.name for actor in actors()]

    live = {state for row in TABLE for state in row.sources}
    assert {state for state, _ in states} == live
    assert explored["visited"] == {(*state, name, verb) for state in states for name in people for verb in BY_NAME}
    assert explored["nodes"] > 500


def test_no_row_is_dead(explored: dict[str, Any]) -> None:
    """Every row does something from each of its states and overlays that can be reached."""
    reachable = {(source, overlay) for source, overlay, _, _ in explored["visited"]}
    production_only = [row for row in TABLE if row.when is None or row.when.__name__ != "_unreviewed"]
    wanted = {
        (row.verb, source, overlay)
        for row in production_only
        for source in row.sources
        for overlay in row.overlays
        if (source, overlay) in reachable
    }

    assert wanted <= explored["done"]


def test_commands_that_the_description_does_not_know_do_not_exist() -> None:
    assert set(BY_NAME) == {*ROLES_OF, "resume", "reopen"}
