"""Delivery on Cloud Run: what is sent, who gets the traffic, and whose the service is."""

from __future__ import annotations

import json
import sys
from collections.abc import Callable
from typing import Any

import pytest

from miniprogram.errors import MiniProgramError
from miniprogram.seams.cloud_provider import CloudProvider, DeploymentStatus
from miniprogram.testing import CloudProviderContract
from miniprogram.testing.delivery_deployment import silent
from miniprogram_gcp.run.deployment import CloudRunDeployment
from miniprogram_gcp.run.provider import CloudRunProvider
from testbed.looks import get

pytestmark = [pytest.mark.process, pytest.mark.slow]

NAME = "mini-program-cloud-prod"
KEY = ("europe-west1", NAME)


class TestCloudRunProvider(CloudProviderContract):
    @pytest.fixture(autouse=True)
    def _environment(self, place: Any, cloud: Any) -> None:
        self.place, self.cloud = place, cloud

    def make_provider(self) -> CloudProvider:
        return CloudRunProvider(self.place.settings(delivery="cloud"), self.place.context())


def test_one_request_deploys_everything_when_no_bytecode_comes_along(first: DeploymentStatus, cloud: Any) -> None:
    (sent,) = cloud.asked("PATCH")

    container = sent.json["template"]["containers"][0]
    assert container["image"] == "scratch"
    assert container["baseImageUri"] == "python313"
    files = {each["filename"]: each["content"] for each in container["sourceCode"]["inlinedSource"]["sources"]}
    assert "miniprogram/delivery/http/service.py" in files
    assert not any(name.endswith(".pyc") for name in files)
    assert len(sent.body) < 1_000_000
    assert first.outputs["ServiceRevision"].startswith(f"{NAME}-00001-")


def test_bytecode_is_uploaded_where_this_interpreter_is_that_of_the_image(
    deployment: Callable[..., CloudRunDeployment], cloud: Any
) -> None:
    here = f"python3{sys.version_info[1]}"

    deployed = deployment(base_image=here).deploy(silent)

    source = cloud.asked("PATCH")[0].json["template"]["containers"][0]["sourceCode"]
    assert source["cloudStorageSource"]["object"] in cloud.run.uploads
    assert list((next(cloud.run.containers)).folder.rglob("*.pyc"))
    assert get(deployed.outputs["HealthUrl"])[0] == 200


def test_a_new_revision_gets_traffic_once_it_answers(
    first: DeploymentStatus, deployment: Callable[..., CloudRunDeployment], cloud: Any
) -> None:
    old = first.outputs["ServiceRevision"]
    said: list[str] = []

    second = deployment(log_level="WARN").deploy(said.append)

    new = second.outputs["ServiceRevision"]
    _, candidate, moved = (call.json["traffic"] for call in cloud.asked("PATCH"))
    assert [(each["revision"], each.get("percent"), each.get("tag")) for each in candidate] == [
        (old, 100, None),
        (new, None, "candidate"),
    ]
    assert [(each["revision"], each["percent"]) for each in moved] == [(new, 100)]
    assert f"{new} answers; moving the traffic to it." in said


def test_a_revision_that_does_not_start_changes_nothing_for_hosts(
    first: DeploymentStatus, deployment: Callable[..., CloudRunDeployment]
) -> None:
    with pytest.raises(MiniProgramError, match=f"cannot deploy {NAME}: .*failed to start") as failure:
        deployment(breaks=True).deploy(silent)

    assert "123456" not in str(failure.value)
    assert get(first.outputs["HealthUrl"])[0] == 200
    assert deployment().status().status == "FAILED"
    with pytest.raises(MiniProgramError, match="failed to start"):
        deployment(breaks=True, log_level="WARN").deploy(silent)
    assert get(first.outputs["HealthUrl"])[0] == 200, "nor after a second one"
    mended = deployment().deploy(silent)
    assert mended.status == "READY"
    assert mended.outputs["ServiceRevision"] != first.outputs["ServiceRevision"]


def test_what_never_ran_is_mended_by_the_next_deploy(deployment: Callable[..., CloudRunDeployment]) -> None:
    with pytest.raises(MiniProgramError, match="failed to start"):
        deployment(breaks=True).deploy(silent)

    assert get(deployment().deploy(silent).outputs["HealthUrl"])[0] == 200


def test_a_revision_that_cannot_read_the_bucket_gets_no_traffic(
    first: DeploymentStatus, deployment: Callable[..., CloudRunDeployment], cloud: Any
) -> None:
    cloud.run.containers_get["STORAGE_EMULATOR_HOST"] = "http://127.0.0.1:9"

    with pytest.raises(MiniProgramError, match=r"answer well: .* answered 503; hosts still get") as failure:
        deployment(log_level="WARN").deploy(silent)

    assert "roles/storage.objectViewer" in (failure.value.hint or "")
    now = deployment().status()
    assert now.outputs["ServiceRevision"] == first.outputs["ServiceRevision"]
    (traffic,) = cloud.asked("PATCH")[-1].json["traffic"]
    assert traffic["revision"] == first.outputs["ServiceRevision"], "and nobody reaches the candidate any more"


def test_going_back_needs_something_that_is_still_there(
    first: DeploymentStatus, deployment: Callable[..., CloudRunDeployment], cloud: Any
) -> None:
    with pytest.raises(MiniProgramError, match="keeps nothing that ran before"):
        deployment().roll_back(silent)
    deployment(log_level="WARN").deploy(silent)
    del cloud.run.services[KEY].revisions[first.outputs["ServiceRevision"]]

    with pytest.raises(MiniProgramError, match="is gone, so that"):
        deployment().roll_back(silent)


def test_there_is_no_way_back_from_nothing(deployment: Callable[..., CloudRunDeployment]) -> None:
    with pytest.raises(MiniProgramError, match="is not deployed, so there is nothing to go back to"):
        deployment().roll_back(silent)
    with pytest.raises(MiniProgramError, match="is not deployed, so it has no logs"):
        list(deployment().logs(since_s=60, follow=False))


@pytest.mark.parametrize(
    ("labels", "whose"),
    [
        ({"managed-by": "miniprogram", "miniprogram-environment": "test"}, "another environment"),
        ({"team": "shop"}, "something else"),
    ],
    ids=["another environment", "something else"],
)
def test_what_is_not_ours_is_left_alone(
    labels: dict[str, str],
    whose: str,
    first: DeploymentStatus,
    deployment: Callable[..., CloudRunDeployment],
    cloud: Any,
) -> None:
    del first
    cloud.run.services[KEY].wanted["labels"] = labels
    before = len(cloud.asked("PATCH"))

    for act in (deployment().deploy, deployment().destroy, deployment().roll_back):
        with pytest.raises(MiniProgramError, match=f"belongs to {whose}") as failure:
            act(silent)
        assert "--service-name" in (failure.value.hint or "")
    assert len(cloud.asked("PATCH")) == before
    assert cloud.asked("DELETE") == []


def test_deploying_again_does_not_hide_that_nothing_is_delivered(
    deployment: Callable[..., CloudRunDeployment], cloud: Any
) -> None:
    cloud.run.containers_get["STORAGE_EMULATOR_HOST"] = "http://127.0.0.1:9"

    for _ in range(2):
        with pytest.raises(MiniProgramError, match="does not answer well"):
            deployment().deploy(silent)


def test_a_plan_is_checked_by_cloud_run_and_sends_no_code(
    deployment: Callable[..., CloudRunDeployment], cloud: Any
) -> None:
    cloud.run.policy = "constraints/run.managed.requireInvokerIam"

    with pytest.raises(MiniProgramError, match=r"policy constraints/run.managed.requireInvokerIam forbids"):
        list(deployment().plan_deploy())

    (sent,) = cloud.asked("PATCH")
    assert sent.query["validateOnly"] == "true"
    assert len(sent.body) < 5_000
    assert cloud.run.services == {}


def test_logs_come_in_pages_and_each_line_once(
    first: DeploymentStatus, deployment: Callable[..., CloudRunDeployment], cloud: Any
) -> None:
    for _ in range(5):
        assert get(first.outputs["HealthUrl"])[0] == 200
    cloud.logging.page = 2

    lines = list(deployment().logs(since_s=600, follow=False))

    written = next(cloud.run.containers).lines
    assert len(lines) == len(written) >= 5
    assert lines == sorted(lines)
    assert json.loads(lines[-1].partition(" ")[2])["routeKind"] == "health"
