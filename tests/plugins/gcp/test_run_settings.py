"""What is said of delivery on Cloud Run, and how it reaches the service."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest

from miniprogram.errors import UsageError
from miniprogram.testing.delivery_deployment import silent
from miniprogram_gcp.run.deployment import CloudRunDeployment
from miniprogram_gcp.run.plan import LONGEST_NAME, shortened
from miniprogram_gcp.run.provider import CloudRunProvider
from testbed.looks import get

pytestmark = [pytest.mark.process, pytest.mark.slow]

NAME = "mini-program-cloud-prod"
KEY = ("europe-west1", NAME)


def test_settings_reach_the_service(deployment: Callable[..., CloudRunDeployment], cloud: Any) -> None:
    account = "delivery@acme-prod-1234.iam.gserviceaccount.com"

    deployment(
        service_account=account,
        memory_mib=1024,
        requests_at_once=40,
        min_instances=1,
        max_instances=5,
        label=("team=shop",),
        log_level="WARN",
        log_sample=0.25,
        pointer_max_age_seconds=2,
        stale_if_error_seconds=60,
        delivery_policy="compatible",
        require_access_keys=True,
    ).deploy(silent)

    sent = cloud.asked("PATCH")[0].json
    container = sent["template"]["containers"][0]
    environ = {each["name"]: each["value"] for each in container["env"]}
    assert sent["scaling"] == {"minInstanceCount": 1, "maxInstanceCount": 5}
    assert (sent["labels"]["team"], sent["labels"]["miniprogram-environment"]) == ("shop", "prod")
    assert (sent["template"]["serviceAccount"], sent["template"]["maxInstanceRequestConcurrency"]) == (account, 40)
    assert container["resources"]["limits"]["memory"] == "1024Mi"
    assert environ["LOG_LEVEL"] == "WARN"
    assert environ["LOG_SAMPLE"] == "0.25"
    assert environ["POINTER_MAX_AGE_SECONDS"] == "2"
    assert environ["STALE_IF_ERROR_SECONDS"] == "60"
    assert environ["DELIVERY_POLICY"] == "compatible"
    assert environ["REQUIRE_MINI_PROGRAM_ACCESS_KEYS"] == "true"
    assert sent["invokerIamDisabled"] is True


def test_several_regions_are_one_service(deployment: Callable[..., CloudRunDeployment], cloud: Any) -> None:
    status = deployment(run_region=("europe-west1", "us-central1")).deploy(silent)

    assert cloud.asked("PATCH")[0].json["multiRegionSettings"] == {"regions": ["europe-west1", "us-central1"]}
    assert list(cloud.run.services) == [("global", NAME)]
    assert status.outputs["ServiceRegions"] == "europe-west1, us-central1"


def test_a_load_balancer_of_yours_may_be_the_only_way_in(
    deployment: Callable[..., CloudRunDeployment], place: Any, cloud: Any
) -> None:
    closed: dict[str, Any] = {"ingress": "load-balancer"}

    deployed = deployment(**closed).deploy(silent)
    again = deployment(**closed, log_level="WARN").deploy(silent)

    assert cloud.asked("PATCH")[0].json["ingress"] == "INGRESS_TRAFFIC_INTERNAL_LOAD_BALANCER"
    assert get(f"{deployed.outputs['BackendApiBaseUrl']}manifests/shop/latest")[0] == 404
    assert "HealthUrl" not in deployed.outputs, "nobody here can ask it"
    assert again.outputs["ServiceRevision"] != deployed.outputs["ServiceRevision"]
    provider = CloudRunProvider(place.settings(delivery="cloud", **closed), place.context())
    assert ("Cloud Run", "ok") in [(check.label, check.status) for check in provider.checks()]


@pytest.mark.parametrize(
    ("changes", "told"),
    [({"project_id": None}, "--project-id PROJECT"), ({"region": "eu"}, "--run-region REGION")],
    ids=["project", "region"],
)
def test_what_has_to_be_said_is_asked_for(
    changes: dict[str, Any], told: str, deployment: Callable[..., CloudRunDeployment]
) -> None:
    with pytest.raises(UsageError) as failure:
        deployment(**changes)

    assert told in (failure.value.hint or "")


@pytest.mark.parametrize(
    "label",
    [
        ("team",),
        ("Team=shop",),
        ("1team=shop",),
        ("goog-team=shop",),
        ("miniprogram-part=x",),
        ("team=Shop",),
        ("team=a=b",),
        ("team=shop", "team=stall"),
    ],
)
def test_labels_that_google_would_refuse_late_are_refused_at_once(label: tuple[str, ...], place: Any) -> None:
    with pytest.raises(ValueError, match="label"):
        place.settings(label=label)


@pytest.mark.parametrize("length", [LONGEST_NAME, LONGEST_NAME + 1, 200])
def test_long_names_stay_apart(length: int) -> None:
    found = {shortened("a" * (length - 1) + last) for last in "bc"}

    assert len(found) == 2
    assert all(len(name) <= LONGEST_NAME for name in found)
