"""Smaller services of Google: logs, metrics, APIs that are switched on, tokens of an instance."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from itertools import count
from typing import Any

from miniprogram.clock import to_iso
from testbed.google.containers import entry_of
from testbed.google.discovery_check import described
from testbed.google.run_service import RunService
from testbed.google.server import TOKEN, Call, Reply, document, refusal

_CLAUSE = re.compile(
    r'(?P<field>[\w.]+)(?P<how>=|>=)(?:"(?P<value>[^"]*)"|\((?P<values>"[^"]*"(?: OR "[^"]*")*)\))'
)

_REQUEST_COUNT = "run.googleapis.com/request_count"
_REQUESTS_OF = re.compile(
    rf'metric\.type = "{re.escape(_REQUEST_COUNT)}" AND resource\.type = "cloud_run_revision" '
    r'AND resource\.labels\.service_name = "(?P<service>[^"]+)" '
    r'AND resource\.labels\.revision_name = "(?P<revision>[^"]+)" '
    r'AND resource\.labels\.location = one_of\((?P<regions>"[^"]+"(?:, "[^"]+")*)\)'
)


def _checked(call: Call, name: str, prefix: str) -> Reply | None:
    """Why Google would not read the request; None when it would."""
    if not call.headers.get("authorization", "").startswith("Bearer "):
        return refusal(401, "Request had invalid authentication credentials.", "UNAUTHENTICATED")
    body = call.json if call.body else None
    faults = described(name).faults(call.verb, call.raw_path.removeprefix(prefix), call.query, body)
    return refusal(400, "; ".join(faults), "INVALID_ARGUMENT") if faults else None


class LoggingService:
    """What the containers of `run` wrote. It knows the filters that are a row of comparisons."""

    prefixes = ("/logging/",)

    def __init__(self, run: RunService, *, page: int = 1000) -> None:
        self._run, self.page = run, page

    def answer(self, call: Call) -> Reply:
        refused = _checked(call, "logging.v2", "/logging")
        if refused:
            return refused
        asked: dict[str, Any] = call.json
        if (
            asked.get("resourceNames") != [f"projects/{self._run.project}"]
            or asked.get("orderBy") != "timestamp asc"
        ):
            return refusal(400, "resourceNames and orderBy", "INVALID_ARGUMENT")
        clauses = [_CLAUSE.fullmatch(part) for part in asked["filter"].split(" AND ")]
        if None in clauses:
            return refusal(400, f"Unparseable filter: {asked['filter']}", "INVALID_ARGUMENT")
        entries = [
            entry for entry in self._entries() if all(_holds(clause, entry) for clause in clauses if clause)
        ]
        entries.sort(key=lambda entry: entry["timestamp"])
        start, size = int(asked.get("pageToken", 0)), min(asked.get("pageSize", 50), self.page)
        more = {"nextPageToken": str(start + size)} if start + size < len(entries) else {}
        return document({"entries": entries[start : start + size], **more})

    def _entries(self) -> list[dict[str, Any]]:
        return [
            entry_of(self._run.project, location, container, number)
            for (location, _), service in self._run.services.items()
            for container in (*service.revisions.values(), *service.failed)
            for number in range(len(container.lines))
        ]


def _holds(clause: re.Match[str], entry: dict[str, Any]) -> bool:
    found: Any = entry
    for part in clause["field"].split("."):
        found = found[part]
    if clause["how"] == ">=":
        return bool(found >= clause["value"])
    wanted = [clause["value"]] if clause["value"] is not None else re.findall(r'"([^"]*)"', clause["values"])
    return found in wanted


class MonitoringService:
    """The requests that reached revisions of `run`, by the class of their answers, as one filter asks for them."""

    prefixes = ("/monitoring/",)

    def __init__(self, run: RunService, project: str) -> None:
        self._run, self._project = run, project
        self.visible_after_s = 0.0
        """How long after a request it is counted; minutes in Google's."""
        self.refused: Reply | None = None

    def answer(self, call: Call) -> Reply:
        refused = _checked(call, "monitoring.v3", "/monitoring") or self.refused
        if refused:
            return refused
        if call.path != f"/monitoring/v3/projects/{self._project}/timeSeries":
            return refusal(404, f"{call.path} was not found", "NOT_FOUND")
        fault = next(self._faults(call.query), None)
        if fault is not None:
            return refusal(400, fault, "INVALID_ARGUMENT")
        return document({"timeSeries": list(self._series(call.query)), "unit": "1"})

    def _faults(self, query: dict[str, str]) -> Iterator[str]:
        for name in ("filter", "interval.endTime"):
            if not query.get(name):
                yield f"Field {name} had an invalid value: must be set"
        if _REQUESTS_OF.fullmatch(query["filter"]) is None:
            yield f"Field filter had an invalid value of {query['filter']}: could not be parsed"
        if query.get("interval.startTime", query["interval.endTime"]) > query["interval.endTime"]:
            yield "Field interval had an invalid value: the start must be before the end"
        if query.get("aggregation.crossSeriesReducer") != "REDUCE_SUM":
            yield "this server knows sums only"
        if query.get("aggregation.perSeriesAligner") != "ALIGN_SUM":
            yield "Field aggregation.perSeriesAligner had an invalid value: needed for a reducer"
        if int(query.get("aggregation.alignmentPeriod", "0s").removesuffix("s")) < 60:
            yield "Field aggregation.alignmentPeriod had an invalid value: at least 60 seconds"

    def _series(self, query: dict[str, str]) -> Iterator[dict[str, Any]]:
        wanted = _REQUESTS_OF.fullmatch(query["filter"])
        assert wanted is not None
        end = datetime.now(UTC) - timedelta(seconds=self.visible_after_s)
        counts = Counter(
            f"{status // 100}xx"
            for (location, name), service in self._run.services.items()
            for revision, container in service.revisions.items()
            if (name, revision) == (wanted["service"], wanted["revision"])
            and (location == "global" or f'"{location}"' in wanted["regions"])
            for at, status in container.answered
            if query["interval.startTime"] <= to_iso(at) and at <= end
        )
        interval = {name: query[f"interval.{name}"] for name in ("startTime", "endTime")}
        group = query.get("aggregation.groupByFields")
        for code_class, number in counts.items() if group == "metric.labels.response_code_class" else ():
            yield {
                "metric": {"type": _REQUEST_COUNT, "labels": {"response_code_class": code_class}},
                "resource": {"type": "cloud_run_revision", "labels": {"project_id": self._project}},
                "metricKind": "DELTA",
                "valueType": "INT64",
                "points": [{"interval": interval, "value": {"int64Value": str(number)}}],
            }


class ServiceUsageService:
    """The APIs of one project."""

    prefixes = ("/serviceusage/",)

    def __init__(self, project: str, *enabled: str) -> None:
        self.project, self.enabled = project, set(enabled)
        self._numbers, self._operations = count(1), dict[str, dict[str, Any]]()

    def answer(self, call: Call) -> Reply:
        refused = _checked(call, "serviceusage.v1", "/serviceusage")
        if refused:
            return refused
        path = call.path.removeprefix("/serviceusage/v1/")
        if path.startswith("operations/"):
            operation = {**self._operations[path], "done": True, "response": {}}
            self.enabled |= set(operation.pop("services"))
            return document(operation)
        if path != f"projects/{self.project}/services:batchEnable":
            return refusal(404, f"{path} was not found", "NOT_FOUND")
        services = call.json["serviceIds"]
        if not 1 <= len(services) <= 20:
            return refusal(400, "from 1 to 20 services", "INVALID_ARGUMENT")
        name = f"operations/acat.{next(self._numbers)}"
        self._operations[name] = {"name": name, "services": services}
        return document({"name": name})


class ResourceManagerService:
    """What the caller may do in the project, as `run` says."""

    prefixes = ("/cloudresourcemanager/",)

    def __init__(self, run: RunService) -> None:
        self._run = run

    def answer(self, call: Call) -> Reply:
        refused = _checked(call, "cloudresourcemanager.v3", "/cloudresourcemanager")
        if refused:
            return refused
        if call.path != f"/cloudresourcemanager/v3/projects/{self._run.project}:testIamPermissions":
            return refusal(403, "The caller does not have permission", "PERMISSION_DENIED")
        asked = call.json["permissions"]
        allowed = asked if self._run.permissions is None else sorted(self._run.permissions & set(asked))
        return document({"permissions": allowed} if allowed else {})


class MetadataService:
    """What an instance asks for the token of its account."""

    prefixes = ("/computeMetadata/",)

    def __init__(self) -> None:
        self.token, self.lasts_s = TOKEN, 3600
        self.asked = 0

    def answer(self, call: Call) -> Reply:
        if call.headers.get("metadata-flavor") != "Google":
            return refusal(403, "Missing Metadata-Flavor:Google header")
        if call.path != "/computeMetadata/v1/instance/service-accounts/default/token":
            return refusal(404, "Not Found")
        self.asked += 1
        return document({"access_token": self.token, "expires_in": self.lasts_s, "token_type": "Bearer"})
