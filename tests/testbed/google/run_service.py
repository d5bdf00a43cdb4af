"""Cloud Run: services whose code really runs, as processes that have Python and nothing else.

What the discovery document leaves open is as strict as the service: what is required, what goes together, names of
revisions, sums of traffic, etags. A new revision is started and probed before it is ready.
"""

from __future__ import annotations

import copy
import io
import json
import re
import tarfile
import threading
from collections.abc import Callable, Iterator
from itertools import accumulate, count
from pathlib import Path
from typing import Any

from testbed.google.containers import Container, Front
from testbed.google.discovery_check import described
from testbed.google.server import Call, Reply, document, refusal

Document = dict[str, Any]
BASE_IMAGES = {f"python3{minor}" for minor in range(10, 15)}
_LABEL_NAME, _LABEL_VALUE = re.compile(r"[a-z][a-z0-9_-]{0,62}"), re.compile(r"[a-z0-9_-]{0,63}")
_ADDRESS = re.compile(
    r"/v2/projects/(?P<project>[^/]+)/locations/(?P<location>[^/]+)/(?P<kind>services|operations)"
    r"(?:/(?P<name>[^/:]+))?(?:/revisions/(?P<revision>[^/:]+))?(?P<verb>:\w+)?"
)


class Deployed:
    """A service with its revisions."""

    def __init__(self, name: str) -> None:
        self.name = name
        self.wanted: Document = {}
        self.revisions: dict[str, Container] = {}
        self.failed: list[Container] = []
        """Revisions that never were ready; what they wrote is in the logs too."""
        self.fronts: dict[str, Front] = {}
        self.generation = 0
        self.failure: str | None = None
        self.is_busy = False
        self.turns = count()
        self.policy: Document = {"etag": "BwXhqDVAkg4="}

    @property
    def etag(self) -> str:
        return f'"{self.generation}-{int(self.is_busy)}"'


class RunService:
    """One project. `containers_get` are environment variables that its containers have besides their own."""

    prefixes = ("/run/",)

    def __init__(self, project: str, folder: Path, containers_get: dict[str, str]) -> None:
        self.project, self._folder, self.containers_get = project, folder, containers_get
        self.services: dict[tuple[str, str], Deployed] = {}
        self.takes_code = True
        self.policy: str | None = None
        """The organisation's policy that forbids services for everybody."""
        self.permissions: set[str] | None = None
        """What the caller may do; None for everything."""
        self.is_enabled: Callable[[str], bool] = lambda _: True
        self.uploads: dict[str, bytes] = {}
        self._operations: dict[str, Document] = {}
        self._numbers = count(1)
        self._started: list[Container] = []

    @property
    def containers(self) -> Iterator[Container]:
        for service in self.services.values():
            yield from service.revisions.values()

    def close(self) -> None:
        """End everything that was ever started, whatever a test did with it."""
        for service in self.services.values():
            self._stop(service)
        for container in self._started:
            container.stop()

    def answer(self, call: Call) -> Reply:
        raw, path = call.raw_path.removeprefix("/run"), call.path.removeprefix("/run")
        if not call.headers.get("authorization", "").startswith("Bearer "):
            return refusal(401, "Request had invalid authentication credentials.", "UNAUTHENTICATED")
        if not self.is_enabled("run.googleapis.com"):
            about = {"service": "run.googleapis.com", "consumer": "projects/123456789012"}
            told = "Cloud Run Admin API has not been used in project 123456789012 before or it is disabled."
            return refusal(403, told, "SERVICE_DISABLED", **about)
        if path.startswith("/upload/"):
            return self._upload(call, raw)
        body = None if call.verb in ("GET", "DELETE") else call.json
        faults = described("run.v2").faults(call.verb, raw, call.query, body)
        if faults:
            return refusal(400, "; ".join(faults), "INVALID_ARGUMENT")
        match = _ADDRESS.fullmatch(path)
        if match is None or match["project"] != self.project:
            return refusal(
                403, f"Permission 'run.services.get' denied on resource '{path}' (or it may not exist)."
            )
        if match["kind"] == "operations":
            return self._operation(path.removeprefix("/v2/"))
        return self._service(match, call)

    def _operation(self, name: str) -> Reply:
        found = self._operations.get(name)
        return document(found) if found else refusal(404, f"Operation {name} not found", "NOT_FOUND")

    def _service(self, match: re.Match[str], call: Call) -> Reply:
        key = (match["location"], match["name"])
        found = self.services.get(key)
        if found is not None and match["verb"] in (":getIamPolicy", ":setIamPolicy"):
            return self._policy(found, call)
        needed = {"GET": "get", "PATCH": "update", "DELETE": "delete"}[call.verb]
        if self.permissions is not None and f"run.services.{needed}" not in self.permissions:
            return refusal(403, f"Permission 'run.services.{needed}' denied on resource '{match[0]}'.")
        if call.verb == "PATCH":
            return self._patch(key, found, call)
        if found is None:
            return refusal(404, f"Resource '{match['name']}' was not found", "NOT_FOUND")
        if match["revision"]:
            if match["revision"] not in found.revisions:
                return refusal(404, f"Resource '{match['revision']}' was not found", "NOT_FOUND")
            return document({"name": match[0].removeprefix("/v2/")})
        if call.verb == "DELETE":
            if call.query.get("etag", found.etag) != found.etag:
                return refusal(409, "Conflict: the etag is another", "ABORTED")
            self._stop(found)
            del self.services[key]
            return document(self._began(key, {"done": True, "response": {}}))
        return document(self._shown(key, found))

    def _policy(self, service: Deployed, call: Call) -> Reply:
        if call.verb == "POST":
            policy = call.json["policy"]
            if policy.get("etag") != service.policy["etag"]:
                return refusal(409, "There were concurrent policy changes.", "ABORTED")
            service.policy = {**policy, "etag": f"{policy['etag']}+"}
        return document(service.policy)

    def _patch(self, key: tuple[str, str], found: Deployed | None, call: Call) -> Reply:
        location, name = key
        if found is None and call.query.get("allowMissing") != "true":
            return refusal(404, f"Resource '{name}' was not found", "NOT_FOUND")
        before = found or Deployed(name)
        asked: Document = call.json or {}
        if found is not None and asked.get("etag", found.etag) != found.etag:
            return refusal(409, f"Conflict for resource '{name}': the etag is another", "ABORTED")
        if found is not None and found.is_busy:
            return refusal(409, f"Conflict for resource '{name}': it is being changed", "ABORTED")
        mask = [part for part in call.query.get("updateMask", "").split(",") if part]
        body = {name: value for name, value in asked.items() if name not in ("etag", "name")}
        wanted = {**before.wanted, **{part: body.get(part) for part in mask}} if mask else body
        refused = self._refused(location, before, wanted)
        if refused:
            return refused
        if call.query.get("validateOnly") == "true":
            return document(self._began(key, {"done": True, "response": {**wanted, "name": name}}))
        self.services[key] = before
        before.wanted, before.generation, before.failure = wanted, before.generation + 1, None
        revision = wanted["template"]["revision"]
        if revision in before.revisions:
            return document(self._began(key, {"done": True, "response": self._shown(key, before)}))
        before.is_busy = True
        metadata = {
            **self._shown(key, before),
            "conditions": [_condition("ConfigurationsReady", "Deploying revision.")],
        }
        operation = self._began(key, {"done": False, "metadata": metadata})
        threading.Thread(target=self._start, args=(key, before, operation), daemon=True).start()
        return document(operation)

    def _refused(self, location: str, before: Deployed, wanted: Document) -> Reply | None:
        """What the service would not take, as it would say so; None when it takes it."""
        fault = next(self._faults(location, before, wanted), None)
        if fault is not None:
            return refusal(400, fault, "INVALID_ARGUMENT")
        if self.policy and wanted.get("invokerIamDisabled"):
            return refusal(400, f"Constraint {self.policy} violated for this resource.", "FAILED_PRECONDITION")
        revision = wanted["template"]["revision"]
        known = before.revisions.get(revision)
        if known is not None and known.template != wanted["template"]:
            return refusal(409, f"Revision named '{revision}' with different configuration already exists.")
        return None

    def _faults(self, location: str, before: Deployed, wanted: Document) -> Iterator[str]:
        template = wanted.get("template") or {}
        containers = template.get("containers") or []
        if len(containers) != 1 or not containers[0].get("image"):
            yield "template.containers[0].image: must be set"
            return
        yield from self._container_faults(containers[0])
        yield from self._name_faults(before.name, wanted)
        yield from self._traffic_faults(before, wanted)
        if bool(wanted.get("multiRegionSettings")) != (location == "global"):
            yield "multiRegionSettings: a service of several regions is in the location global"

    def _name_faults(self, service: str, wanted: Document) -> Iterator[str]:
        template = wanted["template"]
        revision = template.get("revision", "")
        if not re.fullmatch(rf"{service}-[a-z0-9-]*[a-z0-9]", revision) or len(revision) > 63:
            yield f"template.revision: {revision} must begin with the name of the service"
        for labels in (wanted.get("labels") or {}, template.get("labels") or {}):
            for label, value in labels.items():
                if not _LABEL_NAME.fullmatch(label) or not _LABEL_VALUE.fullmatch(value):
                    yield f"labels: {label}={value} is none"
        if "minInstanceCount" in (template.get("scaling") or {}):
            yield "template.scaling.minInstanceCount: candidates with a tag would always run"

    def _traffic_faults(self, before: Deployed, wanted: Document) -> Iterator[str]:
        targets = wanted.get("traffic") or []
        if sum(target.get("percent", 0) for target in targets) != 100:
            yield "traffic: must sum up to 100 percent"
        for target in targets:
            known = {*before.revisions, wanted["template"].get("revision")}
            if target.get("type") != "TRAFFIC_TARGET_ALLOCATION_TYPE_REVISION" or target["revision"] not in known:
                yield f"traffic: {target} names no revision"
            if not re.fullmatch(r"[a-z]([a-z0-9-]{0,45}[a-z0-9])?", target.get("tag", "a")):
                yield f"traffic: {target} has a tag that is none"

    def _container_faults(self, container: Document) -> Iterator[str]:
        if not self.takes_code and ("sourceCode" in container or "baseImageUri" in container):
            yield "template.containers[0].baseImageUri: is not supported in this project"
        source = container.get("sourceCode")
        if source is None or container["image"] != "scratch":
            yield "template.containers[0]: code without an image needs the image scratch"
            return
        if container.get("baseImageUri") not in BASE_IMAGES:
            yield f"template.containers[0].baseImageUri: {container.get('baseImageUri')} is not known"
        probe, ports = container.get("startupProbe") or {}, container.get("ports") or []
        if (
            len({"httpGet", "tcpSocket", "grpc"} & probe.keys()) != 1
            or probe["timeoutSeconds"] > probe["periodSeconds"]
        ):
            yield "template.containers[0].startupProbe: one kind, and no longer than its period"
        if len(ports) != 1 or probe.get("tcpSocket", {}).get("port") != ports[0]["containerPort"]:
            yield "template.containers[0].startupProbe: must be the container's port"
        if not container.get("command"):
            yield "template.containers[0].command: must be set"
        for variable in container.get("env") or []:
            if variable["name"] in ("PORT", "K_SERVICE", "K_REVISION"):
                yield f"template.containers[0].env: {variable['name']} is reserved"
        yield from self._source_faults(source)

    def _source_faults(self, source: Document) -> Iterator[str]:
        if len(source) != 1:
            yield "template.containers[0].sourceCode: exactly one source must be set"
        sources = (source.get("inlinedSource") or {}).get("sources", [])
        for each in sources:
            name = each.get("filename", "")
            if not name or len(name) >= 255 or re.search(r"\.\.|\./|//|/$", name) or "content" not in each:
                yield f"template.containers[0].sourceCode.inlinedSource: {name} is no file"
        if len(json.dumps(sources)) > 1_048_576:
            yield "Request payload size exceeds the limit"
        stored = source.get("cloudStorageSource")
        if stored is not None and stored.get("object") not in self.uploads:
            yield "template.containers[0].sourceCode.cloudStorageSource: is not there"

    def _upload(self, call: Call, raw: str) -> Reply:
        faults = described("run.v2").faults(call.verb, raw, call.query, None, upload=True)
        if faults:
            return refusal(400, "; ".join(faults), "INVALID_ARGUMENT")
        kind, _, boundary = call.headers.get("content-type", "").partition("; boundary=")
        parts = call.body.split(f"--{boundary}".encode())
        if kind != "multipart/related" or len(parts) != 4:
            return refusal(400, "a description and an archive are wanted", "INVALID_ARGUMENT")
        content = parts[2].partition(b"\r\n\r\n")[2].removesuffix(b"\r\n")
        with tarfile.open(fileobj=io.BytesIO(content), mode="r:gz") as archive:
            assert archive.getnames()
        name = f"services/source-{next(self._numbers)}.tar.gz"
        self.uploads[name] = content
        stored = {"bucket": f"run-sources-{self.project}", "object": name, "generation": "1"}
        return document({"cloudStorageSource": stored})

    def _start(self, key: tuple[str, str], service: Deployed, operation: Document) -> None:
        template = copy.deepcopy(service.wanted["template"])
        revision = template["revision"]
        files = self._files(template["containers"][0]["sourceCode"])
        container = Container(
            service.name, revision, template, files, self._folder / revision, self.containers_get
        )
        self._started.append(container)
        failure = container.start()
        service.is_busy = False
        if failure is not None:
            service.failed.append(container)
            service.failure = f"Revision '{revision}' is not ready and cannot serve traffic. {failure}"
            operation["error"] = {"code": 9, "message": service.failure}
        else:
            service.revisions[revision] = container
            operation["response"] = self._shown(key, service)
        operation["done"] = True

    def _files(self, source: Document) -> dict[str, bytes]:
        if "inlinedSource" in source:
            return {each["filename"]: each["content"].encode() for each in source["inlinedSource"]["sources"]}
        content = self.uploads[source["cloudStorageSource"]["object"]]
        with tarfile.open(fileobj=io.BytesIO(content), mode="r:gz") as archive:
            return {each.name: archive.extractfile(each).read() for each in archive}  # type: ignore[union-attr]

    def _began(self, key: tuple[str, str], operation: Document) -> Document:
        operation["name"] = f"projects/{self.project}/locations/{key[0]}/operations/{next(self._numbers)}"
        self._operations[operation["name"]] = operation
        return operation

    def _shown(self, key: tuple[str, str], service: Deployed) -> Document:
        location, name = key
        whole = f"projects/{self.project}/locations/{location}/services/{name}"
        shown = copy.deepcopy(service.wanted)
        for container in shown["template"]["containers"]:  # input only
            container["sourceCode"] = {"cloudStorageSource": {"bucket": "b", "object": "o"}}
        state = "CONDITION_FAILED" if service.failure else "CONDITION_SUCCEEDED"
        condition = {"type": "Ready", "state": "CONDITION_RECONCILING" if service.is_busy else state}
        if service.failure:
            condition["message"] = service.failure
        statuses = []
        for target in shown["traffic"]:
            tag = target.get("tag")
            statuses.append({**target, **({"uri": self._front(service, tag)} if tag else {})})
        address = self._front(service, "")
        return {
            **shown,
            "name": whole,
            "etag": service.etag,
            "generation": str(service.generation),
            "uri": address,
            "urls": [address],
            "trafficStatuses": statuses,
            "terminalCondition": condition,
            "latestReadyRevision": f"{whole}/revisions/{next(reversed(service.revisions), '')}",
            "latestCreatedRevision": f"{whole}/revisions/{shown['template']['revision']}",
        }

    def _front(self, service: Deployed, tag: str) -> str:
        if tag not in service.fronts:
            service.fronts[tag] = Front(lambda: self._target(service, tag))
        return service.fronts[tag].address

    def _target(self, service: Deployed, tag: str) -> Container | int:
        """What answers, or the status to refuse with. Requests without a tag are shared as the percentages say."""
        if service.wanted.get("ingress", "INGRESS_TRAFFIC_ALL") != "INGRESS_TRAFFIC_ALL":
            return 404  # this front end is the world
        if not service.wanted.get("invokerIamDisabled") and "allUsers" not in str(service.policy):
            return 403
        targets = service.wanted.get("traffic", ())
        if tag:
            chosen = next((target for target in targets if target.get("tag") == tag), None)
        else:
            turn = next(service.turns) * 37 % 100
            sums = accumulate(target.get("percent", 0) for target in targets)
            chosen = next((target for target, end in zip(targets, sums, strict=True) if turn < end), None)
        if chosen is None:
            return 404
        return service.revisions.get(chosen.get("revision", next(reversed(service.revisions), "")), 404)

    def serve_function(
        self,
        region: str,
        name: str,
        labels: dict[str, str],
        asked: Document,
        entry_point: str,
        files: dict[str, bytes],
    ) -> str | None:
        """Serve a function that was built; why it does not start, else None."""
        service = self.services.setdefault((region, name), Deployed(name))
        service.generation += 1
        revision = f"{name}-{service.generation:05d}-fun"
        environ = [{"name": key, "value": value} for key, value in asked.get("environmentVariables", {}).items()]
        probe = {"tcpSocket": {"port": 8080}, "timeoutSeconds": 30, "periodSeconds": 30, "failureThreshold": 1}
        container = {"image": "built", "env": environ, "entryPoint": entry_point, "startupProbe": probe}
        template = {"revision": revision, "containers": [container]}
        latest = {"type": "TRAFFIC_TARGET_ALLOCATION_TYPE_LATEST", "percent": 100}
        managed = {"goog-managed-by": "cloudfunctions"}
        service.wanted = {"labels": {**labels, **managed}, "template": template, "traffic": [latest]}
        started = Container(name, revision, template, files, self._folder / revision, self.containers_get)
        self._started.append(started)
        failure = started.start()
        if failure is None:
            service.revisions[revision] = started
        service.failure = failure
        return failure

    def remove(self, region: str, name: str) -> None:
        self._stop(self.services.pop((region, name)))

    def _stop(self, service: Deployed) -> None:
        for container in service.revisions.values():
            container.stop()
        for front in service.fronts.values():
            front.stop()


def _condition(kind: str, message: str) -> Document:
    return {"type": kind, "state": "CONDITION_RECONCILING", "message": message}
