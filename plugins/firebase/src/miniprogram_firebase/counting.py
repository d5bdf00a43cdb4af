"""Delivery on Cloud Run that counts admissions to time windows in the project's Firestore."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace

from miniprogram.seams.abilities import ALL
from miniprogram_firebase.function.firestore import Firestore
from miniprogram_firebase.function.firestore_ledger import FirestoreLedger
from miniprogram_gcp.google_calls import service_calls
from miniprogram_gcp.run.deployment import CloudRunDeployment
from miniprogram_gcp.run.plan import delivery_plan
from miniprogram_gcp.run.program import delivery_program
from miniprogram_gcp.run.provider import CloudRunProvider

API, SERVICE = "firestore", "https://firestore.googleapis.com"


class CountingProvider(CloudRunProvider):
    """A CloudRunProvider with every ability. The database is looked for when the first window asks for it."""

    @property
    def abilities(self) -> Mapping[str, str | None]:
        return dict.fromkeys(ALL)

    def deployment(self) -> CloudRunDeployment:
        settings, context = self._settings, self._context
        plan = delivery_plan(settings, context, bucket=settings.bucket, location=settings.region)
        program = delivery_program(settings, settings.bucket)
        counting = replace(
            program,
            environ={**program.environ, "GOOGLE_CLOUD_PROJECT": plan.project},
            packages=(*program.packages, "miniprogram_firebase.function"),
            module="miniprogram_firebase.function.server",
            function_module="miniprogram_firebase.function.framework",
        )
        return CloudRunDeployment(settings, context, replace(plan, program=counting))

    def ledger(self) -> FirestoreLedger:
        environ = self._context.environ
        calls = service_calls(API, SERVICE, environ)
        project = self._settings.project_id or environ.get("GOOGLE_CLOUD_PROJECT", "")
        named = {
            **environ,
            "GOOGLE_CLOUD_PROJECT": project,
            "CLOUDSDK_API_ENDPOINT_OVERRIDES_FIRESTORE": calls.base_url,
        }
        return FirestoreLedger(Firestore(named, token=calls.access_token))
