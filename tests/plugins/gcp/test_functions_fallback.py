"""Projects that take no code without a build: the same program as a function, and all else as before."""

from __future__ import annotations

import json
from collections.abc import Callable
from typing import Any

import pytest

from miniprogram.errors import MiniProgramError
from miniprogram.testing import write_program
from miniprogram_gcp.run.deployment import CloudRunDeployment
from miniprogram_gcp.run.plan import delivery_plan
from testbed.google.server import Call, Reply, refusal
from testbed.looks import get

pytestmark = [pytest.mark.process, pytest.mark.slow]

Calling = Callable[..., str]


def silent(_: str) -> None:
    """Progress for nobody."""


@pytest.fixture
def deployment(place: Any, cloud: Any) -> Callable[..., CloudRunDeployment]:
    cloud.run.takes_code = False

    def make(**changes: Any) -> CloudRunDeployment:
        settings = place.settings(delivery="cloud", **changes)
        plan = delivery_plan(settings, place.context(), bucket=settings.bucket, location=settings.region)
        return CloudRunDeployment(settings, place.context(), plan, sleep=lambda _: None)

    return make


def test_the_whole_tour_as_a_function(call: Calling, place: Any, cloud: Any) -> None:
    cloud.run.takes_code = False
    write_program(place.root)
    call("env", "init")
    where = ["--bucket", place.bucket, "--region", "europe-west1", "--endpoint-url", place.url]
    call("env", "configure", "prod", "--provider", "gcp", *where, "--project-id", "acme-prod-1234")
    call("env", "use", "prod")
    call("publish")

    assert "have a function mini-program-cloud-prod in europe-west1 built" in call("cloud", "deploy", "--dry-run")
    told = call("cloud", "deploy")

    assert "takes no code without a build: deploying it as a function" in told
    assert "build: in_progress" in told
    assert "Health: healthy" in told
    values = json.loads(call("env", "status", "--json"))["activeCloudEnvironment"]["values"]
    assert get(f"{values['apiBaseUrl']}/manifests/shop/latest")[1]["version"] == "1.0.0"
    assert '"routeKind": "manifest_latest"' in call("cloud", "logs", "--since", "10m")
    assert "nothing to change" in call("cloud", "deploy")
    assert "keeps nothing that ran before" in call("cloud", "deploy", "--rollback", code=1)
    call("cloud", "destroy", "--yes")
    assert (cloud.functions.functions, cloud.run.services) == ({}, {})


def test_other_settings_are_built_again(deployment: Callable[..., CloudRunDeployment], cloud: Any) -> None:
    deployment().deploy(silent)
    first = len(cloud.asked("PATCH"))

    assert "built again" in next(iter(deployment(log_level="WARN").plan_deploy()))
    deployed = deployment(log_level="WARN").deploy(silent)

    (function,) = cloud.functions.functions.values()
    assert function["serviceConfig"]["environmentVariables"]["LOG_LEVEL"] == "WARN"
    assert deployed.status == "READY"
    assert len(cloud.asked("PATCH")) == first, "Cloud Run itself is asked no more"


def test_everybody_may_ask_it_and_nobody_else_is_changed(
    deployment: Callable[..., CloudRunDeployment], cloud: Any
) -> None:
    deployment().deploy(silent)
    (service,) = cloud.run.services.values()
    assert service.policy["bindings"] == [{"role": "roles/run.invoker", "members": ["allUsers"]}]
    service.policy["bindings"] = [{"role": "roles/run.viewer", "members": ["user:ann@acme.example"]}]

    deployment(log_level="WARN").deploy(silent)

    assert [each["role"] for each in service.policy["bindings"]] == ["roles/run.viewer", "roles/run.invoker"]


def test_an_api_that_only_functions_need_is_switched_on_by_hand(
    deployment: Callable[..., CloudRunDeployment], cloud: Any
) -> None:
    def off(call: Call) -> Reply | None:
        is_function = call.path.startswith("/cloudfunctions/")
        return (
            refusal(403, "off", "SERVICE_DISABLED", service="cloudfunctions.googleapis.com")
            if is_function
            else None
        )

    cloud.stand_in.interruptions.append(off)

    with pytest.raises(MiniProgramError, match=r"the API cloudfunctions.googleapis.com is") as failure:
        deployment().deploy(silent)

    helps = "Run `gcloud services enable cloudfunctions.googleapis.com --project acme-prod-1234`."
    assert failure.value.hint == helps


def test_a_function_is_in_one_region(deployment: Callable[..., CloudRunDeployment]) -> None:
    with pytest.raises(MiniProgramError, match="a function is in one region only"):
        deployment(run_region=("europe-west1", "us-central1")).deploy(silent)
