"""The provider `firebase`: a project with Hosting sites, and with a bucket where releases want one."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from functools import cached_property
from typing import TYPE_CHECKING

from miniprogram.errors import MiniProgramError, UsageError
from miniprogram.seams.abilities import ALL
from miniprogram.seams.backend_operator import BackendRequest
from miniprogram.seams.checks import Check
from miniprogram.seams.cloud_provider import DeliveryDeployment, DeploymentStatus, ProviderContext, StoreAddress
from miniprogram_firebase.backend.firestore_calls import ENABLED as FIRESTORE_API
from miniprogram_firebase.backend.security_rules import ENABLED as RULES_API
from miniprogram_firebase.hosting.errors import API as HOSTING_API
from miniprogram_firebase.hosting.site import ADDRESS, LIVE, SCOPE, HostingSite
from miniprogram_firebase.settings import FirebaseSettings
from miniprogram_gcp.apis import enable_apis
from miniprogram_gcp.cloud_errors import RUN_APIS, STORAGE_APIS
from miniprogram_gcp.google_calls import GoogleCalls

if TYPE_CHECKING:
    from miniprogram.delivery.evaluation.ledger import AdmissionLedger
    from miniprogram_firebase.backend.backend_operator import FirebaseBackend
    from miniprogram_gcp.gcs_store import GcsObjectStore
    from miniprogram_gcp.provider import GcpProvider

HOSTING_ADDRESS = "FIREBASE_HOSTING_API_URL"
"""Another address of the Hosting service, for tests; the Firebase CLI asks for it too."""

APIS = (HOSTING_API, RULES_API, FIRESTORE_API, *RUN_APIS, *STORAGE_APIS)
"""What the commands of this distribution call."""


class FirebaseProvider:
    """Implements PreparingProvider, KnowsAccount and RunsBackends. Nothing connects before it is asked."""

    account_is, account_now = "project", "its bucket belongs to"

    def __init__(self, settings: FirebaseSettings, context: ProviderContext) -> None:
        self._settings, self._context = settings, context

    def site(self, name: str | None = None) -> HostingSite:
        """The Hosting site `name`; the one every project has is called like the project."""
        project = self._settings.project_id
        return HostingSite(self._hosting, project, name or project, environment=self._context.environment)

    @property
    def address(self) -> StoreAddress:
        settings = self._settings
        return settings.store_address(settings.bucket or "", settings.region)

    @property
    def abilities(self) -> Mapping[str, str | None]:
        if self._settings.bucket is None:
            return dict.fromkeys(ALL, "the environment has no bucket, and Hosting decides nothing")
        return self._storage.abilities

    def store(self) -> GcsObjectStore:
        """Raises UsageError when the environment has no bucket."""
        return self._storage.store()

    def deployment(self) -> DeliveryDeployment:
        """Raises UsageError when the environment has no bucket to deliver from."""
        return self._storage.deployment()

    def account(self) -> str:
        from miniprogram_gcp.bucket import bucket_owner  # deferred: see _storage

        return bucket_owner(self._storage.calls)

    def ledger(self) -> AdmissionLedger:
        """Admissions are counted in Firestore or in the bucket, as the environment says."""
        return self._storage.ledger()

    def publisher_backend(self, request: BackendRequest) -> FirebaseBackend:
        """Raises UsageError for an option that does not fit."""
        from miniprogram_firebase.backend.backend_operator import FirebaseBackend  # deferred: a publish needs none

        return FirebaseBackend.of(self._settings, self._context, request)

    def prepare(self) -> Iterator[str]:
        """Do what `--enable-apis` asks for."""
        if self._settings.enable_apis:
            yield from enable_apis(self._context, self._settings.project_id, APIS)

    def settings_to_keep(self, status: DeploymentStatus) -> Mapping[str, object]:
        return self._storage.settings_to_keep(status)

    def checks(self) -> Iterator[Check]:
        label = "Google sign-in"
        try:
            self._hosting.sign_in()
        except MiniProgramError as error:
            yield Check(label, "error", str(error), error.hint)
            return
        yield Check(label, "ok", "somebody is signed in")
        yield self._site_check()
        if self._settings.bucket is None:
            yield Check("Bucket", "skipped", "none is configured; Hosting alone needs none")
        else:
            yield from self._storage.checks()

    def _site_check(self) -> Check:
        label = "Hosting site"
        try:
            live = self.site().channel(LIVE)
        except MiniProgramError as error:
            return Check(label, "error", str(error), error.hint)
        release = live.release if live is not None else None
        released = f"released {release.released_at}" if release is not None else "never released"
        return Check(label, "ok", f"{live.url if live is not None else ''}, {released}")

    @cached_property
    def _hosting(self) -> GoogleCalls:
        environ = self._context.environ
        return GoogleCalls(environ.get(HOSTING_ADDRESS, "").strip() or ADDRESS, environ, scopes=(SCOPE,))

    @cached_property
    def _storage(self) -> GcpProvider:
        bucket = self._settings.bucket
        if bucket is None:
            name = self._context.environment
            raise UsageError(
                f"the environment {name} has no bucket to keep releases in",
                hint=f"Run `miniprogram env configure {name} --bucket NAME`, or publish to Hosting instead.",
            )
        # deferred: Hosting has neither bucket nor Cloud Run
        from miniprogram_firebase.counting import CountingProvider
        from miniprogram_gcp.provider import GcpProvider
        from miniprogram_gcp.run.provider import CloudRunProvider

        storage = self._settings.storage(bucket)
        if self._settings.delivery == "self":
            return GcpProvider(storage, self._context)
        if self._settings.admission_database:
            return CountingProvider(storage, self._context)
        return CloudRunProvider(storage, self._context)
