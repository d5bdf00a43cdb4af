"""A delivery service as the document that Cloud Run takes, and one of Cloud Run's as facts."""

from __future__ import annotations

import json
from collections.abc import Mapping
from dataclasses import dataclass
from hashlib import sha256
from typing import Any

from miniprogram.provider_kit.gradual_shift import Traffic
from miniprogram.provider_kit.resource_names import slug
from miniprogram.provider_kit.settings import values_by_name
from miniprogram_gcp.run.program import RunFiles, RunProgram
from miniprogram_gcp.run_settings import RunSettings

HEALTH_PATH = "/health"
"""Google's front end keeps paths for itself that end in a z, such as /healthz."""
MANAGED_BY, PART, ENVIRONMENT = "managed-by", "miniprogram-part", "miniprogram-environment"
PROGRAM = "miniprogram-program"
DIGEST_LABEL = "miniprogram-digest"
PREVIOUS = "miniprogram-previous-revision"
"""The annotation that names what had the traffic before."""
CANDIDATE = "candidate"
"""The tag under which a new revision answers before it gets all traffic, whatever share of it it has till then."""
PORT = 8080
START_S = 30
"""How long a container may take to listen."""
_BY_REVISION = "TRAFFIC_TARGET_ALLOCATION_TYPE_REVISION"
_BY_LATEST = "TRAFFIC_TARGET_ALLOCATION_TYPE_LATEST"
_INGRESS = {"all": "INGRESS_TRAFFIC_ALL", "load-balancer": "INGRESS_TRAFFIC_INTERNAL_LOAD_BALANCER"}
_READY = {
    "CONDITION_SUCCEEDED": "READY",
    "CONDITION_FAILED": "FAILED",
    "CONDITION_PENDING": "IN_PROGRESS",
    "CONDITION_RECONCILING": "IN_PROGRESS",
}

Document = dict[str, Any]


@dataclass(frozen=True, slots=True)
class Identity:
    """Whose service it is: `part` says what runs in it, such as `delivery`."""

    environment: str
    part: str = "delivery"
    program: str = ""
    """The mini-program it belongs to, where it belongs to one."""

    @property
    def labels(self) -> dict[str, str]:
        labels = {MANAGED_BY: "miniprogram", PART: self.part, ENVIRONMENT: _label(self.environment)}
        return {**labels, PROGRAM: _label(self.program)} if self.program else labels


def wanted_service(
    settings: RunSettings,
    identity: Identity,
    program: RunProgram,
    files: RunFiles,
    regions: tuple[str, ...],
    *,
    is_public: bool = True,
) -> Document:
    """All but the code and its revision; with the digest of everything as a label of the template."""
    own = values_by_name(settings.label)
    service: Document = {
        "labels": {**own, **identity.labels},
        "client": "miniprogram",
        "ingress": _INGRESS[settings.ingress or "all"],
        "invokerIamDisabled": is_public,
        "scaling": {
            "minInstanceCount": settings.min_instances or 0,
            "maxInstanceCount": settings.max_instances or 20,
        },
        "template": {
            "labels": {**own, **identity.labels},
            "timeout": "30s",
            "maxInstanceRequestConcurrency": settings.requests_at_once or 80,
            "containers": [_container(settings, identity, program, files)],
        },
    }
    if settings.service_account:
        service["template"]["serviceAccount"] = settings.service_account
    if len(regions) > 1:
        service["multiRegionSettings"] = {"regions": list(regions)}
    told = json.dumps([service, files.digest], sort_keys=True)
    service["template"]["labels"][DIGEST_LABEL] = sha256(told.encode()).hexdigest()[:40]
    return service


def with_code(service: Document, source: Document, revision: str) -> Document:
    """`service` as a new revision that runs `source`."""
    container = {**service["template"]["containers"][0], "sourceCode": source}
    return {**service, "template": {**service["template"], "revision": revision, "containers": [container]}}


def all_traffic_to(revision: str) -> list[Document]:
    return [{"type": _BY_REVISION, "revision": revision, "percent": 100}]


def shared_traffic(revision: str, candidate: str, percent: int = 0) -> list[Document]:
    """`percent` of requests go to `candidate`, which has an address of its own too, and the rest to `revision`."""
    share = {"percent": percent} if percent else {}
    return [
        {"type": _BY_REVISION, "revision": revision, "percent": 100 - percent},
        {"type": _BY_REVISION, "revision": candidate, "tag": CANDIDATE, **share},
    ]


def _container(settings: RunSettings, identity: Identity, program: RunProgram, files: RunFiles) -> Document:
    return {
        "name": identity.part,
        "image": "scratch",
        "baseImageUri": files.base_image,
        "command": ["python3"],
        "args": [program.main],
        "ports": [{"name": "http1", "containerPort": PORT}],
        "env": [{"name": name, "value": value} for name, value in sorted(program.environ.items())],
        "resources": {
            "limits": {"cpu": "1", "memory": f"{settings.memory_mib or 512}Mi"},
            "cpuIdle": True,
            "startupCpuBoost": True,
        },
        # the port opens when the program is ready, and hosts wait no moment longer: a probe of a path would be
        # asked again only after a whole second
        "startupProbe": {
            "tcpSocket": {"port": PORT},
            "timeoutSeconds": START_S,
            "periodSeconds": START_S,
            "failureThreshold": 1,
        },
    }


def _label(name: str) -> str:
    """`name` as labels may be: at most 63 small letters, digits and hyphens."""
    value = slug(name)
    return value if len(value) <= 63 else f"{value[:52]}-{sha256(value.encode()).hexdigest()[:10]}"


class Service:
    """A service as Cloud Run tells it."""

    def __init__(self, document: Mapping[str, Any]) -> None:
        self._document = document
        self.name: str = str(document.get("name", "")).rpartition("/")[2]
        self.etag: str = document.get("etag", "")
        self.labels: dict[str, str] = document.get("labels") or {}
        self.annotations: dict[str, str] = document.get("annotations") or {}
        self.generation = int(document.get("generation", 0))

    @property
    def digest(self) -> str:
        """That of the newest revision; a function tells it by its own labels."""
        labels = self.labels if self.is_function else self._template.get("labels") or {}
        return str(labels.get(DIGEST_LABEL, ""))

    @property
    def is_function(self) -> bool:
        """Whether Cloud Functions serves a function by it."""
        return self.labels.get("goog-managed-by") == "cloudfunctions"

    @property
    def newest(self) -> str:
        if self.is_function:
            return self.serving or ""
        return str(self._template.get("revision", ""))

    @property
    def serving(self) -> str | None:
        """The revision that hosts get, but for the share of a candidate; None when there is none, or several."""
        return self.traffic.version

    @property
    def candidate(self) -> str | None:
        """The revision that is being tried out or shifted to, with or without traffic."""
        tagged = (target for target in self._targets if target.get("tag") == CANDIDATE)
        return next((target.get("revision") for target in tagged), None)

    @property
    def traffic(self) -> Traffic:
        """How requests are shared; without a version when somebody else shares them in another way."""
        shared = [target for target in self._targets if target.get("percent")]
        others = [target for target in shared if target.get("tag") != CANDIDATE]
        if len(others) == 1 and len(shared) == 2:
            tagged = next(target for target in shared if target.get("tag") == CANDIDATE)
            return Traffic(self._revision_of(others[0]), self._revision_of(tagged), int(tagged["percent"]))
        return Traffic(self._revision_of(shared[0]) if len(shared) == 1 else None)

    @property
    def delivering(self) -> str | None:
        """The revision that hosts are well served by; None when there is none."""
        is_broken = self.status == "FAILED" and self.serving == self.newest
        return None if is_broken else self.serving

    @property
    def status(self) -> str:
        return _READY.get(str(self._condition.get("state", "")), "UNKNOWN")

    @property
    def reason(self) -> str | None:
        return self._condition.get("message") or None

    @property
    def urls(self) -> list[str]:
        """Where it is reached; the address it is usually called by first."""
        found = [self._document.get("uri"), *(self._document.get("urls") or ())]
        return list(dict.fromkeys(url.rstrip("/") for url in found if url))

    @property
    def candidate_url(self) -> str | None:
        statuses = self._document.get("trafficStatuses") or ()
        return next((each.get("uri") for each in statuses if each.get("tag") == CANDIDATE), None)

    @property
    def base_image(self) -> str:
        containers = self._template.get("containers") or [{}]
        return str(containers[0].get("baseImageUri", ""))

    @property
    def is_public(self) -> bool:
        """Whether anybody may ask it."""
        return bool(self._document.get("invokerIamDisabled"))

    @property
    def environ(self) -> Mapping[str, str]:
        """The variables of the newest revision."""
        containers = self._template.get("containers") or [{}]
        return {each["name"]: each.get("value", "") for each in containers[0].get("env") or ()}

    def _revision_of(self, target: Document) -> str | None:
        if target.get("type") == _BY_LATEST:
            return str(self._document.get("latestReadyRevision", "")).rpartition("/")[2] or None
        return target.get("revision") or None

    @property
    def _targets(self) -> list[Document]:
        return list(self._document.get("traffic") or ())

    @property
    def _template(self) -> Mapping[str, Any]:
        return self._document.get("template") or {}

    @property
    def _condition(self) -> Mapping[str, Any]:
        return self._document.get("terminalCondition") or {}
