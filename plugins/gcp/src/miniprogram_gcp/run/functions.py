"""The fallback for projects that take no code without a build: the same program as a function of Cloud Functions.

Cloud Build makes an image of it, which takes minutes. What serves the function is a service of Cloud Run under its
name and with its labels, so that all but deploying and removing goes on as without a build.
"""

from __future__ import annotations

import time
from collections.abc import Callable, Mapping
from typing import Any

from miniprogram.provider_kit.archives import zipped
from miniprogram.seams.cloud_provider import Progress
from miniprogram_gcp.cloud_errors import cloud_errors
from miniprogram_gcp.google_calls import GoogleCalls, service_calls
from miniprogram_gcp.operations import Operations
from miniprogram_gcp.run.program import RunFiles, RunProgram
from miniprogram_gcp.run.service_document import Document
from miniprogram_gcp.run_settings import RunSettings

ADDRESS = "https://cloudfunctions.googleapis.com"
API = "cloudfunctions"
MANAGED_BY_FUNCTIONS = ("goog-managed-by", "cloudfunctions")
"""The label of a service that belongs to a function."""
_INGRESS = {"all": "ALLOW_ALL", "load-balancer": "ALLOW_INTERNAL_AND_GCLB"}


class Functions:
    """Functions of one project in one region."""

    def __init__(
        self,
        environ: Mapping[str, str],
        project: str,
        region: str,
        environment: str,
        *,
        sleep: Callable[[float], None] = time.sleep,
    ) -> None:
        self._calls: GoogleCalls = service_calls(API, ADDRESS, environ, sleep=sleep)
        self._errors = cloud_errors("Cloud Functions", project, environment)
        self._operations = Operations(self._calls, self._errors, "/v2/", sleep=sleep)
        self._parent, self._region = f"projects/{project}/locations/{region}", region

    def put(self, name: str, function: Document, files: Mapping[str, bytes], progress: Progress) -> None:
        """Make the function, or change it, and wait until it is built and serves. Raises MiniProgramError."""
        doing, resource = f"deploy {name}", self._resource(name)
        with self._errors.mapped(doing, resource=resource):
            path = f"/v2/{self._parent}/functions"
            upload = self._calls.call("POST", f"{path}:generateUploadUrl", json={"environment": "GEN_2"}).json()
            headers = {"content-type": "application/zip"}
            self._calls.call("PUT", upload["uploadUrl"], content=zipped(files), headers=headers, signed=False)
            build = {**function["buildConfig"], "source": {"storageSource": upload["storageSource"]}}
            body = {**function, "buildConfig": build}
            if self._calls.call("GET", f"{path}/{name}", expect=(404,)).status_code == 404:
                answer = self._calls.call("POST", path, params={"functionId": name}, json=body)
            else:
                mask = "labels,buildConfig,serviceConfig"
                answer = self._calls.call("PATCH", f"{path}/{name}", params={"updateMask": mask}, json=body)
        self._operations.finish(answer.json(), progress, doing=doing, resource=resource)

    def delete(self, name: str, progress: Progress) -> None:
        doing, resource = f"remove {name}", self._resource(name)
        with self._errors.mapped(doing, resource=resource):
            answer = self._calls.call("DELETE", f"/v2/{self._parent}/functions/{name}", expect=(404,))
        if answer.status_code != 404:
            self._operations.finish(answer.json(), progress, doing=doing, resource=resource)

    def _resource(self, name: str) -> str:
        return f"the function {name} in {self._region}"


def wanted_function(
    settings: RunSettings, program: RunProgram, files: RunFiles, labels: Mapping[str, str]
) -> Document:
    """The function for `program`, without its source."""
    service: dict[str, Any] = {
        "availableMemory": f"{settings.memory_mib or 512}M",
        "availableCpu": "1",
        "timeoutSeconds": 30,
        "maxInstanceRequestConcurrency": settings.requests_at_once or 80,
        "minInstanceCount": settings.min_instances or 0,
        "maxInstanceCount": settings.max_instances or 20,
        "ingressSettings": _INGRESS[settings.ingress or "all"],
        "allTrafficOnLatestRevision": True,
        "environmentVariables": dict(program.environ),
    }
    if settings.service_account:
        service["serviceAccountEmail"] = settings.service_account
    build = {"runtime": files.base_image, "entryPoint": program.entry_point, "automaticUpdatePolicy": {}}
    return {"environment": "GEN_2", "labels": dict(labels), "buildConfig": build, "serviceConfig": service}
