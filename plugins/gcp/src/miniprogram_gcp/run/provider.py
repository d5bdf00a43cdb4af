"""A bucket of Cloud Storage with our delivery service before it on Cloud Run."""

from __future__ import annotations

from collections.abc import Iterator, Mapping

from miniprogram.provider_kit.checks import deployment_check, looked_at
from miniprogram.seams.abilities import PROTECTED_LISTS, SIGNED_LINKS, WINDOWS
from miniprogram.seams.checks import Check
from miniprogram_gcp.bucket import bucket_checks, bucket_owner
from miniprogram_gcp.provider import GcpProvider
from miniprogram_gcp.run.deployment import CloudRunDeployment
from miniprogram_gcp.run.permissions import missing_permissions, permission_document
from miniprogram_gcp.run.plan import RunPlan, delivery_plan
from miniprogram_gcp.run.standing import who_gets_what


class CloudRunProvider(GcpProvider):
    """Implements PreparingProvider, PermissionStating and KnowsAccount.

    Names of buckets and projects are the whole world's, so whoever is signed in reaches the same ones. What may
    change is whose the bucket is: somebody deletes it, and somebody else takes its name.
    """

    account_is, account_now = "project", "its bucket belongs to"

    @property
    def abilities(self) -> Mapping[str, str | None]:
        return {
            WINDOWS: "nothing on Cloud Run counts admissions; --delivery self counts them in the bucket",
            PROTECTED_LISTS: None,
            SIGNED_LINKS: None,
        }

    def deployment(self) -> CloudRunDeployment:
        """Raises UsageError when the environment does not say where it is to run."""
        return CloudRunDeployment(self._settings, self._context, self._plan())

    def account(self) -> str:
        return bucket_owner(self.calls)

    def permission_policy(self) -> Mapping[str, object]:
        return permission_document(self._settings, self._context)

    def checks(self) -> Iterator[Check]:
        yield from bucket_checks(self.calls, self._settings, self._store)
        yield looked_at("Permissions", self._permissions_check, otherwise="skipped")
        yield looked_at("Cloud Run", self._run_check)

    def _run_check(self) -> Check:
        deployment = self.deployment()
        found = deployment_check("Cloud Run", deployment)
        service = deployment.service() if found.status == "ok" else None
        if service is not None and service.traffic.candidate is not None:
            return Check("Cloud Run", "warning", f"{who_gets_what(service)}")
        return found

    def _permissions_check(self) -> str | Check:
        project = self._plan().project
        missing = missing_permissions(self._settings, self._context, project)
        if not missing:
            return f"this account may deploy in {project}"
        hint = "Run `miniprogram cloud permissions` for the roles it needs."
        return Check("Permissions", "warning", f"this account lacks {', '.join(missing)} in {project}", hint)

    def _plan(self) -> RunPlan:
        settings = self._settings
        return delivery_plan(settings, self._context, bucket=settings.bucket, location=settings.region)
