"""What Google refuses: a sentence that says why, and what helps, for each command that deploys."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from miniprogram.provider_kit.rest_calls import TRIES
from miniprogram.testing import write_program
from testbed.google.hosting import HostingService
from testbed.google.server import Call, Reply, refusal

PUBLISH, BACKEND, DELIVERY = (
    "publish --target firebase-hosting",
    "publisher-backend firebase deploy",
    "cloud deploy",
)
HOSTING, FIRESTORE, RULES, RUN = (
    "/v1beta1/",
    "/v1/projects/shop-project/databases/",
    "/v1/projects/shop-project/releases/",
    "/run/",
)
ASKED = {
    "hosting": (PUBLISH, HOSTING, "firebasehosting"),
    "firestore": (BACKEND, FIRESTORE, "firestore"),
    "rules": (BACKEND, RULES, "firebaserules"),
    "run of a backend": (BACKEND, RUN, "run"),
    "run of delivery": (DELIVERY, RUN, "run"),
}
"""A command, where it asks, and the API that is."""
ROLES = {
    "firebasehosting": "roles/firebasehosting.admin",
    "firestore": "roles/datastore.user",
    "firebaserules": "roles/firebaserules.admin",
}
PERMISSIONS = {
    "firebasehosting": ("firebasehosting.sites.update", "roles/firebasehosting.admin"),
    "firestore": ("datastore.entities.create", "roles/datastore.user"),
    "firebaserules": ("firebaserules.releases.create", "roles/firebaserules.admin"),
    "run": ("run.services.create", "roles/run.developer"),
}

Told = Callable[[str, str, Reply], str]


@pytest.fixture(autouse=True)
def _program(call: Callable[..., tuple[int, str]], tmp_path: Path) -> None:
    write_program(tmp_path / "shop")
    call("env configure prod --bucket shop-releases")


@pytest.fixture
def told(call: Callable[..., tuple[int, str]], cloud: Any) -> Told:
    """What a command says whose requests below a path are all refused."""

    def typed(command: str, path: str, refused: Reply) -> str:
        def interruption(asked: Call) -> Reply | None:
            return refused if asked.path.startswith(path) else None

        cloud.stand_in.interruptions += [interruption] * TRIES
        _, said = call(command, code=1)
        assert "123456789012" not in said
        assert "somebody@example.com" not in said
        assert cloud.run.services == {}
        return said

    return typed


@pytest.mark.parametrize("asked", ASKED.values(), ids=ASKED)
class TestEachService:
    def test_an_api_that_is_off(self, asked: tuple[str, str, str], told: Told) -> None:
        command, path, api = asked
        refused = refusal(403, "off in 123456789012", "SERVICE_DISABLED", service=f"{api}.googleapis.com")
        said = told(command, path, refused)
        assert f"the API {api}.googleapis.com is switched off in the project shop-project" in said
        assert "`miniprogram env configure prod --enable-apis`" in said

    def test_an_older_refusal_of_an_api_that_is_off(self, asked: tuple[str, str, str], told: Told) -> None:
        command, path, api = asked
        said = told(command, path, refusal(403, "off in 123456789012", "accessNotConfigured"))
        if api in ROLES:
            assert f"the API {api}.googleapis.com is switched off" in said
        assert "--enable-apis" in said or "gcloud services enable" in said

    def test_a_project_that_is_not_ours(self, asked: tuple[str, str, str], told: Told) -> None:
        command, path, _ = asked
        refused = refusal(403, "Permission denied on resource project.", "CONSUMER_INVALID", consumer="projects/x")
        said = told(command, path, refused)
        assert "the project shop-project does not exist, or this account may not use it" in said
        assert "--project-id" in said

    def test_a_permission_that_is_missing(self, asked: tuple[str, str, str], told: Told) -> None:
        command, path, api = asked
        permission, role = PERMISSIONS[api]
        said = told(command, path, refusal(403, "denied", "IAM_PERMISSION_DENIED", permission=permission))
        assert f"this account lacks the permission {permission}" in said
        assert role in said

    def test_a_permission_that_is_not_named(self, asked: tuple[str, str, str], told: Told) -> None:
        command, path, api = asked
        said = told(command, path, refusal(403, "Missing or insufficient permissions.", "PERMISSION_DENIED"))
        assert "this account has no access to" in said
        assert ROLES.get(api, "") in said

    def test_a_sign_in_for_something_else(self, asked: tuple[str, str, str], told: Told) -> None:
        command, path, api = asked
        about = {"service": f"{api}.googleapis.com", "method": "google.example.Get"}
        said = told(command, path, refusal(403, "scopes", "ACCESS_TOKEN_SCOPE_INSUFFICIENT", **about))
        assert "the sign-in to Google was given for other services only" in said
        assert "--scopes=https://www.googleapis.com/auth/cloud-platform" in said

    def test_a_quota_that_is_used_up(self, asked: tuple[str, str, str], told: Told) -> None:
        command, path, _ = asked
        message = "Quota exceeded for quota metric 'Writes' of consumer 'project_number:123456789012'."
        said = told(command, path, refusal(429, message, "RESOURCE_EXHAUSTED", retryDelay="0.01s"))
        assert "a quota of the project is used up: Quota exceeded for quota metric 'Writes'" in said
        assert "iam-admin/quotas?project=shop-project" in said

    def test_a_policy_of_the_organisation(self, asked: tuple[str, str, str], told: Told) -> None:
        command, path, _ = asked
        message = "Constraint constraints/gcp.restrictServiceUsage violated for somebody@example.com"
        said = told(command, path, refusal(400, message, "FAILED_PRECONDITION"))
        assert "the organisation's policy constraints/gcp.restrictServiceUsage forbids it" in said

    def test_no_billing(self, asked: tuple[str, str, str], told: Told) -> None:
        command, path, _ = asked
        said = told(command, path, refusal(403, "billing of 123456789012", "BILLING_DISABLED"))
        assert "the project shop-project has no billing account" in said

    def test_a_token_that_has_ended(self, asked: tuple[str, str, str], told: Told) -> None:
        command, path, _ = asked
        said = told(command, path, refusal(401, "Request had invalid credentials.", "UNAUTHENTICATED"))
        assert "Google refuses the token in FIREBASE_TOKEN: it has ended" in said
        assert "gcloud auth application-default login" in said

    def test_a_service_that_is_out_of_order(self, asked: tuple[str, str, str], told: Told) -> None:
        command, path, _ = asked
        said = told(command, path, refusal(503, "no", "UNAVAILABLE", retryDelay="0.01s"))
        assert "failed, even after several tries" in said


OLD = (
    "firestore.googleapis.com API has not been used in project 123456789012 before or it is disabled. Enable it by"
)
CUSTOMER = "One or more users named in the policy do not belong to a permitted customer, perhaps due to a policy."
PERIMETER = "Request is prohibited by organization's policy. vpcServiceControlsUniqueIdentifier: AbCd"
EVERYWHERE: dict[str, tuple[Reply, str]] = {
    # an API that is off
    "off, said in words only": (refusal(403, OLD, "PERMISSION_DENIED"), "is switched off in the project"),
    "off, of an older service": (
        refusal(400, "The API firestore.googleapis.com is not enabled for the project", "FAILED_PRECONDITION"),
        "is switched off in the project",
    ),
    "off, refused as a permission": (
        refusal(403, "Cloud Run Admin API has not been used in project 1 before or it is disabled.", "forbidden"),
        "is switched off in the project",
    ),
    # the wrong project
    "no such project": (
        refusal(400, "Project 'shop-project' not found or deleted.", "INVALID_ARGUMENT"),
        "there is no project shop-project, or it was deleted",
    ),
    "a deleted project": (
        refusal(403, "Project shop-project has been deleted.", "PERMISSION_DENIED"),
        "there is no project shop-project, or it was deleted",
    ),
    "a suspended project": (
        refusal(403, "Consumer has been suspended.", "CONSUMER_SUSPENDED"),
        "Google has suspended the project shop-project",
    ),
    # a role that is missing
    "nobody may act as it": (
        refusal(403, "Permission 'iam.serviceaccounts.actAs' denied on service account x", "PERMISSION_DENIED"),
        "roles/iam.serviceAccountUser",
    ),
    "no use of the project": (
        refusal(403, "Caller lacks serviceusage.services.use on the project.", "PERMISSION_DENIED"),
        "roles/serviceusage.serviceUsageConsumer",
    ),
    "forbidden, without a word": (refusal(403, "", "forbidden"), "this account has no access to"),
    # a quota
    "a quota told as forbidden": (
        refusal(403, "Quota exceeded for total allowable CPU per project.", "PERMISSION_DENIED"),
        "a quota of the project is used up: Quota exceeded for total allowable CPU",
    ),
    "the day's limit": (
        refusal(403, "Daily Limit Exceeded", "dailyLimitExceeded"),
        "a quota of the project is used up: Daily Limit Exceeded",
    ),
    "too fast": (
        refusal(429, "Quota exceeded for requests a minute", "RATE_LIMIT_EXCEEDED"),
        "even after several tries",
    ),
    # a policy of the organisation
    "only its own people": (
        refusal(400, CUSTOMER, "FAILED_PRECONDITION"),
        "the organisation's policy constraints/iam.allowedPolicyMemberDomains forbids it",
    ),
    "a perimeter": (refusal(403, PERIMETER, "PERMISSION_DENIED"), "a perimeter of the organisation"),
    "a perimeter by its code": (refusal(403, "no", "SECURITY_POLICY_VIOLATED"), "a perimeter of the organisation"),
    "a place that is not allowed": (
        refusal(
            400, "Location x violates constraint constraints/gcp.resourceLocations", "LOCATION_POLICY_VIOLATED"
        ),
        "the organisation's policy constraints/gcp.resourceLocations forbids it",
    ),
}


@pytest.mark.parametrize("case", EVERYWHERE)
@pytest.mark.parametrize("asked", [ASKED["hosting"], ASKED["firestore"], ASKED["run of delivery"]])
def test_each_kind_of_refusal_in_its_other_forms(asked: tuple[str, str, str], case: str, told: Told) -> None:
    command, path, _ = asked
    refused, said = EVERYWHERE[case]
    assert said in told(command, path, refused)


UNFINISHED = {
    "given up": refusal(400, "Version sites/x/versions/1 is ABANDONED", "FAILED_PRECONDITION"),
    "deleted": refusal(404, "Version sites/x/versions/1 was deleted", "NOT_FOUND"),
    "not found": refusal(404, "Version not found", "NOT_FOUND"),
    "not finished": refusal(400, "Version is CREATED and not FINALIZED", "FAILED_PRECONDITION"),
}


@pytest.mark.parametrize("refused", UNFINISHED.values(), ids=UNFINISHED)
def test_a_release_that_stays_half_done_says_that_nothing_is_released(
    refused: Reply, told: Told, hosting: HostingService
) -> None:
    said = told(PUBLISH, HOSTING + "projects/shop-project/sites/shop-project/versions", refused)

    assert "nothing is released" in said
    assert "Run the same command again" in said
    assert hosting.channels["shop-project"]["live"].releases == []


def test_a_database_of_the_other_kind(told: Told) -> None:
    message = "The Cloud Firestore API is not available for Firestore in Datastore Mode database projects/x."
    said = told(BACKEND, FIRESTORE, refusal(400, message, "FAILED_PRECONDITION"))

    assert "is in Datastore mode" in said
    assert "--storage bundled" in said


@pytest.mark.parametrize("command", [PUBLISH, BACKEND, DELIVERY])
def test_nobody_is_signed_in(
    command: str, call: Callable[..., tuple[int, str]], cloud: Any, monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    cloud.token = ""
    for name in ("HOME", "CLOUDSDK_CONFIG"):
        monkeypatch.setenv(name, str(tmp_path / "home"))
    monkeypatch.setenv("NO_GCE_CHECK", "true")
    monkeypatch.delenv("GOOGLE_APPLICATION_CREDENTIALS", raising=False)

    _, said = call(command, code=1)

    assert "nobody is signed in to Google Cloud" in said
    assert "gcloud auth application-default login" in said


def test_a_version_that_is_changed_while_it_is_made(told: Told) -> None:
    said = told(PUBLISH, HOSTING, refusal(400, "Version is FINALIZED", "FAILED_PRECONDITION"))

    assert "nothing is released" in said
    assert "Run the same command again" in said


def test_apis_are_switched_on_when_that_is_asked_for(call: Callable[..., tuple[int, str]], cloud: Any) -> None:
    _, said = call("env configure prod --enable-apis")

    wanted = {"firebasehosting", "firebaserules", "firestore", "logging", "run", "storage"}
    assert {f"{each}.googleapis.com" for each in wanted} <= cloud.usage.enabled
    assert "Switched on in shop-project" in said


LOST_PROJECTS = (
    "Project 'projects/shop-project' not found or deleted.",
    "The project shop-project does not exist.",
    "Project 123456789012 has been deleted.",
    "Requested project was not found",
)
MISSING_WITHIN = (
    "Requested entity was not found.",
    "The database (default) does not exist for project shop-project. Please visit "
    "https://console.cloud.google.com/datastore/setup?project=shop-project to add a Cloud Firestore database.",
    "Database '(default)' of project 'shop-project' was not found",
    "Site 'shop-project' in project 'shop-project' does not exist",
)


@pytest.mark.parametrize("message", LOST_PROJECTS)
@pytest.mark.parametrize(("command", "path"), [(PUBLISH, HOSTING), (BACKEND, FIRESTORE), (BACKEND, RULES)])
def test_a_project_that_is_not_there(command: str, path: str, message: str, told: Told) -> None:
    said = told(command, path, refusal(404, message, "NOT_FOUND"))
    assert "there is no project shop-project, or it was deleted" in said
    assert "--project-id" in said


@pytest.mark.parametrize("message", MISSING_WITHIN)
def test_a_site_that_is_not_there(message: str, hosting: HostingService, told: Told) -> None:
    said = told(PUBLISH, f"{HOSTING}projects/shop-project/sites/", refusal(404, message, "NOT_FOUND"))
    assert "there is no Hosting site shop-project in the project shop-project" in said


def test_a_project_without_firebase(told: Told) -> None:
    said = told(PUBLISH, HOSTING, refusal(404, "Requested entity was not found.", "NOT_FOUND"))
    assert "there is no project shop-project with Firebase, or this account may not see it" in said


@pytest.mark.parametrize("message", MISSING_WITHIN)
def test_a_database_that_is_not_there(message: str, told: Told) -> None:
    said = told(BACKEND, FIRESTORE, refusal(404, message, "NOT_FOUND"))
    assert "the project shop-project has no Firestore database" in said
