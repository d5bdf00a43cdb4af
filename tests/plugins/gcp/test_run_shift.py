"""New code on Cloud Run gets a growing share of requests, and is taken back when it does ill."""

from __future__ import annotations

import json
from collections.abc import Callable
from datetime import UTC, datetime
from typing import Any

import pytest

from miniprogram.errors import MiniProgramError
from miniprogram.provider_kit.gradual_shift import LOOK_EVERY_S, Traffic
from miniprogram.seams.cloud_provider import DeploymentStatus
from miniprogram.testing import write_program
from miniprogram.testing.delivery_deployment import silent
from miniprogram_gcp.run.deployment import CloudRunDeployment
from miniprogram_gcp.run.service_document import Service
from testbed.google.server import refusal
from testbed.looks import get

pytestmark = [pytest.mark.process, pytest.mark.slow]

Making = Callable[..., CloudRunDeployment]
STEPS = {"shift_step": (10, 50), "shift_minutes": 1, "log_level": "WARN"}
MAY_NOT = refusal(
    403, "Permission monitoring.timeSeries.list denied (or the resource may not exist).", "PERMISSION_DENIED"
)


def on_look(act: Callable[[], object]) -> Callable[[float], None]:
    """A sleep that takes no time, and acts where a shift waits for its next look."""

    def sleep(seconds: float) -> None:
        if seconds == LOOK_EVERY_S:
            act()

    return sleep


def shares(cloud: Any) -> list[list[tuple[str, int, str]]]:
    """What each change asked for: revision, percent and tag of every target."""
    return [
        [(each["revision"], each.get("percent", 0), each.get("tag", "")) for each in call.json["traffic"]]
        for call in cloud.asked("PATCH")
    ]


def test_hosts_get_new_code_step_by_step(first: DeploymentStatus, deployment: Making, cloud: Any) -> None:
    old, url, said = first.outputs["ServiceRevision"], first.outputs["HealthUrl"], list[str]()
    visit = on_look(lambda: [get(url) for _ in range(10)])

    after = deployment(sleep=visit, **STEPS).deploy(said.append)

    new = after.outputs["ServiceRevision"]
    assert shares(cloud)[1:] == [
        [(old, 100, ""), (new, 0, "candidate")],
        [(old, 90, ""), (new, 10, "candidate")],
        [(old, 50, ""), (new, 50, "candidate")],
        [(new, 100, "")],
    ]
    assert [line for line in said if new in line] == [
        f"{new} answers; moving the traffic to it.",
        f"10 % of requests go to version {new} for 1 min",
        f"50 % of requests go to version {new} for 1 min",
        f"Version {new} answers all requests.",
    ]
    assert after.status_reason is None
    assert "CandidateRevision" not in after.outputs
    back = deployment(**STEPS).roll_back(silent)
    assert back.outputs["ServiceRevision"] == old, "what hosts had before the shift is what rollback goes back to"


def test_failed_requests_of_hosts_take_new_code_back(
    first: DeploymentStatus, deployment: Making, cloud: Any
) -> None:
    old, service = first.outputs["ServiceRevision"], cloud.run.services["europe-west1", first.name]

    def fail() -> None:
        newest = next(reversed(service.revisions.values()))
        newest.answered += [(datetime.now(UTC), 500)] * 3

    with pytest.raises(MiniProgramError, match=r"was taken back: 3 of \d+ requests failed") as failure:
        deployment(sleep=on_look(fail), **STEPS).deploy(silent)

    assert f"Hosts are answered by version {old}" in str(failure.value.hint)
    assert shares(cloud)[-1] == [(old, 100, "")]
    status = deployment().status()
    assert status.outputs["ServiceRevision"] == old
    assert status.status_reason == f"hosts get {old}, and {next(reversed(service.revisions))} is newer"


def test_failures_that_monitoring_shows_late_are_held_against_the_next_step(
    first: DeploymentStatus, deployment: Making, cloud: Any
) -> None:
    """They are from before that step began."""
    service, looks = cloud.run.services["europe-west1", first.name], list[int]()
    cloud.monitoring.visible_after_s = 3600.0

    def fail_first_and_show_late() -> None:
        looks.append(1)
        if len(looks) == 1:
            next(reversed(service.revisions.values())).answered += [(datetime.now(UTC), 503)] * 9
        if len(looks) == 5:
            cloud.monitoring.visible_after_s = 0.0

    with pytest.raises(MiniProgramError, match=r"was taken back: 9 of \d+ requests failed"):
        deployment(sleep=on_look(fail_first_and_show_late), **STEPS).deploy(silent)

    assert len(looks) == 5, "in the first look of the second step"


def test_a_revision_that_stops_answering_is_taken_back(
    first: DeploymentStatus, deployment: Making, cloud: Any
) -> None:
    service = cloud.run.services["europe-west1", first.name]
    stop = on_look(lambda: next(reversed(service.revisions.values())).stop())

    with pytest.raises(MiniProgramError, match=r"was taken back: .* does not answer well: .* answered 503"):
        deployment(sleep=stop, **STEPS).deploy(silent)

    assert shares(cloud)[-1] == [(first.outputs["ServiceRevision"], 100, "")]
    assert get(first.outputs["HealthUrl"])[0] == 200


def test_who_may_not_read_monitoring_is_told_what_new_code_is_judged_by(
    first: DeploymentStatus, deployment: Making, cloud: Any
) -> None:
    cloud.monitoring.refused, said = MAY_NOT, list[str]()

    after = deployment(**STEPS).deploy(said.append)

    new = after.outputs["ServiceRevision"]
    assert new != first.outputs["ServiceRevision"]
    told = [line for line in said if "monitoring.timeSeries.list" in line]
    assert len(told) == 1
    assert f"{new} is judged by its own answers to us alone" in told[0]
    assert "roles/monitoring.viewer" in told[0]
    assert said.index(told[0]) < said.index(f"10 % of requests go to version {new} for 1 min")
    assert said[-1] == f"No request of hosts to {new} was counted: it was judged by its answers to us alone."


def test_without_monitoring_its_own_answers_still_take_it_back(
    first: DeploymentStatus, deployment: Making, cloud: Any
) -> None:
    cloud.monitoring.refused = MAY_NOT
    service = cloud.run.services["europe-west1", first.name]
    stop = on_look(lambda: next(reversed(service.revisions.values())).stop())

    with pytest.raises(MiniProgramError, match="was taken back"):
        deployment(sleep=stop, **STEPS).deploy(silent)


def test_nothing_moves_when_nothing_can_tell_how_it_does(
    first: DeploymentStatus, deployment: Making, cloud: Any
) -> None:
    """A service behind a load balancer cannot be asked from here."""
    closed = {**STEPS, "ingress": "load-balancer"}
    cloud.monitoring.refused = MAY_NOT

    with pytest.raises(MiniProgramError, match="cannot be asked from here: nothing says how it does"):
        deployment(**closed).deploy(silent)

    (old, new) = shares(cloud)[-1]
    assert (old[:2], new[1]) == ((first.outputs["ServiceRevision"], 100), 0)
    cloud.monitoring.refused = None
    assert deployment(**closed).deploy(silent).outputs["ServiceRevision"] == new[0]


def test_monitoring_that_fails_takes_new_code_back(
    first: DeploymentStatus, deployment: Making, cloud: Any
) -> None:
    def break_down() -> None:
        cloud.monitoring.refused = refusal(500, "Internal error encountered.", "INTERNAL")

    with pytest.raises(MiniProgramError, match=r"was taken back: cannot read how .* does"):
        deployment(sleep=on_look(break_down), **STEPS).deploy(silent)

    assert shares(cloud)[-1] == [(first.outputs["ServiceRevision"], 100, "")]


@pytest.fixture
def broken_off(first: DeploymentStatus, deployment: Making) -> list[str]:
    """What was said till somebody pressed Ctrl-C in the first step."""
    del first
    said: list[str] = []

    def interrupt() -> None:
        raise KeyboardInterrupt

    with pytest.raises(KeyboardInterrupt):
        deployment(sleep=on_look(interrupt), **STEPS).deploy(said.append)
    return said


def test_an_interrupted_shift_is_named_and_gone_on_with(
    first: DeploymentStatus, broken_off: list[str], deployment: Making, cloud: Any
) -> None:
    old = first.outputs["ServiceRevision"]
    status = deployment(**STEPS).status()
    new = status.outputs["CandidateRevision"]

    assert broken_off[-1] == f"10 % of requests still go to version {new}: deploy again, and it goes on."
    assert (status.outputs["ServiceRevision"], status.outputs["CandidatePercent"]) == (old, "10")
    assert str(status.status_reason).startswith(f"10 % of requests go to {new}, the rest to {old}")
    (line,) = deployment(**STEPS).plan_deploy()
    assert line == f"go on to move the traffic from {old} to {new}: 10 %, then 50 %, then all of it"
    before = len(cloud.asked("PATCH"))

    after = deployment(**STEPS).deploy(silent)

    assert after.outputs["ServiceRevision"] == new
    assert [[percent for _, percent, _ in each] for each in shares(cloud)[before:]] == [[90, 10], [50, 50], [100]]
    assert deployment(**STEPS).roll_back(silent).outputs["ServiceRevision"] == old


def test_an_interrupted_shift_is_taken_back_by_rollback(
    first: DeploymentStatus, broken_off: list[str], deployment: Making, cloud: Any
) -> None:
    del broken_off
    said: list[str] = []

    after = deployment(**STEPS).roll_back(said.append)

    assert after.outputs["ServiceRevision"] == first.outputs["ServiceRevision"]
    assert "CandidateRevision" not in after.outputs
    assert shares(cloud)[-1] == [(first.outputs["ServiceRevision"], 100, "")]
    assert "which had 10 % of requests" in said[0]


def test_other_code_takes_the_place_of_one_that_is_being_shifted_to(
    first: DeploymentStatus, broken_off: list[str], deployment: Making, cloud: Any
) -> None:
    del broken_off
    half, before = deployment().status().outputs["CandidateRevision"], len(cloud.asked("PATCH"))

    after = deployment(**{**STEPS, "log_level": "ERROR"}).deploy(silent)

    assert after.outputs["ServiceRevision"] not in {half, first.outputs["ServiceRevision"]}
    assert half not in {revision for each in shares(cloud)[before:] for revision, _, _ in each}


def test_a_function_cannot_be_shifted_to_and_that_is_said(deployment: Making, cloud: Any) -> None:
    cloud.run.takes_code, said = False, list[str]()
    cloud.usage.enabled |= {
        f"{api}.googleapis.com" for api in ("cloudfunctions", "cloudbuild", "artifactregistry")
    }

    deployment(**STEPS).deploy(said.append)

    assert any("whatever --shift-step says" in line for line in said)


@pytest.mark.parametrize(
    ("targets", "traffic"),
    [
        ([], Traffic(None)),
        ([("a", 100, "")], Traffic("a")),
        ([("a", 100, ""), ("b", 0, "candidate")], Traffic("a")),
        ([("a", 90, ""), ("b", 10, "candidate")], Traffic("a", "b", 10)),
        ([("b", 100, "candidate")], Traffic("b")),
        ([("a", 90, ""), ("b", 10, "")], Traffic(None)),
        ([("a", 80, ""), ("c", 10, ""), ("b", 10, "candidate")], Traffic(None)),
    ],
)
def test_how_traffic_is_read(targets: list[tuple[str, int, str]], traffic: Traffic) -> None:
    """Without a version where somebody shares it in a way of their own."""
    told = [{"revision": revision, "percent": percent, "tag": tag} for revision, percent, tag in targets]

    assert Service({"traffic": told}).traffic == traffic


def test_by_command_line(call: Callable[..., str], place: Any, cloud: Any) -> None:
    write_program(place.root)
    call("env", "init")
    where = ["--bucket", place.bucket, "--region", "europe-west1", "--endpoint-url", place.url]
    call("env", "configure", "prod", "--provider", "gcp", *where, "--project-id", "acme-prod-1234")
    assert "monitoring.timeSeries.list" not in call("cloud", "permissions", "--env", "prod")
    refused = call("env", "configure", "prod", "--shift-minutes", "3", code=64)
    assert "--shift-minutes is for a gradual shift: it needs --shift-step" in refused
    refused = call("env", "configure", "prod", "--shift-step", "50", "--shift-step", "10", code=64)
    assert "must rise from step to step" in refused
    call("env", "configure", "prod", "--shift-step", "25", "--enable-apis")
    assert "monitoring.googleapis.com" in cloud.usage.enabled
    assert "monitoring.timeSeries.list" in call("cloud", "permissions", "--env", "prod")
    call("cloud", "deploy", "--env", "prod")
    call("env", "configure", "prod", "--log-level", "WARN")

    plan = call("cloud", "deploy", "--env", "prod", "--dry-run")

    assert "when that answers: 25 %, then all of it" in plan
    service = next(iter(cloud.run.services.values()))
    (old,) = service.revisions
    half = [{"revision": old, "percent": 75}, {"revision": old, "percent": 25, "tag": "candidate"}]
    service.wanted["traffic"] = [{"type": "TRAFFIC_TARGET_ALLOCATION_TYPE_REVISION", **each} for each in half]
    status = json.loads(call("cloud", "status", "--env", "prod", "--json"))
    assert status["outputs"]["CandidatePercent"] == "25"
    assert f"25 % of requests go to {old}" in call("cloud", "doctor", "--env", "prod")
