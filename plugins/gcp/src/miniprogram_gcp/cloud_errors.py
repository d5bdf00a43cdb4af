"""What Google's services refuse, as sentences with the call that helps: one table for all but Cloud Storage."""

from __future__ import annotations

import re
from collections.abc import Sequence
from typing import Any

from miniprogram.errors import MiniProgramError
from miniprogram.provider_kit.sdk_errors import (
    Explanation,
    Failure,
    Rule,
    SdkErrors,
    Subject,
    after_tries,
    when,
)
from miniprogram_gcp.credentials import REDACTION, SIGN_IN
from miniprogram_gcp.google_calls import CLOUD_SCOPE, read_failure, told_in

STORAGE_APIS = ("storage.googleapis.com",)
RUN_APIS = ("run.googleapis.com", "logging.googleapis.com")
"""What publishing needs, and what delivery on Cloud Run needs besides: `--enable-apis` switches them on."""
MONITORING_API = "monitoring.googleapis.com"
"""What a gradual shift asks how new code does."""
ROLES = (
    ("iam.serviceaccounts.actas", "roles/iam.serviceAccountUser on that service account"),
    ("run.services.setiampolicy", "roles/run.admin"),
    ("run.", "roles/run.developer"),
    ("cloudfunctions.functions.setiampolicy", "roles/cloudfunctions.admin"),
    ("cloudfunctions.", "roles/cloudfunctions.developer"),
    ("logging.", "roles/logging.viewer"),
    ("monitoring.", "roles/monitoring.viewer"),
    ("serviceusage.services.use", "roles/serviceusage.serviceUsageConsumer"),
    ("serviceusage.", "roles/serviceusage.serviceUsageAdmin"),
    ("cloudkms.", "roles/cloudkms.signerVerifier"),
    ("datastore.", "roles/datastore.user"),
    ("firebasehosting.", "roles/firebasehosting.admin"),
    ("firebaserules.", "roles/firebaserules.admin"),
    ("resourcemanager.", "roles/browser"),
)
"""The role that holds a permission, by how the permission begins: the first that fits, in small letters."""
_CODES = {3: 400, 5: 404, 6: 409, 7: 403, 8: 429, 9: 400, 10: 409, 13: 500, 14: 503, 16: 401}
"""HTTP statuses by google.rpc.Code: what an operation ends with."""
_SWITCHED_OFF = {"SERVICE_DISABLED", "accessNotConfigured"}
_PERIMETER = {"SECURITY_POLICY_VIOLATED", "ORG_RESTRICTION_VIOLATION", "vpcServiceControls"}
_OWN_PEOPLE = "constraints/iam.allowedPolicyMemberDomains"
_QUOTA = {"quotaExceeded", "dailyLimitExceeded", "QUOTA_EXCEEDED"}
_not_enabled = re.compile(r"has not been used in project \S+ before or it is disabled|API .*is not enabled").search
_no_project = re.compile(r"(?is)\A(.*?)\bproject\b[^.]*\b(?:not found|not exist|(?:been|was) deleted)\b").search
_within_project = re.compile(
    r"(?i)\b(?:database|site|channel|version|document|bucket|service|function|key)\b"
).search
"""What a message that goes on with a project is about: that thing is missing, not the project."""
_permission = re.compile(r"\b[a-z]+\.[a-zA-Z]+\.[a-zA-Z]+\b").search
_policy = re.compile(r"\bconstraints/[\w.]+").search


def cloud_errors(
    service: str,
    project: str,
    environment: str,
    *,
    api: str = "",
    role: str = "",
    own: Sequence[Rule] = (),
    default: type[MiniProgramError] = MiniProgramError,
) -> SdkErrors:
    """The table for what people call `service`, asked about `project` for `environment`.

    `api` is its API, where `--enable-apis` of the environment's provider switches it on; `role` the one to ask for
    where Google names no permission; `own` what only this service refuses.
    """
    return SdkErrors(
        read=read_failure,
        rules=(
            when((), "the sign-in to Google is not accepted", SIGN_IN, statuses=(401,)),
            _switched_off(project, environment, api),
            _used_up(project),
            when(
                {"ACCESS_TOKEN_SCOPE_INSUFFICIENT"},
                "the sign-in to Google was given for other services only",
                f"Sign in for all: `gcloud auth application-default login --scopes={CLOUD_SCOPE}`.",
            ),
            when(
                {"BILLING_DISABLED", "UREQ_PROJECT_BILLING_NOT_OPEN"},
                f"the project {project} has no billing account",
                "Link one in the Google Cloud console, then run the same command.",
            ),
            when(
                {"CONSUMER_INVALID", "USER_PROJECT_DENIED", "RESOURCE_PROJECT_INVALID"},
                f"the project {project} does not exist, or this account may not use it",
                _other_project(environment),
            ),
            _lost_project(project, environment),
            _forbidden_by_policy,
            _missing_permission(role),
            when(
                {"ABORTED"},
                "somebody else is changing {resource} now",
                "Wait until that is done, then run the same command.",
                statuses=(409,),
            ),
            *own,
            *after_tries(service, unreachable={"Unreachable"}),
        ),
        redact=REDACTION,
        default=default,
    )


def names_lost_project(message: str) -> bool:
    """Whether Google says that the project itself is not there: not a database, a site, … in it."""
    named = _no_project(message)
    return named is not None and not _within_project(named[1])


def operation_failure(error: dict[str, Any]) -> Failure:
    """What an operation ended with, as if the call that began it had been refused with it."""
    reason, message, facts = told_in(error)
    status = _CODES.get(int(error.get("code", 0)), 0)
    return Failure(reason or "FAILED", status, facts.get("permission") or facts.get("service", ""), message)


def role_for(permission: str) -> str:
    """The predefined role to ask for, or the permission itself where none is known."""
    small = permission.lower()
    return next((role for start, role in ROLES if small.startswith(start)), permission)


def _switched_off(project: str, environment: str, asked: str) -> Rule:
    def rule(found: Failure, subject: Subject) -> Explanation | None:
        del subject
        if found.code not in _SWITCHED_OFF and not _not_enabled(found.message):
            return None
        api = found.operation or asked or "it needs"
        call = f"`gcloud services enable {api} --project {project}`"
        ours = f"`miniprogram env configure {environment} --enable-apis`"
        helps = f"Run {ours}, or {call}." if api in (*STORAGE_APIS, *RUN_APIS, asked) else f"Run {call}."
        return f"the API {api} is switched off in the project {project}", helps

    return rule


def _other_project(environment: str) -> str:
    return f"Correct it with `miniprogram env configure {environment} --project-id PROJECT`."


def _lost_project(project: str, environment: str) -> Rule:
    def rule(found: Failure, subject: Subject) -> Explanation | None:
        del subject
        if found.code == "CONSUMER_SUSPENDED":
            return (
                f"Google has suspended the project {project}",
                "The Google Cloud console says why, and what to do.",
            )
        if found.status not in (400, 403, 404) or not names_lost_project(found.message):
            return None
        return f"there is no project {project}, or it was deleted", _other_project(environment)

    return rule


def _forbidden_by_policy(found: Failure, subject: Subject) -> Explanation | None:
    named = _policy(found.message)
    if found.code in _PERIMETER or "vpcServiceControlsUniqueIdentifier" in found.message:
        return (
            f"a perimeter of the organisation (VPC Service Controls) keeps us away from {subject.resource}",
            "Run the command from inside it, or ask who manages the organisation for a way in.",
        )
    own_people = _OWN_PEOPLE if "permitted customer" in found.message else ""
    policy = named[0] if named else own_people
    if not policy:
        return None
    return (
        f"the organisation's policy {policy} forbids it for {subject.resource}",
        "Ask who manages the organisation for an exception; delivery also runs elsewhere: `--delivery self`.",
    )


def _missing_permission(role: str) -> Rule:
    def rule(found: Failure, subject: Subject) -> Explanation | None:
        if found.status != 403 and found.code not in {"IAM_PERMISSION_DENIED", "PERMISSION_DENIED"}:
            return None
        named = _permission(found.operation) or _permission(found.message)
        if named is None:
            needed = f"It needs the role {role}." if role else None
            return f"this account has no access to {subject.resource}", needed
        return (
            f"this account lacks the permission {named[0]} on {subject.resource}",
            f"It is in the role {role_for(named[0])}.",
        )

    return rule


def _used_up(project: str) -> Rule:
    def rule(found: Failure, subject: Subject) -> Explanation | None:
        del subject
        is_told = found.code in _QUOTA or "quota" in found.message.lower()
        if found.code == "RATE_LIMIT_EXCEEDED" or not is_told:
            return None
        said = REDACTION(found.message).rstrip(".")
        where = f"https://console.cloud.google.com/iam-admin/quotas?project={project}"
        return f"a quota of the project is used up: {said}", f"Ask for more at {where}."

    return rule
