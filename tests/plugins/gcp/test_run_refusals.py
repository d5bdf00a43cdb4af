"""What stands in the way of delivery on Cloud Run is told with what helps."""

from __future__ import annotations

import json
from collections.abc import Callable
from typing import Any

import pytest

from miniprogram.errors import MiniProgramError
from miniprogram.testing.delivery_deployment import silent
from miniprogram_gcp.run.deployment import CloudRunDeployment
from miniprogram_gcp.run.plan import delivery_plan
from testbed.google.server import Call, Reply, document, refusal

pytestmark = [pytest.mark.process, pytest.mark.slow]

NAME = "mini-program-cloud-prod"
KEY = ("europe-west1", NAME)


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
