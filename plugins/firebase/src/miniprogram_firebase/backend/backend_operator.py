"""A publisher backend on Firebase: a service on Cloud Run, and perhaps records in Firestore."""

from __future__ import annotations

import time
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from typing import ClassVar

from miniprogram.backends.cloud.starter import StarterBackend, told_outputs
from miniprogram.errors import MiniProgramError, ToolError
from miniprogram.plugins.settings import parse_settings
from miniprogram.provider_kit.resource_names import slug
from miniprogram.seams.backend_operator import (
    BASE_URL,
    FUNCTION_NAME,
    HEALTH_URL,
    BackendData,
    BackendRequest,
    BackendState,
    Progress,
)
from miniprogram.seams.cloud_provider import ProviderContext
from miniprogram_firebase.backend.backend_program import FolderProgram
from miniprogram_firebase.backend.backend_template import FIRESTORE, FirebaseTemplate
from miniprogram_firebase.backend.firestore_calls import FirestoreCalls
from miniprogram_firebase.backend.options import BackendOptions
from miniprogram_firebase.backend.records import FirestoreRecords
from miniprogram_firebase.backend.security_rules import FILE, SecurityRules
from miniprogram_firebase.settings import FirebaseSettings
from miniprogram_gcp.run.deployment import CloudRunDeployment
from miniprogram_gcp.run.plan import RunPlan, shortened
from miniprogram_gcp.run.service_document import HEALTH_PATH, Identity
from miniprogram_gcp.run_settings import RunSettings

PROJECT_OUTPUT = "PublisherBackendProjectId"
REGION_OUTPUT = "PublisherBackendRegion"
STORAGE_OUTPUT = "PublisherBackendStorageMode"
STORAGE = "PUBLISHER_BACKEND_STORAGE"
"""The variable that says which store the code was deployed with."""


@dataclass(frozen=True, slots=True)
class FirebaseBackend(StarterBackend):
    """Implements BackendOperator."""

    starter: ClassVar = FirebaseTemplate()

    settings: FirebaseSettings
    context: ProviderContext
    request: BackendRequest
    options: BackendOptions
    sleep: Callable[[float], None] = time.sleep

    deploy_keys = ("projectId", "region", "functionName")
    outputs_hide = ()

    @classmethod
    def of(cls, settings: FirebaseSettings, context: ProviderContext, request: BackendRequest) -> FirebaseBackend:
        """Raises UsageError for an option that does not fit."""
        return cls(settings, context, request, parse_settings(BackendOptions, request.options))

    @property
    def location_members(self) -> Mapping[str, str]:
        return {
            "projectId": self.settings.project_id,
            "region": self.settings.region,
            "functionName": self.service_name,
        }

    @property
    def recorded(self) -> Mapping[str, str]:
        return {**self.location_members, "functionsRootPath": str(self.code_folder)}

    @property
    def service_name(self) -> str:
        """Of the function and the mini-program, so that programs do not replace each other's backends."""
        return shortened(f"{slug(self.settings.function_name)}-{slug(self.request.program.program_id)}")

    def deploy(self, progress: Progress) -> BackendState:
        program_id = self.request.program.program_id
        if self._storage == FIRESTORE:
            if not self._firestore.exists():
                raise MiniProgramError(
                    f"the project {self.settings.project_id} has no Firestore database",
                    hint="Make one: `gcloud firestore databases create --location LOCATION`; its location cannot "
                    "be changed later.",
                )
            if not self.options.keep_rules:
                self._rules.close(self._rules_source(), program_id, progress)
        self._deployment.deploy(progress)
        return self.state()

    def state(self) -> BackendState:
        service = self._deployment.service()
        settings, name = self.settings, self.service_name
        if service is None or not service.urls:
            missing = f"there is no service {name} in {settings.region} of {settings.project_id}"
            return BackendState(False, missing=missing)
        base = settings.function_url or f"{service.urls[0]}/"
        base = f"{base.rstrip('/')}/"
        outputs = {
            BASE_URL: base,
            FUNCTION_NAME: name,
            HEALTH_URL: f"{base}{HEALTH_PATH.lstrip('/')}",
            PROJECT_OUTPUT: settings.project_id,
            REGION_OUTPUT: settings.region,
            STORAGE_OUTPUT: service.environ.get(STORAGE, ""),
        }
        facts = {"serviceStatus": service.status, "serviceStatusReason": service.reason}
        return BackendState(
            True,
            told_outputs(outputs),
            more_facts=facts,
            is_private=not service.is_public,
        )

    def data(self, state: BackendState) -> BackendData:
        storage = state.outputs.get(STORAGE_OUTPUT) if state.exists else self._storage
        facts = {"backendBaseUrl": state.outputs.get(BASE_URL), "storageMode": storage}
        unknown = dict.fromkeys(("homeRecordCount", "authSessionCount", "couponCount"))
        if storage != FIRESTORE:
            return BackendData(None, "the backend keeps no records: its storage is bundled", facts, unknown)
        records = FirestoreRecords(self._firestore, self.request.program.program_id, pause=self.sleep)
        return BackendData(records, "", facts, unknown)

    def logs(self, *, since_s: float, follow: bool) -> Iterator[str]:
        return self._deployment.logs(since_s=since_s, follow=follow)

    def destroy(self, progress: Progress) -> None:
        self._deployment.destroy(progress)

    @property
    def _storage(self) -> str:
        """The storage that the starter was made with."""
        return FIRESTORE if (self.code_folder / "firestore.py").is_file() else "bundled"

    @property
    def _firestore(self) -> FirestoreCalls:
        return FirestoreCalls(
            self.settings.project_id, self.request.environment, self.context.environ, sleep=self.sleep
        )

    @property
    def _rules(self) -> SecurityRules:
        return SecurityRules(
            self.settings.project_id, self.request.environment, self.context.environ, sleep=self.sleep
        )

    def _rules_source(self) -> str:
        path = self.backend_root / FILE
        try:
            return path.read_text("utf-8")
        except (OSError, UnicodeDecodeError) as error:
            raise ToolError(
                f"{path} cannot be read ({type(error).__name__})",
                hint="It says who reaches the database; scaffold again with --force to get it back.",
            ) from None

    @property
    def _deployment(self) -> CloudRunDeployment:
        project, program_id = self.settings.project_id, self.request.program.program_id
        environ = {
            "GOOGLE_CLOUD_PROJECT": project,
            "MINI_PROGRAM_ID": program_id,
            "PUBLISHER_BACKEND_REGION": self.settings.region,
            STORAGE: self._storage,
        }
        plan = RunPlan(
            FolderProgram(self.code_folder, environ),
            Identity(self.request.environment, "publisher-backend", program_id),
            f"the database of {project}" if self._storage == FIRESTORE else "its data",
            project,
            (self.settings.region,),
            probe_path="/home/bootstrap",
            service_name=self.service_name,
            role="roles/datastore.user",
            commands="publisher-backend firebase",
            name_option="--function-name",
            is_public=self.options.public_invoker,
        )
        run = RunSettings(project_id=project, service_account=self.settings.service_account)
        return CloudRunDeployment(run, self.context, plan, sleep=self.sleep)
