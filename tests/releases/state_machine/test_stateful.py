"""Random walks through the use cases over a store: whatever is done, what is kept stays sound."""

from __future__ import annotations

import importlib.util
from pathlib import Path
from typing import Any

import pytest
from hypothesis import HealthCheck, settings
from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, initialize, invariant, rule

from miniprogram.delivery.evaluation.policy.parse import read_policy
from miniprogram.refusals import Denied, NotFound, Refused
from miniprogram.releases.execution import perform
from miniprogram.releases.model.states import IN_FLIGHT, State
from miniprogram.releases.queries.history import verify_trail
from miniprogram.releases.storage.release_documents import releases_of
from miniprogram.stores.memory import MemoryObjectStore
from miniprogram.targets import Kind, Stage, Target

pytestmark = pytest.mark.slow

_spec = importlib.util.spec_from_file_location("releases_world", Path(__file__).parents[1] / "conftest.py")
assert _spec is not None
assert _spec.loader is not None
_world = importlib.util.module_from_spec(_spec)
__import__("sys").modules["releases_world"] = _world
_spec.loader.exec_module(_world)

TARGETS = tuple(Target(host_app="wallet", environment=stage) for stage in (Stage.PRODUCTION, Stage.TEST))
versions = st.sampled_from(_world.VERSIONS)
targets = st.sampled_from(TARGETS)


class Releases(RuleBasedStateMachine):
    """Everything anybody might do, in any order."""

    @initialize()
    def publish(self) -> None:
        self.world = _world.make_world(MemoryObjectStore())
        self.done = 0

    def attempt(self, verb: str, version: str | None, target: Target, **arguments: Any) -> None:
        try:
            perform(self.world.context, "shop", verb, version, target, **arguments)
        except (Refused, NotFound, Denied):
            return
        self.done += 1

    @rule(version=versions, to_target=targets, kind=st.sampled_from(Kind))
    def create(self, version: str, to_target: Target, kind: Kind) -> None:
        self.attempt("create", version, to_target, kind=kind)
        self.attempt("configure", version, to_target, **_world.COMPLETE)

    @rule(
        version=versions,
        to_target=targets,
        way=st.sampled_from(["apply", "approve", "withdraw"]),
    )
    def review(self, version: str, to_target: Target, way: str) -> None:
        self.attempt(way, version, to_target)

    @rule(
        version=versions,
        to_target=targets,
        way=st.sampled_from(["pilot skip", "pilot start", "pilot complete"]),
    )
    def pilot(self, version: str, to_target: Target, way: str) -> None:
        self.attempt(way, version, to_target)

    @rule(version=versions, to_target=targets, points=st.sampled_from([1, 500, 10_000]))
    def share(self, version: str, to_target: Target, points: int) -> None:
        self.attempt("grayscale", version, to_target, basis_points=points)

    @rule(
        version=versions,
        to_target=targets,
        way=st.sampled_from(["halt", "pause", "resume", "cancel"]),
    )
    def brake(self, version: str, to_target: Target, way: str) -> None:
        self.attempt(way, version, to_target, reason="because")

    @rule(version=versions, to_target=targets)
    def finish(self, version: str, to_target: Target) -> None:
        self.attempt("finish", version, to_target, final=True)

    @rule(to_target=targets, to=st.sampled_from([None, "none", "embedded", *_world.VERSIONS]))
    def rollback(self, to_target: Target, to: str | None) -> None:
        self.attempt("rollback", None, to_target, to=to)

    @rule(to_target=targets)
    def offline(self, to_target: Target) -> None:
        self.attempt("offline", None, to_target, reason="because")

    @rule(
        version=versions,
        to_target=targets,
        way=st.sampled_from(["reopen", "force-remove", "reject"]),
    )
    def rare(self, version: str, to_target: Target, way: str) -> None:
        self.attempt(way, version, to_target, reason="because")

    @invariant()
    def what_is_kept_is_sound(self) -> None:
        document = releases_of(self.world.storage, "shop").read()
        if document is None:
            return
        assert document.revision == document.trail.length == self.done
        assert verify_trail(self.world.storage, "shop").sound
        if document.policy is not None:
            assert read_policy(document.policy).revision == document.revision
        for target in TARGETS:
            here = [each for each in document.releases if each.target == target]
            assert sum(each.state is State.FULL for each in here) <= 1
            for kind in Kind:
                assert sum(each.state in IN_FLIGHT and each.kind is kind for each in here) <= 1
            assert all(each.kind is Kind.OFFICIAL for each in here if each.state in (State.GRAYSCALE, State.FULL))


TestReleases = Releases.TestCase
TestReleases.settings = settings(
    max_examples=50, stateful_step_count=50, suppress_health_check=[HealthCheck.too_slow]
)
