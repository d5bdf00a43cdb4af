"""What the containers of a service wrote, from Cloud Logging."""

from __future__ import annotations

import json
import re
from collections.abc import Iterator
from datetime import UTC, datetime
from typing import Any

from miniprogram.clock import to_iso
from miniprogram.provider_kit.log_following import LogEvent, follow
from miniprogram.seams.cloud_provider import ProviderContext
from miniprogram_gcp.cloud_errors import cloud_errors
from miniprogram_gcp.google_calls import GoogleCalls, service_calls

ADDRESS = "https://logging.googleapis.com"
API = "logging"
LOGS = ("run.googleapis.com%2Fstdout", "run.googleapis.com%2Fstderr", "run.googleapis.com%2Fvarlog%2Fsystem")
"""What the program writes, and what Cloud Run says of it. A line per request is among the program's own."""
PAGE = 1000


def read_logs(
    context: ProviderContext, project: str, service: str, *, since_s: float, goes_on: bool
) -> Iterator[str]:
    """`TIME MESSAGE` of the last `since_s` seconds, and then as they come. Raises MiniProgramError."""
    calls = service_calls(API, ADDRESS, context.environ)
    errors = cloud_errors("Cloud Logging", project, context.environment)

    def fetch(start_ms: int) -> list[LogEvent]:
        with errors.mapped(f"read the logs of {service}", resource=f"the project {project}"):
            return list(_events(calls, project, service, start_ms))

    return follow(fetch, since_s=since_s, goes_on=goes_on)


def log_filter(project: str, service: str, start_ms: int) -> str:
    """The filter for the lines of `service` since `start_ms`, in the language of Cloud Logging."""
    logs = " OR ".join(f'"projects/{project}/logs/{log}"' for log in LOGS)
    since = to_iso(datetime.fromtimestamp(start_ms / 1000, UTC))
    return (
        f'resource.type="cloud_run_revision" AND resource.labels.service_name="{service}" '
        f'AND logName=({logs}) AND timestamp>="{since}"'
    )


def _events(calls: GoogleCalls, project: str, service: str, start_ms: int) -> Iterator[LogEvent]:
    asked: dict[str, Any] = {
        "resourceNames": [f"projects/{project}"],
        "filter": log_filter(project, service, start_ms),
        "orderBy": "timestamp asc",
        "pageSize": PAGE,
    }
    while True:
        page = calls.call("POST", "/v2/entries:list", json=asked).json()
        for entry in page.get("entries") or ():
            yield LogEvent(_milliseconds(entry["timestamp"]), _message(entry), entry["insertId"])
        if not page.get("nextPageToken"):
            return
        asked["pageToken"] = page["nextPageToken"]


def _message(entry: dict[str, Any]) -> str:
    if "textPayload" in entry:
        return str(entry["textPayload"])
    return json.dumps(entry.get("jsonPayload") or entry.get("protoPayload") or {}, ensure_ascii=False)


def _milliseconds(text: str) -> int:
    """Of a time stamp with up to nine digits after the second."""
    whole = re.sub(r"(\.\d{1,6})\d*", r"\1", text)
    return int(datetime.fromisoformat(whole.replace("Z", "+00:00")).timestamp() * 1000)
