"""What the containers of a service wrote, from Cloud Logging."""

from __future__ import annotations

import json
import re
from collections.abc import Iterator, Sequence
from datetime import UTC, datetime
from typing import Any

from miniprogram.clock import to_iso
from miniprogram.seams.cloud_provider import ProviderContext
from miniprogram.seams.log_source import LogEvent
from miniprogram_gcp.cloud_errors import cloud_errors
from miniprogram_gcp.google_calls import service_calls

ADDRESS = "https://logging.googleapis.com"
API = "logging"
LOGS = ("run.googleapis.com%2Fstdout", "run.googleapis.com%2Fstderr", "run.googleapis.com%2Fvarlog%2Fsystem")
"""What the program writes, and what Cloud Run says of it. A line per request is among the program's own."""
PAGE = 1000


class ServiceLog:
    """Implements LogSource: what all revisions of a service wrote, oldest first. `name` is that of the service."""

    def __init__(self, context: ProviderContext, project: str, name: str) -> None:
        self._context, self._project, self.name = context, project, name

    def pages(self, start_ms: int) -> Iterator[Sequence[LogEvent]]:
        calls = service_calls(API, ADDRESS, self._context.environ)
        errors = cloud_errors("Cloud Logging", self._project, self._context.environment)
        asked: dict[str, Any] = {
            "resourceNames": [f"projects/{self._project}"],
            "filter": log_filter(self._project, self.name, start_ms),
            "orderBy": "timestamp asc",
            "pageSize": PAGE,
        }
        with errors.mapped(f"read the logs of {self.name}", resource=f"the project {self._project}"):
            while True:
                page = calls.call("POST", "/v2/entries:list", json=asked).json()
                yield [
                    LogEvent(_milliseconds(entry["timestamp"]), _message(entry), entry["insertId"])
                    for entry in page.get("entries") or ()
                ]
                if not page.get("nextPageToken"):
                    return
                asked["pageToken"] = page["nextPageToken"]


def log_filter(project: str, service: str, start_ms: int) -> str:
    """The filter for the lines of `service` since `start_ms`, in the language of Cloud Logging."""
    logs = " OR ".join(f'"projects/{project}/logs/{log}"' for log in LOGS)
    since = to_iso(datetime.fromtimestamp(start_ms / 1000, UTC))
    return (
        f'resource.type="cloud_run_revision" AND resource.labels.service_name="{service}" '
        f'AND logName=({logs}) AND timestamp>="{since}"'
    )


def _message(entry: dict[str, Any]) -> str:
    if "textPayload" in entry:
        return str(entry["textPayload"])
    return json.dumps(entry.get("jsonPayload") or entry.get("protoPayload") or {}, ensure_ascii=False)


def _milliseconds(text: str) -> int:
    """Of a time stamp with up to nine digits after the second."""
    whole = re.sub(r"(\.\d{1,6})\d*", r"\1", text)
    return int(datetime.fromisoformat(whole.replace("Z", "+00:00")).timestamp() * 1000)
