"""Delivery on Cloud Run: what is sent, who gets the traffic, and what is said when something is in the way."""

from __future__ import annotations

import json
import sys
from collections.abc import Callable
from typing import Any

import pytest

from miniprogram.errors import MiniProgramError, UsageError
from miniprogram.seams.cloud_provider import CloudProvider, DeploymentStatus
from miniprogram.testing import CloudProviderContract
from miniprogram_gcp.run.deployment import LONGEST_NAME, CloudRunDeployment, delivery_plan, shortened
from miniprogram_gcp.run.provider import CloudRunProvider
from testbed.google.server import Call, Reply, document, refusal
from testbed.looks import get

pytestmark = [pytest.mark.process, pytest.mark.slow]

NAME = "mini-program-cloud-prod"
KEY = ("europe-west1", NAME)


def silent(_: str) -> None:
    """Progress for nobody."""


class TestCloudRunProvider(CloudProviderContract):
    @pytest.fixture(autouse=True)
    def _environment(self, place: Any, cloud: Any) -> None:
        self.place, self.cloud = place, cloud

    def make_provider(self) -> CloudProvider:
        return CloudRunProvider(self.place.settings(delivery="cloud"), self.place.context())


@pytest.fixture
def deployment(place: Any, cloud: Any) -> Callable[..., CloudRunDeployment]:
    """The deployment with other settings, or with other environment variables of the program."""
    del cloud

    def make(*, breaks: bool = False, **changes: Any) -> CloudRunDeployment:
        settings = place.settings(delivery="cloud", **changes)
        context = place.context()
        plan = delivery_plan(settings, context, bucket=settings.bucket, location=settings.region)
        if breaks:
            plan.program.environ["ARTIFACTS_PREFIX"] = " "  # type: ignore[index]
        return CloudRunDeployment(settings, context, plan, sleep=lambda _: None)

    return make


@pytest.fixture
def first(deployment: Callable[..., CloudRunDeployment]) -> DeploymentStatus:
    return deployment().deploy(silent)


def body_of(call: Call) -> dict[str, Any]:
    found: dict[str, Any] = call.json
    return found


def test_one_request_deploys_everything_when_no_bytecode_comes_along(first: DeploymentStatus, cloud: Any) -> None:
    (sent,) = cloud.asked("PATCH")

    container = body_of(sent)["template"]["containers"][0]
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

    source = body_of(cloud.asked("PATCH")[0])["template"]["containers"][0]["sourceCode"]
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
    _, candidate, moved = (body_of(call)["traffic"] for call in cloud.asked("PATCH"))
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
    (traffic,) = body_of(cloud.asked("PATCH")[-1])["traffic"]
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

    sent = body_of(cloud.asked("PATCH")[0])
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

    assert body_of(cloud.asked("PATCH")[0])["multiRegionSettings"] == {"regions": ["europe-west1", "us-central1"]}
    assert list(cloud.run.services) == [("global", NAME)]
    assert status.outputs["ServiceRegions"] == "europe-west1, us-central1"


def test_a_load_balancer_of_yours_may_be_the_only_way_in(
    deployment: Callable[..., CloudRunDeployment], place: Any, cloud: Any
) -> None:
    closed: dict[str, Any] = {"ingress": "load-balancer"}

    deployed = deployment(**closed).deploy(silent)
    again = deployment(**closed, log_level="WARN").deploy(silent)

    assert body_of(cloud.asked("PATCH")[0])["ingress"] == "INGRESS_TRAFFIC_INTERNAL_LOAD_BALANCER"
    assert get(f"{deployed.outputs['BackendApiBaseUrl']}manifests/shop/latest")[0] == 404
    assert "HealthUrl" not in deployed.outputs, "nobody here can ask it"
    assert again.outputs["ServiceRevision"] != deployed.outputs["ServiceRevision"]
    provider = CloudRunProvider(place.settings(delivery="cloud", **closed), place.context())
    assert ("Cloud Run", "ok") in [(check.label, check.status) for check in provider.checks()]


def test_deploying_again_does_not_hide_that_nothing_is_delivered(
    deployment: Callable[..., CloudRunDeployment], cloud: Any
) -> None:
    cloud.run.containers_get["STORAGE_EMULATOR_HOST"] = "http://127.0.0.1:9"

    for _ in range(2):
        with pytest.raises(MiniProgramError, match="does not answer well"):
            deployment().deploy(silent)


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


def once(status: int, message: str, reason: str = "", **about: str) -> Callable[[Call], Reply | None]:
    def interruption(call: Call) -> Reply | None:
        return refusal(status, message, reason, **about) if call.verb == "PATCH" else None

    return interruption


@pytest.mark.parametrize(
    ("refused", "told", "helps"),
    [
        (
            once(403, "API off in 123456789012", "SERVICE_DISABLED", service="run.googleapis.com"),
            "the API run.googleapis.com is switched off in the project acme-prod-1234",
            "gcloud services enable run.googleapis.com --project acme-prod-1234",
        ),
        (
            once(403, "denied", "IAM_PERMISSION_DENIED", permission="run.services.update"),
            f"this account lacks the permission run.services.update on the service {NAME} in europe-west1",
            "roles/run.developer",
        ),
        (
            once(403, "Permission 'iam.serviceaccounts.actAs' denied on service account x@y.iam"),
            "lacks the permission iam.serviceaccounts.actAs",
            "roles/iam.serviceAccountUser",
        ),
        (
            once(403, "Permission 'run.services.setIamPolicy' denied on resource"),
            "lacks the permission run.services.setIamPolicy",
            "roles/run.admin",
        ),
        (once(403, "The caller does not have permission"), "this account has no access to the service", ""),
        (
            once(403, "Caller does not have required permission to use project", "USER_PROJECT_DENIED"),
            "the project acme-prod-1234 does not exist, or this account may not use it",
            "--project-id",
        ),
        (
            once(400, "Constraint constraints/run.managed.requireInvokerIam violated", "FAILED_PRECONDITION"),
            "the organisation's policy constraints/run.managed.requireInvokerIam forbids it",
            "--delivery self",
        ),
        (once(409, "Conflict", "ABORTED"), "somebody else is changing the service", "Wait until that is done"),
        (
            once(400, "Quota exceeded for total allowable CPU per project per region.", "FAILED_PRECONDITION"),
            "a quota of the project is used up: Quota exceeded for total allowable CPU",
            "iam-admin/quotas?project=acme-prod-1234",
        ),
        (
            once(403, "This API method requires billing to be enabled on 123456789012", "BILLING_DISABLED"),
            "the project acme-prod-1234 has no billing account",
            "Link one",
        ),
        (once(401, "no"), "Google refuses the token in FIREBASE_TOKEN", ""),
    ],
    ids=[
        "api off", "permission", "act as", "make public", "no access", "project", "policy", "busy", "quota",
        "billing", "unsigned",
    ],
)  # fmt: skip
def test_what_is_in_the_way_is_told_with_what_helps(
    refused: Callable[[Call], Reply | None],
    told: str,
    helps: str,
    deployment: Callable[..., CloudRunDeployment],
    cloud: Any,
) -> None:
    cloud.stand_in.interruptions.append(refused)

    with pytest.raises(MiniProgramError) as failure:
        deployment().deploy(silent)

    assert told in str(failure.value)
    assert helps in (failure.value.hint or "")
    assert "123456789012" not in str(failure.value)
    assert "@" not in str(failure.value)


def test_a_delay_that_google_asks_for_is_kept(place: Any, cloud: Any) -> None:
    def slow_down(call: Call) -> Reply | None:
        if call.verb != "PATCH":
            return None
        details = [{"@type": "type.googleapis.com/google.rpc.RetryInfo", "retryDelay": "7s"}]
        return document({"error": {"code": 429, "status": "RESOURCE_EXHAUSTED", "details": details}}, 429)

    cloud.stand_in.interruptions.append(slow_down)
    settings = place.settings(delivery="cloud")
    plan = delivery_plan(settings, place.context(), bucket=settings.bucket, location=settings.region)
    pauses: list[float] = []

    CloudRunDeployment(settings, place.context(), plan, sleep=pauses.append).deploy(silent)

    assert pauses[0] == 7.0


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


def test_apis_are_switched_on_when_asked(call: Callable[..., str], place: Any, cloud: Any) -> None:
    cloud.usage.enabled.clear()
    call("env", "init")
    where = ["--bucket", place.bucket, "--region", "europe-west1", "--endpoint-url", place.url]
    call("env", "configure", "prod", "--provider", "gcp", *where, "--project-id", "acme-prod-1234")
    told = call("cloud", "deploy", "--env", "prod", code=1)
    assert "the API run.googleapis.com is switched off" in told
    assert "miniprogram env configure prod --enable-apis" in told

    said = call("env", "configure", "prod", "--enable-apis")

    assert "Switched on in acme-prod-1234: storage.googleapis.com, run.googleapis.com" in said
    assert {"storage.googleapis.com", "run.googleapis.com", "logging.googleapis.com"} <= cloud.usage.enabled
    assert "Nothing was done" in call("cloud", "deploy", "--env", "prod", "--dry-run")


def test_doctor_and_permissions_say_what_the_account_lacks(
    call: Callable[..., str], place: Any, cloud: Any
) -> None:
    call("env", "init")
    where = ["--bucket", place.bucket, "--region", "europe-west1", "--endpoint-url", place.url]
    call("env", "configure", "prod", "--provider", "gcp", *where, "--project-id", "acme-prod-1234")
    cloud.run.permissions = {"run.services.get", "run.services.update"}

    checks = json.loads(call("cloud", "doctor", "--env", "prod", "--json"))["checks"]
    cloud.run.permissions = None
    allowed = json.loads(call("cloud", "doctor", "--env", "prod", "--json"))["checks"]
    assert ("Permissions", "ok") in [(check["label"], check["status"]) for check in allowed]
    policy = json.loads(call("cloud", "permissions", "--env", "prod"))

    found = {check["label"]: (check["status"], check["summary"]) for check in checks}
    assert found["Cloud Run"] == ("warning", "not deployed")
    assert found["Permissions"][0] == "warning"
    assert "run.services.setIamPolicy" in found["Permissions"][1]
    assert "run.services.get," not in found["Permissions"][1]
    needed = policy["roles"]["miniprogramPublisher"]["includedPermissions"]
    assert {"run.services.setIamPolicy", "storage.objects.create", "logging.logEntries.list"} <= set(needed)
    assert policy["grants"][-1]["on"] == f"gs://{place.bucket}"


@pytest.mark.parametrize("length", [LONGEST_NAME, LONGEST_NAME + 1, 200])
def test_long_names_stay_apart(length: int) -> None:
    found = {shortened("a" * (length - 1) + last) for last in "bc"}

    assert len(found) == 2
    assert all(len(name) <= LONGEST_NAME for name in found)
