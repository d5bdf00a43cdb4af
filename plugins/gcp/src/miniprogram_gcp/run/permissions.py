"""What the account that publishes and deploys needs, and what the one that delivery runs as needs."""

from __future__ import annotations

from collections.abc import Mapping

from miniprogram.seams.cloud_provider import ProviderContext
from miniprogram_gcp.cloud_errors import cloud_errors
from miniprogram_gcp.google_calls import service_calls
from miniprogram_gcp.run_settings import RunSettings
from miniprogram_gcp.settings import GcpSettings

ADDRESS = "https://cloudresourcemanager.googleapis.com"
API = "cloudresourcemanager"
DEPLOYING = (
    "run.services.create",
    "run.services.delete",
    "run.services.get",
    "run.services.setIamPolicy",
    "run.services.update",
)
"""`setIamPolicy` because a service that everybody may ask is one whose callers are not checked."""
_OPERATING = ("run.operations.get", "run.revisions.get", "logging.logEntries.list", "serviceusage.services.use")
_PUBLISHING = (
    "storage.buckets.get",
    "storage.objects.create",
    "storage.objects.delete",
    "storage.objects.get",
    "storage.objects.list",
)
_SHIFTING = ("monitoring.timeSeries.list",)
_DELIVERING = ("storage.objects.get", "storage.objects.list")


def permission_document(settings: GcpSettings, context: ProviderContext) -> Mapping[str, object]:
    """Two custom roles as `gcloud iam roles create --file` takes them, and where each is granted. Asks nobody."""
    project = settings.project_id or context.environ.get("GOOGLE_CLOUD_PROJECT", "").strip() or "PROJECT"
    bucket = f"gs://{settings.bucket}"
    account = settings.service_account or "the project's default service account"
    return {
        "roles": {
            "miniprogramPublisher": _role("Publish and deploy mini-programs", _deploying(settings) + _PUBLISHING),
            "miniprogramDelivery": _role("Deliver mini-programs", _DELIVERING),
        },
        "grants": [
            {"role": "miniprogramPublisher", "to": "who publishes and deploys", "on": f"projects/{project}"},
            {"role": "roles/iam.serviceAccountUser", "to": "who publishes and deploys", "on": account},
            {"role": "miniprogramDelivery", "to": account, "on": bucket},
        ],
    }


def missing_permissions(settings: RunSettings, context: ProviderContext, project: str) -> list[str]:
    """What this account lacks to deploy in `project`. Raises MiniProgramError when that cannot be asked."""
    wanted = _deploying(settings)
    calls = service_calls(API, ADDRESS, context.environ)
    errors = cloud_errors("Resource Manager", project, context.environment)
    with errors.mapped("ask what this account may do", resource=f"the project {project}"):
        path = f"/v3/projects/{project}:testIamPermissions"
        answer = calls.call("POST", path, json={"permissions": list(wanted)})
    return sorted(set(wanted) - set(answer.json().get("permissions") or ()))


def _deploying(settings: RunSettings) -> tuple[str, ...]:
    return DEPLOYING + _OPERATING + (_SHIFTING if settings.shift_step else ())


def _role(title: str, permissions: tuple[str, ...]) -> dict[str, object]:
    return {"title": title, "stage": "GA", "includedPermissions": sorted(permissions)}
