"""The calls of Cloud Run: services, their revisions, and code that is uploaded. Nothing is built."""

from __future__ import annotations

import json
import time
from collections.abc import Callable, Mapping
from typing import Any

from miniprogram.errors import MiniProgramError
from miniprogram.provider_kit.archives import as_tar
from miniprogram.provider_kit.rest_calls import related_parts
from miniprogram.seams.cloud_provider import Progress
from miniprogram_gcp.cloud_errors import cloud_errors
from miniprogram_gcp.google_calls import Refused, service_calls
from miniprogram_gcp.operations import Operations
from miniprogram_gcp.run.service_document import Document, Service

ADDRESS = "https://run.googleapis.com"
API = "run"
INVOKER, EVERYBODY = "roles/run.invoker", "allUsers"
MOST_INLINED_BYTES = 1_000_000
"""What a request carries itself; larger code, and code that is no text, is uploaded first."""


class BuildNeededError(MiniProgramError):
    """The project does not take code without a build."""


class RunServices:
    """Services of one project, in one location: a region, or `global` for several."""

    def __init__(
        self,
        environ: Mapping[str, str],
        project: str,
        location: str,
        environment: str,
        *,
        sleep: Callable[[float], None] = time.sleep,
    ) -> None:
        self.project, self.location = project, location
        self._calls = service_calls(API, ADDRESS, environ, sleep=sleep)
        self._errors = cloud_errors("Cloud Run", project, environment)
        self._operations = Operations(self._calls, self._errors, "/v2/", sleep=sleep)
        self._parent = f"/v2/projects/{project}/locations/{location}"

    def find(self, name: str) -> Service | None:
        with self._errors.mapped(f"look at {name}", resource=self._resource(name)):
            answer = self._calls.call("GET", self._path(name), expect=(404,))
        return None if answer.status_code == 404 else Service(answer.json())

    def source(self, files: Mapping[str, bytes], name: str) -> Document:
        """`files` as Cloud Run takes them: within the request where they fit, else uploaded before."""
        inlined = _inlined(files)
        if inlined is not None:
            return {"inlinedSource": {"sources": inlined}}
        parts = [("application/json", json.dumps({"service": name}).encode()), ("application/gzip", as_tar(files))]
        headers, content = related_parts(parts, "miniprogram-source")
        with self._errors.mapped("upload the code", resource=self._resource(name)):
            answer = self._calls.call(
                "POST",
                f"/upload{self._parent}:uploadSource",
                params={"uploadType": "multipart"},
                headers=headers,
                content=content,
            )
        return {"cloudStorageSource": answer.json()["cloudStorageSource"]}

    def put(self, name: str, service: Document, before: Service | None, progress: Progress) -> Service:
        """Make `service`, or change what was there `before`, and wait until it is done.

        Raises BuildNeededError when the project does not take code without a build, and MiniProgramError with the
        cause for anything else.
        """
        doing = f"deploy {name}"
        body = service if before is None else {**service, "etag": before.etag}
        with self._errors.mapped(doing, resource=self._resource(name)):
            operation = self._changed(name, body, {"allowMissing": "true"})
        return Service(self._operations.finish(operation, progress, doing=doing, resource=self._resource(name)))

    def check(self, name: str, service: Document, before: Service | None) -> None:
        """Have Cloud Run check what `put` would send, and change nothing."""
        body = service if before is None else {**service, "etag": before.etag}
        with self._errors.mapped(f"deploy {name}", resource=self._resource(name)):
            self._changed(name, body, {"allowMissing": "true", "validateOnly": "true"})

    def direct_traffic(
        self, before: Service, traffic: list[Document], annotations: Mapping[str, str], progress: Progress
    ) -> Service:
        """Change who gets the traffic, and nothing else."""
        doing = f"direct the traffic of {before.name}"
        body = {"traffic": traffic, "annotations": dict(annotations), "etag": before.etag}
        with self._errors.mapped(doing, resource=self._resource(before.name)):
            operation = self._changed(before.name, body, {"updateMask": "traffic,annotations"})
        finished = self._operations.finish(operation, progress, doing=doing, resource=self._resource(before.name))
        return Service(finished)

    def has_revision(self, name: str, revision: str) -> bool:
        with self._errors.mapped(f"look at {revision}", resource=self._resource(name)):
            answer = self._calls.call("GET", f"{self._path(name)}/revisions/{revision}", expect=(404,))
        return answer.status_code != 404

    def delete(self, before: Service, progress: Progress) -> None:
        doing = f"remove {before.name}"
        with self._errors.mapped(doing, resource=self._resource(before.name)):
            answer = self._calls.call(
                "DELETE", self._path(before.name), params={"etag": before.etag}, expect=(404,)
            )
        if answer.status_code != 404:
            self._operations.finish(answer.json(), progress, doing=doing, resource=self._resource(before.name))

    def make_public(self, name: str) -> None:
        """Let everybody ask a service whose callers are checked, such as that of a function."""
        path = self._path(name)
        with self._errors.mapped(f"let hosts ask {name}", resource=self._resource(name)):
            policy: Document = self._calls.call("GET", f"{path}:getIamPolicy").json()
            bindings = policy.get("bindings") or []
            if any(each["role"] == INVOKER and EVERYBODY in each["members"] for each in bindings):
                return
            changed = {**policy, "bindings": [*bindings, {"role": INVOKER, "members": [EVERYBODY]}]}
            self._calls.call("POST", f"{path}:setIamPolicy", json={"policy": changed})

    def _changed(self, name: str, body: Document, params: Mapping[str, str]) -> dict[str, Any]:
        try:
            operation: dict[str, Any] = self._calls.call(
                "PATCH", self._path(name), params=params, json=body
            ).json()
        except Refused as refused:
            if refused.status == 400 and ("baseImageUri" in refused.message or "sourceCode" in refused.message):
                raise BuildNeededError(f"the project {self.project} takes no code without a build") from None
            raise
        return operation

    def _path(self, name: str) -> str:
        return f"{self._parent}/services/{name}"

    def _resource(self, name: str) -> str:
        return f"the service {name} in {self.location}"


def _inlined(files: Mapping[str, bytes]) -> list[Document] | None:
    """`files` as members of a request; None when one is no text, or all together are too much for one."""
    try:
        sources = [{"filename": path, "content": files[path].decode("utf-8")} for path in sorted(files)]
    except UnicodeDecodeError:
        return None
    return sources if len(json.dumps(sources)) <= MOST_INLINED_BYTES else None
